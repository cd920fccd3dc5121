"""A desk on which filed papers wait to be keyed: a face sheet and vaccines."""

import datetime as dt
import io
from dataclasses import replace

from PIL import Image, ImageDraw

from pipeline.document import (
    BatchId,
    Cut,
    Decision,
    DocumentId,
    DocumentType,
    FiledDocument,
    Key,
    Reading,
    ScannedDocument,
)
from pipeline.entering import Entering
from pipeline.entries import Forms
from pipeline.settings import document_types, entry_forms
from pipeline.store.entry_rows import SqlEntries
from tests.builders import batch_of, empty_books, sources
from tests.index.printed import RULES, page_of
from tests.web.live import ANNA, PEOPLE, standing_desk

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
FACE, VACCINES, DIRECTIVE, LETTER = map(
    DocumentType, ("face_sheet", "immunization_record", "advance_directive", "letter")
)
FACE_SHEET = """
               FACE SHEET
PATIENT INFORMATION
Name: SENTINEL, ANNA           Date of Birth: 03/04/1961
MRN: 10000012                  Sex: F
Address: 9 Oak Street          City: Harlan, OH 44290
Home phone: (330) 555-0171     Religion: Catholic

INSURANCE
Primary insurance: Blue Shield of Ohio    Policy: 123456789
"""
VACCINE_RECORD = """
               IMMUNIZATION RECORD
Provider: Riverside Clinic

Vaccine           Date given    Lot #      Mfr      Site
DTaP              03/04/2001    U1234AA    Merck    RA
Hepatitis B       03/05/2001    123-456    GSK      LA
MMR               04/05/2002    C1234      Merck    LT
"""
TEXTS = {FACE: FACE_SHEET, VACCINES: VACCINE_RECORD, LETTER: "Dear colleague"}


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now

    def turn(self, **by):
        self.now += dt.timedelta(**by)


def keyed_desk(folder, *kinds, patient=ANNA.id, flags=(), unsure=(), people=PEOPLE):
    """A desk with one filed paper of each kind; ``unsure`` words are badly read."""
    books = empty_books(folder / "catalogue.sqlite")
    batch = books.receive(batch_of("b1", received=NOON))
    books.opened(batch, sources(len(kinds)), {})
    pages = [_page(kind, n, unsure) for n, kind in enumerate(kinds, 1)]
    books.keep_pages(batch, pages)
    ids = [DocumentId(f"b1-{n:04d}") for n in range(1, len(kinds) + 1)]
    readings = tuple(
        Reading(ScannedDocument(id_, BatchId("b1"), (n,)), (), ())
        for n, id_ in enumerate(ids, 1)
    )
    books.keep_cut(batch, Cut(readings, (), "index 1"))
    for n, (id_, kind) in enumerate(zip(ids, kinds, strict=True)):
        decided = Decision(patient, kind, dt.date(2013, 5, 6), None, "rules 1")
        at = NOON + dt.timedelta(minutes=n)
        books.file(FiledDocument(id_, id_, decided, Key("cafe"), at))
    books.finish(batch)
    desk = standing_desk(books, people)
    shipped = document_types()
    types = {kind: replace(shipped[kind], flags=flags) for kind in TEXTS}
    index = desk.people
    entering = Entering(
        SqlEntries(books.database, Clock()),
        books,
        types,
        entry_forms(),
        index.get,
        lambda: RULES,
    )
    return replace(desk, type_facts=types, entering=entering, picture=_drawer(books))


def entering_at(desk, kind):
    """Data entry on any desk, where papers of this type are keyed as face sheets."""
    books, [form, *_] = desk.catalogue, entry_forms().forms
    forms = Forms((replace(form, types=(kind,)),), 0.85)
    entries = SqlEntries(books.database)
    return Entering(
        entries, books, desk.type_facts, forms, desk.people.get, lambda: RULES
    )


def _page(kind, number, unsure):
    page = page_of(TEXTS[kind], number)
    words = (
        replace(word, confidence=0.4) if word.text in unsure else word
        for word in page.words
    )
    return replace(page, words=tuple(words))


def _drawer(books):
    def draw(document, n, width, turn=0):
        found = books.reading(document).document
        [page] = books.pages(found.batch, (found.pages[n - 1],))
        image = Image.new("L", page.size, 250)
        pen = ImageDraw.Draw(image)
        for word in page.words:
            pen.text((word.box.left, word.box.top - 8), word.text, 20, font_size=32)
        out = io.BytesIO()
        high = width * page.size[1] // page.size[0]
        image.resize((width, high)).save(out, "PNG")
        return out.getvalue()

    return draw
