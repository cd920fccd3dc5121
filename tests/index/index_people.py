"""A patient index in memory, and pages laid out from lines of text."""

import datetime as dt
from collections import Counter

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
from pipeline.index.namewords import patient_words
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
    """PatientRows and SearchedRows over a list."""

    def __init__(self, patients, encounters=(), size=None):
        self.by_key = {}
        self.stays = {}
        for stay in encounters:
            self.stays.setdefault(stay.patient, []).append(stay)
        for patient in patients:
            for key in patient_keys(patient, self.encounters(patient.id)):
                self.by_key.setdefault(key, []).append(patient)
        self.people = tuple(patients)
        self.size = size or len(patients)

    def with_keys(self, keys, most=None):
        shared = Counter(p for key in keys for p in self.by_key.get(key, ()))
        return tuple(sorted(shared, key=lambda p: -shared[p])[:most])

    def bearers(self, keys):
        return {key: len(self.by_key.get(key, ())) for key in keys}

    def mrn_begins(self, head, most):
        return tuple(p for p in self.people if p.mrn.startswith(head))[:most]

    def _words(self, fits):
        words = [w for p in self.people for w in patient_words(p) if fits(w)]
        return tuple(w for w, _ in Counter(words).most_common())

    def words_that_begin(self, head, most):
        return self._words(lambda w: w.word.startswith(head))[:most]

    def words_that_sound(self, sound, most):
        return self._words(lambda w: w.sound == sound)[:most]

    def words_among(self, words):
        return self._words(lambda w: w.word in words)

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
