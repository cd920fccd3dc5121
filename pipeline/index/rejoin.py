"""A document that somebody else's sheet parted is one again.

A sheet misfiled between two pages of a document makes three of it. Where the page after
the sheet goes on counting as the page before it ended, in a paper of the same type that
is not of the sheet's patient, both halves are one document; the sheet is its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.index.decoder import Segment

_SHEETS = 2  # pages of what lies between, at most
Count = tuple[int, int]  # page x of y as printed; 0 where unsaid


@dataclass(frozen=True, slots=True)
class Part:
    """A document of the cut: its segment, and its pages' rows, not always in a row."""

    segment: Segment
    rows: tuple[int, ...]


def rejoined(
    segments: Sequence[Segment], counts: Sequence[Count], named: Sequence[bool]
) -> list[Part]:
    """The segments as parts, in page order by their first pages.

    ``counts`` and ``named`` are by row: what a page counts, and whether it says whose
    it is.
    """
    parts = [Part(s, tuple(range(s.first, s.last + 1))) for s in segments]
    found: list[Part] = []
    for part in parts:
        if len(found) > 1 and _goes_on(found[-2], found[-1], part, counts, named):
            found[-2] = _both(found[-2], part)
        else:
            found.append(part)
    return found


def _goes_on(
    first: Part,
    between: Part,
    then: Part,
    counts: Sequence[Count],
    named: Sequence[bool],
) -> bool:
    x, y = counts[first.rows[-1]]
    whose = {then.segment.patient} if any(named[row] for row in then.rows) else set()
    return (
        x > 0
        and y > 0
        and counts[then.rows[0]] == (x + 1, y)
        and first.segment.type == then.segment.type
        and len(between.rows) <= _SHEETS
        and between.rows[0] == first.rows[-1] + 1
        and any(named[row] for row in between.rows)
        and between.segment.patient != first.segment.patient
        and whose <= {first.segment.patient}
    )


def _both(first: Part, then: Part) -> Part:
    sure = min(first.segment.boundary, then.segment.boundary)
    segment = replace(first.segment, boundary=sure)
    return Part(segment, (*first.rows, *then.rows))
