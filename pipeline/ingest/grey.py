"""Pixels of any colour and any dtype -> a grey side as a viewer shows it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from pipeline.page import PageImage, Pixels

_TRANSPARENT = {"LA", "PA", "RGBA", "La", "RGBa"}
_DEEP = {"I", "F", "I;16", "I;16B", "I;16L", "I;16N"}
_SIDEWAYS = (5, 6, 7, 8)  # EXIF orientations that swap width and height
_SCREEN = (72, 96)  # what programs write when they do not know
_PHOTOMETRIC = 262
_SQUARE = 1.1  # resolutions nearer to each other than this make square pixels
_DEEPEST = 65535.0
_FINEST = 9999.0  # dpi that a file may claim
LETTER = (8.5, 11.0)  # inches
WIDEST = 17.0  # inches: what is wider on its short side is no sheet of paper
DEFAULT_DPI = 300
_BAND = 512  # rows


def page_image(image: Image.Image) -> PageImage:
    """Turned as EXIF or TIFF say, square pixels, alpha on white, true dpi."""
    orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    across, down = _stated(image)
    if orientation in _SIDEWAYS:
        across, down = down, across
    _without_colours(image)
    image.load()  # a TIFF turns itself here, and forgets its tag
    ImageOps.exif_transpose(image, in_place=True)
    return from_pixels(grey(image), across, down)


def from_pixels(pixels: Pixels, across: float, down: float) -> PageImage:
    """A side whose resolutions are stated; 0 where nothing is known."""
    height, width = pixels.shape
    if across > 0 and down > 0 and not 1 / _SQUARE < across / down < _SQUARE:
        pixels = _square(pixels, across, down)
        height, width = pixels.shape
    stated = min(max(across, down), _FINEST)
    return PageImage(pixels, believed_dpi(stated, width, height), round(stated))


def believed_dpi(stated: float, width: int, height: int) -> int:
    """The stated resolution if it makes a sheet of paper, else that of a letter page.

    A page shorter than 17 inches on its short side is paper; 72 and 96 dpi are what
    programs write when they do not know, and believed up to A3.
    """
    short = min(width, height)
    most = 11.8 if round(stated) in _SCREEN else WIDEST
    if 50 <= stated <= 2400 and 0.5 <= short / stated <= most:  # noqa: PLR2004 - named above
        return round(stated)
    letter = max(short / LETTER[0], max(width, height) / LETTER[1])
    coarsest, finest = 60, 600  # dpi: a letter page is not legible below
    return round(letter) if coarsest <= letter <= finest else DEFAULT_DPI


def grey(image: Image.Image) -> Pixels:
    """(height, width) uint8, 0 black; transparent parts become white paper."""
    _without_colours(image)
    if image.mode in _DEEP:
        return _deep(image)
    if image.mode == "LAB":
        image = image.getchannel("L")
    elif image.mode in _TRANSPARENT or "transparency" in image.info:
        colours = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, colours)
    elif image.mode not in {"1", "L", "RGB"}:
        image = image.convert("RGB")
    return _bytes_of(image)


def _bytes_of(image: Image.Image) -> Pixels:
    """Band by band: Pillow holds a whole picture's bytes three times to give them."""
    if image.mode not in {"1", "L"}:
        image = image.convert("L")
    pixels = np.empty((image.height, image.width), np.uint8)
    for top in range(0, image.height, _BAND):
        foot = min(top + _BAND, image.height)
        band = image.crop((0, top, image.width, foot))
        pixels[top:foot] = np.asarray(band if band.mode == "L" else band.convert("L"))
    pixels.flags.writeable = False  # as received
    return pixels


def _without_colours(image: Image.Image) -> None:
    """A JPEG keeps its grey apart: without colours it is decoded in half the time."""
    if isinstance(image, JpegImageFile) and image.mode == "RGB":
        image.draft("L", image.size)  # does nothing to one that is decoded already


def _deep(image: Image.Image) -> Pixels:
    """16-bit and float samples over their own range."""
    samples: NDArray[np.float64] = np.nan_to_num(np.asarray(image, dtype=np.float64))
    low, high = float(samples.min()), float(samples.max())
    if low >= 0 and high <= 1 and image.mode == "F":
        low, high = 0.0, 1.0
    elif low >= 0 and high <= _DEEPEST and image.mode != "F":
        low, high = 0.0, _DEEPEST
    scaled = (samples - low) * (255 / (high - low) if high > low else 0)
    tags: dict[int, object] = getattr(image, "tag_v2", {})
    if tags.get(_PHOTOMETRIC) == 0:  # white is zero; Pillow only knows it up to 8 bits
        scaled = 255 - scaled
    return np.asarray(scaled.round(), dtype=np.uint8)


def _stated(image: Image.Image) -> tuple[float, float]:
    """(across, down) as the file tells, 0 for silence."""
    stated = image.info.get("dpi", (0, 0))
    try:
        across, down = (float(value) for value in stated)
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    return (across, down) if across > 0 and down > 0 else (0.0, 0.0)


def _square(pixels: Pixels, across: float, down: float) -> Pixels:
    """A fax of 204 x 98 dpi gets its rows twice: the finer resolution stays."""
    height, width = pixels.shape
    if across > down:
        size = (width, round(height * min(across / down, 4)))
    else:
        size = (round(width * min(down / across, 4)), height)
    image = Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR)
    return np.asarray(image, dtype=np.uint8)
