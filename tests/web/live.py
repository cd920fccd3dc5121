"""A desk for a real browser: made-up papers with words, pictures and people."""

import datetime as dt
import io
import socket
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial

from PIL import Image, ImageDraw

from pipeline.document import (
    BatchId,
    Cut,
    DocumentId,
    DocumentType,
    Doubt,
    Encounter,
    Name,
    Patient,
    PatientId,
    Reading,
    Review,
    ScannedDocument,
    TypeFacts,
)
from pipeline.finding import Evidence, Finding
from pipeline.index.keys import patient_keys
from pipeline.index.namewords import patient_words
from pipeline.page import Box, Page, Quality, Word
from pipeline.site import SearchedPatients
from pipeline.store.alert_rows import SqlAlerts
from pipeline.store.desk_rows import SqlDesk
from pipeline.store.holding_rows import SqlHoldings
from pipeline.store.patient_writing import Registered
from pipeline.store.recut_rows import SqlRecuts
from pipeline.store.relaid_rows import SqlRelaid
from pipeline.store.sibling_rows import SqlSiblings
from pipeline.store.sql_worklist import SqlWorklist
from pipeline.web.app import make_app
from pipeline.web.desk import Desk
from pipeline.web.pictures import Pictures, Remembered
from pipeline.web.reach import Reach
from pipeline.web.server import Server
from tests.builders import batch_of, empty_books, sources
from tests.review.readings import RULES
from tests.web.desks import FakeObjects
from tests.web.worklists import FakeArrivals, quiet_overview

SIZE = (1700, 2200)
GOOD = Quality(0.1, False, 200, 50.0, 1.0, 0.0, 0.95)
LETTER, CONSULT, LAB = map(DocumentType, ("letter", "consultation", "lab_report"))
TYPES = {
    LETTER: TypeFacts(LETTER, "51852-2", "Letter", "clinical"),
    CONSULT: TypeFacts(
        CONSULT, "11488-4", "Consult note", "clinical", synonyms=("second opinion",)
    ),
    LAB: TypeFacts(LAB, "11502-2", "Laboratory report", "clinical"),
}


def person(mrn, family, given, born, sex="F", **more) -> Patient:
    name = Name(family, given)
    return Patient(
        PatientId(mrn), mrn, (name,), dt.date.fromisoformat(born), sex, **more
    )


ANNA = person("10000012", "SENTINEL", "ANNA", "1961-03-04", address="1 Elm St")
AMY = person("10000020", "SENTINEL", "AMY", "1961-03-04", address="1 Elm St")
BERTA = person("20000024", "BAKER", "BERTA", "1950-07-08")
CARL = person("30000036", "CARTER", "CARL", "1970-01-02", "M", city="Springfield")
PEOPLE = (ANNA, AMY, BERTA, CARL)
WHERE = {
    "mrn": Box(300, 300, 520, 340),
    "birth date": Box(300, 400, 520, 440),
    "name": Box(300, 200, 700, 240),
    "date": Box(300, 500, 520, 540),
    "type": Box(300, 80, 700, 130),
}


def words_of(patient: Patient, title: str) -> dict[str, str]:
    name = patient.names[0]
    born = patient.born
    assert born
    return {
        "type": title,
        "name": f"{name.family}, {name.given}",
        "mrn": patient.mrn,
        "birth date": f"{born.month:02}/{born.day:02}/{born.year}",
        "date": "05/06/2013",
    }


def page_of(number: int, said: dict[str, str]) -> Page:
    words = []
    for line, (what, text) in enumerate(said.items()):
        box, parts = WHERE[what], text.split()
        step = box.width / len(parts)
        for at, part in enumerate(parts):
            left = box.left + at * step
            place = Box(left, box.top, left + step - 8, box.bottom)
            words.append(Word(part, place, 0.95, line))
    return Page(number, SIZE, tuple(words), (), 200, 0, GOOD, "live")


def evidence_of(said: dict[str, str], page: int) -> tuple[Evidence, ...]:
    def says(source, weight):
        return Evidence(source, weight, said[source], page, WHERE[source], exact=True)

    given = Evidence("given name", 5.0, said["name"], page, WHERE["name"], exact=True)
    prior = Evidence("prior", -15.0, "50000 people")
    return (
        prior,
        says("mrn", 26.0),
        says("birth date", 13.0),
        says("name", 8.0),
        given,
    )


def reading_of(nth: int, pages: tuple[int, ...], patient: Patient = ANNA) -> Reading:
    """Beyond every threshold; tests spoil it."""
    said = words_of(patient, "LETTER")
    day = Evidence("service date", 8.0, said["date"], pages[0], WHERE["date"])
    title = Evidence("title", 6.0, said["type"], pages[0], WHERE["type"])
    return Reading(
        ScannedDocument(DocumentId(f"b1-{nth:04d}"), BatchId("b1"), pages),
        types=(
            Finding(LETTER, 0.95, (title,), "t"),
            Finding(CONSULT, 0.04, (), "t"),
        ),
        patients=(
            Finding(patient, 0.9999, evidence_of(said, pages[0]), "t"),
            Finding(CARL, 0.0001, (), "t"),
        ),
        dates=(Finding(dt.date(2013, 5, 6), 0.9, (day,), "t"),),
    )


