"""Made-up rows of a catalogue: a record of any size and a queue of any length.

The rows are written as the journey would leave them, without its work: pages of one
line, readings with three patients each, reasons by a fixed draw.
"""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pipeline.document import (
    BatchId,
    DocumentId,
    DocumentType,
    Doubt,
    Name,
    Patient,
    PatientId,
    Reading,
    Review,
    ScannedDocument,
    Sidecar,
)
from pipeline.finding import Evidence, Finding
from pipeline.page import Box, Quality, Word
from pipeline.ranking import rank_waiting
from pipeline.site import open_site
from pipeline.store.packing import (
    MARKS,
    QUALITY,
    READING,
    REVIEW,
    SIDECAR,
    TROUBLES,
    WORDS,
)

SEED = 20261126
PAGES_A_BATCH = 100
PAGES_A_DOCUMENT = 2  # of a filed one; one that waits has a page
PEOPLE = 5000
AT_ONCE = 1000
START = dt.datetime(2026, 1, 5, 8, 0, tzinfo=dt.UTC)
REASONS = (
    ("two patients fit and neither is beyond doubt", 0.4),
    ("unsure of the type", 0.3),
    ("the patient is probably not in the index", 0.2),
    ("an identifier belongs to another patient", 0.09),
    ("a page could not be read", 0.01),
)
STATIONS = ("scan-1", "scan-2", "fax", "mail room")
GOOD = Quality(0.05, False, 300, 40.0, 2.0, 0.3, 0.9)  # noqa: FBT003 - not blank
Rows = Iterable[tuple[object, ...]]


def fill(data: Path, waiting: int, filed_pages: int) -> bool:
    """Make the data folder, unless it is there; whether it was made."""
    if (data / "catalogue.sqlite").exists():
        return False
    site = open_site(data)
    types = [facts.key for facts in site.type_facts.values()]
    site.catalogue.close()
    with sqlite3.connect(data / "catalogue.sqlite") as rows:
        rows.execute("PRAGMA synchronous = OFF")
        rows.execute("PRAGMA foreign_keys = OFF")
        made = Made(rows, types)
        made.people()
        made.record(filed_pages)
        made.queue(waiting)
    rows.close()
    site = open_site(data)
    while rank_waiting(site.worklist, site.type_facts, site.settings.queue, AT_ONCE):
        pass
    site.catalogue.close()
    return True


