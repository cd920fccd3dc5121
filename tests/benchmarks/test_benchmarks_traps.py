"""The trap set: the same by seed, at the rates that were written down, and apart."""

import ast
import functools
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from benchmarks.traps import rates
from benchmarks.traps.misreading import confidence, misread
from benchmarks.traps.pages import Pages
from benchmarks.traps.people import TRAPS, draw_persons, make_people, with_check_digit
from pipeline.index.numbers import MrnFormat, check

MAKERS = ("rates", "names", "people", "misreading", "forms", "pages")
SOME = 4_000


@functools.cache
def population():
    return make_people(30_000, 3)


@functools.cache
def some_pages():
    pages = Pages(population(), 3)
    return [pages.at(number) for number in range(SOME)]


@pytest.mark.parametrize("maker", MAKERS)
def test_what_makes_the_set_knows_nothing_of_the_model(maker):
    file = Path(__file__).parents[2] / "benchmarks" / "traps" / f"{maker}.py"
    imports = [
        node.module
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module
    ]
    ours = {name for name in imports if name.startswith("pipeline")}
    assert ours <= {"pipeline.document", "pipeline.page"}


def test_the_same_seed_makes_the_same_people_and_pages():
    again = Pages(make_people(30_000, 3), 3)
    for number in (0, 7, 99):
        assert again.at(number) == some_pages()[number]
    assert Pages(population(), 4).at(7) != some_pages()[7]


def test_numbers_check_and_belong_to_one_person():
    people = population()
    form = MrnFormat((8,), "", "iso7064_mod11_10")
    assert all(check(with_check_digit(n), form) for n in people.serial[:300].tolist())
    assert len(set(people.serial.tolist())) == len(people)
    strangers = draw_persons(2_000, 3)
    assert not set(strangers.serial.tolist()) & set(people.serial.tolist())


def test_traps_are_what_they_are_called():
    people = population()
    for kind in (1, 2, 3):
        rows = [r for r in range(len(people)) if people.trap[r] == kind]
        assert rows, TRAPS[kind]
        for row in rows[:200]:
            other = int(people.pair[row])
            one, two = people.at(row), people.at(other)
            assert people.pair[other] == row
            assert one.names[0].family == two.names[0].family
            assert (one.born == two.born) == (kind == 1)
            assert (one.names[0].given == two.names[0].given) == (kind != 1)


def test_pages_have_the_rates_that_were_written_down():
    truths = [page.truth for page in some_pages()]
    share = {
        name: sum(name in t.fields for t in truths) / SOME
        for name in ("mrn", "born", "sex", "address", "name")
    }
    assert share["mrn"] <= rates.HAS_MRN + 0.01
    for name, asked in (("born", 0.85), ("sex", 0.6), ("address", 0.2), ("name", 0.95)):
        assert share[name] == pytest.approx(asked, abs=0.03)
    traps = Counter(trap for t in truths for trap in t.traps)
    assert traps["absent"] / SOME == pytest.approx(rates.ABSENT, abs=0.012)
    assert traps["changed surname"] / SOME == pytest.approx(0.03, abs=0.01)
    trapped = sum(traps[name] for name in rates.TRAPPED) / SOME
    assert trapped == pytest.approx(0.08, abs=0.015)
    assert {t.row for t in truths if "absent" in t.traps} == {-1}
    assert {t.origin for t in truths} == set(rates.ORIGINS)


def test_an_absent_double_is_told_and_counts_as_nobody_in_the_index():
    pages = Pages(population(), 8)
    for column in ("origin", "female", "given"):  # every stranger is called James
        getattr(pages._strangers, column)[:] = 0
    subjects = [pages._subject(Random(number)) for number in range(40_000)]
    twins = [one for one in subjects if "absent twin" in one.traps]
    doubles = [one for one in subjects if "absent double" in one.traps]
    assert 0 < len(doubles) < len(twins) / 4
    for one in doubles:
        assert not one.known
        assert pages._name(one).given == population().name(one.like).given
        assert pages._born(one) == population().at(one.like).born


@pytest.mark.parametrize("rate", [0.01, 0.12])
def test_characters_are_misread_at_the_rate(rate):
    rng, word, many = Random(1), "Whitfield", 4_000
    right = sum(misread(word, rate, rng) == word for _ in range(many)) / many
    assert right == pytest.approx((1 - rate) ** len(word), abs=0.03)


def test_a_words_confidence_is_the_probability_that_it_is_right():
    rng, word, rate = Random(2), "Whitfield", 0.04
    bins: dict[int, list[bool]] = {}
    for _ in range(6_000):
        right = misread(word, rate, rng) == word
        sure = confidence(word, rate, rng, right=right)
        bins.setdefault(int(sure * 5), []).append(right)
    assert len(bins) == 5
    for at, found in bins.items():
        assert sum(found) / len(found) == pytest.approx(at / 5 + 0.1, abs=0.12)


def test_a_page_is_as_sure_as_its_engine_supposes():
    words = [w for p in some_pages() for w in p.page.words]
    assert min(w.confidence for w in words) < 0.5
    assert max(w.confidence for w in words if w.text == "hallway") > 0.999
