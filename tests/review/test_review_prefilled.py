"""Nothing stands in the form beforehand that is below its own threshold."""

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.finding import Evidence
from pipeline.review.prefilled import Prefilled, prefilled
from tests.review.readings import ANNA, CERTAIN, RULES, found

SHARES = st.floats(0.0, 1.0)
DAY = dt.date(2013, 4, 3)
LIMITS = (RULES.patient_at_least, RULES.type_at_least, RULES.date_at_least)


def filled(patient, kind, date, **more):
    reading = replace(
        CERTAIN,
        patients=(replace(CERTAIN.patients[0], confidence=patient),),
        types=(replace(CERTAIN.types[0], confidence=kind),),
        dates=(found(DAY, date),),
        **more,
    )
    return prefilled(reading, RULES)


@given(SHARES, SHARES, SHARES)
def test_a_value_stands_there_if_and_only_if_it_passes(patient, kind, date):
    said = filled(patient, kind, date)
    told = (said.patient is not None, said.type is not None, said.date is not None)
    shares = (patient, kind, date)
    assert told == tuple(
        share >= limit for share, limit in zip(shares, LIMITS, strict=True)
    )


@given(SHARES)
def test_each_at_its_very_threshold(below):
    for nth, limit in enumerate(LIMITS):
        at = [*LIMITS]
        assert all(filled_values(filled(*at)))
        at[nth] = limit * below * 0.999
        told = filled_values(filled(*at))
        assert not told[nth]
        assert sum(map(bool, told)) == len(LIMITS) - 1


def filled_values(said: Prefilled):
    return (said.patient, said.type, said.date)


@given(SHARES)
def test_nobody_where_an_identifier_is_another_s_or_somebody_looks_alike(share):
    alien = Evidence("mrn", 0.0, "22222222", 1)
    assert filled(share, 1.0, 1.0, contradictions=(alien,)).patient is None
    alert = Evidence("name alert", 0.0, "twin: MRN 2")
    alike = replace(CERTAIN, patients=(found(ANNA, share, alert),))
    assert prefilled(alike, RULES).patient is None


def test_of_nothing_found_nothing_stands_there():
    bare = replace(CERTAIN, patients=(), types=(), dates=())
    assert prefilled(bare, RULES) == Prefilled()
    assert prefilled(bare, None) == Prefilled()
