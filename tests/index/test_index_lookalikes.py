"""Who is alike in an index, and who only shares a surname and a birthday by chance."""

import dataclasses
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_people import person

from pipeline.index.lookalikes import (
    DOUBLE,
    HOUSEHOLD,
    JUNIOR,
    LIKE_MRN,
    RARE,
    TWIN,
    alert,
    alerts_among,
    alerts_of,
    group_keys,
    known_by,
    likeness,
    one_slip,
    slips,
)

DOE = person(
    "10004000", "Doe|John", "1961-03-14", address="1 Elm St", phone="(555) 010-1234"
)


def like(mrn="20009000", name="Doe|John", born="1980-01-01", **more):
    return person(mrn, name, born, **more)


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (like(born="1961-03-14"), DOUBLE),
        (like(address="1 ELM ST."), HOUSEHOLD),
        (like(phone="010 1234"), HOUSEHOLD),
        (like(name="Doe|John||Jr", address="1 Elm St"), JUNIOR),
        (like(name="Doe|John||Jr"), ""),  # another John Doe's son
        (like(), ""),
        (like(name="Doe|James", born="1961-03-14"), ""),  # chance
        (like(name="Doe|James", born="1961-03-14", address="1 Elm St"), TWIN),
        (like(name="Doe|James", born="1961-03-14", phone="5550101234"), TWIN),
        (like("10004002", "Doe|James", "1961-03-14"), TWIN),
        (like("10004009", "Doe|James", "1961-03-15"), ""),
        (like("10004009", "Roe|Mary", "1961-03-14"), LIKE_MRN),
        (like("10004009", "Doe|John"), LIKE_MRN),
        (like("10000400", "Doe|John"), LIKE_MRN),
        (like("10004009", "Doe|James"), ""),
        (like("10004009", "Roe|John"), ""),
        (like("1000400", "Doe|John"), ""),  # a digit too few: another length
        (like(name="Roe|John", born="1961-03-14", address="1 Elm St"), ""),
    ],
)
def test_one_thing_alike_is_chance_and_two_are_an_alert(other, kind):
    assert alert(DOE, other, rare=False) == alert(other, DOE, rare=False) == kind


def test_jr_and_sr_who_both_say_so_need_no_house():
    junior, senior = (
        like(name="Doe|John|A|Jr"),
        like("7", "Doe|John|Adam|Sr", "1950-01-01"),
    )
    assert alert(junior, senior, rare=False) == JUNIOR
    third = like("8", "Doe|John|Brian|III", "1999-01-01")
    assert alert(junior, third, rare=False) == ""


def test_twins_of_a_rare_name_or_with_a_birth_order_need_no_house():
    twin = like(name="Doe|James", born="1961-03-14")
    assert alert(DOE, twin, rare=True) == TWIN
    orders = [dataclasses.replace(p, birth_order=n) for n, p in enumerate((DOE, twin))]
    assert alert(*orders, rare=False) == TWIN


def test_bearers_decide_who_is_rare():
    people = [DOE, like(name="Doe|James", born="1961-03-14")]
    assert [k for *_, k in alerts_among(people, lambda _: RARE)] == [TWIN, TWIN]
    assert [*alerts_among(people, lambda _: RARE + 1)] == []


def test_the_wide_rule_keeps_its_words():
    assert likeness(DOE, like(name="Doe|James", born="1961-03-14")) == TWIN
    assert likeness(DOE, like(name="Doe|John||Jr")) == JUNIOR


@given(st.text("0123456789", min_size=2, max_size=9), st.data())
def test_two_numbers_share_a_slip_exactly_if_one_slip_makes_one_the_other(mrn, data):
    at = data.draw(st.integers(0, len(mrn) - 1))
    digit = data.draw(st.sampled_from("0123456789"))
    other = mrn[:at] + digit + mrn[at + 1 :]
    turned = mrn[:at] + mrn[at : at + 2][::-1] + mrn[at + 2 :]
    far = data.draw(st.text("0123456789", min_size=len(mrn), max_size=len(mrn)))
    for one in (other, turned, far):
        if one != mrn:
            assert bool(set(slips(mrn)) & set(slips(one))) == one_slip(mrn, one)


PEOPLE = st.builds(
    lambda mrn, family, given, suffix, day, house, order: person(
        mrn, f"{family}|{given}||{suffix}", day, address=house, birth_order=order
    ),
    st.text("012", min_size=3, max_size=3),
    st.sampled_from(["Doe", "Roe", "García-Doe"]),
    st.sampled_from(["John", "James", ""]),
    st.sampled_from(["", "Jr", "Sr"]),
    st.sampled_from(["1961-03-14", "1961-03-15", ""]),
    st.sampled_from(["", "1 Elm St", "9 Oak Ave"]),
    st.sampled_from([None, 1]),
)


@settings(max_examples=200)
@given(st.lists(PEOPLE, max_size=12, unique_by=lambda p: p.mrn), st.booleans())
def test_no_pair_is_missed_by_the_keys(people, rare):
    """Found group by group, or one person at a time: the same as everyone with all."""

    def bearers(_):
        return 1 if rare else RARE + 1

    wanted = {
        (one.id, other.id, kind)
        for one, other in permutations(people, 2)
        if (kind := alert(one, other, rare=rare))
    }
    groups: dict[str, list] = {}
    for one in people:
        for key in group_keys(one):
            groups.setdefault(key, []).append(one)
    assert {
        p for some in groups.values() for p in alerts_among(some, bearers)
    } == wanted
    single = set()
    for one in people:
        near = [p for p in people if set(known_by(p)) & set(known_by(one))]
        single.update(alerts_of(one, near, bearers))
    assert single == wanted


def test_a_crowd_that_agrees_in_everything_costs_no_square():
    crowd = [like(f"{n:05d}", "Unknown|Unknown", "1900-01-01") for n in range(3000)]
    found = [*alerts_among(crowd, lambda _: 3000)]
    assert len(found) < 50 * len(crowd)
    assert {one for one, *_ in found} == {p.id for p in crowd}
