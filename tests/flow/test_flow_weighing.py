"""Open reviews weighed again: filed next turn, never what a clerk has in hand."""

import datetime as dt
from dataclasses import replace

import pytest

from pipeline import flow
from pipeline.document import Decision
from pipeline.errors import StoreUnavailable, UnreadableFile
from pipeline.index.candidates import KeyedIndex
from pipeline.index.keys import patient_keys
from pipeline.review.freshness import FreshnessRules
from pipeline.store.import_rows import PATIENTS, IndexChange, SqlIndexChanges
from pipeline.store.patient_rows import SqlPatients
from pipeline.store.patient_writing import Registered
from pipeline.store.verify import verify
from pipeline.weighing import Weighing
from tests.faults.catalogues import FailingAt
from tests.flow.papers import head, person, take, tools
from tests.flow.rules import IDENTITY

ANNA = person("10000012", "SENTINEL", "ANNA", dt.date(1961, 3, 4))
TWIN = person("10000020", "SENTINEL", "AMY", dt.date(1961, 3, 4))
BERTA = person("20000024", "BAKER", "BERTA", dt.date(1950, 7, 8))
NOW = dt.datetime.now(dt.UTC)


class House:
    """A house over a real index of its own."""

    def __init__(self, folder, *people):
        house = tools(folder)
        self.people = SqlPatients(house.catalogue.database)
        self.changes = SqlIndexChanges(house.catalogue.database)
        self.folder = folder
        self.tools = replace(
            house, patients=KeyedIndex(self.people, IDENTITY.clues.mrn)
        )
        self.register(*people)

    def register(self, *people, as_of=NOW):
        self.people.keep([Registered(p, patient_keys(p)) for p in people])
        self.changes.keep(IndexChange(PATIENTS, "ada", as_of))

    def run(self, *papers):
        for batch in take(self.folder, self.tools, *papers):
            list(flow.process(batch, self.tools))

    def turn(self):
        return Weighing(self.tools).turn()

    @property
    def books(self):
        return self.tools.catalogue

    def where(self):
        return [
            (line.disposition, line.decision and line.decision.patient)
            for line in self.books.ledger()
        ]

    def said_filed(self):
        return [answer.filed for answer in self.tools.oversight.checks.answers()]

    def events(self):
        with self.books.database.reading() as rows:
            said = "SELECT event FROM history WHERE document IS NOT NULL ORDER BY seq"
            return [row[0] for row in rows.exec_driver_sql(said)]


@pytest.fixture
def house(tmp_path):
    return House(tmp_path, BERTA)


def test_who_is_registered_later_gets_the_paper(house):
    house.run("\f".join((head(ANNA, "LETTER"), head(BERTA, "LETTER"))))
    assert house.where() == [("review", None), ("filed", BERTA.id)]
    assert house.turn() == 0
    house.register(ANNA)
    assert house.books.left_to_weigh() == 1
    assert house.turn() == 1
    assert house.where() == [("filed", ANNA.id), ("filed", BERTA.id)]
    assert house.events()[-2:] == ["weighed again", "filed"]
    assert house.books.left_to_weigh() == house.turn() == 0
    assert list(verify(house.books, house.tools.objects)) == []
    line = next(iter(house.books.ledger()))
    assert line.reading.patients[0].value.id == ANNA.id  # by whom it was filed


def test_what_did_not_change_is_only_marked(house):
    house.run(head(ANNA, "LETTER"))
    before = house.events(), list(house.books.waiting())
    house.register(person("30000000", "OTHER", "SOMEBODY", dt.date(1970, 1, 1)))
    assert house.turn() == 1
    assert (house.events(), list(house.books.waiting())) == before
    assert house.turn() == 0


def test_another_doubt_is_asked_anew(house):
    house.run(head(ANNA, "LETTER"))
    [before] = house.books.waiting()
    house.register(person(ANNA.mrn, "SENTINEL", "ANNA", dt.date(1999, 9, 9)))
    house.turn()
    [after] = house.books.waiting()
    assert after.review != before.review
    assert after.asked == before.asked  # its place in the queue
    assert house.events()[-1] == "weighed again"
    assert next(iter(house.books.ledger())).reasons == tuple(
        doubt.reason for doubt in after.review.reasons
    )


