"""A written page as clean print: grey pixels, black on white, upright.

All measures are pixels at the sheet's resolution unless a name says inches.
"""

from dataclasses import dataclass, replace
from random import Random

from PIL import Image, ImageDraw

from benchmarks.forms.facilities import Facility
from benchmarks.forms.paper import Row
from benchmarks.samples.strokes import ecg_trace, scribble, tick_box
from benchmarks.samples.typecases import typeface

LETTER = (8.5, 11.0)  # inches
_LEFT, _RIGHT, _TOP, _FOOT = 0.95, 0.65, 0.6, 0.55  # inches
_INK = 20


@dataclass(slots=True)
class Sheet:
    """Paper under the pen; `pitch` is the distance of lines, `y` the next one's top."""

    image: Image.Image
    facility: Facility
    dpi: int
    rng: Random
    pitch: float
    size: int
    y: float
    ruled: bool
    boxed_ticks: bool

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image)

    @property
    def left(self) -> int:
        return int(_LEFT * self.dpi)

    @property
    def right(self) -> int:
        return int((LETTER[0] - _RIGHT) * self.dpi)


def blank_sheet(dpi: int) -> Image.Image:
    """An empty letter sheet."""
    return Image.new("L", (int(LETTER[0] * dpi), int(LETTER[1] * dpi)), 255)


def draw_page(
    rows: tuple[Row, ...], facility: Facility, dpi: int, rng: Random
) -> Image.Image:
    """The rows of one page in the house's print, its form number at the foot."""
    body = [row for row in rows if row.style != "footer"]
    height = (LETTER[1] - _TOP - _FOOT - 0.3) * dpi
    pitch = min(height / sum(row.height + 0.06 for row in body), 0.205 * dpi)
    habits = Random(f"{facility.key}/look")
    sheet = Sheet(
        blank_sheet(dpi), facility, dpi, rng, pitch, 0, _TOP * dpi,
        ruled=habits.random() < 0.6, boxed_ticks=habits.random() < 0.6,
    )  # fmt: skip
    sheet.size = _body_size(body, sheet)
    for row, after in zip(body, [*body[1:], None], strict=True):
        _draw_row(row, after, sheet)
    for row in rows:
        if row.style == "footer":
            sheet.y = (LETTER[1] - _FOOT) * dpi
            _print_cells(row, sheet, replace_size(sheet, 0.75))
    return sheet.image


