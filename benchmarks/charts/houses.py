"""The houses of each split: how they are called, and how their paper looks.

They stand in layouts/houses.toml. No house stands in two splits, nor does a body face,
a hand or an arrangement: what is tuned on the paper of some hospitals is judged on the
paper of others.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from benchmarks.charts.kinds import Split
from benchmarks.forms.facilities import Facility


@dataclass(frozen=True, slots=True)
class Look:
    """How a house prints; the words are classes of layouts/*.css.

    ``size`` is the body's in points, ``lead`` its line height as a factor, ``margins``
    top, right, bottom, left in inches. ``worn`` makes the type that of an old
    typewriter; ``colour`` is that of its letterhead, none on black-and-white paper.
    """

    font: str
    size: float
    lead: float
    margins: tuple[float, float, float, float]
    head: str
    ident: str
    section: str
    table: str
    fields: str
    tick: str
    runner: str
    hands: tuple[str, ...]
    columns: int = 1
    colour: str = ""
    worn: bool = False


@dataclass(frozen=True, slots=True)
class House:
    """One hospital, clinic or laboratory of one split and its paper.

    ``facility.own`` is False for houses whose record numbers are not ours.
    """

    key: str
    split: Split
    facility: Facility
    look: Look


HANDS: Mapping[Split, tuple[str, ...]] = {
    "train": ("Breip", "Dancing Script"),
    "tune": ("Rufscript", "Kristi"),
    "report": ("DkgHandwriting", "Ecolier_court"),
}


def _house(key: str, split: Split, said: Mapping[str, Any]) -> House:
    known = {one.name for one in fields(Look)}
    given = {name: value for name, value in said.items() if name in known}
    given |= {"hands": HANDS[split], "margins": tuple(said["margins"])}
    name, number, birth, visit = said["labels"]
    facility = Facility(
        key=key, name=said["name"], address=tuple(said["address"]), font=said["font"],
        letterhead=said["head"], name_label=name, number_label=number,
        birth_label=birth, visit_label=visit, name_style=said["names"],
        date_style=said["dates"], identity=said["ident"], headings=said["headings"],
        runner=said["running"], own=said.get("own", True),
    )  # fmt: skip
    return House(key, split, facility, Look(**given))


def _read(path: Path) -> dict[Split, tuple[House, ...]]:
    told = tomllib.loads(path.read_text("utf-8"))
    return {
        split: tuple(_house(key, split, said) for key, said in told[split].items())
        for split in HANDS
    }


HOUSES: Mapping[Split, tuple[House, ...]] = _read(
    Path(__file__).parent / "layouts" / "houses.toml"
)
BY_KEY: Mapping[str, House] = {
    house.key: house for houses in HOUSES.values() for house in houses
}
