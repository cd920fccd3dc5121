"""A house for flow tests: made-up papers read by a fake pool, everything else real.

A paper is a text file in the clothes of a PDF: pages divided by form feeds, lines by
line feeds. The fake pool lays its lines out as words with boxes. "BROKEN" as a whole
file cannot be opened, a page "HANG" costs the engine its time. No pixels, no
processes: milliseconds a batch.
"""

import io
from pathlib import Path

import numpy as np
import pikepdf

from pipeline.document import (
    BatchId,
    DocumentType,
    Name,
    Patient,
    PatientId,
    TypeFacts,
)
from pipeline.errors import UnreadableFile
from pipeline.flow import Tools
from pipeline.index.candidates import KeyedIndex
from pipeline.index.keys import patient_keys
from pipeline.ingest.in_place import take_in_place
from pipeline.oversight import Oversight
from pipeline.page import Box, Page, Quality, Word
from pipeline.site import settings_of
from pipeline.store.folder import FolderStore
from pipeline.store.sql_catalogue import SqlCatalogue
from pipeline.store.sql_checks import SqlChecks
from tests.builders import empty_books
from tests.flow.rules import FILING, IDENTITY

GOOD = Quality(0.1, False, 300, 100.0, 1.0, 0.0, 0.97)
TYPES = ("discharge_summary", "laboratory_report", "letter")
FACTS = {
    DocumentType(key): TypeFacts(DocumentType(key), f"1-{n}", key, "clinical")
    for n, key in enumerate(TYPES)
}


HEAD, TAIL = "%PDF-1.4\n", "\n%%EOF\n"


def undressed(path: Path) -> str:
    return path.read_text().removeprefix(HEAD).removesuffix(TAIL)


class FakePool:
    """Reads papers; counts what it was asked for."""

    def __init__(self):
        self.pages_read = 0

    def count(self, path: Path, suffix: str) -> int:
        text = undressed(path)
        if text == "BROKEN":
            raise UnreadableFile("the file is torn: scan it again")
        return text.count("\f") + 1

    def read(self, asked):
        for one in asked:
            self.pages_read += 1
            yield page_of(undressed(one.path).split("\f")[one.page - 1], one.number)

    def pdf(self, pages, facts) -> bytes:
        out = io.BytesIO()
        with pikepdf.new() as made:
            for page in pages:
                made.add_blank_page(page_size=page.read.size).rotate(
                    page.turn, relative=False
                )
            made.docinfo["/Keywords"] = facts.document
            made.save(out, deterministic_id=True)
        return out.getvalue()


def page_of(text: str, number: int) -> Page:
    """The text as words, 20 px a letter and 60 px a line, every word read surely."""
    if text == "HANG":
        return Page(
            number, (2550, 3300), (), (), 300, 0, GOOD, "fake", f"h{number}",
            ("engine timed out",),
        )  # fmt: skip
    words = []
    for row, line in enumerate(text.splitlines()):
        left = 200
        for token in line.split():
            box = Box(left, 200 + 60 * row, left + 20 * len(token), 240 + 60 * row)
            words.append(Word(token, box, 0.97, row))
            left = box.right + 20
    return Page(
        number, (2550, 3300), tuple(words), (), 300, 0, GOOD, "fake", f"{hash(text)}"
    )


class FakeTypes:
    """Sure of a type named on the page, and that a title begins a document."""

    name = "fake types"
    types = tuple(DocumentType(key) for key in TYPES)

    def __init__(self, boldest="discharge_summary"):
        self.boldest = boldest  # for pages that name none

    def type_scores(self, pages):
        rows = [[self._score(page, key) for key in TYPES] for page in pages]
        return np.log(np.array(rows).reshape(len(rows), len(TYPES)))

    def _score(self, page, key):
        words = page.text.lower().replace(" ", "_")
        named = [known for known in TYPES if known in words] or [self.boldest]
        return 0.98 if key in named else 0.01

    def start_scores(self, pages):
        titles = [key.replace("_", " ").upper() for key in TYPES]
        return np.array(
            [6.0 if any(t in p.text for t in titles) else -6.0 for p in pages]
        )


class FakeRows:
    def __init__(self, *people):
        self.people = {p.id: p for p in people}
        self.keys = {}
        for person in people:
            for key in patient_keys(person, ()):
                self.keys.setdefault(key, []).append(person)

    def with_keys(self, keys, most=None):
        found = {p.id: p for key in keys for p in self.keys.get(key, ())}
        return tuple(found.values())[:most]

    def bearers(self, keys):
        return {key: len(self.keys.get(key, ())) for key in keys}

    def count(self):
        return 50_000

    def encounters(self, patient):
        return ()


def person(mrn, family, given, born, sex="F"):
    return Patient(PatientId(mrn), mrn, (Name(family, given),), born, sex)


def head(who, title, date="05/06/2013"):
    """A page that says by itself whose it is, what, and of which day."""
    name = who.names[0]
    return (
        f"{title}\nPatient Name: {name.family}, {name.given}\nMRN: {who.mrn}\n"
        f"DOB: {who.born:%m/%d/%Y}\nDate of Service: {date}\n"
        "The patient was seen and examined today and is doing well."
    )


def tools(folder: Path, *people, types=None, pool=None) -> Tools:
    catalogue = empty_books(folder / "catalogue.sqlite")
    return Tools(
        reader=pool or FakePool(),
        types=types or FakeTypes(),
        type_facts=FACTS,
        patients=KeyedIndex(FakeRows(*people), IDENTITY.clues.mrn),
        identity=IDENTITY,
        objects=FolderStore(folder / "objects"),
        catalogue=catalogue,
        rules=FILING,
        oversight=oversight(catalogue),
        mrn_of=str,
    )


def oversight(catalogue: SqlCatalogue) -> Oversight:
    plan = settings_of().certificate
    return Oversight(SqlChecks(catalogue.database), plan, "fake types", "fake")


def take(folder: Path, house: Tools, *papers: str) -> list[BatchId]:
    """Put papers into a folder and receive them; one batch each."""
    scans = folder / "scans"
    scans.mkdir(exist_ok=True)
    for number, paper in enumerate(papers):
        (scans / f"scan{number}.pdf").write_text(HEAD + paper + TAIL)
    return list(take_in_place([scans], house.objects, house.catalogue))