class Made:
    """The rows of one catalogue, by one draw."""

    def __init__(self, rows: sqlite3.Connection, types: list[DocumentType]) -> None:
        self._rows, self._types = rows, types
        self._dice = random.Random(SEED)
        words = tuple(
            Word(f"word{n}", Box(n * 20, 10, n * 20 + 18, 30), 0.9) for n in range(12)
        )
        self._page = (
            2550, 3300, 300, 0, "made 1", "f",
            QUALITY.text(GOOD), MARKS.text(()), TROUBLES.text(()), WORDS.blob(words),
        )  # fmt: skip
        poor = replace(GOOD, again=("blurred",))
        self._poor = (*self._page[:6], QUALITY.text(poor), *self._page[7:])
        self._patients = [_patient(n) for n in range(PEOPLE)]

    def people(self) -> None:
        rows = ((p.id, p.mrn, "", None, None, "") for p in self._patients)
        self._insert("patient (id, mrn, facility, born, merged_into, facts)", rows)

    def record(self, pages: int) -> None:
        """Filed pages, in batches; each document has one version."""
        for number in range(pages // PAGES_A_BATCH):
            batch = f"f{number:06}"
            documents = PAGES_A_BATCH // PAGES_A_DOCUMENT
            ids = [f"{batch}-{n}" for n in range(documents)]
            self._batch(batch, START + dt.timedelta(minutes=number), ids)
            filed = START + dt.timedelta(minutes=number, seconds=30)
            self._insert(
                'filed (id, document, version, patient, type, date, "by", key, filed)',
                (
                    (
                        id_, id_, 1, self._dice.choice(self._patients).id,
                        self._dice.choice(self._types), "2020-01-01", "rules 1",
                        "0" * 64, _moment(filed),
                    )
                    for id_ in ids
                ),
            )  # fmt: skip

    def queue(self, waiting: int) -> None:
        """Documents of one page that wait, as the question put them."""
        for number in range(-(-waiting // PAGES_A_BATCH)):
            batch, at = f"w{number:06}", START + dt.timedelta(days=300, minutes=number)
            count = min(PAGES_A_BATCH, waiting - number * PAGES_A_BATCH)
            ids = [f"{batch}-{n}" for n in range(count)]
            self._batch(batch, at, ids)
            reasons = [self._reasons() for _ in ids]
            seq = number * PAGES_A_BATCH
            texts = [REVIEW.text(Review(tuple(map(Doubt, some)))) for some in reasons]
            self._insert(
                "asked (seq, document, review, at)",
                (
                    (seq + n, id_, told, _moment(at))
                    for n, (id_, told) in enumerate(zip(ids, texts, strict=True), 1)
                ),
            )
            self._insert(
                "work_item (document, seq, batch, station, at, ranked, place, due,"
                " type)",
                (
                    (id_, seq + n, batch, _station(batch), _moment(at), 0, 2,
                     "9999-12-31", "")
                    for n, id_ in enumerate(ids, 1)
                ),
            )  # fmt: skip
            self._insert(
                "work_reason (document, reason, place, due, seq)",
                (
                    (id_, reason, 2, "9999-12-31", seq + n)
                    for n, (id_, some) in enumerate(zip(ids, reasons, strict=True), 1)
                    for reason in some
                ),
            )

    def _batch(self, batch: str, at: dt.datetime, ids: list[str]) -> None:
        moment, each = _moment(at), PAGES_A_BATCH // len(ids) or 1
        station = _station(batch)
        self._insert(
            "batch (id, origin, received, station, sidecar, opened, finished)",
            [(batch, batch, moment, station, SIDECAR.text(Sidecar()), moment, moment)],
        )
        name = f"{batch}.pdf"
        self._insert(
            "batch_file (batch, position, name, key, size)",
            [(batch, 0, name, "0" * 64, 1)],
        )
        numbers = range(1, each * len(ids) + 1)
        self._insert(
            "source_page (batch, number, file, page)",
            ((batch, n, 0, n) for n in numbers),
        )
        self._insert(
            "page (batch, number, width, height, dpi, rotation, engine, fingerprint,"
            " quality, marks, troubles, words)",
            ((batch, n, *(self._poor if n == 7 else self._page)) for n in numbers),
        )
        self._insert(
            "poor_page (batch, number)", [(batch, 7)] if each * len(ids) > 6 else []
        )
        self._insert('cut (batch, "by", at)', [(batch, "made 1", moment)])
        self._insert(
            "document (id, batch, position, reading)",
            (
                (id_, batch, n, READING.blob(self._reading(batch, id_, n, each)))
                if batch.startswith("w")
                else (id_, batch, n, b"")
                for n, id_ in enumerate(ids)
            ),
        )
        self._insert(
            "place (batch, number, document, ordinal)",
            ((batch, n, ids[(n - 1) // each], (n - 1) % each + 1) for n in numbers),
        )

    def _reading(self, batch: str, id_: str, position: int, each: int) -> Reading:
        first = position * each + 1
        seen = tuple(
            Evidence(f"{what} {n}", 7.5 - n, "made up", first, Box(10, 20, 300, 60))
            for n, what in enumerate(("mrn", "last name", "birth date", "address"))
        )
        some = self._dice.sample(self._patients, 3)
        shares = (0.9, 0.06, 0.04)
        kinds = self._dice.sample(self._types, 3)
        return Reading(
            ScannedDocument(
                DocumentId(id_), BatchId(batch), tuple(range(first, first + each))
            ),
            types=tuple(
                Finding(kind, share, (), "made 1")
                for kind, share in zip(kinds, shares, strict=True)
            ),
            patients=tuple(
                Finding(one, share, seen, "made 1")
                for one, share in zip(some, shares, strict=True)
            ),
        )

    def _reasons(self) -> list[str]:
        weights = [weight for _, weight in REASONS]
        drawn = self._dice.choices(REASONS, weights, k=2)
        return sorted({reason for reason, _ in drawn})

    def _insert(self, into: str, rows: Rows) -> None:
        marks = ",".join("?" * (into.count(",") + 1))
        self._rows.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608 - our own names


def _patient(n: int) -> Patient:
    mrn = f"{n:08}"
    born = dt.date(1940, 1, 1) + dt.timedelta(days=n)
    return Patient(PatientId(mrn), mrn, (Name(f"FAMILY{n}", "GIVEN"),), born, "F")


def _station(batch: str) -> str:
    return STATIONS[int(batch[1:]) % len(STATIONS)]


def _moment(at: dt.datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")
