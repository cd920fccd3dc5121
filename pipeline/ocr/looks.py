"""The lines of a page read one by one, and those that stay doubtful looked at again.

Where print is worn, other letters are misread at another size: what two looks say of a
line, put together, misses a quarter less than one. Of lines that an engine finds itself
it misses some, and to find them takes half of its time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.ocr.clean import Cleaned, clean
from pipeline.ocr.engine import OcrEngine
from pipeline.ocr.lines import in_lines, lines_of
from pipeline.ocr.order import words_in_order
from pipeline.ocr.together import together
from pipeline.page import Box, PageImage, Word

_DPI = 250  # of the copies that all others are made of


@dataclass(frozen=True, slots=True)
class Look:
    """At ``dpi``, with or without the rules, at lines with a word below ``doubt``.

    ``closely`` lets the engine take its time over them.
    """

    dpi: int
    bare: bool
    doubt: float
    closely: bool = False


FIRST = Look(250, bare=True, doubt=1.0)
AGAIN = (
    Look(160, bare=True, doubt=0.95),
    Look(190, bare=False, doubt=0.9),
    Look(210, bare=False, doubt=0.2, closely=True),
)

Told = tuple[Word, ...]  # of one line


@dataclass(frozen=True, slots=True)
class Print:
    """A page that lies as ``page`` does, straight and even, and its lines of print.

    ``lines`` are boxes on ``bare``, the copy without rules.
    """

    page: PageImage
    sharp: Cleaned = field(repr=False)
    bare: Cleaned = field(repr=False)
    lines: tuple[Box, ...]

    def first(self, engine: OcrEngine) -> tuple[Told, ...]:
        """What each line says at the first look."""
        every = range(len(self.lines))
        return tuple(self._told(engine, FIRST, every)) if every else ()

    def again(self, engine: OcrEngine, told: Sequence[Told]) -> tuple[Told, ...]:
        """The same, where a line stays doubtful put together with other looks."""
        said = list(told)
        for look in AGAIN:
            open_ = [at for at, line in enumerate(said) if least(line) < look.doubt]
            for at, more in zip(open_, self._told(engine, look, open_), strict=True):
                said[at] = together(said[at], more)
        return tuple(said)

    def in_order(self, told: Sequence[Told]) -> tuple[Word, ...]:
        """The words of all lines as they are read."""
        words = (
            Word(w.text, w.box, w.confidence, at)
            for at, line in enumerate(told)
            for w in line
        )
        return words_in_order(words, self.lines, _DPI)

    def _told(
        self, engine: OcrEngine, look: Look, which: Sequence[int]
    ) -> Iterator[Told]:
        if not which:
            return
        copy = self.bare if look.bare else self.sharp
        if look.dpi != _DPI:
            copy = copy.parts_at(look.dpi, [self.lines[at] for at in which])
        boxes = [self.lines[at].scaled(look.dpi / _DPI) for at in which]
        every = len(which) == len(self.lines)
        found = in_lines(
            engine.read(copy.image, boxes, closely=look.closely), boxes, only=not every
        )
        told: list[list[Word]] = [[] for _ in which]
        for word in words_on(self.page, copy, found):
            told[word.line].append(word)
        yield from map(tuple, told)


def print_on(page: PageImage, skew: float) -> Print:
    """Where print stands on a page that lies upright, askew by ``skew`` degrees."""
    sharp = clean(page, skew, _DPI, "sharp")
    bare = sharp.bare()
    return Print(page, sharp, bare, lines_of(bare.image))


def words_on(page: PageImage, copy: Cleaned, read: Sequence[Word]) -> tuple[Word, ...]:
    """Words as an engine read them on a copy, their boxes on the page."""
    size = (page.pixels.shape[1], page.pixels.shape[0])
    found = [
        word
        for word in read
        if word.text.strip() and word.text.isprintable() and 0 <= word.confidence <= 1
    ]
    boxes = copy.back([word.box for word in found], size)
    return tuple(
        Word(word.text, box, word.confidence, word.line)
        for word, box in zip(found, boxes, strict=True)
    )


def least(line: Told) -> float:
    """Confidence of the most doubtful word; 0 where none was found.

    A sign that stands alone is a tick or a rule's end as often as a letter, and no look
    makes it surer.
    """
    words = [w.confidence for w in line if sum(map(str.isalnum, w.text)) > 1]
    return min(words, default=1.0 if line else 0.0)
