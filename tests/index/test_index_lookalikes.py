"""Who is alike in an index, and who only shares a surname and a birthday by chance."""

import dataclasses
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_people import ISO_FORMAT, Rows, clue, person

from pipeline.index.candidates import KeyedIndex
from pipeline.index.lookalikes import (
    DOUBLE,
    HOUSEHOLD,
    JUNIOR,
    LIKE_MRN,
    RARE,
    TWIN,
    alert,
    alerts_of,
    between,
    known_by,
    likeness,
    one_slip,
)
from pipeline.index.matchrules import MatchRules
from pipeline.index.nearness import WIDTH, nearness, slip_keys
from pipeline.index.subject import Matcher, Told

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
    assert [k for *_, k in between(*people, lambda _: RARE)] == [TWIN, TWIN]
    assert [*between(*people, lambda _: RARE + 1)] == []


def test_the_wide_rule_keeps_its_words():
    assert likeness(DOE, like(name="Doe|James", born="1961-03-14")) == TWIN
    assert likeness(DOE, like(name="Doe|John||Jr")) == JUNIOR


def shared(people):
    """Pairs of people who share a key, or a slip of their MRN beside another."""
    groups = {}
    rows = []
    for one in people:
        near = nearness(one)
        for key in near.keys:
            groups.setdefault(key, []).append(one.id)
        rows += [(one.id, beside, near.number) for beside in near.beside]
    numbers = np.array([[*mrn.ljust(WIDTH, b"\0")] for *_, mrn in rows], np.uint8)
    beside = np.array([key for _, key, _ in rows], np.int64).astype(np.uint64)
    for keys in slip_keys(numbers.reshape(-1, WIDTH), beside):
        for key, (id_, *_) in zip(keys.tolist(), rows, strict=True):
            groups.setdefault(("slip", key), []).append(id_)
    return {frozenset(p) for some in groups.values() for p in combinations(some, 2)}


@given(st.text("0123456789", min_size=2, max_size=9), st.data())
def test_two_numbers_share_a_slip_exactly_if_one_slip_makes_one_the_other(mrn, data):
    at = data.draw(st.integers(0, len(mrn) - 1))
    digit = data.draw(st.sampled_from("0123456789"))
    other = mrn[:at] + digit + mrn[at + 1 :]
    turned = mrn[:at] + mrn[at : at + 2][::-1] + mrn[at + 2 :]
    far = data.draw(st.text("0123456789", min_size=len(mrn), max_size=len(mrn)))
    for one in (other, turned, far):
        if one != mrn:
            pair = [like(mrn), like(one)]  # of one name and birth date
            pair = [dataclasses.replace(p, names=()) for p in pair]
            assert bool(shared(pair)) == one_slip(mrn, one)


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
    near = shared(people)
    assert {frozenset(pair[:2]) for pair in wanted} <= near
    named = {one.id: one for one in people}
    brought = [tuple(named[id_] for id_ in pair) for pair in near if len(pair) > 1]
    assert {p for pair in brought for p in between(*pair, bearers)} == wanted
    single = set()
    for one in people:
        near = [p for p in people if set(known_by(p)) & set(known_by(one))]
        single.update(alerts_of(one, near, bearers))
    assert single == wanted


class _Computed:
    """Alerts of an import, which found none."""

    def of(self, _patient):
        return ()


@pytest.mark.parametrize(("alerts", "told"), [(None, 1), (_Computed(), 0)])
def test_only_what_the_index_computed_is_an_alert_where_it_computed_any(alerts, told):
    chance = like(name="Doe|James", born="1961-03-14")
    index = KeyedIndex(Rows([DOE, chance], (), 2), ISO_FORMAT, alerts)
    matcher = Matcher(index, MatchRules(), ISO_FORMAT)
    clues = (clue("name", "DOE|JOHN||"), clue("born", "1961-03-14"))
    found = matcher.subject(Told((1,), clues), matcher.candidates(clues))
    said = [e for e in found.patients[0].evidence if e.source == "name alert"]
    assert len(said) == told
