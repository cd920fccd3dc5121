"""The sections of a template as rows: paragraphs, lists, tables, ticks, signatures."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from benchmarks.forms.facilities import Facility
from benchmarks.forms.grammar import Speaker
from benchmarks.forms.paper import Cell, Row, Style, line
from benchmarks.forms.templates import Section


@dataclass(frozen=True, slots=True)
class House:
    """A facility's habits in one layout.

    `rng` is the layout's own, `width` counts letters, `capacity` rows on a sheet.
    """

    facility: Facility
    rng: Random
    bullet: str
    tick: str
    width: int
    columns: int
    capacity: int
    flowing: bool


def section_rows(
    section: Section, house: House, speaker: Speaker, length: int
) -> list[Row]:
    """The section with its heading; `length` multiplies the number of its items."""
    heading = _heading(house.rng.choice(section.headings), house)
    return heading + _SHAPES[section.shape](section, house, speaker, length)


def field_rows(printed: list[str], columns: int, style: Style) -> list[Row]:
    """Labelled values set side by side, row by row."""
    return [
        Row(style, tuple(
            Cell(column / columns, text)
            for column, text in enumerate(printed[start : start + columns])
        ))
        for start in range(0, len(printed), columns)
    ]  # fmt: skip


def _heading(heading: str, house: House) -> list[Row]:
    if not heading:
        return []
    match house.facility.headings:
        case "caps":
            heading = heading.upper()
        case "colon":
            heading = f"{heading.upper()}:"
        case _:
            heading = f"{heading}:" if house.columns == 1 else heading
    return [line("heading", heading)]


def sample_items(section: Section, speaker: Speaker, length: int) -> list[str]:
    """Items in the template's order, some twice in other words when more are wanted."""
    items = section.items
    if not section.high:
        return [speaker.say(item) for item in items]
    wanted = speaker.rng.randint(section.low, section.high)
    if section.high >= 5 and section.shape != "list":
        wanted *= length
    if section.shape == "text":
        wanted = min(wanted, len(items))
    rounds: list[int] = []
    while wanted > 0:
        taken = min(wanted, len(items))
        rounds.extend(sorted(speaker.rng.sample(range(len(items)), taken)))
        wanted -= taken
    return list(dict.fromkeys(speaker.say(items[i]) for i in rounds))


def _wrap(text: str, house: House, indent: str = "") -> list[Row]:
    parts = textwrap.wrap(text, house.width, break_on_hyphens=False)
    return [line("body", (indent if i else "") + part) for i, part in enumerate(parts)]


def _paragraph(
    section: Section, house: House, speaker: Speaker, length: int
) -> list[Row]:
    said = sample_items(section, speaker, length)
    if not house.flowing:
        return [row for sentence in said for row in _wrap(sentence, house)]
    rows: list[Row] = []
    for start in range(0, len(said), 7):
        rows.extend(_wrap(" ".join(said[start : start + 7]), house))
    return rows


def _listed(section: Section, house: House, speaker: Speaker, length: int) -> list[Row]:
    rows: list[Row] = []
    for i, item in enumerate(sample_items(section, speaker, length), 1):
        bullet = house.bullet.replace("1", str(i))
        rows.extend(_wrap(f"{bullet} {item}".strip(), house, indent="   "))
    return rows


def _clauses(
    section: Section, house: House, speaker: Speaker, length: int
) -> list[Row]:
    rows: list[Row] = []
    for item in sample_items(section, speaker, length):
        rows.extend((*_wrap(item, house), Row("gap", ())))
    return rows[:-1]


def _table(section: Section, _house: House, speaker: Speaker, length: int) -> list[Row]:
    printed = [section.columns] if section.columns != ("",) else []
    said = sample_items(section, speaker, length)
    body = [tuple(text.split(" | ")) for text in said]
    columns = max(len(cells) for cells in [*printed, *body])
    widths = [
        max((len(cells[i]) for cells in [*printed, *body] if i < len(cells)), default=1)
        for i in range(columns)
    ]
    total = sum(widths) + 2 * columns
    lefts = [(sum(widths[:i]) + 2 * i) / total for i in range(columns)]
    return [
        Row("head" if cells in printed else "row", tuple(
            Cell(left, text) for left, text in zip(lefts, cells, strict=False)
        ))
        for cells in [*printed, *body]
    ]  # fmt: skip


def _ticks(section: Section, house: House, speaker: Speaker, _length: int) -> list[Row]:
    said = sample_items(section, speaker, 1)
    marked = house.tick.replace(" ", "X").replace("__", "_X_")
    printed = [
        f"{marked if speaker.rng.random() < 0.4 else house.tick} {item}"
        for item in said
    ]
    longest = max(len(text) for text in printed)
    columns = 3 if longest < 26 else 2 if longest < 42 else 1
    if columns == 1:
        return [row for text in printed for row in _wrap(text, house, "    ")]
    return field_rows(printed, columns, "tick")


def _fields(
    section: Section, house: House, speaker: Speaker, _length: int
) -> list[Row]:
    printed = []
    for item in section.items:
        labels, _, value = item.partition(" = ")
        label = house.rng.choice(labels.split(" | "))
        printed.append(f"{label}: {speaker.say(value)}")
    longest = max(len(text) for text in printed)
    return field_rows(printed, 1 if longest > 46 else 2, "fields")


def _lines(
    section: Section, _house: House, speaker: Speaker, _length: int
) -> list[Row]:
    return [line("body", speaker.say(item)) for item in section.items]


def _tracing(
    section: Section, _house: House, _speaker: Speaker, _length: int
) -> list[Row]:
    return [line("tracing", item) for item in section.items]


def _signatures(
    section: Section, _house: House, speaker: Speaker, _length: int
) -> list[Row]:
    return [_signature(item, speaker) for item in section.items]


def _signature(item: str, speaker: Speaker) -> Row:
    parts = speaker.say(item).split(" | ")
    return Row(
        "sign", tuple(Cell(i / len(parts), text) for i, text in enumerate(parts))
    )


_SHAPES: dict[str, Callable[[Section, House, Speaker, int], list[Row]]] = {
    "para": _paragraph,
    "list": _listed,
    "table": _table,
    "ticks": _ticks,
    "fields": _fields,
    "text": _clauses,
    "lines": _lines,
    "sign": _signatures,
    "tracing": _tracing,
}
