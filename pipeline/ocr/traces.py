"""What a person may have left on a side: every mark that paper alone does not make.

Looks for faint things (pencil, a carbon copy, one page number) and passes over what
paper and scanner do by themselves: dust, punch holes, folds, stains, dark borders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.folds import Fold, folds_in, on_fold, unfolded
from pipeline.ocr.grey import Grey, exactly, grey, pieces_of
from pipeline.page import Box

_DPI = 100
_COARSE = 25  # dpi: about a millimetre a pixel
_DARKEST = 40.0  # of 255 that paper may be: a black sheet has no ground
_BED = 0.4  # inches of the scanner's bed that show at an edge
_WINDOW = 9  # coarse pixels: paper's own tone changes more slowly than this
_FAINT = 16  # of 255 darker than the paper: pencil has 24, folds and stains less
_SURE = 20  # of 255, at the darkest point
_GRAIN = 2.5  # standard deviations that smoothed grain keeps below over 1.5 mm
_LEAST = 0.065  # inches across: dust is smaller, a written figure is larger
_HOLE = (0.19, 0.40)  # inches across: punch holes are .20 to .32, figures smaller
_MARGIN = 1.0  # inches
_AS_BROAD_AS_HIGH = 0.75  # of a round hole, seen a little askew
_OFF_A_DISC = 0.12  # share of its square that a disc may differ from pi / 4
_EDGE = 0.08  # inches from the edge: nobody writes there
_RIM = 0.35  # inches from the edge in which the scanner's bed shows as a line
_SLENDER = 8  # times as long as broad: such a line beside the edge
_FULL = 0.01  # share of dark pixels of which nobody asks what they are
_FOLD = 0.14  # inches to either side of a fold's line
_DARKER = 2.5  # times a fold's mean that its darkest point may be

Boxes = NDArray[np.float64]  # (n, 4): left, top, width, height
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ground:
    """The paper's grey at each point, and 1 where the scanner's border is."""

    paper: Grey = field(repr=False)
    border: Grey = field(repr=False)


def traces_in(dark: Grey, dpi: int) -> tuple[Box, ...]:
    """Boxes of all that may be a person's mark, in pixels of ``dark`` (see darkness).

    Dust-sized specks are none; a side full of them is one box. A side without any is
    blank beyond doubt; a side with some may still be: the other side shining through
    leaves traces, too.
    """
    if cv2.countNonZero(grey(dark >= _FAINT)) > _FULL * dark.size:
        return (Box(0, 0, dark.shape[1], dark.shape[0]),)
    found = _components(dark, dpi)
    return _boxes(_off_folds(found, dark, dpi) if len(found) else found)


def _off_folds(found: Boxes, dark: Grey, dpi: int) -> Boxes:
    """What of ``found`` no fold makes; if that is nothing, what lies on the folds."""
    folds = folds_in(dark)
    off = found[~_folded(found, dark, folds, dpi)]
    if len(off):
        return off
    for fold in folds:
        dark = unfolded(dark, fold, dpi)
    return _components(dark, dpi)


def _boxes(found: Boxes) -> tuple[Box, ...]:
    return tuple(
        Box(float(x), float(y), float(x + width), float(y + height))
        for x, y, width, height in found
    )


def lights_in(small: Grey, ground: Ground, dpi: int) -> tuple[Box, ...]:
    """Boxes of what is lighter than its ground: white type on grey, a label.

    ``small`` has 100 dpi at most. Beside the scanner's border nothing counts: there
    the ground is not known.
    """
    light = grey(cv2.subtract(small, ground.paper))
    if ground.border.any():
        light[grey(cv2.dilate(ground.border, np.ones((5, 5), np.uint8))) > 0] = 0
    return _boxes(_components(_smooth(light, dpi), dpi))


def darkness(small: Grey, ground: Ground, dpi: int) -> Grey:
    """How much darker than its paper each point is, of 255; grain smoothed away.

    ``small`` has 100 dpi at most. The scanner's dark border counts as paper.
    """
    away = cv2.subtract(ground.paper, small)
    dark = grey(cv2.divide(away, ground.paper, scale=255))
    if ground.border.any():
        dark[ground.border > 0] = 0
    return _smooth(dark, dpi)


def _smooth(away: Grey, dpi: int) -> Grey:
    return grey(cv2.GaussianBlur(away, (0, 0), dpi / _DPI))


def ground_of(small: Grey, dpi: int) -> Ground:
    """What a side of 100 dpi at most is written on.

    No paper is half as light as most of the sheet: a photo stays dark on it.
    """
    coarse = exactly(small, _COARSE / dpi) if dpi > _COARSE else small
    tone = grey(cv2.medianBlur(coarse, _WINDOW))
    least = max(float(np.median(coarse)) / 2, _DARKEST)
    size = (small.shape[1], small.shape[0])
    paper = grey(cv2.resize(np.maximum(tone, np.uint8(least)), size))
    border = _border(coarse, min(dpi, _COARSE))
    return Ground(
        paper, grey(cv2.resize(border, size, interpolation=cv2.INTER_NEAREST))
    )


def _border(coarse: Grey, dpi: int) -> Grey:
    """1 where the scanner's dark bed shows: dark all the way to an edge, and near it.

    What is dark farther in is a photo or a band that touches the edge.
    """
    bed = (coarse < np.median(coarse) / 2).astype(np.uint8)
    if not (bed[0].any() or bed[-1].any() or bed[:, 0].any() or bed[:, -1].any()):
        return bed * 0
    _, labels = cv2.connectedComponents(bed)
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    touching = grey(np.isin(labels, np.unique(edge[edge > 0])))
    border = grey(cv2.dilate(touching, np.ones((5, 5), np.uint8)))
    deep = round(_BED * dpi)
    border[deep:-deep, deep:-deep] = 0
    return border


def _components(dark: Grey, dpi: int) -> Boxes:
    """What is dark enough and large enough, without holes and the sheet's own edge."""
    if dark.max(initial=0) < _SURE:  # however fine the grain is
        return np.empty((0, 4))
    # grain darkens half of the points: of those, this is the median; no grain, zero
    spread = 1.4826 * float(np.percentile(dark[::3, ::3], 75))
    faint = max(float(_FAINT), min(spread * _GRAIN, 2.0 * _FAINT))
    labels, stats = pieces_of((dark >= faint).astype(np.uint8))
    sure = np.unique(labels[dark >= faint + (_SURE - _FAINT)])
    kept = np.asarray(stats, np.float64)[sure[sure > 0]]
    large = np.maximum(kept[:, 2], kept[:, 3]) >= _LEAST * dpi
    kept = kept[large]
    kept = kept[~punched(kept, dark.shape, dpi)]
    inner: Boxes = kept[~at_edge(kept, dark.shape, dpi), :4]
    return inner


