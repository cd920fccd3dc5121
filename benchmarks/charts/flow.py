"""The body of a document: its parts in order, and the looks that some types need."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from benchmarks.charts.content import Content, Part
from benchmarks.charts.setting import Setting
from benchmarks.charts.shapes import SHAPES, body, fields, heading
from benchmarks.charts.strips import graph, tracing

_GRAPHS = frozenset({"vital_signs", "anesthesia_record"})


def flow(content: Content, setting: Setting) -> str:
    """The body, as blocks that may be parted over pages."""
    if content.kind == "insurance_card":
        return _cards(content, setting)
    lead = ""
    if content.fields:
        part = Part("", "fields", content.fields)
        lead = f'<div class="sec lead">{fields(part, setting)}</div>'
    charted = content.kind in _GRAPHS and setting.habits.random() < 0.55
    blocks = [lead]
    drawn = False
    for i, part in enumerate(content.parts):
        if part.shape == "sheet":
            blocks.append(_new_sheet(content, part, setting))
            drawn = False
            continue
        if charted and not drawn and part.shape == "table":
            blocks.append(
                f'<div class="sec">{graph(part, content.kind, setting)}</div>'
            )
            drawn = True
        blocks.append(section(part, i, setting))
    return "".join(blocks)


def section(part: Part, number: int, setting: Setting) -> str:
    """One part with its heading."""
    head = heading(part.heading, number, setting)
    if setting.kind == "physician_orders" and part.shape == "list":
        part = _order_sheet(part, setting)
    inner = (
        body(tracing(part, setting))
        if part.shape == "tracing"
        else SHAPES[part.shape](part, setting)
    )
    return f'<div class="sec s-{part.shape}">{head}{inner}</div>'


def _new_sheet(content: Content, part: Part, setting: Setting) -> str:
    """Another filled form of the same kind, with a date of its own."""
    fresh = part.items or content.fields
    title = f'<div class="again keep">{escape(content.title)}</div>'
    lead = fields(Part("", "fields", fresh), setting)
    return f'<div class="sheet"></div>{title}<div class="sec lead">{lead}</div>'


def _order_sheet(part: Part, setting: Setting) -> Part:
    """Orders in the columns that an order sheet has, in houses that rule them."""
    if setting.habits.random() < 0.45 or len(part.items) < 4:
        return part
    rows = tuple(
        ("" if i % 3 else f"{7 + i:02d}:{(i * 17) % 60:02d}", item, "")
        for i, (item,) in enumerate(part.items)
    )
    columns = setting.habits.choice((
        ("Time", "Orders", "Noted by"), ("Date / Hour", "Physician's orders", "Nurse"),
        ("Time", "Order", "Initials"),
    ))  # fmt: skip
    return replace(part, shape="table", items=rows, columns=columns)


def _cards(content: Content, setting: Setting) -> str:
    """A photocopy of cards: front, back, and whatever else lay on the glass."""
    front: list[str] = []
    back: list[str] = []
    rest: list[str] = []
    for i, part in enumerate(content.parts):
        if part.shape == "sheet":
            break
        name = part.heading.casefold()
        licence = any(
            word in name for word in ("license", "photo id", "identification ch")
        )
        place = (
            rest
            if licence
            else back
            if part.shape == "text" or "phone" in name
            else front
        )
        if "customer" in name or "question" in name:
            place = back
        place.append(section(part, i, setting))
    side = " across" if setting.habits.random() < 0.4 else ""
    cards = "".join(
        f'<div class="card">{"".join(one)}</div>' for one in (front, back, rest) if one
    )
    lead = fields(Part("", "fields", content.fields), setting)
    return f'<div class="sec lead">{lead}</div><div class="cards{side}">{cards}</div>'
