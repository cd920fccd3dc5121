"""A part of a page with bars, read from several drawings of them that vote."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import zxingcpp

from pipeline.ocr.barprofile import drawings, place, waves
from pipeline.ocr.codes import BARS, UNCHECKED, box_of, formats, long_enough, named
from pipeline.ocr.grey import Grey
from pipeline.page import Box, Mark, MarkKind

_SILENT = 2  # windows; of 113 parts in which any said something 111 began at once
_AGREE = 2  # drawings of worn bars that must say the same


@dataclass(slots=True)
class _Says:
    """The windows that say one text, how often, and from where to where, px."""

    windows: set[int]
    times: int
    left: float
    right: float


def read_bars(part: Grey, dpi: int, *, lying: bool) -> list[Mark]:
    """What several drawings of the bars agree on.

    Without a check digit the same must be read from two windows; nothing else may be
    read as often at the same place.
    """
    upright = np.ascontiguousarray(part.T) if lying else part
    said = _said(upright, dpi)
    marks: list[Mark] = []
    for code, says in said.items():
        rivals = sum(
            other.times
            for text, other in said.items()
            if text != code and other.left < says.right and says.left < other.right
        )
        looks = len(says.windows) if code[0] in UNCHECKED else says.times
        if looks >= _AGREE and says.times > rivals:
            edges = (says.left, 0, says.right, upright.shape[0])
            box = Box(*(edges[1], edges[0], edges[3], edges[2]) if lying else edges)
            marks.append(Mark(*code, box))
    return marks


def _said(upright: Grey, dpi: int) -> dict[tuple[MarkKind, str], _Says]:
    said: dict[tuple[MarkKind, str], _Says] = {}
    for window, wave in enumerate(waves(upright, dpi)):
        if window == _SILENT and not said:
            break
        for drawing in drawings(wave, dpi):
            for code in zxingcpp.read_barcodes(
                drawing,
                formats=formats(BARS),
                try_rotate=False,
                try_downscale=False,
                try_invert=False,
                binarizer=zxingcpp.Binarizer.FixedThreshold,
            ):
                told, box = named(code), box_of(code.position)
                if told is None or not long_enough(*told):
                    continue
                left, right = place(box.left), place(box.right)
                says = said.setdefault(told, _Says(set(), 0, left, right))
                says.windows.add(window)
                says.times += 1
                says.left, says.right = min(says.left, left), max(says.right, right)
    return said
