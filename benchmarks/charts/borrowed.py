"""Faces that train charts may borrow, so that a reader learns more than six of them.

None bears the name of a body face of tune or report, nor is a known copy of one (TeX
Gyre Cursor, Bonum, Adventor, Heros and Pagella are; so are Hack and the Tlwg faces),
but for Carlito, which is nearly Lato, and FreeSans, nearly Nimbus Sans: the train
houses had them already. None is a Times, the face of the house kept out of learning.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Final

from benchmarks.charts.houses import House

_TYPEWRITERS: Final = (
    "Anonymous Pro", "B612 Mono", "Courier Prime", "Courier Prime Code",
    "Fantasque Sans Mono", "Fira Code", "Go Mono", "Inconsolata", "JetBrains Mono",
    "League Mono", "Liberation Mono", "Linux Libertine Mono O", "Noto Mono", "OCR B",
    "monofur",
)  # fmt: skip
_PRINTERS: Final = (
    "Andika", "Averia Serif GWF", "B612", "C059", "Cabin", "Cantarell", "Cardo",
    "Carlito", "Charis SIL", "Essays1743", "FreeSans", "GFS Artemisia", "GFS Didot",
    "Gentium", "Go", "Goudy Bookletter 1911", "Inter", "Junicode Two Beta", "Karla",
    "Liberation Sans", "Liberation Sans Narrow", "Linden Hill", "Linux Biolinum O",
    "Linux Libertine O", "Noto Serif", "Old Standard TT", "Open Sans",
    "Open Sans Condensed", "Play", "Prociono", "Quattrocento",
    "Roadgeek 2014 Series D", "Tiresias Infofont", "Tuffy", "Vollkorn",
)  # fmt: skip
WORN: Final = _TYPEWRITERS
FACES: Final = (*_TYPEWRITERS, *_PRINTERS)
_TYPED, _WORN = 0.5, 0.5  # shares of documents, of typed ones
_SIZES = (0.85, 1.12)


def borrowing(house: House, seed: str) -> House:
    """The house as if it had printed this document with other machines."""
    rng = Random(f"{seed}/face")
    typed = rng.random() < _TYPED
    look = replace(
        house.look,
        font=rng.choice(_TYPEWRITERS if typed else _PRINTERS),
        worn=typed and rng.random() < _WORN,
        size=house.look.size * rng.uniform(*_SIZES),
    )
    return replace(house, look=look)
