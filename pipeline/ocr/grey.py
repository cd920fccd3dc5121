"""Typed doors to OpenCV for grey images."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.page import QuarterTurn

Grey = NDArray[np.uint8]  # (height, width)
Labels = NDArray[np.integer[Any]]  # (height, width)
Stats = NDArray[np.int32]  # (pieces, 5)

_NUMBERS = 1 << 16
_FEW = _NUMBERS - 1
_BEFORE = np.array([[1, 1, 1], [1, 0, 0], [0, 0, 0]], np.uint8)  # met before a pixel
_TURNS = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}
_LITTLE = 0.66  # of its width: such a reduction averages few pixels


def scaled(pixels: Grey, factor: float) -> Grey:
    """The image ``factor`` times as large; averaged when reduced, 1 px at least."""
    return fitted(pixels, _size(pixels, factor))


def shrunk(pixels: Grey, factor: float, *, roughly: bool = False) -> Grey:
    """As ``scaled``, each pixel from just its place: parts are as the whole would be.

    ``roughly`` takes four neighbours and no average, a seventh of the work.
    """
    method = cv2.INTER_LINEAR if roughly else _method(pixels, _size(pixels, factor))
    return grey(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=method))


def exactly(pixels: Grey, factor: float) -> Grey:
    """As ``scaled``, averaged in one step: a fold is two grey levels."""
    size = _size(pixels, factor)
    return grey(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def _size(pixels: Grey, factor: float) -> tuple[int, int]:
    height, width = pixels.shape
    return max(round(width * factor), 1), max(round(height * factor), 1)


def fitted(pixels: Grey, size: tuple[int, int]) -> Grey:
    """The image stretched to ``size`` (width, height)."""
    while 4 * size[0] <= pixels.shape[1] and 4 * size[1] <= pixels.shape[0]:
        pixels = halved(pixels)  # ten times as fast as any other reduction
    if pixels.shape == (size[1], size[0]):
        return pixels
    return grey(cv2.resize(pixels, size, interpolation=_method(pixels, size)))


def _method(pixels: Grey, size: tuple[int, int]) -> int:
    """Down to two thirds four neighbours are enough, at a fifth of the cost."""
    if size[0] >= pixels.shape[1]:
        return cv2.INTER_CUBIC
    little = size[0] > _LITTLE * pixels.shape[1]
    return cv2.INTER_LINEAR if little else cv2.INTER_AREA


def reduced(pixels: Grey, dpi: int, to: int) -> Grey:
    """The image of ``dpi`` at ``to`` dpi; never enlarged.

    At a half, a quarter ... an odd last row or column is left out: stretched over it as
    well, a page would cost ten times as much.
    """
    while to < dpi and dpi % (2 * to) == 0:
        pixels, dpi = halved(pixels), dpi // 2
    return scaled(pixels, to / dpi) if to < dpi else pixels


def halved(pixels: Grey) -> Grey:
    """The image at half its size, averaged; an odd last row or column is left out."""
    height, width = pixels.shape
    even = pixels[: max(height & ~1, 1), : max(width & ~1, 1)]  # else it takes long
    size = (max(width // 2, 1), max(height // 2, 1))
    return grey(cv2.resize(even, size, interpolation=cv2.INTER_AREA))


def rotated(pixels: Grey, turn: QuarterTurn) -> Grey:
    """Turned clockwise; a quarter of what a copy of numpy's view takes."""
    return pixels if turn == 0 else grey(cv2.rotate(pixels, _TURNS[turn]))


def ink_of(pixels: Grey, below: int) -> Grey:
    """1 where a pixel is darker than ``below``, else 0."""
    return grey(cv2.threshold(pixels, below - 1, 1, cv2.THRESH_BINARY_INV)[1])


def pieces_of(ink: Grey) -> tuple[Labels, Stats]:
    """The number of its connected piece for each pixel, 0 for none, and their sizes.

    A row a piece, that of 0 first: left, top, width, height, pixels (cv2.CC_STAT_*).
    """
    least = cv2.dilate(ink, _BEFORE, borderType=cv2.BORDER_CONSTANT, borderValue=(0,))
    # a number is begun only where no ink was met before, around the pixel
    few = cv2.countNonZero(cv2.subtract(ink, least)) < _FEW
    # in 16 bits OpenCV 5 takes less than half of the time; it does not check the count
    depth = cv2.CV_16U if few else cv2.CV_32S
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, ltype=depth)
    return np.asarray(labels), np.asarray(stats, np.int32)


def boxes_of(ink: Grey) -> Stats:
    """Left, top, width and height of the pieces, without that of 0, as ``pieces_of``.

    For few and smooth pieces only, of which it takes a quarter of the time.
    """
    outlines, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return np.empty((0, 4), np.int32)
    outer = [outlines[at] for at in np.flatnonzero(tree[0, :, 3] < 0).tolist()]
    starts = np.cumsum([0, *map(len, outer)])[:-1]
    points = np.concatenate(outer)[:, 0]
    least = np.minimum.reduceat(points, starts)
    most = np.maximum.reduceat(points, starts)
    # squares of two by two pixels are numbered, from the top, from left to right
    square = points[:, 1] // 2 * ink.shape[1] + points[:, 0] // 2
    order = np.minimum.reduceat(square, starts).argsort()
    return np.hstack([least, most - least + 1])[order]


def of_pieces(labels: Labels, chosen: NDArray[np.bool_]) -> Grey:
    """1 where a pixel belongs to one of the ``chosen``, else 0."""
    if labels.dtype != np.uint16:
        return grey(chosen)[labels]
    table = np.zeros(_NUMBERS, np.uint8)
    table[: len(chosen)] = chosen
    return grey(cv2.LUT(labels, table))


def grey(array: object) -> Grey:
    """What OpenCV returned, as bytes of grey; copied only if it is anything else."""
    return np.asarray(array, dtype=np.uint8)
