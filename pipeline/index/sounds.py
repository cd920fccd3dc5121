"""How a surname sounds, for who writes down what was heard."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.index.names import fold

_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(KN|GN|PN)", "N"), (r"^WR", "R"), (r"^PS", "S"), (r"^MC", "MK"),
        (r"SCH|TCH|CZ|CH", "X"), (r"PH", "F"), (r"GH(?=[^AEIOUY]|$)", ""),
        (r"CK|Q|C(?![EIY])", "K"), (r"[CZ]", "S"), (r"TH", "T"), (r"SH", "X"),
        (r"DG|J|G(?=[EIY])", "J"), (r"[VW]", "F"), (r"X", "S"), (r"H", ""),
    )
)  # fmt: skip


@lru_cache(maxsize=65536)
def phonetic(name: str) -> str:
    """How a surname sounds, roughly: equal for SMITH and SMYTHE, MEYER and MAIER.

    Source: the rules of NYSIIS (Taft, 1970) and Metaphone (Philips, 1990), reduced.
    """
    letters = re.sub(r"[^A-Z]", "", fold(name))
    for pattern, sound in _SOUNDS:
        letters = pattern.sub(sound, letters)
    head = "A" if letters[:1] in tuple("AEIOUY") else letters[:1]
    tail = re.sub(r"[AEIOUY]", "", letters[1:])
    return re.sub(r"(.)\1+", r"\1", head + tail)
