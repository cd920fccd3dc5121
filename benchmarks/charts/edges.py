"""The edges of a page: letterhead, title and identity, runners and foot lines."""

from __future__ import annotations

from html import escape

from benchmarks.charts.content import Content
from benchmarks.charts.houses import House
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
        f'<section class="first">{fax}<div class="head"><div class="logo">{LOGO}</div>'
        f'<div class="hn">{escape(facility.name)}</div><div class="ha">{address}</div>'
        f"</div>{title}{ident}</section>"
    )


LOGO = (
    '<svg viewBox="0 0 40 40"><path d="M20 3A17 17 0 1 1 19.9 3ZM20 8V32M8 20H32" '
    'fill="none" stroke="currentColor" stroke-width="5"/></svg>'
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
            said = escape(house.facility.runner).format(
                name=escape(shows.name), number=escape(shows.number or ""),
                born=escape(shows.born or ""), page=pn, pages=pc,
            )  # fmt: skip
        case "name":
            said = escape(shows.name)
        case "page":
            said = f"Page {pn} of {pc}"
        case "none":
            said = ""
    line = f'<div class="rl">{said}</div>' if said else ""
    return f'<section class="runner">{fax}{line}</section>'


def foot(form: str, continuation: Showing) -> str:
    """The form's number, and the page's where continuation pages are numbered."""
    page = ""
    if continuation in {"full", "page"}:
        page = 'Page <b class="pn">1</b> of <b class="pc">1</b>'
    return (
        f'<section class="foot"><span>{escape(form)}</span>'
        f"<span>{page}</span></section>"
    )
