"""The parts of a document as HTML: how they look is said by layouts/."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from benchmarks.charts.content import Part
from benchmarks.charts.setting import Setting

TYPED_TICKS = {
    "bracket": ("[ ]", "[X]"), "paren": ("( )", "(X)"), "blank": ("____", "_X__"),
    "dash": ("---", "-X-"), "brackets": ("[_]", "[x]"), "mark": ("__", "X"),
    "stroke": ("___", "_X_"), "ex": ("-", "X"), "slot": ("(  )", "(x)"),
}  # fmt: skip
"""Tick boxes made of letters: open and ticked; all others are drawn."""

_BY_HAND = {"Init", "Initials", "Signature", "Time given", "Remarks"}
_NO_COLON = frozenset({"boxes", "cells", "slots", "under", "table", "columns"})


def heading(text: str, number: int, setting: Setting) -> str:
    if not text:
        return ""
    style, look = setting.house.facility.headings, setting.house.look
    if style in {"caps", "colon"}:
        text = text.upper()
    elif text.isupper() and len(text) > 4:
        text = text.capitalize()
    colon = ":" if style == "colon" or look.section in {"runin", "inline"} else ""
    roman = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
    if look.section == "numbered" and not text[0].isdigit():
        text = f"{roman[number % 10]}. {text}"
    return f'<div class="sh keep">{escape(text)}{colon}</div>'


def _para(part: Part, setting: Setting) -> str:
    items = [item[0] for item in part.items]
    if setting.habits.random() < 0.7 and max(map(len, items), default=0) < 160:
        items = [" ".join(items[i : i + 6]) for i in range(0, len(items), 6)]
    written = setting.pen.full
    return body("".join(_p(text, setting, written) for text in items))


def _p(text: str, setting: Setting, written: bool) -> str:  # noqa: FBT001 - one word, one meaning
    said = setting.pen.write(text) if written else setting.typed(text)
    return f'<div class="p">{said}</div>'


def _list(part: Part, setting: Setting) -> str:
    bullet = setting.habits.choice(("1.", "-", "", "1)", "*", "•", "1."))
    written = setting.pen.full or (setting.form and setting.pen.decides(1.5))
    rows = []
    for i, (item,) in enumerate(part.items, 1):
        mark = bullet.replace("1", str(i))
        text = setting.pen.write(item) if written else setting.typed(item)
        lead = f'<span class="bu">{mark}</span> ' if mark else ""
        rows.append(f'<div class="li">{lead}<span class="lt">{text}</span></div>')
    return body(f'<div class="ul">{"".join(rows)}</div>')


def _table(part: Part, setting: Setting) -> str:
    wide = max(len(row) for row in (*part.items, part.columns))
    written = setting.pen.full or (setting.form and setting.pen.decides(1.5))
    signed = [
        written or (setting.form and setting.pen.share > 0 and name in _BY_HAND)
        for name in (*part.columns, *[""] * (wide - len(part.columns)))
    ]
    if setting.pen.full and part.columns[:1] != ("Init",):
        signed[0] = bool(part.columns[0] in {"Time", "Date"})
    head = "".join(f"<th>{escape(name)}</th>" for name in part.columns)
    rows = "".join(_row(row, wide, signed, setting) for row in part.items)
    ruled = ""
    if setting.form and any(signed):
        ruled = " class=ft"
        blank = f"<tr class=bl>{'<td></td>' * wide}</tr>"
        rows += blank * setting.habits.choice((0, 1, 3, 6))
    top = f"<thead><tr>{head}</tr></thead>" if head else ""
    return body(f"<table{ruled}>{top}<tbody>{rows}</tbody></table>")


def _row(row: tuple[str, ...], wide: int, signed: list[bool], setting: Setting) -> str:
    cells = []
    for i in range(wide):
        text = row[i] if i < len(row) else ""
        if text == "-" and (signed[i] or setting.house.look.worn is False):
            text = ""
        if signed[i]:
            cells.append(f"<td>{setting.pen.write(text)}</td>")
        else:
            cells.append(f"<td>{escape(text)}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _ticks(part: Part, setting: Setting) -> str:
    longest = max((len(item[0]) for item in part.items), default=0)
    columns = 3 if longest < 26 else 2 if longest < 42 else 1
    columns = max(1, columns if setting.house.look.columns == 1 else columns - 1)
    ticks = "".join(_tick(text, bool(on), setting) for text, on in part.items)
    return body(f'<div class="ticks c{columns}">{ticks}</div>')


def _tick(text: str, on: bool, setting: Setting) -> str:  # noqa: FBT001 - a tick's state
    style = setting.house.look.tick
    by_hand = setting.form and (setting.pen.share > 0)
    mark = setting.pen.mark() if on and by_hand else ""
    if style in TYPED_TICKS:
        printed = escape(TYPED_TICKS[style][on and not by_hand])
        box = f'<span class="bx t">{printed}{mark}</span>'
    elif style == "yesno":
        ring = setting.pen.strike()
        yes = f'<span class="yn">Yes{ring if on else ""}</span>'
        no = f'<span class="yn">No{"" if on else ring}</span>'
        box = f"{yes} {no}"
    else:
        filled = " on" if on and not by_hand else ""
        box = f'<span class="bx d{filled}">{mark}</span>'
    return f'<div class="k">{box} <span class="kt">{escape(text)}</span></div>'


def fields(part: Part, setting: Setting) -> str:
    style, pen = setting.house.look.fields, setting.pen
    colon = "" if style in _NO_COLON else " =" if style == "eq" else ":"
    cells = []
    longest = 0
    for label, value in part.items:
        if not value:
            continue
        written = setting.form and (pen.full or pen.decides(1.5))
        said = pen.write(value) if written else escape(value)
        longest = max(longest, len(label) + len(value))
        cells.append(
            f'<div class="f"><span class="l">{escape(label)}{colon}</span> '
            f'<span class="v">{said}</span></div>'
        )
    wide = " one" if longest > 50 or setting.house.look.columns == 2 else ""
    return body(f'<div class="fields{wide}">{"".join(cells)}</div>')


def _lines(part: Part, setting: Setting) -> str:
    return body("".join(_p(text, setting, setting.pen.full) for (text,) in part.items))


def _sign(part: Part, setting: Setting) -> str:
    rows = []
    for row in part.items:
        cells = []
        for i, text in enumerate(row):
            name = text.split(" (")[0]
            signs = setting.pen.sign() if _is_name(name) or i == 0 else ""
            dated = setting.form and setting.pen.share > 0 and text.startswith("Date ")
            said = escape(text)
            if dated:
                said = f"Date {setting.pen.write(text.removeprefix('Date '))}"
            low = setting.pen.rng.choice((-3, -2, 0, 1, 8))  # at times over the name
            cells.append(
                f'<div class="sg" style="--low:{low}px">{signs}'
                f'<div class="su">{said}</div></div>'
            )
        rows.append(f'<div class="sr">{"".join(cells)}</div>')
    return body("".join(rows))


def _is_name(text: str) -> bool:
    return len(text.split()) in {2, 3, 4} and not any(c.isdigit() for c in text)


def body(inner: str) -> str:
    return f'<div class="sb">{inner}</div>'


SHAPES: dict[str, Callable[[Part, Setting], str]] = {
    "para": _para, "text": _para, "list": _list, "table": _table, "ticks": _ticks,
    "fields": fields, "lines": _lines, "sign": _sign,
}  # fmt: skip
