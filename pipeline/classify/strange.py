"""Paper of a type that the model never saw: rejected, not forced into a known one.

A one-against-rest margin is low where no type recognises a page as its own, so that the
best margin alone tells the unknown from the known better than a probability, which says
who is ahead, or the distance to the types' centres (docs/measures.md). How low is too
low is learned by holding whole types out (unseen.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.classify.model import Scores


@dataclass(frozen=True, slots=True)
class Strangeness:
    """Log-odds that a page is of no known type: a line over its best margin."""

    weight: float
    intercept: float

    def odds(self, margins: Scores) -> Scores:
        """(pages,) natural log-odds for (pages, types) margins."""
        best: Scores = margins.max(axis=1)
        found: Scores = self.weight * best + self.intercept
        return found


NEVER = Strangeness(0.0, -20.0)
