"""What a hand leaves on paper: words, signatures, ticks; as spans and SVG paths."""

from __future__ import annotations

import math
from html import escape
from random import Random

_SIZES = {
    "Breip": 1.3, "Dancing Script": 1.25, "Rufscript": 1.15, "Kristi": 1.75,
    "DkgHandwriting": 1.05, "Ecolier_court": 1.55,
}  # fmt: skip
_INKS = ("#15151b", "#1c1c24", "#2a2a33")
_BLUE = ("#1f3a8a", "#22327a", "#10308c")
FULL = 0.8  # from this share of handwriting on, a page is a written one


class Pen:
    """One writer on one document; ``share`` 0..1 of the entries are written."""

    def __init__(
        self, rng: Random, hands: tuple[str, ...], share: float, *, blue: bool = False
    ) -> None:
        self.rng = rng
        self.share = share
        self.ink = rng.choice(_BLUE if blue else _INKS)
        self._font = rng.choice(hands)
        self._size = 11.0 * _SIZES.get(self._font, 1.2) * rng.uniform(0.9, 1.12)
        self._slant = rng.uniform(-9, 7)
        self._bold = rng.choice(("0", "0", ".3px", ".5px"))
        self._shaky = rng.uniform(0.4, 1.7)

    @property
    def full(self) -> bool:
        """Whether nearly everything but the form's furniture is written."""
        return self.share >= FULL

    @property
    def style(self) -> str:
        """CSS of this hand, for an element around its words."""
        return (
            f"--hf:'{self._font}';--hs:{self._size:.1f}pt;"
            f"--hk:{self._slant:.1f}deg;--hb:{self._bold};--hi:{self.ink}"
        )

    def decides(self, weight: float = 1.0) -> bool:
        """Whether the next entry is written; weight scales the share."""
        return self.rng.random() < self.share * weight

    def write(self, text: str) -> str:
        """The words in this hand, each a little off the line."""
        return " ".join(self._word(word) for word in text.split())

    def _word(self, word: str) -> str:
        turn = self.rng.gauss(0, 0.8 * self._shaky)
        lift = self.rng.gauss(0, 0.7 * self._shaky)
        return (
            f'<span class="h" style="--t:{turn:.1f}deg;--y:{lift:.1f}px">'
            f"{escape(word)}</span>"
        )

    def sign(self, wide: int = 150, high: int = 34) -> str:
        """A signature that nobody can read, in pixels of 1/96 in."""
        rng, points = self.rng, []
        loops, calm = rng.randint(3, 9), rng.uniform(0.12, 0.5)
        lift, angle, drift = high * rng.uniform(1.1, 1.7), rng.uniform(2, 4), 0.0
        pace, wander = 1.0, rng.uniform(0.02, 0.06)
        slope = rng.uniform(-0.35, 0.1) * high
        for step in range(loops * 9):
            share = step / (loops * 9)
            pace += (rng.uniform(0.2, 2.4) - pace) * 0.35
            angle += pace * math.pi / 4.5
            drift = 0.85 * drift + rng.uniform(-0.05, 0.05) * high
            settled = high * calm * rng.uniform(0.3, 2.0)
            lift += (settled - lift) * (0.1 if share < 0.15 else 0.3)
            x = 6 + share * (wide - 14) + math.cos(angle) * wide * wander
            y = high * 0.62 - math.sin(angle) * lift * 0.45 + drift + slope * share
            points.append(f"{x:.1f} {y:.1f}")
        path = f"M{points[0]}" + "".join(
            f"Q{points[i]} {points[i + 1]}" for i in range(1, len(points) - 1, 2)
        )
        if rng.random() < 0.5:
            path += (
                f"M4 {high * 0.85:.0f}L{wide - 6} {high * rng.uniform(0.4, 0.7):.0f}"
            )
        return _svg("scr", wide, high, path, self.ink, rng.uniform(1.0, 1.9))

    def mark(self) -> str:
        """A cross or tick over a box, its corners never quite on it."""
        j = [self.rng.uniform(-2.5, 2.5) for _ in range(6)]
        if self.rng.random() < 0.55:
            path = (
                f"M{2 + j[0]:.1f} {2 + j[1]:.1f}L{13 + j[2]:.1f} {13 + j[3]:.1f}"
                f"M{13 + j[4]:.1f} {2 + j[5]:.1f}L{2 + j[1]:.1f} {13 + j[0]:.1f}"
            )
        else:
            path = (
                f"M{2 + j[0]:.1f} {8 + j[1]:.1f}L{6 + j[2]:.1f} {13 + j[3]:.1f}"
                f"L{17 + j[4]:.1f} {-2 + j[5]:.1f}"
            )
        return _svg("mk", 16, 16, path, self.ink, self.rng.uniform(1.3, 2.1))

    def strike(self) -> str:
        """A ring around what is chosen, as wide as its parent."""
        rng = self.rng
        path = (
            f"M{8 + rng.uniform(-4, 4):.0f} 12C10 -3 90 -3 96 {rng.uniform(8, 14):.0f}"
            f"C94 27 12 28 {5 + rng.uniform(-3, 3):.0f} 10"
        )
        return (
            f'<svg class="ring" viewBox="0 0 100 24" preserveAspectRatio="none">'
            f'<path d="{path}" fill="none" stroke="{self.ink}" stroke-width="1.6" '
            f'vector-effect="non-scaling-stroke"/></svg>'
        )


def _svg(kind: str, wide: int, high: int, path: str, ink: str, width: float) -> str:
    return (
        f'<svg class="{kind}" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}"><path d="{path}" fill="none" stroke="{ink}" '
        f'stroke-width="{width:.1f}" stroke-linecap="round" stroke-linejoin="round"/>'
        f"</svg>"
    )
