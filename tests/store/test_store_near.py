"""People who have something in common are brought together, each pair once."""

from __future__ import annotations

import dataclasses
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest

from pipeline.index.nearness import nearness, slip_keys
from pipeline.store import near_rows
from pipeline.store.near_rows import AHEAD, CROWD, near_pairs, together
from pipeline.store.patient_rows import SqlPatients
from pipeline.store.patient_writing import Registered
from tests.builders import empty_books, patient_of


@pytest.fixture
def people(tmp_path):
    people = SqlPatients(empty_books(tmp_path / "catalogue.sqlite").database)
    yield people
    people.database.close()


def found(people, keys=lambda _: (), beside=lambda _: (), slips=lambda *_: ()):
    def nearness(p):
        return SimpleNamespace(keys=keys(p), beside=beside(p), number=p.mrn.encode())

    pairs = [*near_pairs(people.database, nearness, slips, together)]
    ids = [frozenset((one.id, other.id)) for one, other in pairs]
    assert len(ids) == len(set(ids))
    return set(ids)


def test_survivors_who_share_a_key_meet_once(people):
    people.keep([Registered(patient_of(str(n), "ABAB"[n]), ()) for n in range(4)])
    people.keep([Registered(patient_of("9", "A"), (), "1")])
    by_name = found(people, lambda p: (hash(p.names[0].family), -7, -7))
    assert by_name == {frozenset(p) for p in combinations("0123", 2)}
    by_name = found(people, lambda p: (hash(p.names[0].family),) * 2)
    assert by_name == {frozenset("02"), frozenset("13")}
    assert found(people) == set()


def test_they_come_as_they_are_registered(people):
    whole = dataclasses.replace(patient_of("4", "O'Brien\u2028Löwe"), phone="555")
    people.keep([Registered(whole, ()), Registered(patient_of("5"), ())])
    near = SimpleNamespace(keys=(1,), beside=(), number=b"")
    [pair] = near_pairs(people.database, lambda _: near, lambda *_: (), together)
    assert whole in pair


def test_a_slip_counts_beside_what_is_shared_only(people):
    people.keep([Registered(patient_of(mrn), ()) for mrn in ("11", "12", "13", "99")])

    def slips(numbers, beside):
        yield numbers[:, 0].astype(np.uint64) + beside

    def beside(p):
        return (5,) if p.mrn != "13" else (6,)

    assert found(people, beside=beside, slips=slips) == {frozenset(("11", "12"))}


def test_a_crowd_that_agrees_in_everything_costs_no_square(people):
    crowd = [f"{n:03}" for n in range(CROWD + 60)]
    people.keep([Registered(patient_of(mrn), ()) for mrn in crowd])
    pairs = found(people, lambda _: (1,))
    assert len(pairs) < AHEAD * len(crowd)
    assert {id_ for pair in pairs for id_ in pair} == set(crowd)


def test_many_people_are_brought_together_by_other_processes(people, monkeypatch):
    crowd = [patient_of(f"{n:03}", "Doe" if n % 9 else "Roe") for n in range(30)]
    people.keep([Registered(one, ()) for one in crowd])
    asked = (people.database, nearness, slip_keys, together)
    here = [*near_pairs(*asked)]
    assert here
    monkeypatch.setattr(near_rows, "_MANY", 0)
    assert [*near_pairs(*asked)] == here
