"""Sheets that steer a batch: cover, type, separator, patch T."""

from PIL import Image, ImageDraw

from benchmarks.samples.desk import Desk, Leaf
from benchmarks.samples.drawing import blank_sheet
from benchmarks.samples.furniture import barcode, patch_t
from benchmarks.samples.truth import Truth
from benchmarks.samples.typecases import typeface


def cover(desk: Desk, mrn: str, *, square: bool = False) -> Leaf:
    """A patient's cover sheet: `PATIENT <mrn>` as Code 128, or as QR when square."""
    said = f"PATIENT {mrn}"
    lines = ("DOCUMENT COVER SHEET", said, "Place on top of this patient's papers")
    return _sheet(desk, said, lines, removed="cover", square=square)


def type_cover(desk: Desk, kind: str) -> Leaf:
    """A sheet that says the type of the document after it."""
    said = f"DOCTYPE {kind}"
    lines = ("DOCUMENT TYPE SHEET", said, "Applies to the next document only")
    return _sheet(desk, said, lines, removed="cover")


def separator(desk: Desk) -> Leaf:
    """A sheet between two documents of one patient."""
    lines = ("SEPARATOR SHEET", "New document follows", "Do not file")
    return _sheet(desk, "SEPARATOR", lines, removed="separator")


def patch_sheet(desk: Desk) -> Leaf:
    """A patch T sheet: bars along the leading edge, nothing else to read."""
    image = blank_sheet(desk.dpi)
    bars = patch_t(desk.dpi)
    image.paste(bars, ((image.width - bars.width) // 2, int(0.6 * desk.dpi)))
    text = "PATCH T"
    _centred(image, text, 6.0, 0.22, desk.dpi)
    return Leaf(image, Truth(removed_as="separator", text=text), desk.look())


def _sheet(
    desk: Desk, said: str, lines: tuple[str, ...], *, removed: str, square: bool = False
) -> Leaf:
    image, dpi = blank_sheet(desk.dpi), desk.dpi
    _centred(image, lines[0], 1.2, 0.42, dpi)
    kind, width = ("QRCode", 2.2) if square else ("Code128", 6.2)
    marks = barcode(said, kind, int(width * dpi), int(0.9 * dpi))
    image.paste(marks, ((image.width - marks.width) // 2, int(2.6 * dpi)))
    _centred(image, lines[1], 5.2, 0.3, dpi)
    _centred(image, lines[2], 6.2, 0.2, dpi)
    return Leaf(image, Truth(removed_as=removed, text="\n".join(lines)), desk.look())


def _centred(image: Image.Image, text: str, top: float, size: float, dpi: int) -> None:
    font = typeface("sans", int(size * dpi), bold=True)
    x = (image.width - font.getlength(text)) / 2
    ImageDraw.Draw(image).text((x, top * dpi), text, 20, font)
