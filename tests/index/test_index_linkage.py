"""What agreement weighs is learned from pairs, and tells one person from relatives."""

import dataclasses
import random

import numpy as np
import pytest
from index_people import person

from pipeline.index.frequency import NameCounts
from pipeline.index.linkage import (
    CHANCE,
    CLOSE,
    EXACT,
    FIELDS,
    MISSING,
    OTHER,
    SAME,
    TWIN,
    Block,
    learn,
    levels,
    score,
)

DOE = person(
    "1",
    "Doe|Katherine|Q",
    "1961-03-14",
    sex="F",
    address="1 Elm St",
    phone="518-555-0142",
)
MAIDS = ["ADA", "BEA", "CORA", "DORA", "EDNA", "FAYE", "GINA", "HOPE"]


def drawn(rng, n):
    return person(
        str(n),
        f"F{rng.choice('ABCDEFGHKLMN')}{rng.choice('XYZVW')}|{rng.choice(MAIDS)}|",
        f"{rng.randrange(1930, 2000)}-0{rng.randrange(1, 10)}-1{rng.randrange(10)}",
        sex=rng.choice("FM"),
        address=f"{rng.randrange(999)} Oak",
        phone=f"555{rng.randrange(10**7):07}",
    )


def again(rng, one):
    """The same person, registered anew."""
    moved = {"address": "9 New Rd"} if rng.random() < 0.4 else {}
    return dataclasses.replace(one, phone=one.phone if moved else "5550000", **moved)


@pytest.fixture(scope="module")
def learned():
    rng = random.Random(3)
    people = [drawn(rng, n) for n in range(400)]
    pairs = [(one, again(rng, one)) for one in people[:40]]
    others = [(people[n], people[n + 1]) for n in range(0, 398)]
    namesakes = [(o, dataclasses.replace(p, names=o.names)) for o, p in others[:60]]
    twins = [
        (o, dataclasses.replace(o, names=p.names[:1], sex=p.sex))
        for o, p in others[:20]
    ]

    def block(told, *by):
        return Block(
            np.array([levels(*pair) for pair in told], np.int8), frozenset(by), 400
        )

    return learn(
        [block(pairs + namesakes, "family", "given"), block(pairs + twins, "born")],
        np.array([levels(*pair) for pair in others], np.int8),
    )


@pytest.mark.parametrize(
    ("changed", "field", "level"),
    [
        ({}, "family", EXACT),
        ({"names": person("1", "Dole|Kate", "").names}, "given", CLOSE),
        ({"names": person("1", "Roe|Mary", "").names}, "given", OTHER),
        ({"names": person("1", "Roe|", "").names}, "given", MISSING),
        ({"born": DOE.born.replace(day=15)}, "born", CLOSE),
        ({"born": None}, "born", MISSING),
        ({"address": "1 ELM ST."}, "address", EXACT),
        ({"address": "11 Elm St"}, "address", CLOSE),
        ({"phone": "(518) 5550142"}, "phone", EXACT),
        ({"sex": "M"}, "sex", OTHER),
        ({}, "ssn4", MISSING),
    ],
)
def test_levels_say_how_fields_agree(changed, field, level):
    other = dataclasses.replace(DOE, **changed)
    for pair in ((DOE, other), (other, DOE)):
        assert levels(*pair)[FIELDS.index(field)] == level


def test_how_often_one_person_s_fields_agree_is_learned(learned):
    same = dict(zip(FIELDS, learned.same, strict=True))
    assert same["sex"][EXACT] > 0.9
    assert 0.45 < same["address"][EXACT] < 0.75
    assert learned.rates[SAME] == pytest.approx(0.1, abs=0.03)
    assert learned.rates[TWIN] == pytest.approx(0.05, abs=0.03)
    assert learned.rates[CHANCE] > 0.1


def test_one_person_scores_above_relatives_and_namesakes(learned):
    index = (NameCounts(), 400)

    def bits(**changed):
        return score(DOE, dataclasses.replace(DOE, **changed), learned, index)

    mary = person("2", "Doe|Mary", "").names
    moved = {"address": "9 New Rd", "phone": "5551111"}
    assert bits() > 0 < bits(**moved)
    assert bits(names=mary, sex="M") < 0
    assert bits(born=None) < bits()
    assert bits(born=DOE.born.replace(1990), **moved) < bits(**moved)


def test_nothing_to_learn_from_is_no_error():
    nothing = np.empty((0, len(FIELDS)), np.int8)
    learned = learn([Block(nothing, frozenset(), 1)], nothing)
    assert np.isfinite(score(DOE, DOE, learned, (NameCounts(), 1)))
