"""What a paper asks of whoever wants to see it: its facilities and its classes."""

from dataclasses import replace

import pytest

from pipeline.document import BatchId, Decision, DocumentId, TypeFacts, holding_id
from pipeline.users import Glass, User
from pipeline.web.eyes import Eyes, Papers
from pipeline.web.known_people import KnownPeople
from tests.review.readings import found
from tests.web.desks import NOW, TYPES, FakeCatalogue, FakePeople, person
from tests.web.houses import ANNA, BERTA, LETTER, NORTHERN, PSYCH, READINGS

NOBODYS = replace(person("33333333", "CLARA"), facility="")
READING = READINGS[0][0]
FACTS = TYPES | {PSYCH: TypeFacts(PSYCH, "34788-0", "Psychiatry", "c", ("PSY",))}
STATIONS = {"scan-3": "EAST"}  # where the fake catalogue's batches come from


@pytest.fixture
def papers():
    people = FakePeople(ANNA, BERTA, NOBODYS)
    return Papers(FakeCatalogue(*READINGS), people, FACTS, STATIONS)


def asks(papers, *patients, types=((LETTER, 0.9),)):
    reading = replace(
        READING,
        patients=tuple(found(one, share) for one, share in patients),
        types=tuple(found(kind, share) for kind, share in types),
    )
    return papers.of_reading(reading)


@pytest.mark.parametrize(
    ("patients", "facilities"),
    [
        ([(ANNA, 0.97)], {"NORTH"}),
        ([(ANNA, 0.9), (BERTA, 0.05)], {"NORTH", "SOUTH"}),
        ([(ANNA, 0.9), (BERTA, 0.049)], {"NORTH"}),
        ([(NOBODYS, 0.9)], {"EAST"}),
        ([(ANNA, 0.5), (NOBODYS, 0.4)], {"NORTH", "EAST"}),
        ([(BERTA, 0.04)], {"EAST"}),
        ([], {"EAST"}),
    ],
)
def test_a_waiting_paper_is_of_whoever_it_may_be(papers, patients, facilities):
    assert asks(papers, *patients).facilities == facilities
    if not {"NORTH", "SOUTH"} & facilities:
        unknown = replace(papers, stations={})
        assert asks(unknown, *patients).facilities == {""}


@pytest.mark.parametrize(("share", "flags"), [(0.05, {"PSY"}), (0.049, set())])
def test_a_waiting_paper_is_as_restricted_as_it_may_be(papers, share, flags):
    types = ((LETTER, 0.9), (PSYCH, share))
    assert asks(papers, (ANNA, 0.97), types=types).flags == flags


@pytest.mark.parametrize(
    ("patient", "facility"),
    [
        (ANNA.id, "NORTH"),
        (NOBODYS.id, "EAST"),
        (holding_id("B", "1", "2"), "EAST"),
    ],
)
def test_a_filed_paper_is_of_its_patient_else_of_its_station(papers, patient, facility):
    papers.catalogue.keep(
        NORTHERN, Decision(patient, PSYCH, None, None, "clerk ada"), "cafe"
    )
    paper = papers.of_document(NORTHERN)
    assert paper.facilities == {facility}
    assert paper.flags == {"PSY"}
    assert paper.whose == patient
    assert {NORTHERN, patient} <= paper.ids


def test_what_is_not_there_asks_nothing(papers):
    assert papers.of_document(DocumentId("b-guess")) is None
    assert papers.of_batch(BatchId("b")).facilities == {"EAST"}


def test_people_of_other_facilities_are_not_in_ones_index(papers):
    eyes = Eyes(User("ada", ("clerk",), ("NORTH",)), papers)
    known = KnownPeople(papers.people, eyes)
    assert known.find("SENTINEL", 5) == (ANNA,)
    assert known.mrn_owner(ANNA.mrn) == ANNA.id
    for stranger in (BERTA, NOBODYS):
        assert known.get(stranger.id) is None
        assert known.mrn_owner(stranger.mrn) is None
    at_hand = KnownPeople(papers.people, eyes, BERTA.id)
    assert at_hand.get(BERTA.id) == BERTA
    glass = Glass(1, "ada", BERTA.id, "why", NOW, NOW)
    behind = KnownPeople(papers.people, replace(eyes, broken=(glass,)))
    assert behind.find("SENTINEL", 5) == (ANNA, BERTA)
