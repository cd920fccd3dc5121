"""A desk over made-up paper, with a catalogue that lives in memory."""

import datetime as dt

from pipeline.document import (
    Batch,
    DocumentType,
    FiledDocument,
    Key,
    Name,
    Patient,
    PatientId,
    Sidecar,
    SourceFile,
    SourcePage,
    TypeFacts,
)
from pipeline.entering import Entering
from pipeline.entries import Forms
from pipeline.page import Box, Page, Quality
from pipeline.store.catalogue import PoorScan, Progress, Waiting
from pipeline.store.desk_rows import Note
from pipeline.web.desk import Desk
from tests.web.worklists import FakeArrivals, FakeWorklist, quiet_overview

NOW = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
SENTINEL = "SENTINEL-NAME"
QUALITY = Quality(0.1, False, 300, 10.0, 1.0, 0.0, 0.9)
PNG = b"\x89PNG\r\n\x1a\n"


def person(mrn: str, given: str) -> Patient:
    born = dt.date(1961, 3, 4)
    return Patient(PatientId(mrn), mrn, (Name(SENTINEL, given),), born, "F")


ANNA, BERTA = person("11111111", "ANNA"), person("22222222", "BERTA")
TYPES = {
    DocumentType(key): TypeFacts(DocumentType(key), loinc, title, "clinical")
    for key, loinc, title in (
        ("letter", "51852-2", "Letter"),
        ("consultation", "11488-4", "Consult note"),
    )
}


class FakePeople:
    def __init__(self, *people):
        self.people = {p.mrn: p for p in people}

    def find(self, text, limit):
        names = {p.mrn: f"{p.names[0].family} {p.names[0].given} {p.mrn}" for p in self}
        return tuple(p for p in self if text.upper() in names[p.mrn])[:limit]

    def __iter__(self):
        return iter(self.people.values())

    def get(self, patient):
        return self.people.get(patient)

    def mrn_owner(self, mrn):
        found = self.people.get(mrn)
        return found.id if found else None


class FakeCatalogue:
    """What the screens ask of a Catalogue, from two dictionaries."""

    def __init__(self, *readings_and_reviews):
        self.open = {
            reading.document.id: Waiting(reading, review, NOW)
            for reading, review in readings_and_reviews
        }
        self.kept, self.trail, self.record = {}, [], {}
        self.poor, self.best = {}, set()

    def waiting(self):
        return iter(self.open.values())

    def asked(self, document):
        return self.open.get(document)

    def reading(self, document):
        return self.open[document].reading

    def answers(self):
        return tuple(self.kept.items())

    def answer(self, document, answer, until=None):
        self.kept[document] = answer

    def first_answer(self, document, answer, until=None, put=None):
        if self.pending(document) is None:
            self.answer(document, answer, until)
        return self.pending(document) is answer

    def pending(self, document):
        return self.kept.get(document)

    def take_back_answer(self, document, by):
        return self.kept.pop(document, None)

    def held(self, by):
        return ()

    def pages(self, batch, numbers=()):
        return tuple(
            Page(n, (1700, 2200), (), (), 200, 0, self.poor.get(n, QUALITY), "fake")
            for n in numbers
        )

    def poor_scans(self):
        return tuple(
            PoorScan(waiting.reading.document.batch, n, document, nth, quality.again)
            for document, waiting in self.open.items()
            for nth, n in enumerate(waiting.reading.document.pages, 1)
            if n not in self.best and (quality := self.poor.get(n))
        )

    def best_scans(self, batch):
        return frozenset(self.best)

    def keep_best_scan(self, batch, number, by):
        self.best.add(number)
        self.trail.append((by, "best possible scan", f"{batch} page {number}"))

    def turns(self, batch):
        return {}

    def batch(self, batch):
        side = Sidecar(box="B-17")
        file = SourceFile(f"{SENTINEL}.pdf", Key("cafe"), 1)
        return Batch(batch, NOW, "scan-3", (file,), side)

    def source_pages(self, batch):
        return tuple(SourcePage(n, 0, n) for n in range(1, 100))

    def unfinished(self):
        return ("b",)

    def progress(self, batches=()):
        return Progress(0, 10, 8, 6, 0)

    def audit(self, who, did, what, **about):
        self.trail.append((who, did, what))

    def of_patient(self, patient):
        return (f for f in self.record.values() if f.decision.patient == patient)

    def versions(self, document):
        return tuple(one for one in self.record.values() if one.document == document)

    def corrections(self, document):
        return ()

    def failure(self, document):
        return ""

    def gone_from(self, patient):
        return ()

    def filed(self, document):
        return self.record.get(document)

    def keep(self, document, decision, key):
        self.record[document] = FiledDocument(
            document, document, decision, Key(key), NOW
        )


class FakeObjects:
    name = "fake"

    def get(self, key):
        return b"%PDF-1.7 " + key.encode()


class FakeHoldings:
    """The holding records of one desk, the last word of each."""

    def __init__(self):
        self.records = {}

    def get(self, id_):
        return self.records.get(id_)

    def all(self):
        return tuple(self.records.values())

    def open(self, said, by):
        return self.records.setdefault(said.id, said)


class FakeInHand:
    """Drafts and notes of one desk."""

    def __init__(self):
        self.drafts, self.written = {}, []

    def keep_draft(self, document, by, fields):
        self.drafts[document, by] = dict(fields)

    def draft(self, document, by):
        return self.drafts.get((document, by), {})

    def drop_draft(self, document, by):
        self.drafts.pop((document, by), None)

    def note(self, document, note, by):
        self.written.append(Note(note, by, NOW))

    def notes(self, document):
        return tuple(self.written)

    def referred(self, to):
        return ()


class FakeEntries:
    """A work list of data entry on which nothing waits."""

    def gather(self, kinds):
        return None

    def waiting(self, kinds, limit, after=0):
        return []

    def counts(self, kinds):
        return {}

    def item(self, version):
        return None

    def keyed_since(self, since):
        return iter(())

    def now(self):
        return NOW


def desk(catalogue, *people) -> Desk:
    index = FakePeople(*people)
    nothing = Entering(
        FakeEntries(), catalogue, TYPES, Forms((), 1.0), index.get, lambda: None
    )
    return Desk(
        catalogue=catalogue,
        entering=nothing,
        people=index,
        holdings=FakeHoldings(),
        objects=FakeObjects(),
        type_facts=TYPES,
        picture=lambda document, n, width, turn: PNG,
        clerk="clerk ada",
        worklist=FakeWorklist(catalogue),
        arrivals=FakeArrivals(),
        overview=quiet_overview,
        in_hand=FakeInHand(),
    )


BOX = Box(100, 200, 300, 240)
