"""Rows of what clerks answered to seeded items.

Nothing else of a seeded item is ever in the catalogue: no document, page, patient or
answer, so that nothing that reads the catalogue can file, count or learn from one.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable

from sqlalchemy import func, insert, select

from pipeline.document import DocumentId
from pipeline.store.books import chain
from pipeline.store.database import Database, utc_now
from pipeline.store.desk_table import vigilance
from pipeline.vigilance import Outcome, Trap, Vigilance


class SqlVigilance:
    """Outcomes over the catalogue's database. Raises StoreUnavailable."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self._now = clock

    def keep(self, item: DocumentId, by: str, trap: Trap, outcome: Outcome) -> None:
        """Write down what somebody made of an item, audited as what it was."""
        now = self._now()
        with self.database.writing() as rows:
            facts = {"by": by, "trap": trap, "outcome": outcome, "at": now}
            rows.execute(insert(vigilance).values(**facts))
            chain(rows, (by, f"answered seeded item: {outcome}", item), now)

    def by_person(self, since: dt.datetime | None = None) -> dict[str, Vigilance]:
        """Whoever was given one, and what became of them."""
        query = select(vigilance.c.by, vigilance.c.outcome, func.count())
        if since is not None:
            query = query.where(vigilance.c.at >= since)
        query = query.group_by(vigilance.c.by, vigilance.c.outcome)
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        with self.database.reading() as rows:
            for by, outcome, count in rows.execute(query):
                found[by][outcome] += count
        return {
            by: Vigilance(**{what.replace(" ", "_"): n for what, n in counts.items()})
            for by, counts in found.items()
        }
