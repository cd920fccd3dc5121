"""How far a cover sheet reaches: while nothing on the pages contradicts it.

A page whose own number is another patient's shows that the stack is not what the cover
says; what follows it must say itself whose it is, until the next cover.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from pipeline.document import Patient
from pipeline.finding import Clue
from pipeline.index.sheets import CluesByPage, Sheets

Candidates = Callable[[Iterable[Clue]], tuple[Patient, ...]]


def while_uncontradicted(
    sheets: Sheets, clues: CluesByPage, candidates: Candidates, legible: float
) -> Sheets:
    """The sheets, each cover in force up to and with the first page against it.

    That page keeps its cover, so that the contradiction is seen and told.
    """
    covers: dict[int, tuple[Clue, ...]] = {}
    broken: tuple[Clue, ...] = ()
    for page in sheets.content:
        cover = sheets.covers.get(page.number, ())
        if cover and cover == broken:
            covers[page.number] = ()
            continue
        covers[page.number] = cover
        said = [c for c in clues.get(page.number, ()) if _numbers(c, legible)]
        if cover and _contradict(said, cover, candidates):
            broken = cover
    return replace(sheets, covers=covers)


def _numbers(clue: Clue, legible: float) -> bool:
    return clue.field == "mrn" and clue.role == "subject" and clue.confidence >= legible


def _contradict(
    said: Sequence[Clue], cover: tuple[Clue, ...], candidates: Candidates
) -> bool:
    """Whether a number on the page is somebody's, and not the cover's patient's."""
    covered = {patient.id for patient in candidates(cover)}
    if not covered:
        return False
    others = ({p.id for p in candidates((clue,))} for clue in said)
    return any(people and people.isdisjoint(covered) for people in others)
