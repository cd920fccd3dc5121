"""What the trap set's bench counts: lines, certificates, peers, fitted shadows."""

import datetime as dt
import functools

import numpy as np
import pytest

from benchmarks.traps.figures import (
    RATE,
    Answers,
    by_group,
    certified_share,
    line_of,
    risk_coverage,
    shown,
)
from benchmarks.traps.fit import fitted
from benchmarks.traps.memory import MemoryAlerts, MemoryRows
from benchmarks.traps.pages import Pages
from benchmarks.traps.peers import answers as read_answers
from benchmarks.traps.peers import exact_rules, splink, write_pages, write_people
from benchmarks.traps.people import make_people
from benchmarks.traps.report import OURS, Run, methods, picture, section
from benchmarks.traps.weighing import weigh_all, weigher
from pipeline.document import Name, Patient, PatientId
from pipeline.index.keys import patient_keys
from pipeline.index.names import fold
from pipeline.index.namewords import word
from pipeline.index.posterior import SHADOWS


def answers(scores, wrong=()):
    right = np.array([at not in wrong for at in range(len(scores))])
    return Answers(np.array(scores, float), right)


def test_the_line_keeps_the_rate_and_ties_stay_together():
    assert line_of(answers([3, 2, 1])) == 1
    assert line_of(answers([3, 2, 1], wrong=[2])) == 2
    assert line_of(answers([3, 2, 2, 1], wrong=[2])) == 3
    assert line_of(answers([3, 2], wrong=[0])) == np.inf
    assert line_of(answers([-np.inf])) == np.inf
    assert line_of(answers([3, 2, 1, 0], wrong=[1]), rate=0.25) == 0


def test_what_is_filed_at_a_line():
    some = answers([3, 2, -np.inf], wrong=[1])
    told = shown("ours", some, 2.0, "2")
    assert (told.filed, told.wrong, told.certified) == (2 / 3, 1, False)
    assert told.bound > 0.9
    share, risk = risk_coverage(some)
    assert share.tolist() == [1 / 3, 2 / 3]
    assert risk.tolist() == [0, 0.5]


def test_a_certificate_wants_thirty_thousand_clean_pages():
    tune = answers(np.linspace(1, 2, 40_000))
    clean = answers(np.linspace(1, 2, 70_000))
    share, found = certified_share(tune, clean)
    assert share == pytest.approx(1.0, abs=0.01)
    assert found.wrong == 0
    assert certified_share(tune, answers(np.linspace(1, 2, 20_000)))[0] == 0.0
    assert certified_share(answers([-np.inf]), clean)[0] == 0.0


def test_groups_are_counted_by_every_name_they_have():
    some = answers([3, 2, 1], wrong=[1])
    found = by_group([("a",), ("a", "b"), ("b",)], some, 2)
    assert {name: (n, c.documents, c.wrong) for name, (n, c) in found.items()} == {
        "a": (2, 2, 1),
        "b": (2, 1, 1),
    }


def someone(row, mrn, name, born):
    family, given = name.split("|")
    day = dt.date.fromisoformat(born)
    return Patient(PatientId(f"t{row}"), mrn, (Name(family, given),), day)


def test_exact_rules_file_by_number_or_by_name_and_birth_date():
    one = someone(1, "12345678", "Doe|John", "1961-03-14")
    two = someone(2, "22345678", "Doe|Mary", "1961-03-14")
    double = someone(3, "32345678", "Doe|John", "1961-03-14")
    rest = ("", "", "")
    whole = ("", "DOE", "JOHN", "1961-03-14", *rest)
    assert exact_rules(("12345678", "DOE", "", "", *rest), (one, two)) == 1
    assert exact_rules(("12345678", "", "", "1961-03-14", *rest), (one, two)) == 1
    assert exact_rules(("12345678", "ROE", "", "", *rest), (one, two)) == -1
    assert exact_rules(("99999999", *whole[1:]), (one, two)) == 1
    assert exact_rules(whole, (one, two, double)) == -1
    assert exact_rules(("", "DOE", "", "1961-03-14", *rest), (one,)) == -1


