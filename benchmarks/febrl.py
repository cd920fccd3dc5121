"""FEBRL 1 to 3: our pair score, Splink's and recordlinkage's on the same pairs.

    python -m benchmarks.febrl ../shared/data/patient-matching/febrl [--peers PYTHON]

Pairs are those with the same surname, given name, birth date, number, postcode or first
address line. A record is compared as a page that says all of it with a patient who is
registered so. Each scorer is judged at its own best line, and at the line that it names
by itself: ours at as many bits as make a pair likelier than not.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import subprocess
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from pipeline.document import Name, Patient, PatientId
from pipeline.finding import Clue
from pipeline.index.evidence import Known, compare
from pipeline.index.frequency import IndexShares
from pipeline.index.keys import iso_day
from pipeline.index.matchrules import MatchRules
from pipeline.index.names import fold
from pipeline.page import Box

PEERS = Path(__file__).with_name("febrl_peers.py")
BLOCKS = (
    "surname",
    "given_name",
    "date_of_birth",
    "soc_sec_id",
    "postcode",
    "address_1",
)
Row = Mapping[str, str]
Pair = tuple[str, str]
_PLACES = ("suburb", "postcode", "address_2")  # beside what a page says of people
_WRONG = 0.2  # of records whose place differs though the person is the same
_ALIKE = 80.0  # rapidfuzz ratio 0..100
_NOWHERE = Box(0, 0, 0, 0)
_READ = 0.9  # sureness of a typed record's field: typing errs more than recognition


def records(file: Path) -> dict[str, Row]:
    """By rec_id."""
    with file.open(newline="") as rows:
        return {
            row["rec_id"].strip(): {k.strip(): v.strip() for k, v in row.items()}
            for row in csv.DictReader(rows, skipinitialspace=True)
        }


def links(file: Path) -> set[Pair]:
    with file.open(newline="") as rows:
        return {
            _pair(r["rec_a"].strip(), r["rec_b"].strip()) for r in csv.DictReader(rows)
        }


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def pairs_of(people: Mapping[str, Row]) -> list[Pair]:
    """Every two records that share one of BLOCKS."""
    found: set[Pair] = set()
    for column in BLOCKS:
        blocks: dict[str, list[str]] = {}
        for name, row in people.items():
            if row[column]:
                blocks.setdefault(row[column], []).append(name)
        for some in blocks.values():
            found.update(_pair(*two) for two in combinations(some, 2))
    return sorted(found)


def _born(row: Row) -> str:
    text = row["date_of_birth"]
    day = iso_day(f"{text[:4]}-{text[4:6]}-{text[6:]}") if len(text) == 8 else None
    return day.isoformat() if day else ""


def _address(row: Row) -> str:
    return f"{row['street_number']} {row['address_1']}".strip()


def patient(name: str, row: Row) -> Patient:
    """The record as one who is registered; the social security number is its MRN."""
    return Patient(
        PatientId(name),
        row["soc_sec_id"],
        (Name(row["surname"], row["given_name"]),),
        iso_day(_born(row)),
        address=_address(row),
        postal_code=row["postcode"],
    )


def clues(row: Row) -> tuple[Clue, ...]:
    """The record as what a page says."""
    name = f"{row['surname']}|{row['given_name']}||".upper()
    said = {
        "mrn": row["soc_sec_id"],
        "born": _born(row),
        "address": _address(row).upper(),
        "name": name if row["surname"] else "",
    }
    return tuple(
        Clue(field, value, value, 1, _NOWHERE, _READ)
        for field, value in said.items()
        if value
    )


def scores(people: Mapping[str, Row], pairs: Sequence[Pair]) -> list[float]:
    """Bits of each pair, the better of both ways round."""
    held = {name: patient(name, row) for name, row in people.items()}
    told = {name: clues(row) for name, row in people.items()}
    known = Known(MatchRules(), _counted(held.values()))

    def bits(page: str, person: str) -> float:
        return sum(e.weight for e in compare(told[page], held[person], known))

    shares = {name: _shares(people.values(), name) for name in _PLACES}

    def whole(one: str, other: str) -> float:
        best = max(bits(one, other), bits(other, one))
        return best + sum(
            _agreement(people[one][name], people[other][name], shares[name])
            for name in _PLACES
        )

    return [whole(*pair) for pair in pairs]


def _counted(people: Collection[Patient]) -> IndexShares:
    names = [person.names[0] for person in people]
    families = Counter(fold(name.family) for name in names)
    return IndexShares(families, Counter(fold(n.given) for n in names), len(people))


def _shares(rows: Iterable[Row], column: str) -> dict[str, float]:
    counts = Counter(row[column] for row in rows if row[column])
    return {value: count / counts.total() for value, count in counts.items()}


def _agreement(one: str, other: str, shares: Mapping[str, float]) -> float:
    """Bits of two values of a column that our model of a page has no evidence for."""
    if not one or not other:
        return 0.0
    share = max(shares[one], shares[other])
    if one == other:
        return math.log2((1 - _WRONG) / share)
    if OSA.distance(one, other) <= 1 or fuzz.ratio(one, other) >= _ALIKE:
        return max(math.log2(_WRONG / share) - 1, 0.0)
    return math.log2(_WRONG)


def judged(
    found: Iterable[tuple[Pair, float]], true: set[Pair], line: float
) -> tuple[int, int, float]:
    """Right and wrong pairs from the line on, and F1 over all true ones."""
    said = {pair for pair, score in found if score >= line}
    right = len(said & true)
    return right, len(said) - right, 2 * right / max(len(said) + len(true), 1)


def best_line(found: Sequence[tuple[Pair, float]], true: set[Pair]) -> float:
    """The score from which on F1 is highest."""
    best, line, right = 0.0, math.inf, 0
    order = sorted(found, key=lambda one: -one[1])
    for at, (pair, score) in enumerate(order, 1):
        right += pair in true
        last = at == len(order) or order[at][1] < score
        if last and (f1 := 2 * right / (at + len(true))) > best:
            best, line = f1, score
    return line


def peers(python: Path, file: Path, pairs: Sequence[Pair]) -> dict[str, list[float]]:
    """Each peer's scores of the pairs, in their order."""
    with tempfile.TemporaryDirectory() as folder:
        asked, told = Path(folder) / "pairs.json", Path(folder) / "scores.json"
        asked.write_text(json.dumps(pairs))
        command = [str(one) for one in (python, "-I", PEERS, file, asked, told)]
        subprocess.run(command, check=True, capture_output=True)
        answer: dict[str, list[float]] = json.loads(told.read_text())
        return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peers", type=Path, help="a Python that has both peers")
    asked = parser.parse_args()
    print("| set | scorer | line | right | wrong | of true links | F1 | F1 at best |")
    print("|---|---|---|---|---|---|---|---|")
    for number in (1, 2, 3):
        file = asked.folder / f"febrl{number}.csv"
        people = records(file)
        true = links(asked.folder / f"febrl{number}_true_links.csv")
        pairs = pairs_of(people)
        own = math.log2(len(people))  # bits that make a pair likelier than not
        by = {"Chartfiler": (own, scores(people, pairs))}
        if asked.peers:
            for name, found in peers(asked.peers, file, pairs).items():
                by[name] = (0.5, found)
        for name, (line, found) in by.items():
            told = list(zip(pairs, found, strict=True))
            right, wrong, f1 = judged(told, true, line)
            best = judged(told, true, best_line(told, true))[2]
            row = [str(number), name, f"{line:.1f}", str(right), str(wrong)]
            row += [str(len(true)), f"{f1:.4f}", f"{best:.4f}"]
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
