"""Square symbols too worn for their edges, measured module by module and drawn as new.

A square of ink is laid under grids of every size its kind has. A grid counts where the
fixed modules are as they must be: the two bars and two combs of a Data Matrix, the
three eyes of a QR code. The reader's own checks then decide about the drawing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.grey import Grey, boxes_of, grey, halved, pieces_of
from pipeline.page import Box

_CLOSED = 0.03  # inches of paper between modules of one symbol
_SMALL, _LARGE = 0.18, 1.8  # inches a side
_BEYOND = 4  # px of the half size about a square
_SQUARE = 1.25  # times as long as wide at most
_MATRICES = range(10, 28, 2)  # modules a side of a Data Matrix in one piece
_CODES = range(21, 45, 4)  # of a QR code of the first six versions
_CELL = 6  # px a module as sampled
_SOFT = 0.2  # modules: sigma of what specks are smoothed with
_ENDS = (5, 95)  # per cent of the modules: paper and ink
# Modules that ink ran, together; where between paper and ink to cut; how much of what
# a module differs from the four beside it is added.
_READINGS = (
    (0.2, 0.6, 0.5), (0.4, 0.75, 0.5), (0.0, 0.5, 0.0), (0.4, 0.85, 0.5),
    (0.0, 0.35, 0.0), (0.2, 0.85, 0.0), (0.0, 0.25, 0.0),
)  # fmt: skip
_FRAME, _INKED = 20, 0.6  # modules a side of a first look; share of ink of a side
_GRIDS = 2  # of a square that are tried
_FIXED = 0.85  # of the modules that are always the same must be as they are
_DOT, _QUIET = 4, 4  # px a module, modules of paper around, of the drawing
_BESIDE = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32) / 4

Corners = NDArray[np.float32]
Fixed = NDArray[np.int8]  # 1 ink, 0 paper, -1 either


def redrawn(part: Grey, dpi: int) -> Iterator[tuple[Box, list[Grey]]]:
    """Each place of what may be a symbol, px of the part, and drawings of it."""
    for left, top, right, bottom in _squares(part, dpi):
        piece = np.ascontiguousarray(part[top:bottom, left:right])
        corners = _corners(piece, dpi)
        if corners is None or not _framed(piece, corners):
            continue
        drawn = [
            _drawn(_ink(piece, corners, fixed, reading))
            for fixed in _likely(piece, corners)
            for reading in _READINGS
        ]
        x, y = (corners + np.array([left, top])).T.tolist()
        yield Box(min(x), min(y), max(x), max(y)), drawn


def _ink(
    part: Grey, corners: Corners, fixed: Fixed, reading: tuple[float, float, float]
) -> NDArray[np.int8]:
    """The modules as read, turned upright, those that never differ as they must be."""
    dark, turn, _ = _laid(_modules(part, corners, len(fixed), reading), fixed)
    return np.asarray(np.where(fixed >= 0, fixed, np.rot90(dark, turn)), np.int8)


def _framed(part: Grey, corners: Corners) -> bool:
    """Whether two sides that meet are mostly ink, as of every symbol of these kinds."""
    dark = _modules(part, corners, _FRAME, _READINGS[0])
    sides = [
        float(side.mean()) for side in (dark[0], dark[:, -1], dark[-1], dark[:, 0])
    ]
    return any(min(sides[i], sides[i - 1]) >= _INKED for i in range(4))


def _likely(part: Grey, corners: Corners) -> list[Fixed]:
    """The grids whose fixed modules are mostly as they must be, the best first."""
    alike: list[tuple[float, int]] = []
    for which, fixed in enumerate(_fixed()):
        seen = (_modules(part, corners, len(fixed), one) for one in _READINGS[:2])
        alike.append((max(_laid(dark, fixed)[2] for dark in seen), which))
    alike.sort(reverse=True)
    return [_fixed()[which] for share, which in alike[:_GRIDS] if share >= _FIXED]


def _laid(
    dark: NDArray[np.bool_], fixed: Fixed
) -> tuple[NDArray[np.bool_], int, float]:
    """The modules, the quarter turns that suit them best, and how well."""
    known = fixed >= 0
    shares = [float((np.rot90(dark, t) == fixed)[known].mean()) for t in range(4)]
    turn = int(np.argmax(shares))
    return dark, turn, shares[turn]


def _squares(part: Grey, dpi: int) -> Iterator[tuple[int, int, int, int]]:
    """Where ink is about square, with some paper around, as half the size shows it."""
    half = halved(part)
    for left, top, wide, high in boxes_of(_closed(_inked(half), dpi // 2)).tolist():
        if _is_square(wide, high, dpi // 2):
            edges = left - _BEYOND, top - _BEYOND
            more = left + wide + _BEYOND, top + high + _BEYOND
            yield max(2 * edges[0], 0), max(2 * edges[1], 0), 2 * more[0], 2 * more[1]


def _corners(piece: Grey, dpi: int) -> Corners | None:
    """Of the largest square of ink, clockwise."""
    ink = _inked(piece)
    labels, stats = pieces_of(_closed(ink, dpi))
    if len(stats) < 2:  # noqa: PLR2004 - the paper, and one
        return None
    ys, xs = np.nonzero(ink & (labels == 1 + int(np.argmax(stats[1:, 4]))))
    points = np.column_stack([xs, ys]).astype(np.float32)
    middle, (a, b), turn = cv2.minAreaRect(points)
    if not _is_square(a, b, dpi):
        return None
    return np.asarray(cv2.boxPoints((middle, (a + 1, b + 1), turn)), np.float32)


def _inked(part: Grey) -> Grey:
    flags = cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU
    return grey(cv2.threshold(part, 0, 1, flags)[1])


def _closed(ink: Grey, dpi: int) -> Grey:
    gap = max(round(_CLOSED * dpi), 3)
    return grey(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8)))


def _is_square(wide: float, high: float, dpi: int) -> bool:
    short, long = sorted((wide, high))
    return _SMALL * dpi <= short <= long <= min(_LARGE * dpi, _SQUARE * short)


def _modules(
    part: Grey, corners: Corners, side: int, reading: tuple[float, float, float]
) -> NDArray[np.bool_]:
    """Which modules are dark, read with an inset, a cut and a sharpening."""
    inset, cut, sharper = reading
    size = side * _CELL
    middle = corners.mean(axis=0)
    inside = middle + (corners - middle) * (1 - inset / side)
    goal = np.array([[0, 0], [size, 0], [size, size], [0, size]], np.float32)
    lay = cv2.getPerspectiveTransform(inside.astype(np.float32), goal)
    module = float(np.linalg.norm(corners[1] - corners[0])) / side
    soft = cv2.GaussianBlur(part, (0, 0), max(_SOFT * module, 0.3))
    flat = cv2.warpPerspective(soft, lay, (size, size), borderMode=cv2.BORDER_REPLICATE)
    cells = flat.reshape(side, _CELL, side, _CELL)[:, 2:4, :, 2:4].mean(axis=(1, 3))
    values = cells.astype(np.float32)
    if sharper:
        beside = cv2.filter2D(values, -1, _BESIDE, borderType=cv2.BORDER_REPLICATE)
        values = values + sharper * (values - beside)
    black, white = np.percentile(values, _ENDS)
    return np.asarray(white - values > cut * max(white - black, 1.0))


@lru_cache(maxsize=1)
def _fixed() -> tuple[Fixed, ...]:
    return (*map(_matrix, _MATRICES), *map(_code, _CODES))


def _matrix(side: int) -> Fixed:
    fixed = np.full((side, side), -1, np.int8)
    comb = np.arange(side) % 2 == 0
    fixed[0], fixed[:, -1] = comb, ~comb
    fixed[:, 0] = fixed[-1] = 1
    return fixed


def _code(side: int) -> Fixed:
    fixed = np.full((side, side), -1, np.int8)
    comb = np.arange(side) % 2 == 0
    fixed[6], fixed[:, 6] = comb, comb
    eye = np.zeros((8, 8), np.int8)
    eye[:7, :7] = 1
    eye[1:6, 1:6] = 0
    eye[2:5, 2:5] = 1
    fixed[:8, :8] = eye
    fixed[:8, -8:] = eye[:, ::-1]
    fixed[-8:, :8] = eye[::-1]
    return fixed


def _drawn(ink: NDArray[np.int8]) -> Grey:
    wide = np.pad(np.where(ink == 1, 0, 255), _QUIET, constant_values=255)
    return grey(np.kron(wide, np.ones((_DOT, _DOT))))