def test_a_filed_document_is_not_touched_when_a_twin_comes(house):
    house.register(ANNA)
    house.run(head(ANNA, "LETTER"))
    assert house.where() == [("filed", ANNA.id)]
    house.register(TWIN)
    assert house.turn() == 0
    assert house.where() == [("filed", ANNA.id)]
    assert "weighed again" not in house.events()


def test_what_a_clerk_has_answered_is_not_touched(house):
    house.run(head(ANNA, "LETTER"))
    [waiting] = house.books.waiting()
    kind = waiting.reading.types[0].value
    said = Decision(BERTA.id, kind, None, None, "clerk ada")
    house.books.answer(waiting.reading.document.id, said)
    house.register(ANNA)
    assert house.turn() == 0
    flow.sweep(house.tools, flow.RunNow(house.tools))
    assert house.where() == [("filed", BERTA.id)]


def test_an_answer_that_comes_while_it_is_weighed_wins(house):
    house.run(head(ANNA, "LETTER"))
    [waiting] = house.books.waiting()
    kind = waiting.reading.types[0].value
    house.register(ANNA)
    pdf = house.tools.reader.pdf

    def answered_meanwhile(pages, facts):
        said = Decision(BERTA.id, kind, None, None, "clerk ada")
        house.books.answer(waiting.reading.document.id, said)
        return pdf(pages, facts)

    house.tools.reader.pdf = answered_meanwhile
    house.turn()
    assert house.where() == [("review", None)]
    house.tools.reader.pdf = pdf
    flow.sweep(house.tools, flow.RunNow(house.tools))
    assert house.where() == [("filed", BERTA.id)]
    assert house.books.left_to_weigh() == 0


def test_a_pdf_that_cannot_be_made_is_told(house):
    house.run(head(ANNA, "LETTER"))
    house.register(ANNA)

    def torn(pages, facts):
        raise UnreadableFile("the page is torn")

    house.tools.reader.pdf = torn
    assert house.turn() == 1
    [waiting] = house.books.waiting()
    assert waiting.review.reasons[0].reason.endswith("the page is torn")
    assert house.turn() == 0


def _for_ever(weighing: Weighing) -> None:
    while True:
        weighing.turn()


@pytest.mark.parametrize("nth", range(1, 15))
def test_killed_anywhere_it_ends_as_undisturbed(tmp_path, nth):
    house = House(tmp_path, BERTA)
    nobody = "LETTER\nPatient Name: NEWMAN, PAUL\nMRN: 90000099\nDOB: 01/02/1990"
    house.run("\f".join((head(ANNA, "LETTER"), nobody)))
    house.register(ANNA)
    broken = replace(house.tools, catalogue=FailingAt(house.books, nth))
    with pytest.raises(StoreUnavailable):
        _for_ever(Weighing(broken))
    house.turn()
    assert house.where() == [("filed", ANNA.id), ("review", None)]
    assert house.events().count("filed") == 1
    assert house.books.left_to_weigh() == 0


def test_new_batches_come_first(house):
    clock = iter([0.0, 0.0, 0.5, 2.0, 3.0, 30.0, 30.0, 31.0, 32.0]).__next__
    house.run(head(ANNA, "LETTER"))
    weighing = Weighing(house.tools, clock)
    house.register(ANNA)
    assert weighing.turn() == 1  # took 2 seconds, and rests for 8
    take(house.folder, house.tools, head(BERTA, "LETTER"))
    house.register(TWIN)
    assert house.books.unfinished()
    assert weighing.turn() == 0


def test_a_paper_later_than_the_index_waits_for_the_list(tmp_path):
    house = House(tmp_path)
    old = NOW - dt.timedelta(days=3)
    house.register(ANNA, as_of=old)
    house.tools = replace(
        house.tools, as_of=house.changes.as_of, freshness=FreshnessRules(24.0, 31.0)
    )
    house.run(head(ANNA, "LETTER"))
    [waiting] = house.books.waiting()
    assert [d.reason for d in waiting.review.reasons] == [
        "received after the patient index was true; import the patient list: it is 3"
        " days old"
    ]
    assert house.said_filed() == [False]  # it is in no certificate's books
    house.register(as_of=dt.datetime.now(dt.UTC))
    assert house.turn() == 1
    assert house.where() == [("filed", ANNA.id)]
    assert house.said_filed() == [False, True]
