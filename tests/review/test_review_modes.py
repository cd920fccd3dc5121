"""Modes and lanes hold back and never file: one thing spoiled at a time."""

from dataclasses import replace

import pytest

from pipeline.checks import EVERY_LANE, Lane, LaneEvent
from pipeline.document import Decision, Doubt, Review
from pipeline.review.lanes import MISFILED, REPORTED, held, standing
from pipeline.review.modes import (
    LANE,
    SHADOW,
    UNKNOWN_FORM,
    UNKNOWN_STATION,
    Standing,
    is_blind,
    overseen,
    standing_of,
)
from tests.review.answered import ANNA, CERTIFICATE, LETTER, NOON, NOW, SCAN

FILED = Decision(ANNA, LETTER, None, None, "rules 1")
DOUBTED = Review((Doubt("two patients fit"),))
NONE = Standing(None, why="none yet")
FULL = Standing(CERTIFICATE, 1e-4)
HALF = Standing(CERTIFICATE, 1e-3)
OTHER_STATION, OTHER_FORM = Lane("scan-4", "letter"), Lane("scan-3", "lab")


def event(did, lane=SCAN, reason=REPORTED):
    return LaneEvent(lane, did, reason, "ada", NOON)


def oversee(decided=FILED, lane=SCAN, mode="automatic", now=FULL, events=()):
    return overseen(decided, lane, mode, now, standing(events))


def test_all_is_well():
    found = oversee()
    assert (found.outcome, found.blind, found.certificate) == (FILED, False, "cafe")


@pytest.mark.parametrize("decided", [FILED, DOUBTED])
def test_in_shadow_mode_nothing_is_filed_and_nothing_is_shown(decided):
    found = oversee(decided, mode="shadow")
    assert isinstance(found.outcome, Review)
    assert found.outcome.reasons[0].reason == SHADOW
    assert found.blind
    assert is_blind(found.outcome)


@pytest.mark.parametrize("mode", ["supervised", "automatic"])
def test_a_doubt_stays_a_doubt(mode):
    found = oversee(DOUBTED, mode=mode)
    assert found.outcome == DOUBTED
    assert not is_blind(found.outcome)


@pytest.mark.parametrize(
    ("mode", "now", "certificate"),
    [
        ("supervised", NONE, None),
        ("supervised", HALF, "cafe"),
        ("supervised", FULL, "cafe"),
        ("automatic", HALF, None),
        ("automatic", FULL, "cafe"),
    ],
)
def test_what_is_filed_without_a_certificate_is_marked(mode, now, certificate):
    found = oversee(mode=mode, now=now)
    assert (found.outcome, found.certificate) == (FILED, certificate)


@pytest.mark.parametrize(
    ("lane", "why"),
    [(OTHER_STATION, UNKNOWN_STATION), (OTHER_FORM, UNKNOWN_FORM)],
)
def test_a_new_station_or_form_suspends_its_own_lane(lane, why):
    found = oversee(lane=lane)
    assert found.outcome == Review((Doubt(f"{LANE}{why}"),))
    assert is_blind(found.outcome)
    assert oversee(lane=lane, mode="supervised").outcome == FILED
    assert oversee(lane=lane, mode="supervised").certificate is None
    opened = oversee(lane=lane, events=[event("opened", lane)])
    assert (opened.outcome, opened.certificate) == (FILED, None)


@pytest.mark.parametrize("mode", ["supervised", "automatic"])
@pytest.mark.parametrize("did", ["paused", "closed"])
@pytest.mark.parametrize("lane", [SCAN, EVERY_LANE])
def test_a_report_pauses_and_a_misfile_closes(mode, did, lane):
    found = oversee(mode=mode, events=[event(did, lane)])
    assert isinstance(found.outcome, Review)
    assert did in found.outcome.reasons[0].reason
    assert found.blind


def test_only_its_own_lane():
    assert oversee(events=[event("closed", OTHER_FORM)]).outcome == FILED


def test_the_last_word_counts_but_a_report_reopens_nothing():
    closed, paused = event("closed", reason=MISFILED), event("paused")
    assert MISFILED in held(SCAN, standing([closed, paused]))
    assert not held(SCAN, standing([closed, event("opened")]))
    assert REPORTED in held(SCAN, standing([closed, event("opened"), paused]))
    everything = event("opened", EVERY_LANE)
    assert not held(SCAN, standing([closed, everything]))
    assert held(SCAN, standing([event("closed", EVERY_LANE), event("opened")]))


@pytest.mark.parametrize(
    ("last", "now", "thresholds", "rate", "says"),
    [
        (CERTIFICATE, NOW, (0.9999, 16.6), 1e-4, ""),
        (CERTIFICATE, NOW, (0.999, 13.0), 1e-3, ""),
        (CERTIFICATE, NOW, (0.9995, 13.0), 1.0, "no rung"),
        (CERTIFICATE, replace(NOW, engine="x"), (0.999, 13.0), 1.0, "engine"),
        (CERTIFICATE, replace(NOW, models="x"), (0.999, 13.0), 1.0, "models"),
        (CERTIFICATE, replace(NOW, rules="x"), (0.999, 13.0), 1.0, "rules"),
        (None, NOW, (0.9999, 16.6), 1.0, "none yet"),
    ],
)
def test_what_voids_a_certificate(last, now, thresholds, rate, says):
    found = standing_of(last, now, thresholds)
    assert found.rate == rate
    assert (found.certificate is None) == bool(says)
    assert says in found.why
