"""Documents cut by hand are read again by the machine, and filed by clerks alone."""

import datetime as dt

import pytest

from pipeline import flow
from pipeline.document import Doubt
from pipeline.rereading import read_recuts
from pipeline.review.recutting import CUT, merge, split
from pipeline.store.recut_rows import SqlRecuts
from pipeline.store.verify import verify
from tests.flow.papers import head, person, take, tools

ANNA = person("10000012", "SENTINEL", "ANNA", dt.date(1961, 3, 4))
BERTA = person("20000024", "BAKER", "BERTA", dt.date(1950, 7, 8))
BY = "clerk ada"


class House:
    def __init__(self, folder):
        self.tools = tools(folder, ANNA, BERTA)
        self.recuts = SqlRecuts(self.tools.catalogue.database)
        pages = (head(ANNA, "LETTER"), head(BERTA, "LETTER"))
        [self.batch] = take(folder, self.tools, "\f".join(pages))
        rules = self.tools.rules
        self.tools = flow.replace(  # all goes to a clerk at first
            self.tools, rules=flow.replace(rules, open_types=frozenset())
        )
        list(flow.process(self.batch, self.tools))
        self.tools = flow.replace(self.tools, rules=rules)

    def asked(self):
        return [(w.reading, w.review) for w in self.tools.catalogue.waiting()]

    def turn(self):
        return read_recuts(self.recuts, self.tools)

    @property
    def patients(self):
        return [
            [found.value.id for found in reading.patients[:1]]
            for reading, _ in self.asked()
        ]


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def test_two_people_s_papers_in_one_are_told_apart_once_they_are_split(house):
    first, second = house.asked()
    [whole] = house.recuts.keep(merge(first, second, BY))
    assert house.turn() == 1
    assert any(
        doubt.reason == "an identifier belongs to another patient"
        or "someone else's" in doubt.reason
        for _, review in house.asked()
        for doubt in review.reasons
    )
    house.recuts.keep(split(house.asked()[0], 2, BY))
    assert not house.asked()[1][0].types  # until it is read
    assert house.turn() == 1
    assert house.patients == [[ANNA.id], [BERTA.id]]
    assert house.turn() == 0
    assert [reading.types[0].value for reading, _ in house.asked()] == ["letter"] * 2
    assert whole not in [reading.document.id for reading, _ in house.asked()]
    assert list(verify(house.tools.catalogue, house.tools.objects)) == []


def test_beyond_doubt_it_still_waits_for_a_clerk(house):
    first, second = house.asked()
    house.recuts.keep(merge(first, second, BY))
    house.turn()
    house.recuts.keep(split(house.asked()[0], 2, BY))
    house.turn()
    for reading, review in house.asked():
        assert review.reasons == (Doubt(CUT),)
        assert reading.boundary == 1.0
    answers = house.tools.oversight.checks.answers()
    assert not any(one.filed for one in answers)


def test_a_process_that_looks_again_finds_the_new_documents(house):
    first, second = house.asked()
    house.recuts.keep(merge(first, second, BY))
    assert list(flow.process(house.batch, house.tools)) == []  # settled, all of them
