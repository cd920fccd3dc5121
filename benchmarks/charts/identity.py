"""The ways in which paper says whose it is, from everything to nothing."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from benchmarks.forms.paper import Case, Identity
from benchmarks.forms.writing import print_identity

NOTHING = "nothing"


def _initial(full: Identity, case: Case) -> Identity:
    person = case.patient
    name = f"{person.last_name}, {person.first_name[0]}"
    return Identity(name.upper(), None, full.born, None)


def _dashed(full: Identity, _case: Case) -> Identity:
    digits = full.number or ""
    pairs = "-".join(digits[i : i + 2] for i in range(0, len(digits), 2))
    return replace(full, number=pairs, visit=None)


WAYS: dict[str, tuple[int, Callable[[Identity, Case], Identity]]] = {
    "full": (50, lambda full, _: full),
    "name and birth date": (13, lambda full, _: replace(full, number=None, visit=None)),
    "name and number": (12, lambda full, _: replace(full, born=None, visit=None)),
    "name": (5, lambda full, _: Identity(full.name, None, None, None)),
    "name and visit": (4, lambda full, _: replace(full, number=None, born=None)),
    "number with dashes": (4, _dashed),
    "initial and birth date": (3, _initial),
    "number": (3, lambda full, _: Identity("", full.number, None, None)),
    NOTHING: (5, lambda _full, _: Identity("", None, None, None)),
}
"""Weight of each way, and what it leaves of a full identity."""


def shown(
    case: Case, rng: Random, how: str | None, *, visited: bool
) -> tuple[str, Identity]:
    """The way, drawn unless given, and the identity that the paper prints.

    A strange house prints its own number, which the index may know as such. A visit
    number is printed only where the stay is the index's (``visited``).
    """
    drawn = how or rng.choices(list(WAYS), [weight for weight, _ in WAYS.values()])[0]
    full = print_identity(case)
    if not visited:
        full = replace(full, visit=None)
    if not case.facility.own:
        theirs = case.patient.other_ids.rpartition(":")[2]
        full = replace(full, number=theirs or f"{rng.randint(10**6, 10**7 - 1)}")
    return drawn, WAYS[drawn][1](full, case)
