"""Things put on a page after it was printed: labels, stamps, fax lines; their codes."""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import lru_cache
from html import escape
from random import Random

import numpy as np
import zxingcpp

from benchmarks.charts.houses import House
from benchmarks.charts.kinds import Order
from benchmarks.charts.setting import Setting
from benchmarks.forms.paper import Case

_KINDS = {
    "code128": "Code128", "code39": "Code39", "qr": "QRCode",
    "datamatrix": "DataMatrix", "itf": "ITF", "codabar": "Codabar",
}  # fmt: skip
SQUARE = frozenset({"qr", "datamatrix"})


def barcode(kind: str, text: str, module: float, high: float = 0.0) -> str:
    """A barcode as SVG without quiet zone, sizes in pixels of 1/96 in.

    ``kind`` is a name of pipeline.page.MarkKind; ``high`` counts for bars only.

    Raises:
        ValueError: the text cannot be written in that kind.
    """
    rows = modules(kind, text)
    wide = len(rows[0]) * module
    if kind in SQUARE:
        high = len(rows) * module
    scale_y = high / len(rows)
    path = "".join(
        f"M{x} {y}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for x, length in _runs(row)
    )
    return (
        f'<svg class="code" data-kind="{kind}" data-code="{escape(text)}" '
        f'width="{wide:.2f}" height="{high:.2f}" shape-rendering="crispEdges">'
        f'<path transform="scale({module} {scale_y:.3f})" d="{path}"/></svg>'
    )


@lru_cache(maxsize=256)
def modules(kind: str, text: str) -> tuple[str, ...]:
    """The code's rows of modules, "#" dark, without quiet zone; one row of bars."""
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat[_KINDS[kind]])
    dark = np.asarray(symbol.to_image(scale=1)) < 128
    ys, xs = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    cut = dark[ys[0] : ys[-1] + 1, xs[0] : xs[-1] + 1]
    if kind not in SQUARE:
        cut = cut[:1]
    return tuple("".join("#" if one else " " for one in row) for row in cut)


def _runs(row: str) -> list[tuple[int, int]]:
    return [(found.start(), len(found[0])) for found in re.finditer("#+", row)]


_NOTES = (
    "see back", "noted {}", "d/w family", "OK to file", "called pt, no answer",
    "f/u 2 wks", "faxed {}", "copy to chart", "old records req.", "WNL", "ok {}",
    "pt aware", "will recheck", "message left x2", "reviewed {}", "see flow sheet",
)  # fmt: skip


def over(order: Order, setting: Setting, rng: Random) -> str:
    """Label, stamp and notes in the margin of a first page."""
    put, house = "", setting.house
    if "sticker" in order.extras:
        visited = order.shows is None or order.shows.visit is not None
        put += _sticker(order.sticker or order.case, house, rng, visited=visited)
    if "stamp" in order.extras:
        put += _stamp(order.case, rng)
    if rng.random() < 0.25 + 0.5 * order.hand:
        put += _note(setting, rng)
    return f'<section class="over">{put}</section>' if put else ""


def _note(setting: Setting, rng: Random) -> str:
    said = rng.choice(_NOTES).format("".join(rng.sample("ABCDEGHJKLMPRSTW", 2)))
    return (
        f"<div class='placed note' data-places='{_places(rng, 60, anywhere=True)}' "
        f'style="--a:{rng.uniform(-8, 8):.1f}deg">{setting.pen.write(said)}</div>'
    )


_CORNERS = ((500, 14), (440, 30), (500, 120), (40, 14), (480, 930), (60, 930),
            (500, 500), (40, 500), (260, 10))  # fmt: skip
_ANYWHERE = ((560, 60), (20, 300), (600, 420), (640, 700), (30, 760), (330, 880),
             (600, 250), (420, 600), (80, 560), (560, 880), (300, 20))  # fmt: skip


def _places(rng: Random, spread: int, *, anywhere: bool = False) -> str:
    """Where it may be put, best first; x and y in pixels of the sheet."""
    places = list(_ANYWHERE if anywhere else _CORNERS)
    if anywhere:
        rng.shuffle(places)
    jogged = [
        (x + rng.randint(-spread, spread), max(4, y + rng.randint(-spread, spread)))
        for x, y in places
    ]
    return json.dumps(jogged)