def test_shares_are_found_again_in_pages_that_have_them():
    """5 % of pages are a twin's, 2 % nobody's near; the other shadows show nothing."""
    twin = np.full((len(SHADOWS), 1), -60.0)
    twin[0] = 28.0
    nobody = np.full((len(SHADOWS), 1), -60.0)
    pages = [twin] * 50 + [nobody] * 20 + [None] * 930
    shares, absent = fitted(pages, 10_000)
    assert shares[0] == pytest.approx(0.05, rel=0.05)
    assert absent == pytest.approx(0.02, rel=0.1)
    assert shares[1:].tolist() == pytest.approx([0.001] * (len(SHADOWS) - 1))


@functools.cache
def small():
    people = make_people(3_000, 9)
    return people, MemoryRows(people)


def test_the_index_in_memory_finds_who_has_a_key():
    people, rows = small()
    one = people.at(17)
    for key in patient_keys(one):
        assert one in rows.with_keys([key])
    found = rows.with_keys(patient_keys(one))
    assert all(set(patient_keys(p)) & set(patient_keys(one)) for p in found)
    assert rows.with_keys(["m:00000000"]) == ()
    assert len(rows.with_keys(patient_keys(one), 1)) == 1
    assert rows.with_keys(patient_keys(one), 1) == (one,)
    assert rows.count() == 3_000


def test_the_index_in_memory_counts_who_bears_a_name():
    people, rows = small()
    name = people.at(17).names[0]
    everybody = [people.at(row).names[0] for row in range(3_000)]
    for part, text in (("family", name.family), ("given", name.given)):
        key = word(part, fold(text)).key
        bearers = sum(
            fold(text) in (fold(getattr(n, part)), *fold(getattr(n, part)).split())
            for n in everybody
        )
        assert rows.bearers((key, "nobody's")) == {key: bearers, "nobody's": 0}


def test_twins_in_memory_have_an_alert():
    people, rows = small()
    row = next(r for r in range(3_000) if people.trap[r] == 1)
    alerts = MemoryAlerts(rows)
    told = alerts.of(people.at(row).id)
    other = people.at(int(people.pair[row]))
    assert ("twin", other.mrn) in told
    rows_left = iter(range(3_000))
    while not alerts.spent:  # a busy machine's clock goes in steps
        alerts.of(people.at(next(rows_left)).id)


@pytest.mark.slow
def test_the_bench_from_people_to_its_section(tmp_path):
    people, rows = small()
    one = weigher(people, rows)
    tune, report = (
        list(weigh_all(one, Pages(people, seed), range(60), 1)) for seed in (2, 1)
    )
    filed = [w for w in report if not w.reasons and w.doubt < 1e-4]
    assert len(filed) > 40
    assert all(w.right for w in filed)
    assert not any(w.right for w in report if w.truth.row < 0 and w.best >= 0)
    write_people(people, tmp_path / "people.csv")
    write_pages(((w.truth.number, w.read) for w in report), tmp_path / "report.csv")
    assert (tmp_path / "report.csv").read_text().startswith("unique_id,mrn,family")
    assert not splink(tmp_path / "no-python", tmp_path, tmp_path / "log")
    (tmp_path / "splink.csv").write_text("page,person,weight,doubt\np3,t7,12.5,0.1\n")
    beside = read_answers(tmp_path / "splink.csv")
    assert beside == {3: (7, 12.5, 0.1)}
    run = Run(3_000, tune, report, {"tune": beside, "report": beside})
    assert set(methods(run)) > {OURS, "without shadows", "Splink, normalised"}
    told = "\n".join(section(run))
    assert "| vietnamese |" in told
    assert "exact rules" in told
    assert picture(run).startswith("<svg")
    assert RATE == 1e-4
