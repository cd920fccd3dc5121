"""Worn bars drawn anew: averaged along their length, sharpened, cut where ink ends.

A copy of a copy has its bars too thick, too thin or full of holes; averaged over a
tenth of an inch they are a clean wave again. The wave says where each bar ends in
several ways, and no way is best for all wear: the drawings vote (pipeline.ocr.marks).
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.grey import Grey, grey, reduced

_WINDOW = 0.1  # inches along the bars that are averaged; windows do not overlap
_WINDOWS = 6  # at most, in a part: the steepest
_EDGES = 14  # of a window; the shortest code has 20 and more, when new
_ALIKE = 0.4  # correlation of two neighbouring windows: rows of letters differ
_HILLS = 0.05  # inches, sigma of what is taken off before that: shades of the paper
_SLANTS = (-0.08, -0.04, 0.0, 0.04, 0.08)  # sideways a px along: crooked labels
_BETWEEN = 0.02  # from one of these to half way to the next
_COARSE = 150  # dpi at which bars are told and their slant is found
_FINER = 4  # times the profile is stretched
_NEAR, _FAR = 0.06, 0.1  # inches about each place in which black and white are sought
_FAINT = 24  # grey levels between black and white: less is paper
_SLOPE = 1.0  # grey levels a px of the drawing: less is no edge
_RIPPLE = 0.08  # of the steepest slope: less is the grain of a bar
_SOFT = 1 / 300  # inches: sigma of what noise is smoothed with
_WIDE, _CLOSE = 4 / 300, 2 / 300  # inches: sigma of what is taken off to sharpen
_BLURS = ((1.0 / 300, 0.02, 0.35), (1.5 / 300, 0.1, 0.5))  # inches, noise, where to cut
_QUIET = 60  # px of white at both ends
_TALL = 6  # px of the drawing

_NARROW = 20  # per cent of the bars and spaces that are narrow, at least

Wave = NDArray[np.float32]
Waves = NDArray[np.float32]  # a row each
Ink = NDArray[np.bool_]


def waves(part: Grey, dpi: int) -> tuple[Wave, ...]:
    """Mean grey across the upright bars, a window each; none where are no bars.

    Where bars are, two neighbouring windows have many edges, and the same ones.
    """
    small = reduced(part, dpi, _COARSE).astype(np.float32)
    coarse = min(dpi, _COARSE)
    slant = _slant(small, coarse)
    if not _striped(_windows(_sheared(small, slant), coarse), coarse):
        return ()
    found = _windows(_sheared(part.astype(np.float32), slant), dpi)
    barred = found[_edges(found, dpi) >= _EDGES]
    steepest = np.argsort(-_steepness(barred), kind="stable")[:_WINDOWS]
    return tuple(barred[steepest])


def drawings(wave: Wave, dpi: int) -> Iterator[Grey]:
    """The bars of one window, 4 times as wide, each time cut another way."""
    for ink in _inks(wave, dpi):
        yield _drawn(ink)
        even = _evened(ink)
        if not np.array_equal(even, ink):  # the same drawing twice is no second look
            yield _drawn(even)


def _inks(wave: Wave, dpi: int) -> Iterator[Ink]:
    yield _between_slopes(_stretched(_blurred(wave, _SOFT * dpi)))
    sharper = wave + (wave - _blurred(wave, _WIDE * dpi))
    yield _cut(_stretched(sharper), 0.35, _FAR * dpi)
    sharper = wave + (wave - _blurred(wave, _CLOSE * dpi))
    yield _cut(_stretched(sharper), 0.5, _FAR * dpi)
    for sigma, noise, share in _BLURS:
        yield _cut(_stretched(_unblurred(wave, sigma * dpi, noise)), share, _FAR * dpi)


def _evened(ink: Ink) -> Ink:
    """Bars thinner where ink ran, so that narrow bars are as wide as narrow spaces."""
    edges = np.flatnonzero(np.diff(ink.astype(np.int8), prepend=0, append=0))
    if len(edges) < _EDGES:
        return ink
    starts, ends = edges[::2], edges[1::2]
    bars, spaces = ends - starts, starts[1:] - ends[:-1]
    ran = (lower_fifth(bars) - lower_fifth(spaces)) / 4
    even = np.zeros_like(ink)
    for start, end in zip(starts + round(ran), ends - round(ran), strict=True):
        even[max(start, 0) : end] = True
    return even


def lower_fifth(widths: NDArray[np.int64]) -> float:
    """Their lower fifth, between two of them; np.percentile takes ten times as long."""
    lined = np.sort(widths)
    below, share = divmod(_NARROW * (len(lined) - 1), 100)
    low, high = lined[below], lined[min(below + 1, len(lined) - 1)]
    return float(low + (high - low) * share / 100)


def place(x: float) -> float:
    """Where ``x`` of a drawing is in its part, px."""
    return max((x - _QUIET) / _FINER, 0.0)


def _slant(small: Wave, dpi: int) -> float:
    """The shear that makes the bars stand upright."""

    def steepest(slant: float) -> float:
        windows = _windows(_sheared(small, slant), dpi)
        return float(sum(sorted(_steepness(windows).tolist())[-3:]))

    steep = {slant: steepest(slant) for slant in _SLANTS}
    about = max(steep, key=steep.__getitem__)
    less, more = about - _BETWEEN, about + _BETWEEN
    steep |= {less: steepest(less), more: steepest(more)}
    return max((less, about, more), key=steep.__getitem__)


def _windows(rows: Wave, dpi: int) -> Waves:
    """Mean grey of each window, from the top down."""
    tall = max(int(_WINDOW * dpi), 4)
    count = rows.shape[0] // tall
    above = (rows.shape[0] - count * tall) // 2
    kept = rows[above : above + count * tall]
    return np.asarray(kept.reshape(count, tall, -1).mean(axis=1), np.float32)


def _striped(waves: Waves, dpi: int) -> bool:
    edges = _edges(waves, dpi).tolist()
    return any(
        min(edges[i : i + 2]) >= _EDGES and _alike(waves[i], waves[i + 1], dpi)
        for i in range(len(waves) - 1)
    )


def _sheared(rows: Wave, slant: float) -> Wave:
    if slant == 0.0:
        return rows
    middle = rows.shape[0] / 2
    shear = np.array([[1, slant, -slant * middle], [0, 1, 0]])
    size = (rows.shape[1], rows.shape[0])
    sheared = cv2.warpAffine(rows, shear, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(sheared, np.float32)


def _steepness(waves: Waves) -> Wave:
    """Of each; all at once, for one by one takes five times as long."""
    return np.asarray(np.square(np.diff(waves, axis=1)).sum(axis=1), np.float32)


def _edges(waves: Waves, dpi: int) -> NDArray[np.intp]:
    """How many each has."""
    black, white = _about(waves, _NEAR * dpi)
    dark = (waves < (black + white) / 2) & (white - black > _FAINT)
    return np.asarray(np.count_nonzero(dark[:, 1:] != dark[:, :-1], axis=1))


def _alike(one: Wave, other: Wave, dpi: int) -> bool:
    a, b = (wave - _blurred(wave, _HILLS * dpi) for wave in (one, other))
    return float(a @ b) > _ALIKE * float(np.sqrt((a @ a) * (b @ b)))


def _blurred(wave: Wave, sigma: float) -> Wave:
    return np.asarray(cv2.GaussianBlur(wave[None], (0, 0), sigma)[0], np.float32)


def _unblurred(wave: Wave, sigma: float, noise: float) -> Wave:
    """The wave as it was before a blur of ``sigma`` px (a Wiener filter)."""
    padded = np.pad(wave, _QUIET, mode="edge")
    response = np.exp(-2 * np.square(np.pi * sigma * np.fft.rfftfreq(len(padded))))
    inverse = response / (np.square(response) + noise)
    sharp = np.fft.irfft(np.fft.rfft(padded) * inverse, len(padded))
    return np.asarray(sharp[_QUIET:-_QUIET], np.float32)


def _stretched(wave: Wave) -> Wave:
    size = (len(wave) * _FINER, 1)
    fine = cv2.resize(wave[None], size, interpolation=cv2.INTER_CUBIC)[0]
    return np.asarray(fine, np.float32)


def _cut(fine: Wave, share: float, reach: float) -> Ink:
    """Ink where it is darker than ``share`` of the way from black to white nearby."""
    black, white = (edge[0] for edge in _about(fine[None], reach * _FINER))
    ink = (fine < black + share * (white - black)) & (white - black > _FAINT)
    return np.asarray(ink, bool)


def _between_slopes(fine: Wave) -> Ink:
    """Ink from each steepest way down to the next steepest way up."""
    slope = np.gradient(fine)
    steep = np.abs(slope)
    least = max(_SLOPE, _RIPPLE * float(steep.max(initial=0)))
    peaks = (steep[1:-1] >= steep[:-2]) & (steep[1:-1] > steep[2:])
    ink = np.zeros(len(fine), bool)
    edges: list[int] = []
    for at in (np.flatnonzero(peaks & (steep[1:-1] > least)) + 1).tolist():
        if not edges or (slope[edges[-1]] > 0) != (slope[at] > 0):
            edges.append(at)
        elif steep[at] > steep[edges[-1]]:
            edges[-1] = at
    if edges and slope[edges[0]] > 0:
        del edges[0]
    for start, end in zip(edges[::2], edges[1::2], strict=False):
        ink[start:end] = True
    return ink


def _drawn(ink: Ink) -> Grey:
    line = np.pad(np.where(ink, 0, 255), _QUIET, constant_values=255)
    return grey(np.repeat(line[None], _TALL, axis=0))


def _about(waves: Waves, reach: float) -> tuple[Waves, Waves]:
    """The darkest and the lightest within ``reach`` px of each place."""
    around = np.ones((1, 2 * int(reach) + 1), np.uint8)
    black, white = cv2.erode(waves, around), cv2.dilate(waves, around)
    return np.asarray(black, np.float32), np.asarray(white, np.float32)
