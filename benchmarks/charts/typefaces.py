"""Faces of old typewriters: every letter hit a little off, as its arm is bent.

On a real machine the same letter is always too high or turned in the same way, so the
wear is put into the face itself and costs nothing when printing.
"""

from __future__ import annotations

import math
import re
import subprocess
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from fontTools.misc.transform import Transform
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

MONO = frozenset({
    "Courier Prime", "Liberation Mono", "CMU Typewriter Text", "DejaVu Sans Mono",
    "FreeMono", "Nimbus Mono PS",
})  # fmt: skip
SERIF = frozenset({
    "Nimbus Roman", "C059", "P052", "Caladea", "Liberation Serif", "EB Garamond",
    "URW Bookman",
})  # fmt: skip
_LETTERS = range(33, 127)
_LISTED = re.compile(r"(?P<path>[^:]+): (?P<families>[^:]+):weight=(?P<weight>[\d.]+)")
_BOOK = 80  # fontconfig's weight of ordinary type


def family(name: str, *, worn: bool) -> str:
    """A CSS list of faces: the house's, and those that stand in for it."""
    if name in MONO:
        rest = "'Liberation Mono','DejaVu Sans Mono',monospace"
    elif name in SERIF:
        rest = "'Liberation Serif','DejaVu Serif',serif"
    else:
        rest = "'Liberation Sans','DejaVu Sans',sans-serif"
    first = f"'worn {name}'," if worn else ""
    return f"{first}'{name}',{rest}"


def worn_face(name: str, folder: Path) -> str:
    """The CSS of a worn copy of an installed face, its file put into the folder.

    Empty where the face is not installed.
    """
    source = _file(name)
    if source is None:
        return ""
    copy = folder / f"worn-{name.replace(' ', '-')}{source.suffix}"
    font = TTFont(source)
    if "CFF " in font:
        _wear_cff(font, Random(name))
    else:
        _wear_glyf(font, Random(name))
    font.save(copy)
    return f"@font-face{{font-family:'worn {name}';src:url('{copy.as_uri()}')}}"


@lru_cache(maxsize=32)
def _file(name: str) -> Path | None:
    asked = ["fc-list", f":family={name}:slant=0", "family", "file", "weight"]
    listed = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    found: list[tuple[float, int, Path]] = []
    for line in listed.splitlines():
        match = _LISTED.fullmatch(line)
        if match is None or name not in match["families"].split(","):
            continue
        path = Path(match["path"])
        bold = any(word in path.name for word in ("Bold", "Italic", "Obl"))
        if path.suffix in {".otf", ".ttf"} and not bold:
            found.append((abs(float(match["weight"]) - _BOOK), len(path.name), path))
    return min(found)[2] if found else None


def _bent(rng: Random, em: int) -> Transform:
    """How one letter stands: up or down, turned, heavier on one side."""
    turn = math.radians(rng.gauss(0, 1.1))
    lift, aside = rng.gauss(0, 0.013) * em, rng.gauss(0, 0.008) * em
    middle = 0.3 * em
    return (
        Transform()
        .translate(middle + aside, middle + lift)
        .rotate(turn)
        .scale(rng.gauss(1, 0.012), rng.gauss(1, 0.02))
        .translate(-middle, -middle)
    )


def _drawn(glyphs: Any, name: str, bent: Transform) -> list[tuple[str, Any]]:  # noqa: ANN401 - fontTools' own
    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    return [
        (verb, tuple(p and bent.transformPoint(p) for p in points))
        for verb, points in pen.value
    ]


def _names(font: TTFont) -> list[str]:
    known = font.getBestCmap()
    return [known[letter] for letter in _LETTERS if letter in known]


def _wear_cff(font: TTFont, rng: Random) -> None:
    # Chromium refuses a face whose inner name has a blank in it.
    font["CFF "].cff.fontNames = ["worn"]
    top = font["CFF "].cff.topDictIndex[0]
    glyphs, em = font.getGlyphSet(), font["head"].unitsPerEm
    for name in _names(font):
        old = top.CharStrings[name]
        pen = T2CharStringPen(glyphs[name].width, glyphs)
        for verb, points in _drawn(glyphs, name, _bent(rng, em)):
            getattr(pen, verb)(*points)
        top.CharStrings[name] = pen.getCharString(old.private, old.globalSubrs)


def _wear_glyf(font: TTFont, rng: Random) -> None:
    glyphs, em = font.getGlyphSet(), font["head"].unitsPerEm
    made = {}
    for name in _names(font):
        pen = TTGlyphPen(None)
        for verb, points in _drawn(glyphs, name, _bent(rng, em)):
            getattr(pen, verb)(*points)
        made[name] = pen.glyph()
    for name, glyph in made.items():
        font["glyf"][name] = glyph
