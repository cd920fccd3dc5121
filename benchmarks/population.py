"""Made-up people by the million, the same by seed: a list as a hospital exports it.

    python -m benchmarks.population FILE.csv [--people 200000] [--seed 7]

Census surnames and given names by share, made-up names in a Zipf tail behind them,
households of one to four, a few twins and Juniors, 2 % merged records, 2 %
registered twice. A record number
has nine digits without a check digit; the rows come in no order of anything.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.index.frequency import COMMON_FAMILIES, COMMON_GIVENS

COLUMNS = (
    "mrn", "last_name", "first_name", "middle_name", "suffix", "birth_date", "sex",
    "address", "city", "postal_code", "phone", "aliases", "merged_into", "same_as",
)  # fmt: skip
FAMILIES_MADE, GIVENS_MADE = 150_000, 8_000
MARRIED = 0.08  # of people have an alias with another surname
TWINS, JUNIORS, MERGED = 0.004, 0.01, 0.02  # of households, people, rows
TWICE, MISTYPED = 0.02, 0.06  # of rows; of these, a birth date or a given name
_CHANGED = {
    ("address", "postal_code"): 0.35,
    ("phone",): 0.3,
    ("middle_name",): 0.2,
    ("last_name",): 0.08,
}  # of people registered again, those of whom this is another now
UNKNOWN_DAY = 0.005  # registered with 1 January for want of a date
_FIRST, _DAYS = dt.date(1930, 1, 1), 34_000
_CHUNK = 100_000
_STEP, _SPACE = 618_033_989, 1_000_000_000  # coprime: each number once, in no order
_SYLLABLES = "ba ko re mi lu ta so ne vi da pe ro ga li mo su fe za ti wo"
_STREETS = ("Elm", "Oak", "Main", "Pine", "Lake", "Hill", "Mill", "Park")

Row = tuple[str, ...]
Texts = NDArray[np.str_]


def mrn_of(number: int) -> str:
    """The record number of the n-th row."""
    return f"{number * _STEP % _SPACE:09d}"


def people(count: int, seed: int) -> Iterator[Row]:
    """So many rows of COLUMNS."""
    rng = np.random.default_rng(seed)
    families = _names(COMMON_FAMILIES, FAMILIES_MADE)
    givens = _names(COMMON_GIVENS, GIVENS_MADE)
    for begin in range(0, count, _CHUNK):
        size = min(_CHUNK, count - begin)
        yield from _chunk(rng, begin, size, (families, givens))


Names = tuple[Texts, NDArray[np.float64]]


def _names(listed: Mapping[str, float], made: int) -> Names:
    """Names, and their shares summed up: behind the listed ones ever rarer ones."""
    tail = 1 / (np.arange(made) + 50.0)
    rest = max(1 - sum(listed.values()), 0.1)
    shares = np.concatenate([[*listed.values()], rest * tail / tail.sum()])
    names = [name.title() for name in listed] + [_made(n) for n in range(made)]
    return np.array(names), np.cumsum(shares / shares.sum())


def _made(number: int) -> str:
    """A name of three syllables and more, another one for each number."""
    text, rest = "", number + 400
    while rest:
        rest, which = divmod(rest, 20)
        text += _SYLLABLES[3 * which : 3 * which + 2]
    return text.title()


def _drawn(rng: np.random.Generator, names: Names, size: int) -> Texts:
    return names[0][np.searchsorted(names[1], rng.random(size), side="right")]


def _chunk(
    rng: np.random.Generator, begin: int, size: int, names: tuple[Names, Names]
) -> Iterator[Row]:
    households = np.sort(rng.integers(0, max(size * 2 // 5, 1), size))
    family = _drawn(rng, names[0], size)[households]
    given = _drawn(rng, names[1], size)
    born = rng.integers(0, _DAYS, size)
    twin = rng.random(size) < TWINS
    junior = (rng.random(size) < JUNIORS) & ~twin
    other = _drawn(rng, names[0], size)
    chance = rng.random((size, 4))
    house = rng.integers(1, 99_999, (size, 3))[households]
    again = rng.random(size) < TWICE
    kept: list[Row] = []
    for n in range(size):
        same = n > 0 and households[n] == households[n - 1]
        if same and twin[n]:
            born[n] = born[n - 1]
        if same and junior[n]:
            given[n] = given[n - 1]
        day = _FIRST + dt.timedelta(days=int(born[n]))
        if chance[n, 0] < UNKNOWN_DAY:
            day = day.replace(month=1, day=1)
        old = chance[n, 1] < MERGED and n > 0
        row: Row = (
            mrn_of(begin + n),
            str(family[n]),
            str(given[n]),
            "ABCDEFGHJKLMR"[int(chance[n, 2] * 13)],
            "Jr" if same and junior[n] else "",
            day.isoformat(),
            "FM"[n % 2],
            f"{house[n, 0]} {_STREETS[house[n, 1] % 8]} St {house[n, 1] % 400}",
            "Springfield",
            f"{house[n, 1]:05d}",
            f"555-{house[n, 2] % 1000:03d}-{house[n, 0] % 10_000:04d}",
            f"{other[n]}, {given[n]}" if chance[n, 3] < MARRIED else "",
            mrn_of(begin + n - 1) if old else "",
            "",
        )
        if again[n] and kept and not row[-2]:
            row = _registered_again(row, kept[rng.integers(0, len(kept))], rng)
        kept = [*kept[-50:], row]
        yield row


def _registered_again(row: Row, before: Row, rng: np.random.Generator) -> Row:
    """The person of a row before, under this row's number: some of it is another."""
    told = dict(zip(COLUMNS, before, strict=True))
    new = dict(zip(COLUMNS, row, strict=True))
    for columns, share in _CHANGED.items():
        if rng.random() < share:
            told |= {column: new[column] for column in columns}
    if rng.random() < MISTYPED:
        day = told["birth_date"]
        told["birth_date"] = f"{day[:-1]}{(int(day[-1]) + 1) % 8 + 1}"[:10]
    if rng.random() < MISTYPED:
        told["first_name"] = told["first_name"][:-1] or "X"
    same = told["same_as"] or told["mrn"]
    told |= {"mrn": new["mrn"], "merged_into": "", "aliases": "", "same_as": same}
    return tuple(told[column] for column in COLUMNS)


def write(file: Path, count: int, seed: int) -> None:
    """The list as CSV."""
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(COLUMNS)
        rows.writerows(people(count, seed))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    write(asked.file, asked.people, asked.seed)
    print(f"{asked.people} people in {asked.file}", file=sys.stderr)


if __name__ == "__main__":
    main()
