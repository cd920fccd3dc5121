"""The edges of a page: letterhead, title and identity, runners and foot lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from random import Random

from benchmarks.charts.content import Content
from benchmarks.charts.houses import House
from benchmarks.charts.kinds import Split
from benchmarks.charts.setting import Setting
from benchmarks.forms.paper import Identity, Showing

_NO_COLON = frozenset({
    "grid", "plate", "strip", "table", "columns", "footplate", "cards", "sideplate",
    "tworow", "under2", "lined",
})  # fmt: skip


def first(content: Content, setting: Setting, fax: str, notes: tuple[str, ...]) -> str:
    """Letterhead, title, identity and notes beside it of a first page."""
    facility = setting.house.facility
    address = "".join(f"<div>{escape(text)}</div>" for text in facility.address)
    title = f'<h1 class="tt">{escape(content.title)}</h1>' if content.title else ""
    ident = "" if content.letter else _ident(content.shows, setting)
    if notes:
        said = "".join(f"<div>{escape(note)}</div>" for note in notes)
        ident += f'<div class="notes">{said}</div>'
    return (
        f'<section class="first">{fax}<div class="head">'
        f'<div class="logo">{_logo(setting.house)}</div>'
        f'<div class="hn">{escape(facility.name)}</div><div class="ha">{address}</div>'
        f"</div>{title}{ident}</section>"
    )


_LOGOS: Mapping[Split, tuple[str, ...]] = {
    "train": (
        "M20 3A17 17 0 1 1 19.9 3ZM20 8V32M8 20H32",
        "M20 4L35 34H5ZM20 14V28M13 24H27",
        "M6 34V12L20 3L34 12V34ZM20 14V28M13 21H27",
        "M4 20C12 4 28 4 36 20C28 36 12 36 4 20ZM20 15A5 5 0 1 1 19.9 15",
    ),
    "tune": (
        "M14 4H26V14H36V26H26V36H14V26H4V14H14Z",
        "M20 4C8 12 8 26 20 36C32 26 32 12 20 4ZM20 14V30",
        "M4 30C10 18 16 18 20 26C24 18 30 18 36 30M4 36H36M20 4V16",
        "M20 3L24 15H37L27 23L31 36L20 28L9 36L13 23L3 15H16Z",
    ),
    "report": (
        "M5 5H35V35H5ZM20 10V30M10 20H30",
        "M20 35C4 24 6 8 16 8C19 8 20 11 20 13C20 11 21 8 24 8C34 8 36 24 20 35Z",
        "M4 36L14 12L20 24L26 8L36 36ZM4 36H36",
        "M20 4V36M8 10H32M12 10C8 18 8 22 20 24C32 26 32 30 28 34",
    ),
}


def _logo(house: House) -> str:
    """The house's sign, of a kind that no other split has."""
    path = Random(f"{house.key}/logo").choice(_LOGOS[house.split])
    return (
        f'<svg viewBox="0 0 40 40"><path d="{path}" fill="none" '
        f'stroke="currentColor" stroke-width="4"/></svg>'
    )


def _ident(shows: Identity, setting: Setting) -> str:
    house = setting.house.facility
    pairs = (
        (house.name_label, shows.name), (house.number_label, shows.number),
        (house.birth_label, shows.born), (house.visit_label, shows.visit),
    )  # fmt: skip
    colon = "" if setting.house.look.ident in _NO_COLON else ":"
    written = setting.pen.full and setting.habits.random() < 0.5
    write = setting.pen.write if written else escape
    cells = "".join(
        f'<div class="i"><span class="l">{escape(label)}{colon}</span> '
        f'<span class="v">{write(said)}</span></div>'
        for label, said in pairs
        if said
    )
    return f'<div class="ident">{cells}</div>' if cells else ""


def runner(shows: Identity, continuation: Showing, house: House, fax: str) -> str:
    """What pages after the first say at their top."""
    pn, pc = '<b class="pn">1</b>', '<b class="pc">1</b>'
    match continuation:
        case "full":
            known = {"name": shows.name, "number": shows.number, "born": shows.born}
            said = escape(_known(house.facility.runner, known)).format(
                **{key: escape(value or "") for key, value in known.items()},
                page=pn, pages=pc,
            )  # fmt: skip
        case "name":
            said = escape(shows.name)
        case "page":
            said = f"Page {pn} of {pc}"
        case "none":
            said = ""
    line = f'<div class="rl">{said}</div>' if said else ""
    return f'<section class="runner">{fax}{line}</section>'


def _known(line: str, known: Mapping[str, str | None]) -> str:
    """The line without the pieces whose value the paper does not print."""
    unsaid = [f"{{{key}}}" for key, value in known.items() if not value]
    pieces = re.split(r"( {2,}| \| | - |, )", line)
    kept = [
        (gap, piece)
        for gap, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True)
        if not any(key in piece for key in unsaid)
    ]
    return "".join((gap if i else "") + piece for i, (gap, piece) in enumerate(kept))


def foot(form: str, continuation: Showing) -> str:
    """The form's number, and the page's where continuation pages are numbered."""
    page = ""
    if continuation in {"full", "page"}:
        page = 'Page <b class="pn">1</b> of <b class="pc">1</b>'
    return (
        f'<section class="foot"><span>{escape(form)}</span>'
        f"<span>{page}</span></section>"
    )
