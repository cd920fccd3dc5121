"""Another patient's paper inside a chart: right by its own words, yet a clerk looks.

A sheet that lies between the papers of one patient was put there by hand. Perhaps it
was misfiled and may leave; perhaps it carries a wrong sticker and must stay. Only a
person who sees both can tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.document import Doubt, PatientId, Reading

STRAY = "another patient's paper inside a chart"
SURE = 0.9  # of the patient, for a document to count as somebody's


def with_strays(readings: Sequence[Reading], covered: set[int]) -> tuple[Reading, ...]:
    """The readings, a doubt added to each stray, in page order as given.

    A chart's patient is the one who has more than half of the batch's pages. A stray
    lies between papers of that patient. ``covered`` are pages that follow a cover
    sheet: whoever put it there meant the change of patient.
    """
    owners = [_owner(reading) for reading in readings]
    pages: Counter[PatientId] = Counter()
    for reading, owner in zip(readings, owners, strict=True):
        if owner is not None:
            pages[owner] += len(reading.document.pages)
    whole = sum(len(reading.document.pages) for reading in readings)
    chart = next((p for p, count in pages.most_common(1) if 2 * count > whole), None)
    at_pages = [reading.document.pages for reading in readings]
    strays = set(_between(owners, at_pages, chart)) if chart else set()
    return tuple(
        replace(reading, doubts=(*reading.doubts, _doubt(reading)))
        if at in strays and reading.document.pages[0] not in covered
        else reading
        for at, reading in enumerate(readings)
    )


def _between(
    owners: Sequence[PatientId | None],
    pages: Sequence[tuple[int, ...]],
    chart: PatientId,
) -> Iterator[int]:
    """Where someone else's document lies after and before a page of the chart's."""
    own = [n for owner, some in zip(owners, pages, strict=True) for n in some
           if owner == chart]  # fmt: skip
    for at, owner in enumerate(owners):
        other = owner is not None and owner != chart
        if other and min(own) < pages[at][0] < max(own):
            yield at


def _owner(reading: Reading) -> PatientId | None:
    if reading.patients and reading.patients[0].confidence >= SURE:
        return reading.patients[0].value.id
    return None


def _doubt(reading: Reading) -> Doubt:
    return Doubt(STRAY, reading.patients[0].evidence)
