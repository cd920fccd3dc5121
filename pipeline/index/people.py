"""The patient and encounter lists that a site hands over as CSV.

Columns as in the import contract (docs/design.md). A bad row is told by line and
column, never by its content, and the rest is taken.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pipeline.document import Encounter, Identifier, Name, Patient, PatientId
from pipeline.errors import UnreadableFile

PATIENT_COLUMNS = ("mrn", "last_name", "first_name", "birth_date")
ENCOUNTER_COLUMNS = ("encounter", "mrn")
_SSN = 4  # digits kept of a social security number

Row = dict[str, str]
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
class BadRow:
    """A row that was left out, and why; without a word of its content."""

    line: int
    reason: str


class _Unfit(ValueError):
    """A field cannot be taken; the message names its column only."""


def patient_id(mrn: str, facility: str = "") -> PatientId:
    """The id of the person with this number: the same at every import, opaque."""
    seed = f"{facility.strip()}\0{mrn.strip()}".encode()
    return PatientId("p" + hashlib.sha256(seed).hexdigest()[:16])


def read_patients(file: Path) -> Iterator[PatientRow | BadRow]:
    """Every row of the patient list, in file order.

    Raises UnreadableFile if it is no such list in UTF-8.
    """
    yield from _from_file(file, patients_in)


def read_encounters(file: Path) -> Iterator[EncounterRow | BadRow]:
    """Every row of the encounter list, in file order.

    Raises UnreadableFile if it is no such list in UTF-8.
    """
    yield from _from_file(file, encounters_in)


def _from_file(
    file: Path, rows_in: Callable[[Iterable[str]], Iterator[T]]
) -> Iterator[T]:
    try:
        opened = file.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        why = error.strerror
        raise UnreadableFile(f"the list cannot be opened: {why}") from None
    with opened as lines:
        try:
            yield from rows_in(lines)
        except UnicodeDecodeError:
            # the original message quotes the bytes
            raise UnreadableFile("the list is not UTF-8: export it as such") from None


def patients_in(lines: Iterable[str]) -> Iterator[PatientRow | BadRow]:
    """The same from lines of text."""
    seen: set[PatientId] = set()
    for line, row in _rows(lines, PATIENT_COLUMNS):
        try:
            patient = _patient(row)
        except _Unfit as unfit:
            yield BadRow(line, str(unfit))
            continue
        if patient.id in seen:
            yield BadRow(line, "mrn: already given on an earlier line")
        elif row["merged_into"] == patient.mrn:
            yield BadRow(line, "merged_into: the record's own number")
        else:
            seen.add(patient.id)
            yield PatientRow(patient, row["merged_into"], line)


def encounters_in(lines: Iterable[str]) -> Iterator[EncounterRow | BadRow]:
    """The same from lines of text."""
    for line, row in _rows(lines, ENCOUNTER_COLUMNS):
        try:
            encounter = _encounter(row)
        except _Unfit as unfit:
            yield BadRow(line, str(unfit))
        else:
            yield EncounterRow(encounter, row["mrn"], line)


class _Fields(dict[str, str]):
    """A row whose missing optional columns read as empty."""

    def __missing__(self, column: str) -> str:
        return ""


def _rows(lines: Iterable[str], needed: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    reader = csv.reader(lines, strict=True)
    try:
        header = [c.strip().lower().removeprefix("\ufeff") for c in next(reader, [])]
        missing = [column for column in needed if column not in header]
        if missing:
            raise UnreadableFile(
                f"the list has no column {', '.join(missing)}: check its header line"
            )
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            cells += [""] * (len(header) - len(cells))
            fields = (" ".join(cell.split()) for cell in cells)
            # a surplus field shifts the rest: the row is refused by its mark
            row = _Fields(zip(header, fields, strict=False))
            if len(cells) > len(header):
                row["mrn"] = ""
            yield reader.line_num, row
    except csv.Error as error:
        raise UnreadableFile(
            f"line {reader.line_num} is not CSV: mend its quotes and import again"
        ) from error


def _patient(row: Row) -> Patient:
    mrn, facility = _needed(row, "mrn"), row["facility"]
    born, died = _day(row, "birth_date"), _day(row, "death_date")
    if born and died and died < born:
        raise _Unfit("death_date: before birth_date")
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
        _needed(row, "last_name"), row["first_name"], row["middle_name"], row["suffix"]
    )
    aliases = []
    for alias in filter(None, (a.strip() for a in row["aliases"].split(";"))):
        family, _, given = (part.strip() for part in alias.partition(","))
        if not family:
            raise _Unfit("aliases: not LAST, FIRST")
        first, _, middle = given.partition(" ")
        aliases.append(Name(family, first, middle, alias=True))
    return (official, *aliases)


def _identifiers(row: Row) -> tuple[Identifier, ...]:
    found = []
    for other in filter(None, (o.strip() for o in row["other_ids"].split(";"))):
        authority, kind, value = (*other.split(":", 2), "", "")[:3]
        if not (authority and kind and value):
            raise _Unfit("other_ids: not authority:type:value")
        found.append(Identifier(value.strip(), authority.strip(), kind.strip()))
    return tuple(found)


def _encounter(row: Row) -> Encounter:
    mrn, facility = _needed(row, "mrn"), row["facility"]
    admit, discharge = _day(row, "admit"), _day(row, "discharge")
    if admit and discharge and discharge < admit:
        raise _Unfit("discharge: before admit")
    return Encounter(
        number=_needed(row, "encounter"),
        facility=facility,
        patient=patient_id(mrn, facility),
        kind=row["class"],
        admit=admit,
        discharge=discharge,
    )


def _needed(row: Row, column: str) -> str:
    if not row[column]:
        raise _Unfit(f"{column}: empty, or the row has a field too many")
    return row[column]


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
        raise _Unfit(f"{column}: cannot be read") from None


def _sex(text: str) -> str:
    return text[:1].upper() if text[:1].upper() in ("F", "M") else ""


def _ssn(row: Row) -> str:
    digits = row["ssn_last4"]
    if digits and not (len(digits) == _SSN and digits.isdigit()):
        raise _Unfit("ssn_last4: not four digits")
    return digits
