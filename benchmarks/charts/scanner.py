"""From a clean printed side to what a scanner makes of the worn sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np

from benchmarks.charts import copier, optics, paperwear, recipes
from benchmarks.charts.grain import as_pixels
from benchmarks.charts.kinds import Mode, Pixels, Scan
from benchmarks.charts.optics import Affine, Lay
from benchmarks.charts.sheet import Sheet, Step, numbers

_STEPS: Final[Mapping[str, Step]] = {
    "weight": copier.weight,
    "fade": copier.fade,
    "dropouts": copier.dropouts,
    "copies": copier.copies,
    "pepper": copier.pepper,
    "fax": copier.fax,
    "bleed": paperwear.bleed,
    "highlighter": paperwear.highlighter,
    "stain": paperwear.stain,
    "folds": paperwear.folds,
    "staple": paperwear.staple,
    "holes": paperwear.holes,
    "torn": paperwear.torn,
    "tinted": paperwear.tinted,
    "tone": paperwear.tone,
    "dust": paperwear.dust,
    "rim": optics.rim,
    "buckle": optics.buckle,
    "lamp": optics.lamp,
    "gutter": optics.gutter,
    "blur": optics.blur,
    "streaks": optics.streaks,
    "contrast": optics.contrast,
    "noise": optics.noise,
    "threshold": optics.threshold,
    "dither": optics.dither,
}

_BARE: Final = frozenset(
    ("bleed", "stain", "folds", "staple", "holes", "torn", "tinted", "tone", "dust",
     "rim", "buckle", "lamp", "gutter", "blur", "streaks", "noise")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scanned:
    """One scanned side as it lay in the feeder.

    ``pixels`` are uint8, (h, w) in grey and bitonal (0 and 255 only), (h, w, 3) RGB
    in colour. ``skew`` is in degrees clockwise; ``place`` takes a pixel of the print
    to one of the scan (x' = ax + by + c, y' = dx + ey + f), the feeder's buckling of
    a few pixels aside. ``quality`` is the JPEG quality the scanner was set to;
    ``faults`` are the steps it went through, with their amounts.
    """

    pixels: Pixels = field(repr=False)
    skew: float
    place: Affine
    quality: int
    dpi: int
    mode: Mode
    faults: tuple[tuple[str, float], ...] = ()


def scan(pixels: Pixels, how: Scan) -> Scanned:
    """The side worn and scanned; the same ``how`` gives the same pixels.

    ``pixels`` is clean print at ``how.dpi``, grey or RGB, 0 black. The same sheet
    scanned twice is the same side with another seed.
    """
    return _scan(pixels, how, recipes.doses(how.level, numbers(how.seed, "doses")))


def blank_back(front: Pixels, how: Scan) -> Scanned:
    """The unprinted back of a printed side: empty to a person, never quite white.

    ``front`` shines through, ``how.behind`` is not looked at.
    """
    rng = numbers(how.seed, "back")
    drawn = recipes.doses(how.level, rng)
    amounts = {name: much for name, much in drawn.items() if name in _BARE}
    amounts["bleed"] = recipes.shining(how.level, how.mode, rng)
    back = np.full(front.shape[:2], 255, np.uint8)
    return _scan(back, replace(how, behind=front), amounts)


def _scan(pixels: Pixels, how: Scan, amounts: dict[str, float]) -> Scanned:
    rng = numbers(how.seed, "lay")
    drawn = recipes.skew(how.level, rng)
    skew = drawn if how.skew is None else how.skew
    beyond, lid = recipes.over(how.level, rng)
    quality = recipes.quality(how.level, rng)
    final, amount = recipes.cutting(how.mode, how.level, rng)
    page = _in_mode(pixels, how)
    place: Affine = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    for name in recipes.ORDER:
        if name == "LAY":
            lying = Lay(skew, how.turn, beyond, lid)
            page, place = optics.lay(page, lying, _sheet(how, name))
        elif name in amounts:
            page = _STEPS[name](page, amounts[name], _sheet(how, name))
    if final:
        page = _STEPS[final](page, amount, _sheet(how, final))
        amounts[final] = amount
    faults = tuple(amounts.items())
    return Scanned(page, skew, place, quality, how.dpi, how.mode, faults)


def _in_mode(pixels: Pixels, how: Scan) -> Pixels:
    if how.mode == "colour" and pixels.ndim == 2:
        return as_pixels(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB))
    if how.mode != "colour" and pixels.ndim == 3:
        return as_pixels(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
    return pixels


def _sheet(how: Scan, step: str) -> Sheet:
    """Every step draws numbers of its own, so that no step shifts the others'."""
    return Sheet(how.dpi, how.mode, numbers(how.seed, step), how.behind)
