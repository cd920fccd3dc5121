"""Pages about the people of the trap set, as words with boxes, and whose they are.

Every page is made by itself from seed and number, so that any part of a run can be made
again. What is printed, and what is wrong with it, follows rates.py.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random

import numpy as np

from benchmarks.traps import rates
from benchmarks.traps.forms import Said, lines_of
from benchmarks.traps.misreading import believed, confidence, misread
from benchmarks.traps.names import FAMILIES, GIVENS, NICKNAMES, STREETS
from benchmarks.traps.people import (
    ORIGINS,
    TRAPS,
    Column,
    People,
    draw_persons,
    phone_of,
    with_check_digit,
)
from pipeline.document import Name
from pipeline.page import Box, Page, Quality, Word

ABSENT, ABSENT_TWIN, ABSENT_NAMESAKE = "absent", "absent twin", "absent namesake"
ABSENT_DOUBLE = "absent double"  # by chance the given name as well: no paper can tell
WRONG_MRN, KEYED_BORN, CHANGED = "wrong MRN", "keyed birth date", "changed surname"
_NEVER = 1e-9  # errors per character
_PITCH, _TALL, _WIDE, _BLANK, _GAP = 62, 36, 19, 17, 130  # px at 300 dpi


@dataclass(frozen=True, slots=True)
class Truth:
    """Whose page it is: a row of the index, or -1; and what makes it hard."""

    number: int
    row: int
    origin: str
    traps: tuple[str, ...]
    rate: float  # errors per character
    fields: tuple[str, ...]  # printed


@dataclass(frozen=True, slots=True)
class TrapPage:
    """A page and the truth about it."""

    page: Page
    truth: Truth


class Pages:
    """All pages of a seed, by number; the same without ``misread``, but for that."""

    def __init__(self, people: People, seed: int, *, misread: bool = True) -> None:
        self.people = people
        self.seed = seed
        self.misread = misread
        self._trapped: dict[str, Column] = {
            name: np.flatnonzero(people.trap == at)
            for at, name in enumerate(TRAPS)
            if name
        }
        self._strangers = draw_persons(20_000, seed)

    def at(self, number: int) -> TrapPage:
        """The page of that number."""
        rng = Random(f"trap page {self.seed} {number}")
        subject = self._subject(rng)
        said, traps = self._said(subject, rng)
        rate = _drawn(rates.CHARACTER_ERRORS, rng)
        rate = rate if self.misread else _NEVER
        lines = lines_of(said, rng)
        page = Page(
            number=1,
            size=(2550, 3300),
            words=tuple(_words(lines, rate, rng)),
            marks=(),
            dpi=300,
            rotation=0,
            quality=Quality(
                0.05,
                blank=False,
                dpi=300,
                sharpness=50.0,
                noise=2.0,
                skew=0.0,
                legibility=0.9,
            ),
            engine="traps",
        )
        truth = Truth(
            number,
            subject.row if subject.known else -1,
            ORIGINS[subject.of.origin[subject.row]],
            (*subject.traps, *traps),
            rate,
            tuple(name for name in _FIELDS if getattr(said, name)),
        )
        return TrapPage(page, truth)

    def _subject(self, rng: Random) -> _Subject:
        draw = rng.random()
        if draw < rates.ABSENT:
            return self._absent(rng)
        draw -= rates.ABSENT
        for name, share in rates.TRAPPED.items():
            if draw < share:
                row = int(rng.choice(self._trapped[name]))
                return _Subject(self.people, row, (name,))
            draw -= share
        return _Subject(self.people, rng.randrange(len(self.people)))

    def _absent(self, rng: Random) -> _Subject:
        """Somebody whom the index does not hold, perhaps beside one whom it does."""
        stranger = rng.randrange(len(self._strangers))
        draw = rng.random()
        alike = rng.randrange(len(self.people))
        if draw < rates.ABSENT_TWIN:
            kind = ABSENT_TWIN
        elif draw < rates.ABSENT_TWIN + rates.ABSENT_NAMESAKE:
            kind = ABSENT_NAMESAKE
        else:
            return _Subject(self._strangers, stranger, (ABSENT,), known=False)
        traps: tuple[str, ...] = (ABSENT, kind)
        same = self._strangers.name(stranger).given == self.people.name(alike).given
        if kind == ABSENT_TWIN and same:  # told since the first run; pages as before
            traps += (ABSENT_DOUBLE,)
        return _Subject(self._strangers, stranger, traps, known=False, like=alike)

    # --- what the page says ---------------------------------------------------------

    def _said(self, one: _Subject, rng: Random) -> tuple[Said, tuple[str, ...]]:
        traps: list[str] = []
        name = self._printed_name(one, rng, traps)
        has_mrn = rates.HAS_MRN if one.known else rates.ABSENT_HAS_MRN
        mrn = with_check_digit(int(one.of.serial[one.row]))
        if rng.random() < rates.WRONG_MRN:
            mrn, has_mrn = self._others_mrn(one, rng), 1.0
            traps.append(WRONG_MRN)
        elif rng.random() >= has_mrn:
            mrn = ""
        born = self._born(one)
        if rng.random() < rates.KEYED_BORN:
            born = _keyed(born, rng)
            traps.append(KEYED_BORN)
        sex = "F" if self._source(one).female[self._source_row(one)] else "M"
        said = Said(
            name=name if rng.random() < rates.HAS_NAME else None,
            mrn=mrn,
            born=born if rng.random() < rates.HAS_BORN else None,
            sex=sex if rng.random() < rates.HAS_SEX else "",
            address=self._address(one, rng) if rng.random() < rates.HAS_ADDRESS else "",
            phone=self._phone(one, rng) if rng.random() < rates.HAS_PHONE else "",
            physician=_physician(rng) if rng.random() < rates.HAS_PHYSICIAN else "",
        )
        return said, tuple(traps)

    def _source(self, one: _Subject) -> People:
        """Where sex and given name come from: a namesake's are the other one's."""
        return self.people if ABSENT_NAMESAKE in one.traps else one.of

    def _source_row(self, one: _Subject) -> int:
        return one.like if ABSENT_NAMESAKE in one.traps else one.row

    def _home(self, one: _Subject) -> tuple[People, int]:
        """Where surname and address come from."""
        return (self.people, one.like) if one.like >= 0 else (one.of, one.row)

    def _born(self, one: _Subject) -> dt.date:
        if ABSENT_TWIN in one.traps:
            return dt.date.fromordinal(int(self.people.born[one.like]))
        return dt.date.fromordinal(int(one.of.born[one.row]))

    def _name(self, one: _Subject) -> Name:
        home, row = self._home(one)
        family = home.name(row).family
        own = self._source(one).name(self._source_row(one))
        suffix = "" if one.like >= 0 else own.suffix
        return Name(family, own.given, own.middle, suffix)

    def _printed_name(self, one: _Subject, rng: Random, traps: list[str]) -> Name:
        whole = self._name(one)
        family, given, middle = whole.family, whole.given, whole.middle
        if "-" in family and rng.random() < rates.HALF_SURNAME:
            family = family.split("-")[0]
        if rng.random() < rates.CHANGED_SURNAME:
            family = _other_family(family, rng)
            traps.append(CHANGED)
        draw = rng.random()
        if given in NICKNAMES and draw < rates.NICKNAME:
            given = rng.choice(NICKNAMES[given].split())
        elif draw > 1 - rates.INITIAL_ONLY:
            given = given[0]
        middle = middle if rng.random() < rates.HAS_MIDDLE else ""
        suffix = whole.suffix if rng.random() < rates.HAS_SUFFIX else ""
        if rng.random() < rates.EXCHANGED:
            family, given = given, family
        return Name(family, given, middle, suffix)

    def _others_mrn(self, one: _Subject, rng: Random) -> str:
        row = rng.randrange(len(self.people))
        if one.known and rng.random() < rates.WRONG_WITHIN_HOUSE:
            near = one.row + rng.choice((-1, 1))
            row = near if 0 <= near < len(self.people) else row
        return with_check_digit(int(self.people.serial[row]))

    def _address(self, one: _Subject, rng: Random) -> str:
        home, row = self._home(one)
        house = int(home.house[row])
        if not house or rng.random() < rates.MOVED:
            return f"{rng.randrange(1, 9999)} {rng.choice(STREETS)}"
        return f"{house} {STREETS[home.street[row]]}"

    def _phone(self, one: _Subject, rng: Random) -> str:
        home, row = self._home(one)
        number = int(home.phone[row])
        if not number or rng.random() < rates.OTHER_PHONE:
            number = rng.randrange(2_010_000_000, 9_899_999_999)
        return phone_of(number)


@dataclass(frozen=True, slots=True)
class _Subject:
    """A row of the index, or a stranger's; ``like`` the row that a stranger is like."""

    of: People = field(repr=False)
    row: int
    traps: tuple[str, ...] = ()
    known: bool = True
    like: int = -1


