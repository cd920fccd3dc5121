"""Holding records: what the paper says, and whose it has become."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Holding, PatientId, holding_id, is_held
from pipeline.store.holding_rows import SqlHoldings, linked_to
from tests.builders import NOON

ID = holding_id("B-17", "3", "12-34")
PAUL = Holding(ID, "B-17", "3", "12-34", "SENTINEL-NAME", "PAUL")
ANNA, BERTA = PatientId("p1"), PatientId("p2")


@pytest.fixture
def holdings(books):
    return SqlHoldings(books.database, lambda: NOON)


def test_the_key_is_the_same_however_it_was_typed():
    assert holding_id("b 17", "3", " 1234 ") == ID
    assert is_held(ID)
    assert not is_held(PatientId("h12"))
    assert "SENTINEL" not in repr(PAUL)
    assert "12-34" not in repr(PAUL)


@given(st.lists(st.text("A1", max_size=3), min_size=3, max_size=3, unique=True))
def test_what_stands_in_another_part_is_another_key(parts):
    one, two, three = parts
    assert holding_id(one, two, three) != holding_id(two, one, three)
    assert holding_id(one, two, three) != holding_id(one, three, two)


def test_nobody_is_held_at_first(holdings):
    assert holdings.all() == ()
    assert holdings.get(ID) is None
    assert holdings.whose(ID) == ID
    with pytest.raises(KeyError):
        holdings.link(ID, ANNA, "clerk ada")
    with pytest.raises(KeyError):
        holdings.unlink(ID, "clerk ada")


def test_a_second_saying_adds_only_what_was_not_known(holdings):
    holdings.open(PAUL, "clerk ada")
    born = dt.date(1990, 1, 2)
    told = holdings.open(replace(PAUL, given="OTHER", born=born), "clerk bob")
    assert told == replace(PAUL, born=born)
    assert holdings.open(PAUL, "clerk bob") == told
    assert holdings.all() == (told,)


def test_an_opening_never_links(holdings):
    assert holdings.open(replace(PAUL, patient=ANNA), "clerk ada").patient is None


def test_a_link_is_one_act_and_is_taken_back_in_one(holdings, books):
    holdings.open(PAUL, "clerk ada")
    holdings.link(ID, ANNA, "clerk ada")
    holdings.link(ID, ANNA, "clerk ada")
    assert holdings.whose(ID) == ANNA
    with books.database.reading() as rows:
        assert linked_to(rows, [ANNA, BERTA]) == (ID,)
    with pytest.raises(ValueError, match="linked"):
        holdings.link(ID, BERTA, "clerk ada")
    holdings.unlink(ID, "clerk ada")
    holdings.unlink(ID, "clerk ada")
    assert holdings.whose(ID) == ID
    with books.database.reading() as rows:
        assert linked_to(rows, [ANNA]) == ()
        found = rows.exec_driver_sql("SELECT did, what FROM audit ORDER BY seq")
        assert [tuple(line) for line in found] == [
            ("opened holding record", ID),
            ("linked holding record", f"{ID} to {ANNA}"),
            ("unlinked holding record", ID),
        ]
    assert books.first_bad_audit_line() is None


def test_a_link_to_another_patient_leaves_nothing_with_the_first(holdings, books):
    holdings.open(PAUL, "clerk ada")
    for patient in (ANNA, BERTA):
        holdings.link(ID, patient, "clerk ada")
        with books.database.reading() as rows:
            assert linked_to(rows, [patient]) == (ID,)
        if patient == ANNA:
            holdings.unlink(ID, "clerk ada")
    with books.database.reading() as rows:
        assert linked_to(rows, [ANNA]) == ()


def test_records_stand_in_the_order_of_their_opening(holdings):
    other = Holding(holding_id("B", "", "9"), "B", "", "9", "X")
    holdings.open(other, "x")
    holdings.open(PAUL, "x")
    holdings.link(other.id, ANNA, "x")
    assert [one.id for one in holdings.all()] == [other.id, ID]
