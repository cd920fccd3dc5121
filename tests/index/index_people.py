"""A patient index in memory, and pages laid out from lines of text."""

import datetime as dt

from pipeline.document import (
    Batch,
    BatchId,
    Encounter,
    Key,
    Name,
    Patient,
    PatientId,
    Sidecar,
    SourceFile,
)
from pipeline.finding import Clue
from pipeline.index.candidates import KeyedIndex
from pipeline.index.keys import patient_keys
from pipeline.index.numbers import MrnFormat
from pipeline.page import Box, Mark, Page, Quality, Word

ISO_FORMAT = MrnFormat((8,), "", "iso7064_mod11_10")
BOX = Box(10, 10, 50, 20)


def with_check_digit(number: int) -> str:
    """Eight digits of which the last is ISO 7064 MOD 11,10."""
    digits = f"{number:07d}"
    rest = 10
    for digit in digits:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return digits + str((11 - rest) % 10)


def person(mrn: str, name: str, born: str, **more) -> Patient:
    """``name`` is FAMILY|GIVEN|MIDDLE|SUFFIX, shorter if need be."""
    family, given, middle, suffix = (*name.split("|"), "", "", "")[:4]
    return Patient(
        id=PatientId(f"id-{mrn}"),
        mrn=mrn,
        names=(Name(family, given, middle, suffix), *more.pop("aliases", ())),
        born=dt.date.fromisoformat(born) if born else None,
        **more,
    )


class Rows:
    """PatientRows over a list."""

    def __init__(self, patients, encounters=(), size=None):
        self.by_key = {}
        self.stays = {}
        for stay in encounters:
            self.stays.setdefault(stay.patient, []).append(stay)
        for patient in patients:
            for key in patient_keys(patient, self.encounters(patient.id)):
                self.by_key.setdefault(key, []).append(patient)
        self.size = size or len(patients)

    def with_keys(self, keys, most=None):
        found = [p for key in keys for p in self.by_key.get(key, ())]
        return tuple({p.id: p for p in found}.values())[:most]

    def bearers(self, keys):
        return {key: len(self.by_key.get(key, ())) for key in keys}

    def count(self):
        return self.size

    def encounters(self, patient) -> tuple[Encounter, ...]:
        return tuple(self.stays.get(patient, ()))


def index_of(patients, encounters=(), size=20_000, form=ISO_FORMAT) -> KeyedIndex:
    return KeyedIndex(Rows(patients, encounters, size), form)


def clue(field, value, page=1, confidence=0.96, **more) -> Clue:
    return Clue(field, value, value, page, BOX, confidence, **more)


def page_of(number, *lines, marks=(), confidence=0.96, **more) -> Page:
    """A letter page at 300 dpi with these lines of text at its top."""
    words = []
    for row, line in enumerate(lines):
        left = 200.0
        for text in line.split(" "):
            if not text:  # two blanks: a wide gap
                left += 120
                continue
            box = Box(left, 200 + row * 60, left + 20 * len(text), 235 + row * 60)
            words.append(Word(text, box, confidence, row))
            left = box.right + 16
    quality = Quality(0.05, more.pop("blank", False), 300, 50.0, 2.0, 0.0, confidence)
    return Page(
        number=number,
        size=(2550, 3300),
        words=tuple(words),
        marks=tuple(Mark(kind, text, BOX) for kind, text in marks),
        dpi=300,
        rotation=0,
        quality=quality,
        engine="recorded",
        **more,
    )


def batch_of(n=1, order=(), names=(), **more) -> Batch:
    files = tuple(
        SourceFile(name, Key("0" * 64), 1) for name in (names or (f"{n}.pdf",))
    )
    return Batch(
        BatchId("b1"),
        dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
        "scans",
        files,
        Sidecar(
            order=tuple(order),
            patient=more.pop("declared", ""),
            sheets=more.pop("sheets", None),
        ),
        **more,
    )
