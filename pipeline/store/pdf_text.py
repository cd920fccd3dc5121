"""The recognised words, laid invisibly over the paper they came from.

A font without shapes writes them in rendering mode 3: a reader finds, marks and copies
the words, and sees only the scan. Each word is stretched to the width of its box, and
each height is the box's, so that what is marked is what was printed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from pipeline.page import Page
from pipeline.store.pdf_resources import BLANK_FONT

_ADVANCE = 0.5  # of an em, every glyph of the font
_DESCENT = 0.2  # of an em, below the baseline
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


def text_layer(page: Page, letters: Lettering, paper: tuple[float, float]) -> bytes:
    """Content that writes the page's words where they stand on ``paper`` (points)."""
    across, down = paper[0] / page.size[0], paper[1] / page.size[1]
    lines = ["BT", "3 Tr"]
    for word in page.words:
        text = _clean(word.text)
        if not text.strip() or word.box.width <= 0 or word.box.height <= 0:
            continue
        size = word.box.height * down
        stretch = 100 * word.box.width * across / (len(text) * _ADVANCE * size)
        x = word.box.left * across
        y = paper[1] - word.box.bottom * down + _DESCENT * size
        lines.append(
            f"/T {size:.3f} Tf {stretch:.3f} Tz 1 0 0 1 {x:.3f} {y:.3f} Tm"
            f" <{letters.written(text + ' ')}> Tj"
        )
    return "\n".join([*lines, "ET"]).encode("ascii")


def blank_font(pdf: Pdf, letters: Lettering) -> Dictionary:
    """The font of that content, embedded as PDF/A asks, with its way to Unicode."""
    program = pdf.make_stream(BLANK_FONT, Length1=len(BLANK_FONT))
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.ChartfilerBlank,
        FontBBox=Array([0, -200, 500, 800]),
        Flags=4,  # symbolic
        ItalicAngle=0,
        Ascent=800,
        Descent=-200,
        CapHeight=800,
        StemV=0,
        FontFile2=program,
    )
    to_glyph = b"\x00\x00" + b"\x00\x01" * len(letters.numbers)
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.ChartfilerBlank,
        CIDSystemInfo=Dictionary(
            Registry=pikepdf.String("Adobe"),
            Ordering=pikepdf.String("Identity"),
            Supplement=0,
        ),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=int(1000 * _ADVANCE),
        CIDToGIDMap=pdf.make_stream(to_glyph),
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name.ChartfilerBlank,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=pdf.make_stream(_to_unicode(letters)),
    )
    return pdf.make_indirect(font)


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
    return "".join(c for c in text if _writable(c))


def _writable(char: str) -> bool:
    return unicodedata.category(char) not in _UNWRITABLE and char != _BYTE_ORDER