def unsure(reading: Reading, field: str, share: float = 0.4) -> Reading:
    """The same with the best of one field below its threshold."""
    best, *rest = getattr(reading, field)
    return replace(reading, **{field: (replace(best, confidence=share), *rest)})


STAY = Encounter("V1", "", ANNA.id, "I", dt.date(2013, 5, 1), dt.date(2013, 5, 9))


@cache
def drawn(words: tuple[tuple[str, Box], ...], width: int, turn: int = 0) -> bytes:
    image = Image.new("L", SIZE, 250)
    pen = ImageDraw.Draw(image)
    for text, box in words:
        pen.text((box.left, box.top), text, fill=20, font_size=34)
    out = io.BytesIO()
    stands = image.rotate(-turn, expand=True)
    stands.resize((width, width * stands.height // stands.width)).save(out, "PNG")
    return out.getvalue()


@dataclass
class Live:
    """A served desk: its address, its books, and what was drawn."""

    url: str
    desk: Desk
    server: Server

    @property
    def books(self):
        return self.desk.catalogue

    def answer(self, document: str):
        return dict(self.books.answers()).get(document)


def opened(folder, *readings: Reading, titles=(), people=PEOPLE, grace=10.0, **more):
    """A desk on which these readings wait, each with its first doubt as reason.

    Pages say whose they are unless their title is empty. Keep it, then ``stop`` it.
    """
    books = empty_books(folder / "catalogue.sqlite")
    numbers = [n for reading in readings for n in reading.document.pages]
    batch = books.receive(batch_of("b1", received=dt.datetime.now(dt.UTC)))
    books.opened(batch, sources(len(numbers)), {})
    titled = dict(zip(numbers, [*titles, *["LETTER"] * len(numbers)], strict=False))
    books.keep_pages(
        batch,
        [
            page_of(n, words_of(_whose(n, readings), t) if t else {})
            for n, t in titled.items()
        ],
    )
    books.keep_cut(batch, Cut(readings, (), "index 1"))
    for reading in readings:
        reasons = reading.doubts or (Doubt("unsure of the type"),)
        books.ask(reading, Review(reasons))
    books.finish(batch)
    return standing_desk(books, people, grace, **more)


def came_later(books, patient=BERTA, title="LETTER") -> ScannedDocument:
    """A page that was scanned on its own, into a batch after the first; it waits."""
    batch = books.receive(batch_of("b2", received=dt.datetime.now(dt.UTC)))
    books.opened(batch, sources(1), {})
    books.keep_pages(batch, [page_of(1, words_of(patient, title))])
    paper = ScannedDocument(DocumentId("b2-0001"), batch, (1,))
    reading = replace(reading_of(1, (1,), patient), document=paper)
    books.keep_cut(batch, Cut((reading,), (), "index 1"))
    books.ask(reading, Review((Doubt("unsure of the type"),)))
    books.finish(batch)
    return paper


def standing_desk(books, people=PEOPLE, grace=10.0, **more) -> Desk:
    """A desk over these books, with these people in its index."""
    index = SearchedPatients(books.database)
    index.keep(registered(one) for one in people)
    drawn_of = partial(_picture, books)
    lies = Pictures(books, FakeObjects(), None).lies
    pictures = Remembered(drawn_of, lies=lies)
    return Desk(
        catalogue=books,
        people=index,
        holdings=SqlHoldings(books.database),
        objects=FakeObjects(),
        type_facts=TYPES,
        picture=pictures.page,
        clerk="clerk ada",
        in_hand=SqlDesk(books.database),
        worklist=SqlWorklist(books.database),
        arrivals=FakeArrivals(),
        overview=quiet_overview,
        filing=RULES,
        alerts=SqlAlerts(books.database).of,
        recuts=SqlRecuts(books.database),
        relaid=SqlRelaid(books.database),
        siblings=SqlSiblings(books.database),
        warm=pictures.warm,
        grace=dt.timedelta(seconds=grace),
        dates=_dates,
        **more,
    )


def registered(one: Patient) -> Registered:
    return Registered(one, patient_keys(one), words=patient_words(one))


def serve(desk: Desk) -> Live:
    server, port = _started(make_app(desk))
    return Live(f"http://127.0.0.1:{port}", desk, server)


@contextmanager
def serving(app, name="127.0.0.1"):
    """An application on loopback, from this process; its address."""
    server, port = _started(app)
    try:
        yield f"http://{name}:{port}"
    finally:
        server.stop()


def _started(app):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Server(app, Reach("127.0.0.1", port))
    server.start()
    return server, port


def _whose(number: int, readings) -> Patient:
    own = next(r for r in readings if number in r.document.pages)
    return own.patients[0].value if own.patients else CARL


def _picture(books, document, n, width, turn):
    found = books.reading(document).document
    [page] = books.pages(found.batch, (found.pages[n - 1],))
    return drawn(tuple((w.text, w.box) for w in page.words), width, turn)


def _dates(text: str):
    from pipeline.index.dates import read_date

    return read_date(text, dt.date(2026, 11, 26))
