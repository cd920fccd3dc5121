"""Sheets that steer a batch: covers with barcodes, separators with patches."""

from __future__ import annotations

import re
from html import escape

from benchmarks.charts.furniture import barcode, modules
from benchmarks.charts.kinds import Order

STEERING = frozenset({"cover", "separator"})
_CODE39 = re.compile(r"[A-Z0-9 $%+./-]+")
_SAYS = {
    "PATIENT": ("DOCUMENT COVER SHEET", "Place on top of this patient's papers"),
    "DOCTYPE": ("DOCUMENT TYPE SHEET", "Applies to the next document only"),
    "BATCH": ("BATCH HEADER", "First sheet of the batch"),
}
_ELSE = ("SEPARATOR SHEET", "New document follows")


def sheet(order: Order) -> str:
    """The one page of a cover or separator, as HTML."""
    inner = _patches(order) if order.kind == "separator" else _cover(order)
    return f'<section class="first steer">{inner}</section>'


def patch(name: str) -> str:
    """A patch of four bars, wide .20 in and narrow .08 in, .08 in apart."""
    bars, y = "", 0.0
    for bar in {"T": "NWNW", "2": "WNNW", "3": "WNWN", "4": "NWWN"}[name]:
        thick = 19.2 if bar == "W" else 7.68
        bars += f'<rect y="{y:.2f}" width="432" height="{thick}"/>'
        y += thick + 7.68
    return (
        f'<svg class="code" data-kind="patch" data-code="{name}" width="432" '
        f'height="{y - 7.68:.2f}">{bars}</svg>'
    )


def _patches(order: Order) -> str:
    name = (order.banner or ("T",))[0].removeprefix("PATCH ").strip()
    words = (
        f'<p class="big">PATCH {name}</p><p>SEPARATOR SHEET</p>'
        f'<p class="small">Do not file. Place between documents.</p>'
    )
    if order.variant % 3 == 2:
        words = f'<p class="small">Patch {name}</p>'
    again = patch(name) if order.variant % 3 == 1 else ""
    return (
        f'<div class="lead">{patch(name)}</div>{words}<div class="tail">{again}</div>'
    )


def _cover(order: Order) -> str:
    said = order.banner[0].split()[0].upper() if order.banner else ""
    title, note = _SAYS.get(said, _ELSE)
    codes = "".join(_code(text, order.variant) for text in order.banner)
    return f'<p class="big">{title}</p>{codes}<p class="small">{note}</p>'


def _code(text: str, variant: int) -> str:
    kind = ("code128", "qr", "code39")[variant % 3]
    if kind == "code39" and not _CODE39.fullmatch(text):
        kind = "code128"
    module = {"code128": 2.0, "qr": 6.5, "code39": 1.5}[kind]
    if kind != "qr":
        module = min(module, 640 / len(modules(kind, text)[0]))
    return (
        f'<div class="cc">{barcode(kind, text, module, 84)}</div><p>{escape(text)}</p>'
    )
