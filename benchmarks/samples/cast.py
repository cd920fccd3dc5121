"""The patients and stays of the samples, with the people whom indexes confuse."""

import csv
import datetime as dt
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from random import Random

from benchmarks.forms.people import (
    Person,
    make_name,
    make_person,
    with_check_digit,
)

_CROWD = 56
MAIDEN_NAME = "Quillfeather"
_SERVICES = ("MED", "SUR", "ORT", "CAR", "PUL")
ROLES = (
    "chart", "foreign", "morning", "noon", "evening", "volume", "label", "married",
    "writer", "pupil", "doctor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stay:
    """One encounter; the fields are the columns of the encounter import, in order."""

    encounter: str
    facility: str
    mrn: str
    kind: str
    admit: dt.date
    discharge: dt.date
    service: str
    attending: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in the index, their stays, and who plays which part in the scans."""

    people: tuple[Person, ...]
    stays: tuple[Stay, ...]
    roles: dict[str, Person]
    stranger: Person

    def stays_of(self, role: str) -> list[Stay]:
        """Stays of the one who plays the part, oldest first."""
        mrn = self.roles[role].mrn
        return sorted(
            (stay for stay in self.stays if stay.mrn == mrn), key=lambda s: s.admit
        )


def make_cast(seed: int) -> Cast:
    """The same people for the same seed."""
    rng = Random(f"cast/{seed}")
    crowd = _distinct(rng, _CROWD + len(ROLES) + 1)
    roles = dict(zip(ROLES, crowd, strict=False))
    stranger, rest = crowd[len(ROLES)], crowd[len(ROLES) + 1 :]
    roles |= _lookalikes(rest[:5], rng)
    roles["pupil"] = _child(roles["pupil"], rng)
    roles["married"] = replace(
        roles["married"], sex="F", first_name="Harriet", middle_name="June",
        aliases=f"{MAIDEN_NAME}, Harriet",
    )  # fmt: skip
    for name in ("volume", "writer", "chart"):
        number = f"GVG:MR:{rng.randint(1_000_000, 8_999_999)}"
        roles[name] = replace(roles[name], other_ids=number)
    people = (*roles.values(), *rest[5:])
    stays = tuple(_stays(roles, people, rng))
    ordered = sorted(people, key=lambda person: person.mrn)
    return Cast(tuple(ordered), stays, roles, stranger)


def write_index(cast: Cast, folder: Path) -> None:
    """patients.csv and encounters.csv in the formats of the import."""
    header = [field.name for field in fields(Person)]
    _write(folder / "patients.csv", header, [astuple(one) for one in cast.people])
    header = [field.name for field in fields(Stay)]
    header[header.index("kind")] = "class"
    _write(folder / "encounters.csv", header, [astuple(one) for one in cast.stays])


def _write(path: Path, header: list[str], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _distinct(rng: Random, count: int) -> list[Person]:
    """Adults, no two of whom share a surname or a number."""
    found: dict[str, Person] = {}
    numbers: set[str] = set()
    while len(found) < count:
        person = make_person(rng, 36, 88)
        if person.last_name not in found and person.mrn not in numbers:
            numbers.add(person.mrn)
            found[person.last_name] = person
    return list(found.values())


def _lookalikes(people: list[Person], rng: Random) -> dict[str, Person]:
    twin, father, one, survivor, _ = people
    girls = replace(
        twin, first_name="Agnes", middle_name="Rose", sex="F", suffix="",
        birth_date=dt.date(1987, 6, 14), birth_order="1",
    )  # fmt: skip
    young = father.birth_date.replace(year=1976)
    old = father.birth_date.replace(year=1948)
    senior = replace(father, suffix="Sr", sex="M", first_name="Leon", birth_date=old)
    return {
        "twin": girls,
        "other_twin": replace(
            girls, mrn=_another(rng), first_name="Alice", middle_name="Marie",
            birth_order="2", ssn_last4=f"{rng.randint(1, 9999):04d}",
        ),
        "senior": senior,
        "junior": replace(
            senior, mrn=_another(rng), suffix="Jr", birth_date=young,
            ssn_last4=f"{rng.randint(1, 9999):04d}",
        ),
        "namesake": one,
        "other_namesake": replace(
            one, mrn=_another(rng), middle_name="", phone="330-555-0199",
            birth_date=one.birth_date + dt.timedelta(days=3 * 365 + 41),
            address="17 Vinegar Court", ssn_last4=f"{rng.randint(1, 9999):04d}",
        ),
        "survivor": survivor,
        "merged": replace(survivor, mrn=_another(rng), merged_into=survivor.mrn),
    }  # fmt: skip


def _child(person: Person, rng: Random) -> Person:
    born = dt.date(2003, rng.randint(1, 12), rng.randint(1, 28))
    return replace(person, birth_date=born, ssn_last4="")


def _another(rng: Random) -> str:
    return with_check_digit(f"{rng.randrange(1_900_000, 1_999_999):07d}")


def _stays(
    roles: dict[str, Person], people: tuple[Person, ...], rng: Random
) -> list[Stay]:
    admitted = [roles["chart"], roles["chart"], roles["volume"], roles["volume"]]
    admitted += [roles[name] for name in ("foreign", "morning", "evening", "survivor")]
    admitted += rng.sample(people[len(roles) :], 10)
    stays = []
    for i, person in enumerate(admitted):
        earliest = max(dt.date(2001 + i % 9, 1, 10), person.birth_date)
        admit = earliest + dt.timedelta(days=rng.randint(1, 330))
        stays.append(Stay(
            encounter=f"V{rng.randint(1_000_000, 8_999_999)}",
            facility=person.facility,
            mrn=person.mrn,
            kind="inpatient",
            admit=admit,
            discharge=admit + dt.timedelta(days=rng.randint(3, 9)),
            service=rng.choice(_SERVICES),
            attending=make_name(rng),
        ))  # fmt: skip
    return stays
