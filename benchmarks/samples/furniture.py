"""Things put on a page after it was printed: labels, stamps, fax lines, barcodes."""

from random import Random

import cv2
import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

from benchmarks.samples.typecases import typeface


def barcode(text: str, kind: str, width: int, height: int) -> Image.Image:
    """A `Code128` or `QRCode` mark, at most `width` wide in whole modules.

    Raises:
        ValueError: the text does not fit the width.
    """
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat[kind])
    modules = np.asarray(symbol.to_image(scale=1))
    scale = width // modules.shape[1]
    if scale < 1:
        raise ValueError(f"{modules.shape[1]} modules do not fit into {width} pixels")
    drawn = np.kron(modules, np.ones((scale, scale), np.uint8))
    if kind == "QRCode":
        return Image.fromarray(drawn)
    return Image.fromarray(np.repeat(drawn[:1], height, axis=0))


def patch_t(dpi: int) -> Image.Image:
    """Patch T, its bars along the leading edge: narrow, wide, narrow, wide."""
    narrow, wide, length = int(0.08 * dpi), int(0.2 * dpi), int(4.5 * dpi)
    bars = Image.new("L", (length, 2 * (narrow + wide) + 3 * narrow), 255)
    pen, y = ImageDraw.Draw(bars), 0
    for thick in (narrow, wide, narrow, wide):
        pen.rectangle((0, y, length, y + thick - 1), fill=0)
        y += thick + narrow
    return bars


def stick_label(
    page: Image.Image, lines: tuple[str, ...], mrn: str, dpi: int, rng: Random
) -> None:
    """A patient label with the bare MRN as Code 128, a little crooked, top right."""
    width, height = int(2.9 * dpi), int(1.15 * dpi)
    label = Image.new("L", (width, height), 250)
    pen = ImageDraw.Draw(label)
    pen.rectangle((0, 0, width - 1, height - 1), outline=150, width=2)
    font = typeface("narrow", int(0.135 * dpi))
    for i, text in enumerate(lines):
        pen.text((int(0.1 * dpi), int((0.06 + 0.155 * i) * dpi)), text, 15, font)
    bars = barcode(mrn, "Code128", int(2.3 * dpi), int(0.34 * dpi))
    label.paste(
        bars, ((width - bars.width) // 2, height - bars.height - int(0.06 * dpi))
    )
    angle = rng.uniform(-1.2, 1.2)
    turned = label.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    page.paste(turned, (page.width - turned.width - int(0.35 * dpi), int(0.12 * dpi)))


def stamp(
    page: Image.Image, lines: tuple[str, ...], place: tuple[float, float], dpi: int,
    rng: Random,
) -> None:  # fmt: skip
    """A rubber stamp in pale ink, crooked; place in inches from the top left."""
    font = typeface("sans", int(0.15 * dpi), bold=True)
    width = int(max(font.getlength(text) for text in lines) + 0.3 * dpi)
    height = int((0.2 * len(lines) + 0.16) * dpi)
    seal = Image.new("L", (width, height), 255)
    pen = ImageDraw.Draw(seal)
    pen.rectangle((2, 2, width - 3, height - 3), outline=110, width=max(2, dpi // 80))
    for i, text in enumerate(lines):
        x = (width - font.getlength(text)) / 2
        pen.text((x, (0.07 + 0.2 * i) * dpi), text, 100, font)
    angle = rng.uniform(-7, 7)
    turned = seal.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    corner = (int(place[0] * dpi), int(place[1] * dpi))
    below = page.crop((*corner, corner[0] + turned.width, corner[1] + turned.height))
    page.paste(
        Image.fromarray(np.minimum(np.asarray(below), np.asarray(turned))), corner
    )


def shimmer(page: Image.Image, behind: Image.Image, share: float) -> Image.Image:
    """The page with the mirrored print of its other side showing through, 0..1."""
    ghost = np.asarray(behind.transpose(Image.Transpose.FLIP_LEFT_RIGHT), np.float32)
    soft = cv2.GaussianBlur(ghost, (0, 0), behind.width / 900)
    print_ = np.asarray(page, np.float32) - (255 - soft) * share
    return Image.fromarray(np.clip(print_, 0, 255).astype(np.uint8))


def creases(page: Image.Image, rng: Random) -> None:
    """Two folds of a sheet that came in an envelope."""
    pen = ImageDraw.Draw(page)
    for share in (0.335, 0.667):
        y = int(page.height * (share + rng.uniform(-0.01, 0.01)))
        bend = rng.randint(-4, 4)
        pen.line((0, y, page.width, y + bend), 205, max(1, page.width // 700))
        pen.line((0, y + 3, page.width, y + bend + 3), 242, max(2, page.width // 350))


def fax_line(page: Image.Image, text: str, dpi: int) -> None:
    """The header that a fax machine writes along the very top."""
    font = typeface("mono", int(0.11 * dpi))
    ImageDraw.Draw(page).text((int(0.5 * dpi), int(0.12 * dpi)), text, 30, font)
