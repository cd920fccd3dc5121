"""The peers of the trap set: exact rules, and Splink in an environment of its own."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.traps.people import People
from pipeline.document import Patient

FIELDS = ("mrn", "family", "given", "born", "sex", "address", "phone")
SPLINK = Path(__file__).with_name("splink_peer.py")


def exact_rules(read: Sequence[str], people: Iterable[Patient]) -> int:
    """Whom a hospital's usual rules file it to, as a row of the index; -1: nobody.

    The number's owner, if surname or birth date agree; else the only one with surname,
    given name and birth date. ``people`` hold everybody whom the page calls to mind.
    """
    mrn, family, given, born = read[:4]
    known = tuple(people)
    for one in known:
        same = one.names[0].family.upper() == family or str(one.born) == born
        if mrn and one.mrn == mrn:
            return _row(one) if same else -1
    found = [
        one
        for one in known
        if family
        and given
        and str(one.born) == born
        and one.names[0].family.upper() == family
        and one.names[0].given.upper() == given
    ]
    return _row(found[0]) if len(found) == 1 else -1


def _row(one: Patient) -> int:
    return int(one.id[1:])


def write_people(people: People, file: Path) -> None:
    """The index as Splink reads it."""
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("unique_id", *FIELDS))
        for row in range(len(people)):
            one = people.at(row)
            name, phone = one.names[0], filter(str.isdigit, one.phone)
            told = (one.mrn, name.family.upper(), name.given.upper(), one.born)
            rest = (one.sex, one.address.upper(), "".join(phone))
            rows.writerow((f"t{row}", *told, *rest))


def write_pages(read: Iterable[tuple[int, Sequence[str]]], file: Path) -> None:
    """What was read of each page by number."""
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("unique_id", *FIELDS))
        rows.writerows((f"p{number}", *fields) for number, fields in read)


def splink(python: Path, folder: Path, log: Path) -> bool:
    """Whether that Python has Splink and it answered; its words go to the log."""
    if not python.is_file():
        return False
    with log.open("w") as words:
        done = subprocess.run(
            [python, "-I", SPLINK, folder], stdout=words, stderr=words, check=False
        )
    return done.returncode == 0


Answer = tuple[int, float, float]  # row of the index, bits of the pair, 1 - probability


def answers(file: Path) -> dict[int, Answer]:
    """By page number."""
    with file.open(newline="") as rows:
        return {
            int(row["page"][1:]): (
                int(row["person"][1:]),
                float(row["weight"]),
                float(row["doubt"]),
            )
            for row in csv.DictReader(rows)
        }
