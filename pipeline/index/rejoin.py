"""A document that somebody else's sheet parted is one again.

A sheet misfiled between two pages of a document makes three of it. Where the page after
the sheet goes on counting as the page before it ended, in a paper of the same type that
is not of the sheet's patient, both halves are one document; the sheet is its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.index.decoder import Segment

_SHEETS = 2  # pages of what lies between, at most
_PAGES = 20  # of a document; what counts further is a bundle of several
Count = tuple[int, int]  # page x of y as printed; 0 where unsaid


@dataclass(frozen=True, slots=True)
class Part:
    """A document of the cut: its segment, and its pages' rows, not always in a row.

    ``unsure`` says that its second half does not say whose it is: a clerk must look.
    """

    segment: Segment
    rows: tuple[int, ...]
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a page tells: its count, whether it says whose it is, what stood before it.

    ``begins`` says that a separator or cover did, ``cover`` whose cover is in force.
    """

    count: Count
    named: bool
    begins: bool = False
    cover: tuple[str, ...] = field(default=(), repr=False)


def rejoined(segments: Sequence[Segment], pages: Sequence[Told]) -> list[Part]:
    """The segments as parts, in page order by their first pages.

    ``pages`` are by row.
    """
    parts = [Part(s, tuple(range(s.first, s.last + 1))) for s in segments]
    found: list[Part] = []
    for part in parts:
        if len(found) > 1 and _goes_on(found[-2], found[-1], part, pages):
            found[-2] = _both(found[-2], part, pages)
        else:
            found.append(part)
    return found


def _goes_on(first: Part, between: Part, then: Part, pages: Sequence[Told]) -> bool:
    last, sheet, here = (
        pages[row] for row in (first.rows[-1], between.rows[-1], then.rows[0])
    )
    x, y = last.count
    named = [any(pages[row].named for row in part.rows) for part in (between, then)]
    whose = {then.segment.patient} if named[1] else set()
    # a separator parts for good, a cover gives to another, a sheet may count on itself
    parted = here.begins or pages[between.rows[0]].begins or here.cover != last.cover
    return (
        not parted
        and x > 0
        and 0 < y <= _PAGES
        and here.count == (x + 1, y)
        and sheet.count != (x, y)
        and first.segment.type == then.segment.type
        and len(between.rows) <= _SHEETS
        and between.rows[0] == first.rows[-1] + 1
        and named[0]
        and between.segment.patient != first.segment.patient
        and whose <= {first.segment.patient}
    )


def _both(first: Part, then: Part, pages: Sequence[Told]) -> Part:
    sure = min(first.segment.boundary, then.segment.boundary)
    segment = replace(first.segment, boundary=sure)
    unsure = first.unsure or not any(pages[row].named for row in then.rows)
    return Part(segment, (*first.rows, *then.rows), unsure)
