"""One thing spoiled: what vetoes, what alerts, and what does neither."""

import dataclasses

import pytest
from index_people import ISO_FORMAT, clue, person, with_check_digit

from pipeline.document import Encounter, Identifier
from pipeline.index.conflicts import contradictions, name_alerts
from pipeline.index.evidence import Known
from pipeline.index.frequency import NameCounts
from pipeline.index.matchrules import MatchRules
from pipeline.index.numbers import MrnFormat

MRN, OTHER, OLD = (with_check_digit(n) for n in (123456, 765432, 555555))
DOE = person(
    MRN,
    "Doe|John",
    "1961-03-14",
    address="1 Elm St",
    identifiers=(Identifier(OLD, "GH", "MR"),),
)
ROE = person(OTHER, "Roe|Mary", "1988-11-02", address="9 Oak Ave")
KNOWN = Known(MatchRules(), NameCounts(), {ROE.id: (Encounter("V-9", "", ROE.id),)})


def sources(*clues, people=(DOE, ROE), form=ISO_FORMAT):
    found = contradictions(clues, DOE, people, KNOWN, form)
    return [e.source for e in found]


@pytest.mark.parametrize(
    ("spoiled", "source"),
    [
        (clue("mrn", OTHER), "mrn"),
        (clue("mrn", OTHER, confidence=0.3), "mrn"),  # its check digit holds
        (clue("mrn", OTHER, by="code128"), "mrn"),
        (clue("cover patient", OTHER, by="code128"), "mrn"),
        (clue("account", "V9"), "account"),
        (clue("encounter", "V-9"), "account"),
        (clue("born", "1988-11-02"), "birth date"),
        (clue("born", "1962-03-15"), "birth date"),
        (clue("name", "ROE|MARY||"), "name"),
    ],
)
def test_it_vetoes(spoiled, source):
    assert sources(clue("mrn", MRN), spoiled) == [source]


@pytest.mark.parametrize(
    "harmless",
    [
        clue("mrn", MRN),
        clue("mrn", "99999999"),  # nobody's
        clue("mrn", OLD),  # retired
        clue("mrn", OTHER, role="mother"),
        clue("mrn", OTHER, role="other authority"),
        clue("born", "1988-11-02", role="guarantor"),
        clue("name", "ROE|MARY||", role="clinician"),
        clue("account", "V9", confidence=0.5),  # illegible
        clue("account", "V8"),
        clue("born", "1988-11-02", confidence=0.8),  # illegible
        clue("born", "1961-03-15"),  # a slip of the pen
        clue("born", "?"),
        clue("name", "ROE|MARY||", confidence=0.8),
        clue("name", "ROE|JOHN||"),  # a changed name
        clue("name", "DOE|MARY||"),
        clue("name", "ROE|M||"),
        clue("name", "POE|ANN||"),  # nobody of the index
        clue("sex", "F"),
        clue("address", "9 OAK AVE"),
        clue("phone", "5185550142"),
    ],
)
def test_it_does_not_veto(harmless):
    assert sources(harmless) == []


def test_without_a_check_digit_a_number_must_be_legible():
    assert sources(clue("mrn", OTHER, confidence=0.5), form=MrnFormat()) == []


def test_day_and_month_exchanged_is_a_slip():
    other = dataclasses.replace(DOE, born=DOE.born.replace(month=3, day=12))
    seen = clue("born", "1961-12-03")
    assert contradictions([seen], other, [ROE], KNOWN, ISO_FORMAT) == ()


def test_a_number_of_two_houses_that_the_best_one_bears_does_not_veto():
    same = dataclasses.replace(ROE, mrn=MRN)
    assert sources(clue("mrn", MRN), people=(DOE, same)) == []


def test_the_same_veto_is_told_once():
    assert sources(clue("mrn", OTHER, 1), clue("mrn", OTHER, 2)) == ["mrn"]


@pytest.mark.parametrize(
    ("other", "alert"),
    [
        (("Doe|James", "1961-03-14", ""), "twin"),
        (("Doe|John", "1961-03-14", ""), "same name and birth date"),
        (("Doe|John||Jr", "1990-01-01", ""), "Jr or Sr"),
        (("Doe|John", "1990-01-01", "1 Elm St."), "same name in one household"),
        (("Doe|John", "1961-03-24", "77 Far Rd"), "namesake"),
        (("Doe|John", "1961-09-15", "77 Far Rd"), "namesake"),
        (("Doe|John", "", "77 Far Rd"), "namesake"),
        (("Doe|John", "1990-01-01", "77 Far Rd"), ""),
        (("Doe|Susan", "1990-01-01", "1 Elm St"), ""),
        (("Roe|John", "1961-03-14", "1 Elm St"), ""),
        (("Doe|Susan", "", ""), ""),
    ],
)
def test_alerts(other, alert):
    name, born, address = other
    like = person("7", name, born, address=address)
    found = [e.seen.split(":")[0] for e in name_alerts(DOE, [DOE, like])]
    assert found == ([alert] if alert else [])
    assert all(e.weight == 0 for e in name_alerts(DOE, [like]))