def punched(
    stats: NDArray[np.float64], shape: tuple[int, ...], dpi: int
) -> NDArray[np.bool_]:
    """Which components are round, full, of a punch's size and near an edge."""
    left, top, width, height, area = stats.T
    across = np.maximum(width, height) / dpi
    round_ = (
        np.minimum(width, height) / np.maximum(width, height) > _AS_BROAD_AS_HIGH
    ) & (np.abs(area / (width * height) - np.pi / 4) < _OFF_A_DISC)
    x, y = left + width / 2, top + height / 2
    margin = np.minimum.reduce([x, shape[1] - x, y, shape[0] - y]) / dpi
    sized = (_HOLE[0] < across) & (across < _HOLE[1])
    return np.asarray(sized & round_ & (margin < _MARGIN))


def at_edge(
    stats: NDArray[np.float64], shape: tuple[int, ...], dpi: int
) -> NDArray[np.bool_]:
    """What lies in the outermost millimetres, or is a line along the edge."""
    left, top, width, height = stats[:, :4].T / dpi
    right, foot = shape[1] / dpi - left - width, shape[0] / dpi - top - height
    beside = np.minimum(left + width, right + width)  # depth from the nearer edge
    below = np.minimum(top + height, foot + height)
    outermost = (beside < _EDGE) | (below < _EDGE)
    upright = (beside < _RIM) & (height > _SLENDER * width) & (height > 1)
    level = (below < _RIM) & (width > _SLENDER * height) & (width > 1)
    return np.asarray(outermost | upright | level)


def _folded(found: Boxes, dark: Grey, folds: Sequence[Fold], dpi: int) -> Flags:
    """Which boxes are pieces of a fold: what lies on one but is far darker is none."""
    within = np.zeros(len(found), bool)
    peaks = _peaks(found, dark)
    for fold in folds:
        along = on_fold(found, fold, (dark.shape[0], dark.shape[1]), _FOLD * dpi)
        within |= along & (peaks < _DARKER * fold.level + _FAINT)
    return within


def _peaks(found: Boxes, dark: Grey) -> NDArray[np.float64]:
    """The darkest point of each box."""
    boxes = found.astype(int)
    return np.array([float(dark[y : y + h, x : x + w].max()) for x, y, w, h in boxes])
