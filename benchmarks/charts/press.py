"""The press: ordered documents in, printed sides with their exact words out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Self

import numpy as np
import pypdfium2 as pdfium

from benchmarks.charts.borrowed import WORN, borrowing
from benchmarks.charts.chromium import Chromium
from benchmarks.charts.content import Content, say
from benchmarks.charts.edges import first, foot, runner
from benchmarks.charts.flow import flow
from benchmarks.charts.furniture import fax_line, over
from benchmarks.charts.houses import BY_KEY, House
from benchmarks.charts.kinds import Order, Pixels, PrintedCode, PrintedWord, Side
from benchmarks.charts.pen import Pen
from benchmarks.charts.setting import FORMS, Setting
from benchmarks.charts.steering import STEERING, sheet
from benchmarks.charts.typefaces import family, worn_face

_LAYOUTS = Path(__file__).parent / "layouts"


class Press:
    """Prints documents; a context, since it holds a browser.

    With ``borrow`` in other faces than the houses', see borrowed.py.

    Raises:
        FileNotFoundError: no Chromium is installed.
    """

    def __init__(self, *, borrow: bool = False) -> None:
        self._borrow = borrow
        self._browser = Chromium()
        self.styles = "\n".join(
            path.read_text("utf-8") for path in sorted(_LAYOUTS.glob("*.css"))
        )
        faces = {one.look.font for one in BY_KEY.values() if one.look.worn}
        faces |= set(WORN if borrow else ())
        self.styles += "".join(
            worn_face(name, self._browser.folder) for name in sorted(faces)
        )
        self._script = (_LAYOUTS / "paginate.js").read_text("utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the browser."""
        self._browser.close()

    def _house(self, order: Order) -> House:
        house = BY_KEY[order.house]
        return borrowing(house, order.seed) if self._borrow else house

    def print(self, orders: Sequence[Order]) -> list[list[Side]]:
        """The sides of each document, in the orders' order; best 20 to 60 at once."""
        if not orders:
            return []
        documents = "".join(_document(order, self._house(order)) for order in orders)
        html = (
            f'<!doctype html><html lang="en"><meta charset="utf-8">'
            f"<style>{self.styles}</style><script>{self._script}</script>"
            f"<body>{documents}</body></html>"
        )
        pdf, told = self._browser.print(html, "press()")
        sheaf = Sheaf(pdf)
        printed: list[list[Side]] = [[] for _ in orders]
        for number, page in enumerate(told):
            order = orders[page["doc"]]
            coloured = (
                bool(BY_KEY[order.house].look.colour) and order.kind not in STEERING
            )
            printed[page["doc"]].append(_side(Plate(sheaf, number, coloured), page))
        return printed


@dataclass(slots=True)
class Sheaf:
    """Printed pages as one PDF, opened when it is drawn from."""

    pdf: bytes = field(repr=False)
    _open: pdfium.PdfDocument | None = field(default=None, repr=False)

    def __getstate__(self) -> bytes:
        return self.pdf

    def __setstate__(self, pdf: bytes) -> None:
        self.pdf, self._open = pdf, None

    def draw(self, number: int, dpi: int, *, coloured: bool) -> Pixels:
        """One page, from 0; grey or RGB."""
        page = self._page(number)
        bitmap = page.render(scale=dpi / 72, grayscale=not coloured, rev_byteorder=True)
        pixels = np.array(bitmap.to_numpy(), np.uint8)
        page.close()
        return pixels[..., :3] if coloured else pixels.reshape(pixels.shape[:2])

    def text(self, number: int) -> str:
        """What the PDF itself has for the page's text, unordered; for tests."""
        page = self._page(number)
        return str(page.get_textpage().get_text_range())

    def _page(self, number: int) -> pdfium.PdfPage:
        if self._open is None:
            self._open = pdfium.PdfDocument(self.pdf)
        return self._open[number]


