"""RapidOCR: networks that find lines and read them, for pages nothing else can read.

An optional extra, imported only where a page needs it. Its wheel brings its models;
they are named to it by path, so that it fetches none. Six times Tesseract's time, and
a gigabyte of memory in each process that uses it.
"""

from __future__ import annotations

import functools
import importlib.util
import logging
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.errors import SettingsError
from pipeline.page import Box, PageImage, QuarterTurn, Word

_INSTALL = "pip install 'chartfiler[rapidocr]'"
_FINDER = "PP-OCR*_det_*.onnx"
_READER = "PP-OCR*_rec_*.onnx"
_NEAR = 3.0  # heights of a line: a larger gap begins another column
_LEVEL = 0.5  # share of the lower box that lies beside the other: the same line


class RapidEngine:
    """One pair of networks a process, one thread, opened on first use; see OcrEngine.

    Raises SettingsError where the package or its models are not installed.
    """

    def __init__(self) -> None:
        place = _package()
        self.finder, self.reader = _model(place, _FINDER), _model(place, _READER)
        self.name = f"rapidocr {version('rapidocr')}"

    def read(self, image: PageImage) -> tuple[Word, ...]:
        found = _networks(self.finder, self.reader)(image.pixels)
        if found.boxes is None:
            return ()
        boxes = [_around(corners) for corners in found.boxes]
        return words_of_lines(boxes, found.txts, found.scores)

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:  # noqa: ARG002 - the seam's
        return 0, 0.0  # it is asked only about pages that are upright


def words_of_lines(
    boxes: Sequence[Box], texts: Sequence[str], confidences: Sequence[float]
) -> tuple[Word, ...]:
    """Words in reading order; each piece of a line is cut by its characters.

    Pieces side by side are one line. A word has its piece's confidence, 0..1.
    """
    lines: list[list[int]] = []
    for piece in sorted(range(len(boxes)), key=lambda i: boxes[i].top):
        beside = [line for line in lines if _continues(boxes, line, piece)]
        if beside:
            beside[-1].append(piece)
        else:
            lines.append([piece])
    return tuple(
        Word(text, box, min(max(float(confidences[piece]), 0.0), 1.0), number)
        for number, line in enumerate(lines)
        for piece in sorted(line, key=lambda i: boxes[i].left)
        for text, box in _cut(texts[piece], boxes[piece])
    )


def _continues(boxes: Sequence[Box], line: Sequence[int], piece: int) -> bool:
    return any(_beside(boxes[known], boxes[piece]) for known in line)


def _beside(one: Box, other: Box) -> bool:
    low = min(one.height, other.height)
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    gap = max(one.left, other.left) - min(one.right, other.right)
    return shared > _LEVEL * low and gap < _NEAR * low


def _cut(text: str, box: Box) -> Iterator[tuple[str, Box]]:
    """Its words, as if every character were as wide as the next."""
    wide = box.width / max(len(text), 1)
    start = 0
    for word in text.split():
        start = text.index(word, start)
        end = start + len(word)
        left, right = box.left + start * wide, box.left + end * wide
        yield word, Box(left, box.top, right, box.bottom)
        start = end


def _around(corners: Any) -> Box:  # noqa: ANN401 - (4, 2) of the library's
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Box(float(left), float(top), float(right), float(bottom))


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
