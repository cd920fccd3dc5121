"""RapidOCR: networks that find lines and read them, for pages nothing else can read.

An optional extra, imported only where a page needs it. Its wheel brings its models;
they are named to it by path, so that it fetches none. Six times Tesseract's time, and
a gigabyte of memory in each process that uses it.
"""

from __future__ import annotations

import functools
import importlib.util
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import SettingsError
from pipeline.page import Box, PageImage, QuarterTurn, Word

_INSTALL = "pip install 'chartfiler[rapidocr]'"
_FINDER = "PP-OCR*_det_*.onnx"
_READER = "PP-OCR*_rec_*.onnx"
_NEAR = 3.0  # heights of a line: a larger gap begins another column
_UPRIGHT = 1.5  # heights of a piece, from which the library turns it to read it
# the networks' own confidence and Tesseract's in words that are right as often: 7,786
# words of 46 poor pages (charts, train, seed 9). Mean error of a page's readability
# .083 without, .027 with it; on 8 other pages (FUNSD) .088 and .037.
_SAID = (0.56, 0.70, 0.84, 0.90, 0.94, 0.97, 0.985, 0.997)
_MEANT = (0.0, 0.42, 0.60, 0.72, 0.83, 0.90, 0.93, 0.95)
_LEVEL = 0.5  # share of the higher word that lies beside the other: the same line

Corners = NDArray[np.float32]


class RapidEngine:
    """One pair of networks a process, one thread, opened on first use; see OcrEngine.

    Raises SettingsError where the package or its models are not installed.
    """

    def __init__(self) -> None:
        place = _package()
        self.finder, self.reader = _model(place, _FINDER), _model(place, _READER)
        self.name = f"rapidocr {version('rapidocr')}"

    def read(
        self,
        image: PageImage,
        lines: Sequence[Box] = (),  # noqa: ARG002 - it knows no other way
        *,
        closely: bool = False,  # noqa: ARG002 - it knows no other way
    ) -> tuple[Word, ...]:
        found = _networks(self.finder, self.reader)(image.pixels)
        if found.boxes is None:
            return ()
        meant = np.interp(found.scores, _SAID, _MEANT).tolist()
        return words_of_lines(found.boxes, found.txts, meant)

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:  # noqa: ARG002 - the seam's
        return 0, 0.0  # it is asked only about pages that are upright


def words_of_lines(
    corners: Iterable[Corners], texts: Iterable[str], confidences: Iterable[float]
) -> tuple[Word, ...]:
    """Words in reading order; each piece of a line is cut by its characters.

    ``corners`` (4, 2) clockwise from top left. Pieces side by side are one line. A
    word has its piece's confidence.
    """
    found = zip(corners, texts, confidences, strict=True)
    pieces = [words for piece in found if (words := list(_cut(*piece)))]
    lines: list[list[list[Word]]] = []
    for piece in sorted(pieces, key=lambda words: words[0].box.top):
        beside = [line for line in lines if any(_beside(one, piece) for one in line)]
        if beside:
            beside[-1].append(piece)
        else:
            lines.append([piece])
    return tuple(
        replace(word, line=number)
        for number, line in enumerate(lines)
        for piece in sorted(line, key=_left)
        for word in piece
    )


def _cut(corners: Corners, text: str, confidence: float) -> Iterator[Word]:
    """Its words, along its slope, as if every character were as wide as the next."""
    wide, high = np.ptp(corners, axis=0)
    if high >= _UPRIGHT * wide:  # the library reads it from top to bottom
        corners = np.roll(corners, -1, axis=0)
    above, below = corners[[0, 1]], corners[[3, 2]]
    for match in re.finditer(r"\S+", text):
        share = np.array(
            [[1 - end / len(text), end / len(text)] for end in match.span()]
        )
        points = np.concatenate([share @ above, share @ below])
        box = Box(*points.min(axis=0).tolist(), *points.max(axis=0).tolist())
        yield Word(match[0], box, confidence)


def _beside(one: list[Word], other: list[Word]) -> bool:
    first, second = sorted((one, other), key=_left)
    left, right = first[-1].box, second[0].box
    high = max(left.height, right.height)
    shared = min(left.bottom, right.bottom) - max(left.top, right.top)
    return shared > _LEVEL * high and right.left - left.right < _NEAR * high


def _left(piece: list[Word]) -> float:
    return piece[0].box.left


def _package() -> Path:
    """Where it is installed; nothing of it is imported."""
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or not spec.origin or not importlib.util.find_spec("onnxruntime"):
        raise SettingsError(
            '[reading] escalate = "rapidocr" needs packages that are not installed: '
            f'{_INSTALL}, or set escalate = ""'
        )
    return Path(spec.origin).parent


def _model(package: Path, pattern: str) -> Path:
    """The model in the wheel; the library would fetch what is not named to it."""
    for model in sorted((package / "models").glob(pattern)):
        return model
    raise SettingsError(
        f"rapidocr is installed without its model {pattern}: {_INSTALL} "
        "--force-reinstall, with a release of rapidocr that ships its models"
    )


@functools.cache
def _networks(finder: Path, reader: Path) -> Any:  # noqa: ANN401 - has no types
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").disabled = True
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,  # the page is upright
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(finder),
            "Rec.model_path": str(reader),
        }
    )
