"""The number of its form on every page of a local type, and what is learned from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from benchmarks.local_papers import LocalType
from pipeline.classify.corpus import TrainingPage
from pipeline.classify.features import Line
from pipeline.classify.model import Scores
from pipeline.document import DocumentType
from pipeline.finding import Clue
from pipeline.index.formnumbers import FORM_NUMBER, numbers_in
from pipeline.index.formtypes import FormTable, Seen, learned, with_forms
from pipeline.index.typenumbers import TypeNumbers
from pipeline.page import Box

_EDGE = 4  # lines
_NOWHERE = Box(0, 0, 1, 1)


def with_number(page: TrainingPage, local: LocalType, nth: int) -> TrainingPage:
    """The page with the house's number of the type at its foot, as printers set it."""
    number = f"{local.house.key[:3].upper()}-{1000 + nth} (Rev. {nth % 12 + 1}/98)"
    return replace(page, lines=(*page.lines, Line(number, 0.8, 0.97)))


def numbers_seen(pages: Sequence[TrainingPage]) -> FormTable:
    """The table that a site learns from its clerks' papers."""
    return learned(
        Seen(number, page.type, page.document, page.person)
        for page in pages
        for number in _read(page)
    )


def with_numbers(
    types: tuple[DocumentType, ...],
    scores: Scores,
    pages: Sequence[TrainingPage],
    table: FormTable,
) -> Scores:
    """The scores of the pages with what their numbers say."""
    clues = [
        [Clue(FORM_NUMBER, n, n, 1, _NOWHERE, 1.0) for n in _read(page)]
        for page in pages
    ]
    return with_forms(TypeNumbers(types, scores), clues, table).scores


def _read(page: TrainingPage) -> tuple[str, ...]:
    lines = page.lines[:_EDGE] + page.lines[-_EDGE:]
    return numbers_in("\n".join(line.text for line in lines))