def _sticker(case: Case, house: House, rng: Random, *, visited: bool) -> str:
    person, habits = case.patient, Random(f"{house.key}/sticker")
    last = f"{person.last_name}, {person.first_name}".upper()
    born = f"{person.birth_date:%m/%d/%Y}"
    kind = habits.choice(("code128", "code128", "code128", "datamatrix", "qr"))
    square = kind in SQUARE
    code = barcode(kind, person.mrn, 2.3 if square else habits.choice((1.35, 1.6)), 30)
    label = habits.choice(("MRN", "MR#", "MRN:"))
    visit = f"V# {case.visit}" if visited else ""
    given = f"{last} {person.middle_name[:1]}".strip()
    doctor = case.doctor.split()[-1].upper()
    lines = habits.choice((
        (last, f"{label} {person.mrn}", f"DOB {born} {person.sex}", f"DR {doctor}"),
        (last, f"DOB: {born}   SEX: {person.sex}",
         f"{label} {person.mrn}   {visit}"),
        (given, f"{person.mrn}   {born}   {person.sex}",
         f"ADM {case.admit:%m/%d/%y}  {doctor}"),
    ))  # fmt: skip
    text = "".join(f"<div>{escape(line)}</div>" for line in lines)
    inner = f'<div class="st">{text}</div>{code}'
    form = " sq" if square else habits.choice((" top", " end"))
    return (
        f"<div class='sticker opaque{form}' data-places='{_places(rng, 12)}' "
        f'style="--a:{rng.uniform(-2.2, 2.2):.2f}deg">{inner}</div>'
    )


def _stamp(case: Case, rng: Random) -> str:
    day = case.service + dt.timedelta(days=rng.randint(1, 30))
    dated = f"{day:%b %d %Y}".upper()
    lines = rng.choice((
        ("RECEIVED", dated, "MEDICAL RECORDS"), ("COPY",), ("SCANNED", dated),
        ("CONFIDENTIAL",), ("FILED", f"{day:%m-%d-%y}"), ("RECEIVED", dated),
        ("REVIEWED", dated, "BY ________"), ("FAXED", f"{day:%m/%d/%y}"),
    ))  # fmt: skip
    text = "".join(f"<div>{line}</div>" for line in lines)
    shape = rng.choice(("", "", " oval", " bare"))
    places = _places(rng, 40, anywhere=True)
    return (
        f"<div class='placed stamp{shape}' data-places='{places}' "
        f'style="--a:{rng.uniform(-9, 9):.1f}deg;--g:{rng.choice((85, 110, 135))}">'
        f"{text}</div>"
    )


def fax_line(order: Order, house: House) -> str:
    """The line that a fax machine writes at the very top of every page."""
    if "fax" not in order.extras:
        return ""
    rng = Random(f"{order.seed}/fax")
    day = order.case.service + dt.timedelta(days=rng.randint(0, 20))
    hour, minute = rng.randint(7, 18), rng.randint(0, 59)
    number = f"{rng.choice((330, 814, 419))} 555 {rng.randint(100, 199):04d}"
    name = house.facility.name.upper()[:22]
    page, pages = '<b class="pn">1</b>', '<b class="pc">1</b>'
    clock, name = f"{hour:02d}:{minute:02d}", escape(name)
    half = "PM" if hour > 11 else "AM"
    job, machine = rng.randint(100, 999), rng.randint(100, 999)
    said = rng.choice((
        f"{day:%m/%d/%Y} {clock}   {number}   {name}   PAGE {page}/{pages}",
        f"{day:%b-%d-%Y} {clock} FROM-{name}   +{number}   T-{job} P.{page}/{pages} "
        f"F-{machine}",
        f"FAX NO. :{number}   {day:%b. %d %Y} {hour % 12 or 12:02d}:{minute:02d}{half} "
        f"  P{page}",
    ))  # fmt: skip
    return f'<div class="fax">{said}</div>'
