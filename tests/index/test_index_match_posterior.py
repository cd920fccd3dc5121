"""The mass is shared with everybody, and agreeing evidence never lowers a share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.finding import Evidence
from pipeline.index.matchrules import MatchRules
from pipeline.index.posterior import SHADOWS, posterior

SOURCES = ["mrn", "birth date", "name", "given name", "sex", "address", "custody"]
RULES = MatchRules()
EVIDENCE = st.lists(
    st.builds(
        lambda source, weight: Evidence(source, weight, ""),
        st.sampled_from(SOURCES),
        st.floats(-9, 27),
    ),
    max_size=7,
)


def said(**bits: float) -> list[Evidence]:
    return [Evidence(k.replace("_", " "), v, "") for k, v in bits.items()]


@given(st.lists(EVIDENCE, max_size=5), st.integers(0, 10**7))
def test_the_whole_is_one(evidence, size):
    found = posterior(evidence, size, RULES)
    assert sum(found.candidates) + found.absent == pytest.approx(1.0)
    for share, others in zip(found.candidates, found.others, strict=True):
        assert share + others == pytest.approx(1.0)


@given(
    st.lists(EVIDENCE, min_size=1, max_size=4),
    st.sampled_from([*SOURCES, "phone"]),
    st.floats(0, 27),
)
def test_agreeing_evidence_never_lowers_a_share(evidence, source, weight):
    before = posterior(evidence, 20_000, RULES)
    more = [[*evidence[0], Evidence(source, weight, "")], *evidence[1:]]
    after = posterior(more, 20_000, RULES)
    assert after.candidates[0] >= before.candidates[0] * (1 - 1e-9)


def test_nobody_is_found_where_nobody_is_asked():
    assert posterior([], 100, RULES).absent == 1.0


@pytest.mark.parametrize(
    ("bits", "least", "most"),
    [
        # one field alone is a label, a namesake, a relative
        ({"mrn": 26.5}, 0.9, 0.999),
        ({"birth_date": 15.0}, 0.0, 0.99),
        ({"name": 13.0, "given_name": 9.0}, 0.5, 0.999),
        # a twin whom nobody registered has all but the given name
        ({"name": 13.0, "birth_date": 15.0}, 0.0, 0.999),
        ({"name": 13.0, "birth_date": 15.0, "address": 11.0}, 0.0, 0.999),
        # two groups that no shadow shares
        ({"mrn": 26.5, "birth_date": 15.0}, 0.9999, 1.0),
        ({"mrn": 26.5, "name": 13.0}, 0.9999, 1.0),
        ({"name": 13.0, "given_name": 9.0, "birth_date": 15.0}, 0.9999, 1.0),
        # the folder alone never files, and a relative's paper may get into it
        ({"custody": 14.3}, 0.0, 0.99),
        ({"custody": 14.3, "name": 13.0}, 0.0, 0.9999),
        ({"custody": 14.3, "name": 13.0, "given_name": 9.0}, 0.9999, 1.0),
        ({"cover": 26.5, "name": 13.0}, 0.0, 0.9999),
        ({"cover": 26.5, "name": 13.0, "given_name": 9.0}, 0.9999, 1.0),
        # whoever stuck the wrong label on it filed it by the label
        ({"custody": 14.3, "mrn": 26.5}, 0.9, 0.999),
    ],
)
def test_shares_of_one_candidate(bits, least, most):
    assert least <= posterior([said(**bits)], 20_000, RULES).candidates[0] <= most


def test_a_double_takes_half():
    twice = [said(mrn=26.5, name=13.0)] * 2
    found = posterior(twice, 20_000, RULES)
    assert found.candidates[0] == pytest.approx(0.5, abs=0.01)


def test_far_below_one_there_are_still_digits():
    sure = said(mrn=26.5, name=13.0, given_name=9.0, birth_date=15.0, address=11.0)
    found = posterior([sure], 20_000, RULES)
    assert found.candidates[0] > 1 - 1e-7
    assert 0 < found.others[0] < 1e-8


def test_without_shadows_the_tail_would_be_too_sure():
    assert {s.name for s in SHADOWS} >= {"unregistered twin", "Jr or Sr", "wrong label"}
    assert all(0 < s.share < 0.05 and "custody" in s.sources for s in SHADOWS)


def test_whoever_is_not_shown_beside_a_patient_takes_from_its_share():
    evidence = [said(mrn=26.0, name=10.0)]
    whole = posterior(evidence, 1_000_000, RULES)
    alone = posterior(evidence, 1_000_000, RULES, shadows=())
    assert alone.others[0] < whole.others[0] / 3
    twin = [shadow for shadow in SHADOWS if shadow.name == "unregistered twin"]
    day = [said(birth_date=15.0, name=13.0, given_name=-5.0)]
    beside = posterior(day, 1_000_000, RULES, twin)
    assert beside.others[0] > posterior(day, 1_000_000, RULES, ()).others[0]
