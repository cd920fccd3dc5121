"""The patient index at size: import, candidates for a page, the clerk's search box.

    python -m benchmarks.ten_million [--people 200000] [--seed 7] [--folder DIR]

Made-up people (benchmarks/population.py) come in by ``patients import`` itself, name
alerts included; then another process, as a worker is, looks up pages and searches. A
folder that holds an index of this size is measured as it is.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import multiprocessing
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks import population
from pipeline.commands.people import import_patients
from pipeline.finding import Clue
from pipeline.index.candidates import KeyedIndex
from pipeline.index.numbers import MrnFormat
from pipeline.page import Box
from pipeline.site import open_site

PAGES = 400  # of each kind
SAMPLE = 4000  # rows of the list to make them of
Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="index-"))
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / f"{asked.people}.csv"
    if not listed.exists():
        population.write(listed, asked.people, asked.seed)
    data = folder / f"data-{asked.people}"
    told: dict[str, Any] = {"people": asked.people, "seed": asked.seed}
    if not data.exists():
        told["import"] = _in_a_process(importing, data, listed)
    told["worker"] = _in_a_process(looking_up, data, listed, asked.seed)
    told["catalogue MB"] = (data / "catalogue.sqlite").stat().st_size >> 20
    print(json.dumps(told, indent=1))
    if not asked.folder:
        shutil.rmtree(folder)


def _in_a_process(what: Callable[..., dict[str, Any]], *with_: object) -> object:
    """Its own, so that its memory is its own."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn) as pool:  # a Pool's may not start their own
        return pool.submit(what, *with_).result()


def importing(data: Path, listed: Path) -> dict[str, float]:
    """Seconds by the clock and of one core, and MB at most."""
    site, began = open_site(data), time.monotonic()
    import_patients(site, listed, None, Console())
    took = time.monotonic() - began
    reader = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = time.process_time() + reader.ru_utime + reader.ru_stime
    return {
        "seconds": round(took, 1),
        "seconds of a core": round(used, 1),
        "MB": _peak(),
        "MB of the reader": reader.ru_maxrss // 1024,
    }


def looking_up(data: Path, listed: Path, seed: int) -> dict[str, Any]:
    """Milliseconds at each share of the pages, by kind; MB at most."""
    site, rng = open_site(data), random.Random(seed)
    rows = sample(listed, seed)
    index = KeyedIndex(site.people, MrnFormat((9,)), site.alerts)
    told: dict[str, Any] = {"size": index.size}
    for kind, clues_of in PAGE_KINDS.items():
        some = [rng.choice(rows) for _ in range(PAGES)]
        asked = [clues_of(row, rng) for row in some]
        told[kind] = _timed(lambda clues: index.candidates(clues), asked, some)
    for kind, typed_of in SEARCHES.items():
        some = [rng.choice(rows) for _ in range(PAGES)]
        typed = [typed_of(row, rng) for row in some]
        told[f"search: {kind}"] = _timed(lambda t: site.people.find(t, 20), typed, some)
    return told | {"MB": _peak()}


def sample(listed: Path, seed: int) -> list[Row]:
    """Some living rows from everywhere in the list."""
    rng, size = random.Random(seed), listed.stat().st_size
    found: list[Row] = []
    with listed.open("rb") as file:
        while len(found) < SAMPLE:
            file.seek(rng.randrange(size))
            file.readline()
            line = file.readline().decode()
            cells = next(csv.reader([line]), [])
            row = dict(zip(population.COLUMNS, cells, strict=False))
            if len(cells) == len(population.COLUMNS) and not row["merged_into"]:
                found.append(row)
    return found