def replace_size(sheet: Sheet, factor: float) -> int:
    """A type size relative to the body's, at least six points."""
    return max(int(sheet.size * factor), sheet.dpi * 6 // 72)


def _body_size(body: list[Row], sheet: Sheet) -> int:
    size = min(int(sheet.pitch * 0.8), int(11.5 * sheet.dpi / 72))
    room = sheet.right - sheet.left
    texts = [row.cells[0].text for row in body if row.style == "body"]
    while size > sheet.dpi * 7 // 72 and texts:
        font = typeface(sheet.facility.font, size)
        if max(font.getlength(text) for text in texts) <= room:
            break
        size -= 1
    return size


def _draw_row(row: Row, after: Row | None, sheet: Sheet) -> None:
    match row.style:
        case "gap":
            pass
        case "letterhead":
            _letterhead(row, sheet)
        case "title":
            _title(row, sheet)
        case "heading":
            _heading(row, sheet)
        case "sign":
            _signature(row, sheet)
        case "tracing":
            _tracing(row, sheet)
        case _:
            _plain(row, after, sheet)
    sheet.y += sheet.pitch * (row.height + 0.06) * (0.7 if row.style == "gap" else 1)


def _plain(row: Row, after: Row | None, sheet: Sheet) -> None:
    bold = row.style == "head"
    centred = row.style == "small" and sheet.facility.letterhead != "left"
    size = replace_size(sheet, 0.85 if row.style in {"small", "runner"} else 1.0)
    if centred:
        _centre(row.text, sheet, size, bold=False)
        return
    _print_cells(row, sheet, size, bold=bold)
    rules = row.style in {"head", "row"} and sheet.ruled
    boxed = row.style == "identity" and sheet.facility.identity == "table"
    if rules or boxed:
        _rule_row(row, after, sheet)


def _rule_row(row: Row, after: Row | None, sheet: Sheet) -> None:
    pen, width = sheet.pen, max(1, sheet.dpi // 150)
    pad = int(sheet.pitch * 0.14)
    top, foot = int(sheet.y) - pad, int(sheet.y + sheet.pitch * 1.06) - pad
    left, right = sheet.left - 3 * pad, sheet.right + pad
    pen.line((left, top, right, top), _INK, width)
    if after is None or after.style != row.style:
        pen.line((left, foot, right, foot), _INK, width)
    edges = [sheet.left + cell.left * (sheet.right - sheet.left) for cell in row.cells]
    for x in [*edges[1:], left + 3 * pad, right + 3 * pad]:
        pen.line((x - 3 * pad, top, x - 3 * pad, foot), _INK, width)


def _print_cells(row: Row, sheet: Sheet, size: int, *, bold: bool = False) -> None:
    room = sheet.right - sheet.left
    font = typeface(sheet.facility.font, size, bold=bold)
    starts = [sheet.left + int(cell.left * room) for cell in row.cells]
    ends = [*starts[1:], sheet.right + size]
    for cell, start, end in zip(row.cells, starts, ends, strict=True):
        fitted = font
        while fitted.getlength(cell.text) > end - start - size // 2 and fitted.size > 9:
            fitted = typeface(sheet.facility.font, int(fitted.size) - 1, bold=bold)
        _cell(cell.text, start, sheet, int(fitted.size), bold=bold)


def _cell(text: str, x: int, sheet: Sheet, size: int, *, bold: bool) -> None:
    name = sheet.facility.font
    font = typeface(name, size, bold=bold)
    if text[:3] in {"[ ]", "[X]"} and sheet.boxed_ticks:
        tick_box(sheet.pen, (x, int(sheet.y)), size, sheet.rng, on=text[1] == "X")
        sheet.pen.text((x + int(size * 1.5), sheet.y), text[4:], _INK, font)
        return
    label, colon, value = text.partition(": ")
    heavy = sheet.facility.headings == "title" and colon and len(label) < 30
    if heavy:
        strong = typeface(name, size, bold=True)
        sheet.pen.text((x, sheet.y), f"{label}: ", _INK, strong)
        x += int(strong.getlength(f"{label}: "))
        text = value
    sheet.pen.text((x, sheet.y), text, _INK, font)


def _centre(text: str, sheet: Sheet, size: int, *, bold: bool) -> None:
    font = typeface(sheet.facility.font, size, bold=bold)
    x = (sheet.image.width - font.getlength(text)) / 2
    sheet.pen.text((x, sheet.y), text, _INK, font)


def _letterhead(row: Row, sheet: Sheet) -> None:
    size, pen = replace_size(sheet, 1.4), sheet.pen
    match sheet.facility.letterhead:
        case "left":
            font = typeface(sheet.facility.font, size, bold=True)
            mark = int(size * 1.1)
            x, y = sheet.left, int(sheet.y)
            pen.ellipse((x, y, x + mark, y + mark), outline=_INK, width=size // 6)
            pen.line((x + mark // 2, y, x + mark // 2, y + mark), _INK, size // 6)
            pen.text((x + int(mark * 1.4), y), row.text, _INK, font)
        case "banner":
            _centre(row.text, sheet, size, bold=True)
            foot = int(sheet.y + size * 1.3)
            thick = sheet.dpi // 40
            pen.line((sheet.left, foot, sheet.right, foot), 60, thick)
        case _:
            _centre(row.text, sheet, size, bold=True)


def _title(row: Row, sheet: Sheet) -> None:
    size = replace_size(sheet, 1.4)
    room = sheet.right - sheet.left
    font = typeface(sheet.facility.font, size, bold=True)
    while font.getlength(row.text) > room:
        size -= 1
        font = typeface(sheet.facility.font, size, bold=True)
    length = font.getlength(row.text)
    x = sheet.left + (0 if sheet.facility.letterhead == "left" else (room - length) / 2)
    sheet.pen.text((x, sheet.y), row.text, _INK, font)
    if sheet.facility.headings == "colon":
        foot = sheet.y + size * 1.15
        sheet.pen.line((x, foot, x + length, foot), _INK, max(1, sheet.dpi // 120))


def _heading(row: Row, sheet: Sheet) -> None:
    _print_cells(row, sheet, replace_size(sheet, 1.05), bold=True)
    if sheet.facility.headings == "title":
        foot = sheet.y + sheet.pitch * 1.02
        sheet.pen.line((sheet.left, foot, sheet.right, foot), 90, 1)


def _signature(row: Row, sheet: Sheet) -> None:
    lowered = replace(row.cells[0])
    room = sheet.right - sheet.left
    width = int(room * (0.42 if len(row.cells) > 1 else 0.55))
    top = int(sheet.y - sheet.pitch * 0.15)
    box = (sheet.left + width // 8, top - int(sheet.pitch * 0.9), width * 3 // 5)
    if sheet.rng.random() < 0.8:
        scribble(sheet.pen, box, int(sheet.pitch), sheet.rng)
    for cell in row.cells:
        x = sheet.left + int(cell.left * room)
        sheet.pen.line((x, top, x + width, top), _INK, max(1, sheet.dpi // 150))
    _print_cells(
        Row("sign", (lowered, *row.cells[1:])), sheet, replace_size(sheet, 0.9)
    )


def _tracing(row: Row, sheet: Sheet) -> None:
    height = int(sheet.pitch * row.height)
    box = (sheet.left, int(sheet.y), sheet.right - sheet.left, height)
    ecg_trace(sheet.pen, box, sheet.dpi, sheet.rng)
    size = replace_size(sheet, 0.8)
    names = row.text.split()
    font = typeface(sheet.facility.font, size)
    step = (sheet.right - sheet.left) // max(len(names), 1)
    for i, name in enumerate(names):
        sheet.pen.text((sheet.left + i * step + 4, sheet.y), name, _INK, font)
