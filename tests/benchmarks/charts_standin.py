"""A press without a browser: the samples' drawing, quick enough for tests."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Self

import numpy as np
from PIL import Image

from benchmarks.charts.kinds import Order, PrintedCode, PrintedWord, Side
from benchmarks.forms.facilities import FACILITIES
from benchmarks.forms.paper import Row
from benchmarks.forms.writing import Order as Writing
from benchmarks.forms.writing import write
from benchmarks.samples.drawing import blank_sheet, draw_page

_FINE = 100  # dpi, blown up from there


class StandIn:
    """Prints plain pages whose words are right and whose boxes are rough."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *given: object) -> None:
        pass

    def print(self, orders: Sequence[Order]) -> list[list[Side]]:
        return [_sides(order) for order in orders]


def _sides(order: Order) -> list[Side]:
    if order.kind in {"cover", "separator"}:
        said = order.banner[0] if order.banner else "PATCH T"
        code = PrintedCode("Code128", said, (100, 100, 300, 150))
        word = PrintedWord(said, (100, 200, 300, 215))
        return [Side(_plate(blank_sheet(_FINE)), (word,), (code,))]
    rng = Random(order.seed)
    wish = Writing(
        order.kind, order.case, order.variant, order.shows, order.continuation,
        order.length, order.banner,
    )  # fmt: skip
    paper = write(wish, rng)
    return [
        Side(_plate(draw_page(rows, FACILITIES[0], _FINE, rng)), _words(rows, order))
        for rows in paper.pages
    ]


def _plate(image: Image.Image):
    def draw(dpi: int):
        size = round(8.5 * dpi), round(11 * dpi)
        return np.array(image.resize(size), np.uint8)

    return draw


def _words(rows: Sequence[Row], order: Order) -> tuple[PrintedWord, ...]:
    return tuple(
        PrintedWord(text, (60 + 40 * k, 40 + 12 * i, 95 + 40 * k, 50 + 12 * i),
                    order.hand == 1.0 and i > 8)
        for i, row in enumerate(rows)
        for k, text in enumerate(row.text.split())
    )  # fmt: skip
