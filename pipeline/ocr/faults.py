"""What went wrong when a side was scanned, in words for the person at the scanner."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.ocr.crease import slants
from pipeline.ocr.glance import Glance
from pipeline.ocr.grey import Grey, grey

_INK = 60  # of 255 darker than the paper
_LETTER = (0.03, 0.4)  # inches high and broad
_CUT = {"left": 5, "right": 5, "top": 9, "bottom": 9}  # letters cut: rows or one row
_SEGMENTS = 40  # of the page's length; a fold shows in most of them
_IN_MOST = 0.95
_CREASE = 5  # of 255 darker than the paper beside it
_RULE = 45  # of 255: a printed line is darker than a crease
_BESIDE = 5  # px at 50 dpi to either side, in which the paper shows
_RULED = 2  # gaps between lines: ruled paper has many, a folded sheet one line
_LONGEST = 14.6  # inches: legal paper and a little
_SHEET = 8.0  # inches: narrower strips may be as long as they like


def faults_of(glance: Glance, turn: int) -> tuple[str, ...]:
    """Cut edges, two sheets at once, a fold; sides are named as on the upright page.

    ``turn`` is the quarter turn that makes ``glance`` upright.
    """
    dark = grey(np.rot90(glance.dark, -turn // 90))
    folded = ["folded"] if _runs_down(dark) or _runs_down(grey(dark.T)) else []
    return (*lost_ink(glance, turn), *folded)


def lost_ink(glance: Glance, turn: int) -> tuple[str, ...]:
    """The faults by which ink is missing: cut edges, two sheets at once; quickly."""
    dark = grey(np.rot90(glance.dark, -turn // 90))
    cut = [f"ink runs off the {side} edge" for side in _cut_sides(dark, glance.dpi)]
    double = ["two sheets at once"] if _too_long(glance) else []
    return (*cut, *double)


def _cut_sides(dark: Grey, dpi: int) -> list[str]:
    """Edges of the image at which several letters stop in the middle."""
    ink = (dark >= _INK).astype(np.uint8)
    margin = max(round(_LETTER[1] * dpi), 1) + 2
    strips = {
        "left": ink[:, :margin],
        "right": ink[:, : -margin - 1 : -1],
        "top": ink[:margin].T,
        "bottom": ink[: -margin - 1 : -1].T,
    }
    return [side for side, strip in strips.items() if _cut(strip, dpi) >= _CUT[side]]


def _cut(strip: Grey, dpi: int) -> int:
    """How many letters touch the first column."""
    if not strip[:, 0].any():
        return 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(strip))
    touching = np.unique(labels[:, 0])
    sides = np.asarray(stats)[touching[touching > 0], 2:4] / dpi
    small = (sides >= _LETTER[0]).all(axis=1) & (sides <= _LETTER[1]).all(axis=1)
    return int(small.sum())


def _too_long(glance: Glance) -> bool:
    short, long = sorted(float(side) / glance.dpi for side in glance.dark.shape)
    return short >= _SHEET and _LONGEST < long < 2 * _LONGEST


def _runs_down(dark: Grey) -> bool:
    """Whether one pale line runs the whole way, unbroken also between lines of text."""
    if _broken(dark):
        return False
    height, width = dark.shape
    size = (max(width // 2, 1), _SEGMENTS * 4)
    rows = grey(cv2.resize(dark, size, interpolation=cv2.INTER_AREA))
    least = _second_least(rows.reshape(_SEGMENTS, 4, size[0]))
    lightest = grey(cv2.erode(least, np.ones((1, _BESIDE), np.uint8)))
    shift = (_BESIDE + 1) // 2 + 1
    beside = np.maximum(np.roll(lightest, shift, 1), np.roll(lightest, -shift, 1))
    over = least.astype(np.int16) - beside
    line = (over >= _CREASE) & (least < _RULE)
    if line.any(axis=1).mean() < _IN_MOST:  # however it slants, it shows in no more
        return False
    shares = [one.share for one in slants(line, height, 2)]
    lines = np.max(shares, axis=0) >= _IN_MOST
    apart = np.count_nonzero(np.diff(np.flatnonzero(lines)) > _BESIDE)
    return bool(lines.any() and apart < _RULED)


def _broken(dark: Grey) -> bool:
    """Whether too many segments have no shade at all for a line to run through."""
    rows = np.append(dark.max(axis=1), np.uint8(0))
    edges = np.linspace(0, len(dark), _SEGMENTS + 1)
    first = np.maximum(np.floor(edges[:-1]) - 1, 0)
    last = np.minimum(np.ceil(edges[1:]) + 1, len(dark))
    spans = np.stack([first, last], axis=1).astype(np.intp).ravel()
    darkest = np.maximum.reduceat(rows, spans)[::2]
    return bool(np.mean(darkest >= _CREASE) < _IN_MOST)


def _second_least(of_four: Grey) -> Grey:
    """Of four rows along the second axis; a tenth of what a partition takes."""
    one, two, three, four = (of_four[:, at] for at in range(4))
    lower, higher = np.minimum(one, two), np.minimum(three, four)
    upper = np.minimum(np.maximum(one, two), np.maximum(three, four))
    return grey(np.minimum(np.maximum(lower, higher), upper))