_FIELDS = ("name", "mrn", "born", "sex", "address", "phone")


def _drawn(shares: dict[float, float], rng: Random) -> float:
    return rng.choices(list(shares), list(shares.values()))[0]


def _other_family(family: str, rng: Random) -> str:
    """Married or divorced: any surname, by how frequent it is."""
    while True:
        origin = rng.choices(ORIGINS, list(rates.ORIGINS.values()))[0]
        other = rng.choices(FAMILIES[origin].names, FAMILIES[origin].shares.tolist())[0]
        if other not in family:
            return other


def _keyed(born: dt.date, rng: Random) -> dt.date:
    """The date with one digit keyed wrongly, or day and month exchanged."""
    if rng.random() < 0.5 and born.day <= 12 and born.day != born.month:
        return born.replace(month=born.day, day=born.month)
    digits = born.strftime("%Y%m%d")
    while True:
        at = rng.randrange(2, 8)
        text = f"{digits[:at]}{rng.randrange(10)}{digits[at + 1 :]}"
        try:
            other = dt.datetime.strptime(text, "%Y%m%d").replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
        if other != born and other.year <= 2021:
            return other


def _physician(rng: Random) -> str:
    origin = rng.choices(ORIGINS, list(rates.ORIGINS.values()))[0]
    given = rng.choice(GIVENS[origin][rng.choice("FM")].names)
    return f"{given} {rng.choice(FAMILIES[origin].names)}"


def _words(lines: list[str], rate: float, rng: Random) -> list[Word]:
    """The lines as recognised; two blanks in a line are a wide gap."""
    engine = believed(rate, rng)
    found = []
    for row, line in enumerate(lines):
        left, top = 200.0, 200.0 + row * _PITCH
        for printed in line.split(" "):
            if not printed:
                left += _GAP
                continue
            told = misread(printed, rate, rng)
            right = left + _WIDE * len(printed)
            if told:
                sure = confidence(printed, engine, rng, right=told == printed)
                box = Box(left, top, right, top + _TALL)
                found.append(Word(told, box, sure, row))
            left = right + _BLANK
    return found
