"""What a scanner does to clean print: skew, shade, blur, noise, holes, thresholds.

Pixels are uint8 (h, w), 0 black. Randomness comes from one seeded generator a page.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Look:
    """How a page was scanned.

    `skew` in degrees clockwise; `noise` in grey levels; `blur` in pixels; `fade` 0..1
    takes ink away; `dust` specks a page; `holes` punched at the left edge; `copied`
    adds the dark edges and pepper of a photocopy.
    """

    skew: float = 0.0
    noise: float = 3.0
    blur: float = 0.6
    fade: float = 0.1
    dust: int = 20
    holes: int = 0
    copied: bool = False


def scan(image: Image.Image, look: Look, dpi: int, seed: int) -> Pixels:
    """The page in grey as it leaves the scanner's lamp."""
    rng = np.random.default_rng(seed)
    ink = np.asarray(image, np.float32)
    if look.holes:
        ink = _punch(ink, look.holes, dpi, rng)
    ink = _uneven_ink(ink, look.fade, rng)
    ink = _turn(ink, look.skew)
    ink = cv2.GaussianBlur(ink, (0, 0), look.blur * dpi / 200).astype(np.float32)
    ink = _lamp(ink, rng)
    ink = _dust(ink, look.dust, rng)
    if look.copied:
        ink = _photocopy(ink, dpi, rng)
    ink = ink + rng.normal(0, look.noise, ink.shape).astype(np.float32)
    return np.clip(ink, 0, 255).astype(np.uint8)


def threshold(grey: Pixels, seed: int, level: float = 0.0) -> Pixels:
    """Black and white (0 or 255) as a document scanner's own threshold makes it."""
    rng = np.random.default_rng(seed)
    paper = cv2.blur(grey, (101, 101)).astype(np.float32)
    rough = cv2.GaussianBlur(
        rng.normal(0, 22, grey.shape).astype(np.float32), (0, 0), 0.8
    )
    cut = np.minimum(paper * 0.72, 178) + level
    return np.where(grey + rough < cut, 0, 255).astype(np.uint8)


def turn_clockwise(pixels: Pixels, degrees: int) -> Pixels:
    """The page turned by quarter turns, as somebody laid it into the feeder."""
    return np.ascontiguousarray(np.rot90(pixels, -degrees // 90))


def _cloud(shape: tuple[int, ...], cells: int, rng: np.random.Generator) -> _Floats:
    """Smooth noise, mean 0 and spread about 1, over the whole page."""
    coarse = rng.normal(0, 1, (cells, cells)).astype(np.float32)
    size = (shape[1], shape[0])
    smooth = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
    return smooth.astype(np.float32)


def _uneven_ink(ink: _Floats, fade: float, rng: np.random.Generator) -> _Floats:
    share = np.clip(fade * (1 + 0.8 * _cloud(ink.shape, 9, rng)), 0, 0.6)
    faded: _Floats = (ink + (255 - ink) * share).astype(np.float32)
    return faded


def _turn(ink: _Floats, skew: float) -> _Floats:
    height, width = ink.shape
    about = cv2.getRotationMatrix2D((width / 2, height / 2), -skew, 1.0)
    turned = cv2.warpAffine(
        ink, about, (width, height), flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT, borderValue=(232.0,),
    )  # fmt: skip
    return np.clip(turned, 0, 255).astype(np.float32)


def _lamp(ink: _Floats, rng: np.random.Generator) -> _Floats:
    """Paper tone, slow shading and the darker rim on one side."""
    width = ink.shape[1]
    tone = rng.uniform(0.925, 0.975)
    shade = 0.012 * _cloud(ink.shape, 4, rng)
    slope = np.linspace(-1, 1, width, dtype=np.float32) * rng.uniform(-0.02, 0.02)
    lit = ink * (tone + shade + slope[None, :]) + 6
    rim = np.exp(-np.arange(width, dtype=np.float32) / (width * 0.006))
    if rng.random() < 0.5:
        rim = rim[::-1]
    lit = lit - 70 * rng.uniform(0.3, 1.0) * rim[None, :]
    return np.asarray(lit, np.float32)


def _dust(ink: _Floats, count: int, rng: np.random.Generator) -> _Floats:
    height, width = ink.shape
    for _ in range(count):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        grey = float(rng.integers(30, 170))
        cv2.circle(ink, (x, y), int(rng.integers(1, 3)), (grey,), -1)
    return ink


def _punch(ink: _Floats, count: int, dpi: int, rng: np.random.Generator) -> _Floats:
    """Round holes along the left edge: the dark lid shows through, with a soft rim."""
    height = ink.shape[0]
    ink = ink.copy()
    for i in range(count):
        y = int(height * (0.5 + (i - (count - 1) / 2) * 0.36))
        x = int(0.32 * dpi + rng.integers(-3, 4))
        cv2.circle(ink, (x, y), int(0.14 * dpi), (170.0,), -1)
        cv2.circle(ink, (x, y), int(0.125 * dpi), (48.0,), -1)
    return ink


def _photocopy(ink: _Floats, dpi: int, rng: np.random.Generator) -> _Floats:
    height, width = ink.shape
    pepper = rng.random(ink.shape) < 0.0006
    ink = np.where(pepper, 60, ink).astype(np.float32)
    edge = int(dpi * rng.uniform(0.08, 0.2))
    wave = (edge * (1 + 0.25 * _cloud((height, 1), 8, rng)[:, 0])).astype(int)
    columns = np.arange(width)[None, :]
    return np.where(columns < wave[:, None], 40, ink).astype(np.float32)