@dataclass(frozen=True, slots=True)
class Plate:
    """Draws one side of a sheaf."""

    sheaf: Sheaf = field(repr=False)
    number: int
    coloured: bool

    def __call__(self, dpi: int) -> Pixels:
        return self.sheaf.draw(self.number, dpi, coloured=self.coloured)


def worded(order: Order, house: House | None = None) -> tuple[Content, Setting, Random]:
    """What an ordered document says and in which way; and its luck from there on.

    ``house`` may have borrowed another face.
    """
    house = house or BY_KEY[order.house]
    rng = Random(f"{order.seed}/{order.kind}")
    habits = Random(f"{house.key}/{order.kind}/{order.variant}/look")
    pen = Pen(rng, house.look.hands, order.hand, blue=bool(house.look.colour))
    form = order.kind in FORMS or pen.full
    setting = Setting(order.kind, house, pen, habits, form=form)
    return say(order, house, rng), setting, rng


def _document(order: Order, house: House) -> str:
    if order.kind in STEERING:
        return (
            f'<article class="doc sheetdoc" data-columns="1">{sheet(order)}'
            f'<section class="runner"></section><section class="foot"></section>'
            f'<section class="flow"></section></article>'
        )
    content, setting, rng = worded(order, house)
    look, pen, habits = house.look, setting.pen, setting.habits
    if order.kind != "letter":
        content = replace(content, letter=False)
    number, year = habits.randint(100, 989), habits.randint(90, 99)
    form = f"{house.key[:3].upper()}-{number} (Rev. {year})"
    names = [
        f"H-{look.head}", f"I-{look.ident}", f"S-{look.section}", f"T-{look.table}",
        f"F-{look.fields}", f"K-{look.tick}", f"R-{look.runner}", f"Y-{order.kind}",
        f"V{order.variant % 3}", "written" if pen.full else "set",
        "worn" if look.worn else "even", _ruling(look.section, habits, pen),
    ]  # fmt: skip
    top, right, bottom, left = look.margins
    size = look.size * (1, 0.95, 1.06)[order.variant % 3]
    faces = family(look.font, worn=look.worn)
    style = (
        f"--font:{faces};--display:{faces};"
        f"font-size:{size:.2f}pt;line-height:{look.lead};"
        f"padding:{top}in {right}in {bottom}in {left}in;--c:{look.colour or '#111'};"
        f"--foot:{bottom * 0.45:.2f}in;{pen.style}"
    )
    fax = fax_line(order, house)
    columns = look.columns if content.kind not in _WIDE else 1
    return (
        f'<article class="doc {" ".join(names)} n{columns}" data-columns="{columns}" '
        f'style="{style}">{first(content, setting, fax, order.banner)}'
        f"{runner(content.shows, order.continuation, house, fax)}"
        f"{foot(form, order.continuation)}{over(order, setting, rng)}"
        f'<section class="flow">{flow(content, setting)}</section></article>'
    )


def _ruling(section: str, habits: Random, pen: Pen) -> str:
    """Whether the paper is ruled for writing on; paper with boxes is not."""
    ruled = pen.full and habits.random() < 0.65
    return "ruled" if ruled and section not in {"frame", "bar", "tab"} else "plain"


_WIDE = frozenset({
    "anesthesia_record", "ecg_report", "face_sheet", "immunization_record", "letter",
    "insurance_card", "laboratory_report", "labor_and_delivery", "medication_list",
    "medication_administration", "nursing_note", "prescription", "vital_signs",
    "therapy_note", "substance_use_record", "echocardiogram_report",
})  # fmt: skip


def _side(plate: Plate, page: dict[str, Any]) -> Side:
    return Side(
        pixels=plate,
        coloured=plate.coloured,
        words=tuple(
            PrintedWord(text, (left, top, right, bottom), bool(hand))
            for text, left, top, right, bottom, hand in page["words"]
        ),
        codes=tuple(
            PrintedCode(kind, text, (left, top, right, bottom))
            for kind, text, left, top, right, bottom in page["codes"]
        ),
    )