def _timed(
    ask: Callable[[Any], Sequence[Any]], asked: Sequence[Any], rows: Sequence[Row]
) -> dict[str, float]:
    took, lengths, found = [], [], 0
    for one, row in zip(asked, rows, strict=True):
        began = time.perf_counter()
        people = ask(one)
        took.append((time.perf_counter() - began) * 1000)
        lengths.append(len(people))
        found += any(p.mrn == row["mrn"] for p in people)
    took.sort()
    at = {f"p{n}": round(took[len(took) * n // 100], 1) for n in (50, 95, 99)}
    return at | {
        "people": sum(lengths) // len(lengths),
        "found": round(found / len(rows), 3),
    }


# --- pages


def _clue(field: str, value: str) -> Clue:
    return Clue(field, value, value, 1, Box(0, 0, 1, 1), 0.95)


def _name(row: Row) -> Clue:
    return _clue("name", f"{row['last_name']}|{row['first_name']}||".upper())


def _born(row: Row) -> Clue:
    return _clue("born", row["birth_date"])


def _misread(row: Row, rng: random.Random) -> str:
    mrn, at = row["mrn"], rng.randrange(9)
    return mrn[:at] + rng.choice("0123456789") + mrn[at + 1 :]


def _frequent(row: Row, rng: random.Random) -> Row:
    """The commonest surnames and given names, with a birth date of somebody's."""
    first = rng.choice(["James", "Mary", "John", "Robert"])
    return row | {
        "last_name": rng.choice(["Smith", "Johnson", "Williams", "Brown"]),
        "first_name": first,
    }


PageOf = Callable[[Row, random.Random], list[Clue]]
PAGE_KINDS: dict[str, PageOf] = {
    "MRN, name, birth date": lambda r, _: [_clue("mrn", r["mrn"]), _name(r), _born(r)],
    "name, birth date": lambda r, _: [_name(r), _born(r)],
    "name": lambda r, _: [_name(r)],
    "misread MRN, name, birth date": lambda r, rng: [
        _clue("mrn", _misread(r, rng)),
        _name(r),
        _born(r),
    ],
    "misread MRN": lambda r, rng: [_clue("mrn", _misread(r, rng))],
    "birth date": lambda r, _: [_born(r)],
    "frequent name": lambda r, rng: [_name(_frequent(r, rng))],
    "frequent name, birth date": lambda r, rng: [_name(_frequent(r, rng)), _born(r)],
}


# --- what a clerk types


def _typo(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word))
    if rng.random() < 0.5:
        return word[:at] + word[at + 1 :]
    return word[:at] + rng.choice("aeiourtnsl") + word[at + 1 :]


TypedOf = Callable[[Row, random.Random], str]
SEARCHES: dict[str, TypedOf] = {
    "surname, given": lambda r, _: f"{r['last_name']} {r['first_name']}",
    "surname": lambda r, _: r["last_name"],
    "beginnings": lambda r, _: f"{r['last_name'][:4]} {r['first_name'][:2]}",
    "two letters": lambda r, _: r["last_name"][:2],
    "one typo": lambda r, rng: f"{_typo(r['last_name'], rng)} {r['first_name']}",
    "by sound": lambda r, _: f"{_heard(r['last_name'])} {r['first_name']}",
    "surname, birth date": lambda r, _: f"{r['last_name'][:5]} {r['birth_date']}",
    "birth date": lambda r, _: r["birth_date"],
    "MRN": lambda r, _: r["mrn"],
    "MRN, its beginning": lambda r, _: r["mrn"][:6],
    "MRN, its end": lambda r, _: r["mrn"][-5:],
    "surname, MRN's end": lambda r, _: f"{r['last_name'][:4]} {r['mrn'][-4:]}",
    "nobody": lambda r, _: f"{r['last_name'][::-1]}x {r['first_name'][::-1]}q",
}


def _heard(name: str) -> str:
    """The same sound, another spelling."""
    for one, other in (("i", "y"), ("e", "a"), ("ll", "l"), ("c", "k"), ("s", "z")):
        if one in name[1:]:
            return name[0] + name[1:].replace(one, other, 1)
    return name + "e"


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    print(f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC")
    main()
