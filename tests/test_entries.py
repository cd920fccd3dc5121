"""What of several people's keys stands, and who may key."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import DocumentId
from pipeline.entries import EntryField, EntryForm, EntryTable, Keyed, may_key, standing

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def key(value, by, at=NOON):
    return Keyed(DocumentId("b1-1"), "born", 0, value, 1, by, at)


ADA, BEN, CAL = (key("1961-03-04", by, NOON) for by in ("ada", "ben", "cal"))
OTHER = replace(BEN, value="1961-04-03")


def test_one_key_settles_what_identifies_nobody():
    stands = standing([ADA], identity=False)
    assert (stands.wants, stands.value, stands.by) == ("nothing", "1961-03-04", "ada")
    again = replace(ADA, value="1961-03-05")
    assert standing([ADA, again], identity=False).value == "1961-03-05"


@pytest.mark.parametrize(
    ("keys", "wants", "value", "by", "second"),
    [
        ([], "first", "", "", ""),
        ([ADA], "second", "", "", ""),
        ([ADA, BEN], "nothing", "1961-03-04", "ada", "ben"),
        ([ADA, OTHER], "third", "", "", ""),
        ([ADA, OTHER, CAL], "nothing", "1961-03-04", "ada", "cal"),
        ([OTHER, ADA, replace(CAL, value="x")], "nothing", "x", "cal", ""),
        ([ADA, ADA], "second", "", "", ""),  # mended, not keyed twice
        ([ADA, replace(ADA, at=NOON + DAY)], "nothing", "1961-03-04", "ada", "ada"),
    ],
)
def test_an_identity_field_needs_two_who_say_the_same(keys, wants, value, by, second):
    stands = standing(keys, identity=True)
    assert (stands.wants, stands.value) == (wants, value)
    assert (stands.by, stands.second) == (by, second)


def test_signs_and_capitals_are_no_difference():
    one, two = key("Baker, Anna", "ada"), key("BAKER ANNA", "ben")
    assert standing([one, two], identity=True).wants == "nothing"


@pytest.mark.parametrize(
    ("keys", "by", "later", "may"),
    [
        ([], "ada", 0 * HOUR, True),
        ([ADA], "ada", HOUR, True),  # mends their own
        ([ADA], "ada", DAY, True),  # the second one, a day later
        ([ADA], "ben", HOUR, True),
        ([ADA, OTHER], "ada", HOUR, False),
        ([ADA, OTHER], "ben", HOUR, False),
        ([ADA, OTHER], "cal", HOUR, True),
        ([ADA, OTHER], "ada", DAY, True),
        ([ADA, BEN], "cal", HOUR, False),  # settled
    ],
)
def test_nobody_keys_against_themselves(keys, by, later, may):
    assert may_key(keys, by, NOON + later, identity=True) is may


HANDS = st.lists(
    st.builds(key, st.sampled_from(["a", "b", ""]), st.sampled_from("xyz")), max_size=5
)


@given(HANDS)
def test_no_identity_field_is_settled_by_one_person_in_a_day(keys):
    stands = standing(keys, identity=True)
    if stands.wants == "nothing":
        assert len({one.by for one in keys}) > 1
        assert stands.value in {one.value for one in keys}


@given(HANDS)
def test_who_may_key_is_never_shut_out_before_it_is_settled(keys):
    if standing(keys, identity=True).wants != "nothing":
        assert may_key(keys, "somebody new", NOON, identity=True)


def test_no_value_stands_in_a_repr():
    assert "1961" not in repr(ADA) + repr(standing([ADA], identity=False))


FIELD = EntryField("plan", "Plan", labels=("Plan",))
FORM = EntryForm(("card",), (FIELD,))


@pytest.mark.parametrize(
    ("form", "says"),
    [
        (replace(FORM, fields=(replace(FIELD, shape="date"),)), "shape is one of"),
        (replace(FORM, fields=(replace(FIELD, held="age"),)), "held is one of"),
        (replace(FORM, fields=(replace(FIELD, clue="age"),)), "clue is one of"),
        (replace(FORM, fields=(replace(FIELD, choices=("a",)),)), "choices go with"),
        (replace(FORM, fields=(replace(FIELD, shape="choice"),)), "choices go with"),
        (replace(FORM, fields=(replace(FIELD, labels=()),)), "nothing leads to it"),
        (replace(FORM, fields=(FIELD, FIELD)), "'plan' twice"),
        (replace(FORM, types=()), "needs types"),
        (replace(FORM, fields=()), "needs types and fields"),
        (
            replace(
                FORM,
                fields=(),
                tables=(EntryTable("t", "T", (replace(FIELD, identity=True),)),),
            ),
            "first column",
        ),
    ],
)
def test_a_form_tells_what_is_wrong_with_it(form, says):
    assert FORM.fault() == ""
    assert says in form.fault()
