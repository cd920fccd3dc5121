"""The patient and encounter lists that a site hands over as CSV.

Columns as in the import contract (docs/design.md); lists.py says what becomes of a bad
row.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pipeline.document import Encounter, Identifier, Name, Patient, PatientId
from pipeline.index.seen import Seen
from pipeline.lists import (
    BadRow,
    Record,
    Row,
    Unfit,
    needed_in,
    read_list,
    records_of,
    rows_in,
    rows_of,
)

PATIENT_COLUMNS = ("mrn", "last_name", "first_name", "birth_date")
ENCOUNTER_COLUMNS = ("encounter", "mrn")
CROSSWALK_COLUMNS = ("old_number", "authority", "mrn")
_SSN = 4  # digits kept of a social security number

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PatientRow:
    """A patient as registered, and the MRN of the record this one was merged into."""

    patient: Patient
    merged_into: str = field(repr=False)  # "" for a survivor
    line: int


@dataclass(frozen=True, slots=True)
class EncounterRow:
    """A stay or visit, and the MRN it belongs to.

    ``encounter.patient`` supposes that the patient was registered at the same
    facility; where that person does not exist, the MRN decides.
    """

    encounter: Encounter
    mrn: str = field(repr=False)
    line: int


@dataclass(frozen=True, slots=True)
class CrosswalkRow:
    """A number of an older or another house, who gave it out, and whose it is."""

    old_number: str = field(repr=False)
    authority: str
    mrn: str = field(repr=False)
    line: int


def patient_id(mrn: str, facility: str = "") -> PatientId:
    """The id of the person with this number: the same at every import, opaque."""
    seed = f"{facility.strip()}\0{mrn.strip()}".encode()
    return PatientId("p" + hashlib.sha256(seed).hexdigest()[:16])


def read_patients(file: Path) -> Iterator[PatientRow | BadRow]:
    """Every row of the patient list, in file order.

    Raises UnreadableFile if it is no such list in UTF-8.
    """
    yield from read_list(file, patients_in)


def read_encounters(file: Path) -> Iterator[EncounterRow | BadRow]:
    """Every row of the encounter list, in file order.

    Raises UnreadableFile if it is no such list in UTF-8.
    """
    yield from read_list(file, encounters_in)


def read_crosswalk(file: Path) -> Iterator[CrosswalkRow | BadRow]:
    """Every row of a list of old numbers, in file order.

    Raises UnreadableFile if it is no such list in UTF-8.
    """
    yield from read_list(file, crosswalk_in)


def crosswalk_in(lines: Iterable[str]) -> Iterator[CrosswalkRow | BadRow]:
    """The same from lines of text."""
    for line, row in rows_of(lines, CROSSWALK_COLUMNS):
        try:
            old, authority, mrn = (needed_in(row, c) for c in CROSSWALK_COLUMNS)
        except Unfit as unfit:
            yield BadRow(line, str(unfit))
        else:
            yield CrosswalkRow(old, authority, mrn, line)


def patients_in(lines: Iterable[str]) -> Iterator[PatientRow | BadRow]:
    """The same from lines of text."""
    return patients_of(records_of(lines))


def patients_of(records: Iterable[Record]) -> Iterator[PatientRow | BadRow]:
    """The same from records, the header first."""
    seen = Seen()
    for line, row in rows_in(records, PATIENT_COLUMNS):
        try:
            patient = _patient(row)
        except Unfit as unfit:
            yield BadRow(line, str(unfit))
            continue
        if row["merged_into"] == patient.mrn:
            yield BadRow(line, "merged_into: the record's own number")
        elif not seen.add(int(patient.id[1:], 16) or 1):
            yield BadRow(line, "mrn: already given on an earlier line")
        else:
            yield PatientRow(patient, row["merged_into"], line)


def encounters_in(lines: Iterable[str]) -> Iterator[EncounterRow | BadRow]:
    """The same from lines of text."""
    for line, row in rows_of(lines, ENCOUNTER_COLUMNS):
        try:
            encounter = _encounter(row)
        except Unfit as unfit:
            yield BadRow(line, str(unfit))
        else:
            yield EncounterRow(encounter, row["mrn"], line)


def _patient(row: Row) -> Patient:
    mrn, facility = needed_in(row, "mrn"), row["facility"]
    born, died = _day(row, "birth_date"), _day(row, "death_date")
    if born and died and died < born:
        raise Unfit("death_date: before birth_date")
    return Patient(
        id=patient_id(mrn, facility),
        mrn=mrn,
        names=_names(row),
        born=born,
        sex=_sex(row["sex"]),
        identifiers=_identifiers(row),
        address=row["address"],
        city=row["city"],
        postal_code=row["postal_code"],
        phone=row["phone"],
        ssn_last4=_ssn(row),
        died=died,
        birth_order=_number(row, "birth_order"),
        facility=facility,
    )


def _names(row: Row) -> tuple[Name, ...]:
    official = Name(
        needed_in(row, "last_name"),
        row["first_name"],
        row["middle_name"],
        row["suffix"],
    )
    aliases = []
    for alias in filter(None, (a.strip() for a in row["aliases"].split(";"))):
        family, _, given = (part.strip() for part in alias.partition(","))
        if not family:
            raise Unfit("aliases: not LAST, FIRST")
        first, _, middle = given.partition(" ")
        aliases.append(Name(family, first, middle, alias=True))
    return (official, *aliases)


def _identifiers(row: Row) -> tuple[Identifier, ...]:
    found = []
    for other in filter(None, (o.strip() for o in row["other_ids"].split(";"))):
        authority, kind, value = (*other.split(":", 2), "", "")[:3]
        if not (authority and kind and value):
            raise Unfit("other_ids: not authority:type:value")
        found.append(Identifier(value.strip(), authority.strip(), kind.strip()))
    return tuple(found)


def _encounter(row: Row) -> Encounter:
    mrn, facility = needed_in(row, "mrn"), row["facility"]
    admit, discharge = _day(row, "admit"), _day(row, "discharge")
    if admit and discharge and discharge < admit:
        raise Unfit("discharge: before admit")
    return Encounter(
        number=needed_in(row, "encounter"),
        facility=facility,
        patient=patient_id(mrn, facility),
        kind=row["class"],
        admit=admit,
        discharge=discharge,
    )


def _day(row: Row, column: str) -> dt.date | None:
    return _parsed(row, column, lambda text: dt.date.fromisoformat(text[:10]))


def _number(row: Row, column: str) -> int | None:
    return _parsed(row, column, int)


def _parsed(row: Row, column: str, parse: Callable[[str], T]) -> T | None:
    if not row[column]:
        return None
    try:
        return parse(row[column])
    except ValueError:
        # the original message quotes the field
        raise Unfit(f"{column}: cannot be read") from None


def _sex(text: str) -> str:
    return text[:1].upper() if text[:1].upper() in ("F", "M") else ""


def _ssn(row: Row) -> str:
    digits = row["ssn_last4"]
    if digits and not (len(digits) == _SSN and digits.isdigit()):
        raise Unfit("ssn_last4: not four digits")
    return digits
