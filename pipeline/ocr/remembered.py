"""Recognition remembered from an earlier run: the engine of tests without an engine.

An image is known again by its look (24 x 32 mean grey levels) and its size, not by
its bytes, because another processor rounds a pixel differently. What was recorded
for one page is never given out for another: ``Recording`` refuses two that look alike
but read differently.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.errors import SettingsError, UnreadableFile
from pipeline.ocr.engine import OcrEngine
from pipeline.page import Box, PageImage, QuarterTurn, Word

Asked = Literal["read", "lines", "turn"]
Look = NDArray[np.float32]  # (32, 24), mean grey 0..255

_NEAR = 4.0  # grey levels in the worst cell: the same image, rounded otherwise
_APART = 6.0  # the least between two images that read differently
_SIZES = 0.01  # share by which the same image's sides may differ


@dataclass(frozen=True, slots=True)
class Memory:
    """One answer: to what was asked, of which image."""

    asked: Asked
    size: tuple[int, int]
    look: Look = field(repr=False)
    words: tuple[Word, ...] = ()
    turn: tuple[QuarterTurn, float] = (0, 0.0)

    def distance(self, asked: Asked, size: tuple[int, int], look: Look) -> float:
        """Grey levels in the cell that differs most; infinite for another size."""
        sides = zip(self.size, size, strict=True)
        if asked != self.asked or any(abs(a - b) > _SIZES * a for a, b in sides):
            return float("inf")
        return float(np.abs(self.look - look).max())


class Recorded:
    """An OcrEngine that answers from the file at ``path``; see Recording.

    Raises UnreadableFile for an image that was never recorded.
    """

    def __init__(self, path: Path, name: str = "recorded 1") -> None:
        self.name = name
        self.path = path

    def read(
        self,
        image: PageImage,
        lines: Sequence[Box] = (),
        *,
        closely: bool = False,  # noqa: ARG002 - it gives what was recorded
    ) -> tuple[Word, ...]:
        return self._nearest("lines" if lines else "read", image).words

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:
        return self._nearest("turn", image).turn

    def _nearest(self, asked: Asked, image: PageImage) -> Memory:
        size, look = size_of(image), look_of(image)
        memories = _memories(self.path)
        best = min(memories, key=lambda m: m.distance(asked, size, look), default=None)
        if best is None or best.distance(asked, size, look) > _NEAR:
            raise UnreadableFile(
                "this image was never recorded: record the samples again with "
                "python -m benchmarks.record_samples"
            )
        return best


class Recording:
    """An OcrEngine in front of another that keeps what it answers; see ``save``."""

    def __init__(self, engine: OcrEngine) -> None:
        self.name = engine.name
        self.engine = engine
        self.memories: list[Memory] = []

    def read(
        self, image: PageImage, lines: Sequence[Box] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        words = self.engine.read(image, lines, closely=closely)
        asked: Asked = "lines" if lines else "read"
        self._keep(Memory(asked, size_of(image), look_of(image), words))
        return words

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:
        turn = self.engine.turn(image)
        self._keep(Memory("turn", size_of(image), look_of(image), turn=turn))
        return turn

    def save(self, path: Path) -> None:
        """One JSON object a line, gzipped; the same memories make the same bytes."""
        lines = "".join(json.dumps(row) + "\n" for row in map(_row, self.memories))
        path.write_bytes(gzip.compress(lines.encode(), mtime=0))

    def _keep(self, new: Memory) -> None:
        for old in self.memories:
            if old.distance(new.asked, new.size, new.look) >= _APART:
                continue
            if (old.words, old.turn) == (new.words, new.turn):
                return
            raise SettingsError(
                "two recorded images look alike and read differently: make the sample "
                "scans differ by more than a few letters"
            )
        self.memories.append(new)


def size_of(image: PageImage) -> tuple[int, int]:
    """Width and height in px."""
    return image.pixels.shape[1], image.pixels.shape[0]


def look_of(image: PageImage) -> Look:
    """What the image looks like from far away, to a sixteenth of a grey level."""
    coarse = cv2.resize(
        image.pixels.astype(np.float32), (24, 32), interpolation=cv2.INTER_AREA
    )
    return np.asarray(np.round(coarse * 16) / 16, dtype=np.float32)


def _row(memory: Memory) -> dict[str, object]:
    look = (memory.look * 16).astype(np.uint16).tobytes()
    return {
        "asked": memory.asked,
        "size": memory.size,
        "look": base64.b64encode(look).decode(),
        "turn": memory.turn,
        "words": [
            [w.text, *dataclasses.astuple(w.box), w.confidence, w.line]
            for w in memory.words
        ],
    }


@functools.lru_cache(maxsize=4)
def _memories(path: Path) -> tuple[Memory, ...]:
    if not path.is_file():
        raise SettingsError(
            "the recorded recognition is missing: make it with "
            "python -m benchmarks.record_samples"
        )
    return tuple(_loaded(gzip.decompress(path.read_bytes()).decode().splitlines()))


def _loaded(lines: Iterable[str]) -> Iterator[Memory]:
    for line in lines:
        row = json.loads(line)
        levels = np.frombuffer(base64.b64decode(row["look"]), np.uint16)
        yield Memory(
            cast("Asked", row["asked"]),
            (row["size"][0], row["size"][1]),
            (levels.reshape(32, 24) / 16).astype(np.float32),
            tuple(
                Word(text, Box(*edges), confidence, line_number)
                for text, *edges, confidence, line_number in row["words"]
            ),
            (row["turn"][0], row["turn"][1]),
        )
