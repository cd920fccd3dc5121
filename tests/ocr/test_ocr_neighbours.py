"""A page that tells nothing lies as its neighbours do, unless they contradict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.ocr.neighbours import turn_of_neighbours
from pipeline.ocr.read import unread_page
from pipeline.page import Box, Page, QuarterTurn, Word

WORD = Word("patient", Box(0, 0, 9, 9), 0.9)


def page(number: int, turn: QuarterTurn, *, told: bool = True) -> Page:
    bare = unread_page(number)
    return replace(
        bare,
        rotation=turn,
        size=(850, 1100),
        words=(WORD,) if told else (),
        quality=replace(bare.quality, oriented=told),
    )


MUTE = page(4, 0, told=False)


@pytest.mark.parametrize("turn", [0, 180])
def test_where_all_agree_it_lies_as_they_do(turn: QuarterTurn) -> None:
    assert turn_of_neighbours(MUTE, [page(n, turn) for n in (1, 2, 3)]) == turn


def test_backs_are_asked_before_fronts() -> None:
    sheets = [page(n, 180 if n % 2 == 0 else 0) for n in (1, 2, 3, 5, 6, 7, 8)]
    assert turn_of_neighbours(MUTE, sheets) == 180
    assert turn_of_neighbours(replace(MUTE, number=9), sheets) == 0


@pytest.mark.parametrize(
    "others",
    [
        [page(1, 180), page(2, 180)],
        [page(n, 180 if n < 4 else 0) for n in (1, 2, 3, 5, 6, 7)],
        [page(n, 180, told=False) for n in (1, 2, 3, 5)],
        [page(n, 90) for n in (1, 2, 3, 5, 6, 7)],
    ],
    ids=["few", "at odds", "mute as well", "of another shape"],
)
def test_else_they_say_nothing(others: list[Page]) -> None:
    assert turn_of_neighbours(MUTE, others) is None


def test_a_page_that_tells_or_is_blank_is_left_alone() -> None:
    others = [page(n, 180) for n in (1, 2, 3)]
    blank = replace(MUTE, quality=replace(MUTE.quality, blank=True))
    assert turn_of_neighbours(page(4, 0), others) is None
    assert turn_of_neighbours(blank, others) is None
