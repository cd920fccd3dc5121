"""Faces and hands that train charts may borrow, so that a reader learns many of them.

None bears the name of a body face or hand of tune or report, nor is a copy of one (TeX
Gyre Cursor, Bonum, Adventor, Heros and Pagella are; so are Hack and the Tlwg faces;
Carlito is nearly Lato and FreeSans nearly Nimbus Sans). Of lent.tsv none is like a
judged face (outlines of 52 letters overlap by .784 at most; .94 is a copy). None is a
Times, the face of the house kept out of learning.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Final

from benchmarks.charts.houses import HANDS as OWN_HANDS
from benchmarks.charts.houses import House
from benchmarks.charts.lent import families

_TYPEWRITERS: Final = (
    "Anonymous Pro", "B612 Mono", "Courier Prime", "Courier Prime Code",
    "Fantasque Sans Mono", "Fira Code", "Go Mono", "Inconsolata", "JetBrains Mono",
    "League Mono", "Liberation Mono", "Linux Libertine Mono O", "Noto Mono", "OCR B",
    "monofur",
)  # fmt: skip
_PRINTERS: Final = (
    "Andika", "Averia Serif GWF", "B612", "C059", "Cabin", "Cantarell", "Cardo",
    "Charis SIL", "Essays1743", "GFS Artemisia", "GFS Didot",
    "Gentium", "Go", "Goudy Bookletter 1911", "Inter", "Junicode Two Beta", "Karla",
    "Liberation Sans", "Liberation Sans Narrow", "Linden Hill", "Linux Biolinum O",
    "Linux Libertine O", "Noto Serif", "Old Standard TT", "Open Sans",
    "Open Sans Condensed", "Play", "Prociono", "Quattrocento",
    "Roadgeek 2014 Series D", "Tiresias Infofont", "Tuffy", "Vollkorn",
)  # fmt: skip
WORN: Final = _TYPEWRITERS
_TYPED: Final = (*_TYPEWRITERS, *families("typed"))
_PRINTED: Final = (*_PRINTERS, *families("print"))
FACES: Final = (*_TYPED, *_PRINTED)
HANDS: Final = (*OWN_HANDS["train"], *families("hand"))
_IS_TYPED, _IS_WORN = 0.4, 0.5  # shares of documents, of those in a typewriter's face
_SIZES = (0.85, 1.12)


def borrowing(house: House, seed: str) -> House:
    """The house as if it had printed this document with other machines."""
    rng = Random(f"{seed}/face")
    font = rng.choice(_TYPED if rng.random() < _IS_TYPED else _PRINTED)
    look = replace(
        house.look,
        font=font,
        hands=(rng.choice(HANDS),),
        worn=font in WORN and rng.random() < _IS_WORN,
        size=house.look.size * rng.uniform(*_SIZES),
    )
    return replace(house, look=look)
