"""Passwords, one-time codes, how long a session lasts and a guesser waits."""

import datetime as dt
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from pipeline.access import codes, passwords
from pipeline.access.signing_in import Failures, Timing, state, wait
from pipeline.users import Session

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
TIMING = Timing(10 * MINUTE, 600 * MINUTE)
SESSION = Session("k", "ada", "c", NOON, NOON, passed=NOON)
RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890" in base32


def test_a_password_is_kept_as_argon2id_with_its_salt():
    kept = passwords.hashed("correct horse battery")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert kept != passwords.hashed("correct horse battery")
    assert passwords.matches(kept, "correct horse battery")
    assert not passwords.matches(kept, "correct horse batterY")


@pytest.mark.parametrize("stored", ["", "plain words", "$argon2id$v=19$broken"])
def test_what_is_no_hash_opens_nothing(stored):
    assert not passwords.matches(stored, stored)
    assert not passwords.matches(stored, "the password of nobody")


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("elevenchars", "at least 12"),
        ("x" * 257, "at most 256"),
        ("abababababababab", "different"),
        ("my name is ADA ok", "the name"),
        ("correct horse battery", ""),
    ],
)
def test_what_is_good_enough(password, says):
    assert says in passwords.fault(password, "ada")
    assert bool(says) == bool(passwords.fault(password, "ada"))


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds, digits):
    now = dt.datetime.fromtimestamp(seconds, dt.UTC)
    assert codes.code(RFC, codes.counter_at(now)) == digits
    assert codes.counter_of(RFC, f" {digits[:3]} {digits[3:]} ", now) == seconds // 30


@pytest.mark.parametrize("seconds", [-61, 61])
def test_a_code_of_another_minute_is_none(seconds):
    said = codes.code(RFC, codes.counter_at(NOON))
    later = NOON + dt.timedelta(seconds=seconds)
    assert codes.counter_of(RFC, said, NOON + dt.timedelta(seconds=29)) is not None
    assert codes.counter_of(RFC, said, later) is None


@pytest.mark.parametrize("said", ["", "12345", "abcdef", "١٢٣٤٥٦"])
def test_what_is_no_code(said):
    assert codes.counter_of(RFC, said, NOON) is None


def test_a_secret_is_new_each_time_and_drawn_for_an_authenticator():
    assert len({codes.new_secret() for _ in range(20)}) == 20
    told = codes.address("GEZDGNBVGY3TQOJQ", "ada@north")
    assert told.startswith("otpauth://totp/Chartfiler%3Aada%40north?secret=GEZ")
    picture = ET.fromstring(codes.for_screen(told))
    assert picture.tag.endswith("svg")
    assert "style" not in codes.for_screen(told)  # the policy allows none
    assert codes.for_terminal(told).count("\n") > 10


@pytest.mark.parametrize(
    ("change", "after", "found"),
    [
        ({}, 0, "open"),
        ({}, 9, "open"),
        ({}, 10, "locked"),
        ({"seen": NOON + 5 * MINUTE}, 14, "open"),
        ({"locked": NOON}, 0, "locked"),
        ({"ended": NOON}, 0, "over"),
        ({"seen": NOON + 599 * MINUTE}, 600, "over"),
        ({"passed": None}, 0, "second step"),
        ({"passed": None}, 10, "over"),
    ],
)
def test_what_a_session_may_be_used_for(change, after, found):
    assert state(replace(SESSION, **change), NOON + after * MINUTE, TIMING) == found


@pytest.mark.parametrize(
    ("failed", "seconds"),
    [
        (Failures(), 0.0),
        (Failures(4, 4, 4, NOON), 0.0),
        (Failures(5, 5, 5, NOON), 10.0),
        (Failures(7, 7, 7, NOON), 40.0),
        (Failures(30, 30, 30, NOON), 900.0),
        (Failures(0, 20, 1, NOON), 10.0),
        (Failures(1, 1, 50, NOON), 10.0),
        (Failures(0, 19, 49, NOON), 0.0),
    ],
)
def test_how_long_a_guesser_waits(failed, seconds):
    assert wait(failed, NOON) == seconds
    late = NOON + dt.timedelta(seconds=seconds)
    assert wait(failed, late) == 0.0
