"""The recognised words, laid invisibly over the paper they came from.

Fonts without shapes write them in rendering mode 3: a reader finds, marks and copies
the words, and sees only the scan. All words of a line stand on one base line in one
size, as printed words do, so that programs which sort text by its geometry keep lines
together; each word is stretched to the width of its box, and written in the font whose
ascent and descent make its height the box's. So what is marked is what was printed.
"""

from __future__ import annotations

import functools
import itertools
import math
import statistics
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from pipeline.page import Page, Word
from pipeline.store.pdf_resources import BLANK_FONT, REACHES_DOWN, REACHES_UP

_ADVANCE = 0.5  # of an em, every glyph of the font
_TENTHS = 10  # of an em, in which is said how far a font reaches up and down
_UP = (2, 4, 6, 8, 10, 14, 22, 29)  # few, because each font costs a millisecond;
_DOWN = (0, 2, 5, 10, 20, 29)  # all, for letters so large that a tenth of an em is seen
_LARGE = 0.2  # inches
_DESCENT = 0.2  # of an em: how far most letters go down that go down at all
_GOES_DOWN = frozenset("gjpqyQ,;()[]{}|/@$_§ç")
_TALL = 0.8  # of a line's words are lower than the one that gives its size
_ALIKE = 1.6  # lines whose sizes differ less are written in the page's usual size
_GAP = 0.2  # of an em between words, or poppler takes two for one
_LEAST = 0.3  # of its box is left of a word that makes room for the next one
_RAISED = 0.45  # of an em: how far a hyphen or quote may stand above its line
_LIFTED = 0.4  # of an em: how far words of a skewed line are lifted to its high end
_PER_BLOCK = 100  # entries of a ToUnicode block, PDF 32000-1 §9.10.3
_UNWRITABLE = ("Cc", "Cs", "Cn")  # controls, lone surrogates, no characters at all
_BYTE_ORDER = "\ufeff"


@dataclass(frozen=True, slots=True)
class Lettering:
    """The characters one PDF needs, numbered from 1 in the order of Unicode."""

    numbers: dict[str, int] = field(repr=False)

    def written(self, text: str) -> str:
        """The text in this font's own two-byte numbers, hex."""
        return "".join(f"{self.numbers[c]:04x}" for c in text)


def lettering(pages: Iterable[Page]) -> Lettering:
    """What it takes to write the words of all these pages."""
    seen = {" "}.union(*(_clean(word.text) for page in pages for word in page.words))
    return Lettering({c: n for n, c in enumerate(sorted(seen), start=1)})


def text_layer(page: Page, fonts: BlankFonts, paper: tuple[float, float]) -> bytes:
    """Content that writes the page's words where they stand on ``paper`` (points)."""
    across, down = paper[0] / page.size[0], paper[1] / page.size[1]
    written = ["BT", "3 Tr"]
    for put in _standing(page):
        size = put.size * down
        stretch = 100 * put.width * across / (len(put.text) * _ADVANCE * size)
        x, y = put.left * across, paper[1] - put.base * down
        name, codes = (
            fonts.name(put.up, put.down),
            fonts.letters.written(f"{put.text} "),
        )
        written.append(
            f"{name} {size:.3f} Tf {stretch:.3f} Tz 1 0 0 1 {x:.3f} {y:.3f} Tm"
            f" <{codes}> Tj"
        )
    return "\n".join([*written, "ET"]).encode("ascii")


@dataclass(frozen=True, slots=True)
class _Put:
    """How one word is written: px, but ``up`` and ``down`` in tenths of ``size``."""

    text: str = field(repr=False)
    left: float
    base: float
    width: float
    size: float
    up: int
    down: int


def _standing(page: Page) -> Iterator[_Put]:
    """Each word on its line, in reading order."""
    lines = [seen for line in page.lines if (seen := _writable_words(line))]
    if not lines:
        return
    usual = statistics.median(_size(line) for line in lines)
    slope = math.tan(math.radians(page.quality.skew))
    for line in lines:
        size = _size(line)
        if 1 / _ALIKE < size / usual < _ALIKE:
            size = usual
        start = statistics.median(_foot(word, size) - slope * _x(word) for word in line)
        high = start + min(slope * _x(line[0]), slope * _x(line[-1]))
        for word, following in zip(line, [*line[1:], None], strict=True):
            width = _width(word, following, size)
            base = start + slope * _x(word)
            base -= min(base - high, _LIFTED * size)
            yield _put(word, base, width, size, large=size > _LARGE * page.dpi)


