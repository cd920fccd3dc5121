"""The people of the trap set: households, twins, Jr and Sr, namesakes, by the million.

Held as columns, since a million objects would not fit beside what is measured; ``at``
makes the person of a row. The same by seed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks.traps import rates
from benchmarks.traps.names import FAMILIES, GIVENS, STREETS
from pipeline.document import Name, Patient, PatientId

Column = NDArray[np.int64]
ORIGINS = tuple(rates.ORIGINS)
SUFFIXES = ("", "Jr", "Sr")
FIRST_DAY, LAST_DAY = dt.date(1925, 1, 1).toordinal(), dt.date(2019, 12, 31).toordinal()
TRAPS = ("", "twin", "Jr or Sr", "namesake")
_SERIAL, _STEP = 1_000_000, 5  # of record numbers: one in five is given out
_FAMILY_LIST = tuple(n for origin in ORIGINS for n in FAMILIES[origin].names)
_MIDDLES = "ABCDEFGHJKLMNPRSTVW"


@dataclass(frozen=True, slots=True)
class People:
    """Columns of equal length; -1 or 0 stands for nothing.

    ``second`` is the other half of a double surname; ``pair`` the row of the twin, the
    father or son, the namesake.
    """

    origin: Column = field(repr=False)
    female: Column = field(repr=False)
    family: Column = field(repr=False)
    second: Column = field(repr=False)
    given: Column = field(repr=False)
    middle: Column = field(repr=False)
    suffix: Column = field(repr=False)
    born: Column = field(repr=False)
    house: Column = field(repr=False)  # the number before the street; 0: no address
    street: Column = field(repr=False)
    phone: Column = field(repr=False)
    serial: Column = field(repr=False)
    trap: Column = field(repr=False)
    pair: Column = field(repr=False)

    def __len__(self) -> int:
        return len(self.origin)

    def at(self, row: int) -> Patient:
        """The person as registered."""
        mrn = with_check_digit(int(self.serial[row]))
        house = int(self.house[row])
        return Patient(
            id=PatientId(f"t{row}"),
            mrn=mrn,
            names=(self.name(row),),
            born=dt.date.fromordinal(int(self.born[row])),
            sex="F" if self.female[row] else "M",
            address=f"{house} {STREETS[self.street[row]]}" if house else "",
            phone=phone_of(int(self.phone[row])),
        )

    def name(self, row: int) -> Name:
        family = family_name(int(self.family[row]))
        if self.second[row] >= 0:
            family += f"-{family_name(int(self.second[row]))}"
        sex = "F" if self.female[row] else "M"
        given = GIVENS[ORIGINS[self.origin[row]]][sex].names[self.given[row]]
        middle = self.middle[row]
        return Name(
            family,
            given,
            _MIDDLES[middle] if middle >= 0 else "",
            SUFFIXES[self.suffix[row]],
        )


def family_name(number: int) -> str:
    return _FAMILY_LIST[number]


def phone_of(number: int) -> str:
    """Ten digits as printed; "" for 0."""
    if not number:
        return ""
    digits = f"{number:010d}"
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"


def with_check_digit(serial: int) -> str:
    """Eight digits of which the last is ISO 7064 MOD 11,10, worked out here anew."""
    carried = 10
    for digit in f"{serial:07d}":
        carried = (carried + int(digit)) % 10
        carried = (carried or 10) * 2 % 11
    return f"{serial:07d}{(11 - carried) % 10}"


def make_people(count: int, seed: int) -> People:
    """So many people, traps included."""
    rng = np.random.default_rng([seed, 1])
    columns = _households(count, rng)
    _twins(columns, rng)
    _juniors(columns, rng)
    _namesakes(columns, rng)
    _numbers(columns, rng)
    return People(**columns)


def draw_persons(count: int, seed: int) -> People:
    """People by themselves, from the same names: those whom the index does not hold."""
    rng = np.random.default_rng([seed, 2])
    columns = _households(count, rng)
    _numbers(columns, rng)
    columns["serial"] += 1  # numbers that nobody of the index has
    return People(**columns)


def _households(count: int, rng: np.random.Generator) -> dict[str, Column]:
    sizes = rng.choice(list(rates.HOUSEHOLDS), count, p=list(rates.HOUSEHOLDS.values()))
    home = np.repeat(np.arange(count), sizes)[:count]
    origin = rng.choice(len(ORIGINS), count, p=list(rates.ORIGINS.values()))[home]
    female = rng.integers(0, 2, count)
    house = np.where(
        rng.random(count) < rates.ADDRESSED, rng.integers(1, 9999, count), 0
    )
    phone = rng.integers(2_010_000_000, 9_899_999_999, count)
    phone = np.where(rng.random(count) < rates.REACHED, phone, 0)
    middle = rng.integers(0, len(_MIDDLES), count)
    columns = {
        "origin": origin,
        "female": female,
        "family": _families(origin, rng)[_first_of_home(home)],
        "second": np.full(count, -1),
        "given": _givens(origin, female, rng),
        "middle": np.where(rng.random(count) < rates.MIDDLE, middle, -1),
        "suffix": np.zeros(count, np.int64),
        "born": _births(origin, rng),
        "house": house[home],
        "street": rng.integers(0, len(STREETS), count)[home],
        "phone": phone[home],
        "serial": np.arange(count),
        "trap": np.zeros(count, np.int64),
        "pair": np.full(count, -1),
    }
    second = _families(origin, rng)[_first_of_home(home)]
    hispanic = origin == ORIGINS.index("hispanic")
    double = hispanic & (rng.random(count)[home] < rates.DOUBLE_SURNAME)
    double &= second != columns["family"]
    columns["second"] = np.where(double, second, -1)
    return columns


def _first_of_home(home: Column) -> Column:
    """For each row the first row of its household: who gives it its name."""
    firsts = np.searchsorted(home, home, side="left")
    return firsts.astype(np.int64)


def _families(origin: Column, rng: np.random.Generator) -> Column:
    found = np.zeros(len(origin), np.int64)
    before = 0
    for at, name in enumerate(ORIGINS):
        ranked = FAMILIES[name]
        chosen = origin == at
        draw = rng.choice(len(ranked.names), int(chosen.sum()), p=ranked.shares)
        found[chosen] = draw + before
        before += len(ranked.names)
    return found


def _givens(origin: Column, female: Column, rng: np.random.Generator) -> Column:
    found = np.zeros(len(origin), np.int64)
    for at, name in enumerate(ORIGINS):
        for sex, flag in (("F", 1), ("M", 0)):
            ranked = GIVENS[name][sex]
            chosen = (origin == at) & (female == flag)
            found[chosen] = rng.choice(
                len(ranked.names), int(chosen.sum()), p=ranked.shares
            )
    return found


def _births(origin: Column, rng: np.random.Generator) -> Column:
    born = rng.integers(FIRST_DAY, LAST_DAY + 1, len(origin))
    spiked = np.zeros(len(origin))
    for name, share in rates.NEW_YEAR.items():
        spiked[origin == ORIGINS.index(name)] = share
    for row in np.flatnonzero(rng.random(len(origin)) < spiked):
        born[row] = (
            dt.date.fromordinal(int(born[row])).replace(month=1, day=1).toordinal()
        )
    return born


def _free(columns: dict[str, Column], share: float, rng: np.random.Generator) -> Column:
    """Rows to make the pair of the row before them; no row is in two pairs."""
    count = len(columns["origin"])
    rows = np.flatnonzero(rng.random(count - 1) < share) + 1
    rows = rows[np.diff(rows, prepend=-9) > 1]
    taken = columns["trap"] != 0
    found: Column = rows[~taken[rows] & ~taken[rows - 1]]
    return found


def _copy(columns: dict[str, Column], rows: Column, of: Column, names: str) -> None:
    for name in names.split():
        columns[name][rows] = columns[name][of]


def _tie(columns: dict[str, Column], rows: Column, of: Column, trap: str) -> None:
    for some, others in ((rows, of), (of, rows)):
        columns["pair"][some] = others
        columns["trap"][some] = TRAPS.index(trap)


_HOME = "origin family second house street phone"


def _twins(columns: dict[str, Column], rng: np.random.Generator) -> None:
    rows = _free(columns, rates.TWIN, rng)
    _copy(columns, rows, rows - 1, f"{_HOME} born")
    origin, female = columns["origin"][rows], columns["female"][rows]
    columns["given"][rows] = _givens(origin, female, rng)
    same = (columns["given"][rows] == columns["given"][rows - 1]) & (
        columns["female"][rows] == columns["female"][rows - 1]
    )
    rows = rows[~same]  # nobody calls both the same
    _tie(columns, rows, rows - 1, "twin")


def _juniors(columns: dict[str, Column], rng: np.random.Generator) -> None:
    rows = _free(columns, rates.JUNIOR, rng)
    old = dt.date(1985, 1, 1).toordinal()
    rows = rows[columns["born"][rows - 1] < old]
    _copy(columns, rows, rows - 1, f"{_HOME} given middle")
    columns["female"][rows] = columns["female"][rows - 1] = 0
    origin = columns["origin"][rows]
    columns["given"][rows] = _givens(origin, np.zeros_like(origin), rng)
    columns["given"][rows - 1] = columns["given"][rows]
    later = rng.integers(20 * 365, 38 * 365, len(rows))
    columns["born"][rows] = np.minimum(columns["born"][rows - 1] + later, LAST_DAY)
    said = rng.random(len(rows)) < rates.SAID_SUFFIX
    columns["suffix"][rows] = np.where(said, SUFFIXES.index("Jr"), 0)
    columns["suffix"][rows - 1] = np.where(said, SUFFIXES.index("Sr"), 0)
    _tie(columns, rows, rows - 1, "Jr or Sr")


def _namesakes(columns: dict[str, Column], rng: np.random.Generator) -> None:
    """The name of somebody elsewhere; the birth date one digit or ten years off."""
    count = len(columns["origin"])
    rows = np.flatnonzero(rng.random(count) < rates.NAMESAKE)
    others = rng.integers(0, count, len(rows))
    _, first = np.unique(others, return_index=True)
    rows, others = rows[np.sort(first)], others[np.sort(first)]
    free = (columns["trap"][rows] == 0) & (columns["trap"][others] == 0)
    free &= ~np.isin(rows, others) & ~np.isin(others, rows)
    rows, others = rows[free], others[free]
    _copy(columns, rows, others, "origin female family second given")
    for row, other in zip(rows, others, strict=True):
        columns["born"][row] = _near(int(columns["born"][other]), rng)
    _tie(columns, rows, others, "namesake")


def _near(born: int, rng: np.random.Generator) -> int:
    day = dt.date.fromordinal(born)
    years = int(rng.choice([-10, -1, 1, 10]))
    step = int(rng.choice([-10, -1, 1, 10]))
    if rng.random() < 0.5 and FIRST_DAY <= born + step <= LAST_DAY:
        return born + step
    year = min(max(day.year + years, 1925), 2019)
    return int(day.replace(year=year, day=min(day.day, 28)).toordinal())


def _numbers(columns: dict[str, Column], rng: np.random.Generator) -> None:
    """Given out in the order of registration: twins' numbers follow each other."""
    order = rng.random(len(columns["origin"]))
    twins = np.flatnonzero(columns["trap"] == TRAPS.index("twin"))
    second = twins[columns["pair"][twins] == twins - 1]
    order[second] = order[second - 1] + 1e-12
    rank = np.empty(len(order), np.int64)
    rank[np.argsort(order, kind="stable")] = np.arange(len(order))
    columns["serial"] = _SERIAL + rank * _STEP
