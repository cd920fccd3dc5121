"""What a type of paper says in general: titles, fields and sections, read from texts/.

A template is written like this; ` | ` parts the wordings among which a house chooses
once and for all its papers::

    # discharge_summary
    title: DISCHARGE SUMMARY | Summary of Hospitalization
    length: 1-3
    field: Admission Date | Admitted = {admit}
    ==? HOSPITAL COURSE | Course in Hospital :: para 4-9
    The patient was (admitted|brought in) with {symptom}.

Marks after `==`: `?` a house may leave the section out, `!` it keeps its place when the
house puts its sections into an order of its own.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_SECTION = re.compile(
    r"==(?P<marks>[?!]*) ?(?P<heading>.*?) ?:: (?P<shape>\w+)"
    r"(?: (?P<columns>\D.*?))?(?: (?P<low>\d+)-(?P<high>\d+))?"
)
_BAR = " | "


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value; labels are wordings, the value is a phrase."""

    labels: tuple[str, ...]
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a paper; `low` and `high` count items, 0 means all of them."""

    headings: tuple[str, ...]
    shape: str
    low: int
    high: int
    columns: tuple[str, ...]
    items: tuple[str, ...]
    optional: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class Template:
    """All wordings of one type; `longest` multiplies the items of long papers."""

    kind: str
    titles: tuple[str, ...]
    letter: bool
    longest: int
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]


def read_templates(folder: Path) -> dict[str, Template]:
    """Templates of every text file in the folder, by type key in file order."""
    found: dict[str, Template] = {}
    for path in sorted(folder.glob("*.txt")):
        for part in re.split(r"(?m)^# ", path.read_text("utf-8"))[1:]:
            template = _template(part.splitlines())
            found[template.kind] = template
    return found


def _template(lines: list[str]) -> Template:
    head: dict[str, str] = {}
    fields: list[Field] = []
    sections: list[list[str]] = []
    for line in filter(None, lines[1:]):
        if line.startswith("=="):
            sections.append([line])
        elif sections:
            sections[-1].append(line)
        elif line.startswith("field: "):
            fields.append(_field(line.removeprefix("field: ")))
        else:
            key, _, value = line.partition(": ")
            head[key] = value
    return Template(
        kind=lines[0].strip(),
        titles=tuple(head["title"].split(_BAR)),
        letter=head.get("style") == "letter",
        longest=int(head.get("length", "1-1").partition("-")[2]),
        fields=tuple(fields),
        sections=tuple(_section(part) for part in sections),
    )


def _field(line: str) -> Field:
    labels, _, value = line.partition(" = ")
    return Field(tuple(labels.split(_BAR)), value)


def _section(lines: list[str]) -> Section:
    match = _SECTION.fullmatch(lines[0])
    if match is None:
        raise ValueError(f"not a section: {lines[0]!r}")
    return Section(
        headings=tuple(match["heading"].split(_BAR)),
        shape=match["shape"],
        low=int(match["low"] or 0),
        high=int(match["high"] or 0),
        columns=tuple((match["columns"] or "").split(_BAR)),
        items=tuple(lines[1:]),
        optional="?" in match["marks"],
        fixed="!" in match["marks"],
    )