def _put(word: Word, base: float, width: float, size: float, *, large: bool) -> _Put:
    box = word.box
    if box.bottom < base:  # hyphens and quotes hang in the air
        base = max(box.bottom, base - _RAISED * size)
    tenth = size / _TENTHS
    above, below = (REACHES_UP, REACHES_DOWN) if large else (_UP, _DOWN)
    up = _nearest(above, (base - box.top) / tenth)
    down = _nearest(below, (box.bottom - base) / tenth)
    return _Put(_clean(word.text), box.left, base, width, size, up, down)


def _nearest(choices: tuple[int, ...], wanted: float) -> int:
    return choices[bisect_left(_between(choices), wanted)]  # of two the first


@functools.cache
def _between(choices: tuple[int, ...]) -> list[float]:
    return [(one + other) / 2 for one, other in itertools.pairwise(choices)]


def _width(word: Word, following: Word | None, size: float) -> float:
    """Of the word's box, or less, so that the next word keeps its distance."""
    box = word.box
    if following is None or following.box.left <= box.left:
        return box.width
    room = following.box.left - box.left - _GAP * size
    return min(box.width, max(room, _LEAST * box.width))


def _foot(word: Word, size: float) -> float:
    """Where the word says that its base line is."""
    down = _DESCENT * size if _GOES_DOWN & set(word.text) else 0.0
    return word.box.bottom - down


def _size(line: Sequence[Word]) -> float:
    heights = sorted(word.box.height for word in line)
    return heights[min(int(len(heights) * _TALL), len(heights) - 1)]


def _x(word: Word) -> float:
    return (word.box.left + word.box.right) / 2


def _writable_words(line: Iterable[Word]) -> list[Word]:
    return [
        word
        for word in line
        if _clean(word.text).strip() and word.box.width > 0 and word.box.height > 0
    ]


# --- the fonts ------------------------------------------------------------------


class BlankFonts:
    """The fonts of that content, embedded as PDF/A asks, with their way to Unicode.

    All are one program; they differ in the glyph that they show for every character.
    """

    def __init__(self, pdf: Pdf, letters: Lettering) -> None:
        self.letters = letters
        self._pdf = pdf
        self._program = pdf.make_stream(BLANK_FONT, Length1=len(BLANK_FONT))
        self._to_unicode = pdf.make_stream(_to_unicode(letters))
        identity = Dictionary(
            Registry=pikepdf.String("Adobe"),
            Ordering=pikepdf.String("Identity"),
            Supplement=0,
        )
        self._identity = pdf.make_indirect(identity)  # one for all: each is checked
        self._made: dict[str, Dictionary] = {}

    def name(self, up: int, down: int) -> str:
        """The font that reaches so many tenths of an em above and below the line."""
        name = f"/T{up}.{down}"
        if name not in self._made:
            self._made[name] = self._font(up, down)
        return name

    def used_in(self, content: bytes) -> Dictionary:
        """The resource dictionary of a page with this text layer."""
        lines = content.decode("ascii").splitlines()
        names = {line.split(" ", 1)[0] for line in lines if line.startswith("/T")}
        return Dictionary({name: self._made[name] for name in sorted(names)})

    def _font(self, up: int, down: int) -> Dictionary:
        glyph = 1 + REACHES_UP.index(up) * len(REACHES_DOWN) + REACHES_DOWN.index(down)
        every = glyph.to_bytes(2) * len(self.letters.numbers)
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name.ChartfilerBlank,
            FontBBox=Array([0, -100 * down, 500, 100 * up]),
            Flags=4,  # symbolic
            ItalicAngle=0,
            Ascent=100 * up,
            Descent=-max(100 * down, 1),  # poppler takes 0 for forgotten
            CapHeight=800,
            StemV=0,
            FontFile2=self._program,
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name.ChartfilerBlank,
            CIDSystemInfo=self._identity,
            FontDescriptor=self._pdf.make_indirect(descriptor),
            DW=int(1000 * _ADVANCE),
            CIDToGIDMap=self._pdf.make_stream(b"\x00\x00" + every),
        )
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name.ChartfilerBlank,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([self._pdf.make_indirect(descendant)]),
            ToUnicode=self._to_unicode,
        )
        return self._pdf.make_indirect(font)


def _to_unicode(letters: Lettering) -> bytes:
    entries = [
        f"<{number:04x}> <{char.encode('utf-16-be').hex()}>"
        for char, number in letters.numbers.items()
    ]
    blocks: list[str] = []
    for start in range(0, len(entries), _PER_BLOCK):
        block: Sequence[str] = entries[start : start + _PER_BLOCK]
        blocks += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <ffff>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    ).encode("ascii")


def _clean(text: str) -> str:
    """Without what has no place in a PDF's text."""
    if (
        text.isprintable()
    ):  # none of these is; a look at each letter is ten times dearer
        return text
    return "".join(c for c in text if _writable(c))


def _writable(char: str) -> bool:
    return unicodedata.category(char) not in _UNWRITABLE and char != _BYTE_ORDER
