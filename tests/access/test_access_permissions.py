"""Who may do what, one door at a time."""

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.access.permissions import (
    BEHIND_GLASS,
    OF_ROLE,
    PERMISSIONS,
    Closed,
    may,
    sees,
    works_for,
)
from pipeline.users import ROLES, User

# the table of the house, written a second time: a change must be made in both
MAY = {
    "own account": set(ROLES),
    "station": {"station", "clerk", "senior_clerk", "supervisor"},
    "queue": {"clerk", "senior_clerk", "supervisor"},
    "review": {"clerk", "senior_clerk", "supervisor"},
    "answer": {"clerk", "senior_clerk", "supervisor"},
    "search": {"clerk", "senior_clerk", "release", "supervisor"},
    "chart": {"clerk", "senior_clerk", "release", "supervisor"},
    "correct": {"senior_clerk", "supervisor"},
    "steward": {"senior_clerk", "supervisor"},
    "release": {"release"},
    "supervise": {"supervisor"},
    "export": {"supervisor"},
    "audit": {"auditor"},
    "administer": {"administrator"},
    "break glass": {
        "clerk", "senior_clerk", "release", "supervisor", "administrator",
    },
}  # fmt: skip
NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
ADA = User("ada", ("clerk",), ("NORTH",), ("SUD",))
PAPER = Closed(frozenset({"NORTH"}), frozenset({"SUD"}), frozenset({"b-1", "p1"}))


@pytest.mark.parametrize("permission", PERMISSIONS)
@pytest.mark.parametrize("role", ROLES)
def test_one_door_at_a_time(role, permission):
    assert may(User("ada", (role,)), permission) is (role in MAY[permission])


def test_every_permission_has_a_role_and_every_role_one():
    assert set(MAY) == set(PERMISSIONS) == set().union(*OF_ROLE.values())
    assert set(OF_ROLE) == set(ROLES)


def test_two_roles_add_up_and_a_disabled_account_has_none():
    both = User("ada", ("auditor", "station"))
    assert may(both, "audit")
    assert may(both, "station")
    assert not may(replace(both, disabled=NOON), "audit")
    assert not may(User("nobody", ()), "own account")


@pytest.mark.parametrize("role", ["station", "auditor", "administrator"])
def test_who_sees_no_paper_by_default(role):
    user = User("root", (role,))
    assert not any(may(user, one) for one in ("queue", "search", *BEHIND_GLASS))


@pytest.mark.parametrize(
    ("change", "paper", "seen"),
    [
        ({}, PAPER, True),
        ({"facilities": ("SOUTH",)}, PAPER, False),
        ({"facilities": ()}, PAPER, False),
        ({"facilities": ("*",)}, PAPER, True),
        ({"restricted": ()}, PAPER, False),
        ({"restricted": ("PSY",)}, PAPER, False),
        ({"restricted": ("*",)}, PAPER, True),
        ({"restricted": ()}, replace(PAPER, flags=frozenset()), True),
        ({}, replace(PAPER, flags=frozenset({"SUD", "PSY"})), False),
        ({}, replace(PAPER, facilities=frozenset({"NORTH", "SOUTH"})), False),
        ({}, replace(PAPER, facilities=frozenset({""})), False),
        ({}, replace(PAPER, facilities=frozenset()), False),
        ({"facilities": ("*",)}, replace(PAPER, facilities=frozenset({""})), True),
        ({"facilities": ("",)}, replace(PAPER, facilities=frozenset({""})), False),
    ],
)
def test_facility_and_class_must_both_be_the_persons(change, paper, seen):
    assert sees(replace(ADA, **change), paper) is seen


def test_a_broken_glass_opens_its_own_paper_only():
    stranger = User("eve", ("clerk",), ("SOUTH",))
    assert sees(stranger, PAPER, ["b-1"])
    assert sees(stranger, PAPER, ["p1"])
    assert not sees(stranger, PAPER, ["b-2", ""])
    assert not works_for(stranger, "NORTH")
