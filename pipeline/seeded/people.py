"""People whom nobody has ever met, and who may be taken for each other."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from pipeline.document import Name, Patient, PatientId

Fits = Callable[[str], bool]  # whether a number is one that this house may give out


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FAMILIES = _words(
    "Abbott Alvarez Barlow Becker Bishop Bowen Bradshaw Briggs Callahan Chandler Conrad"
    " Cordova Dalton Decker Delgado Donovan Emerson Farley Fischer Fleming Gallegos"
    " Garner Goodwin Hahn Hanson Hensley Hobbs Jarvis Keller Kessler Kirby Lambert"
    " Landry Lindsey Maddox Mercado Meyers Monroe Nolan Osborne Pacheco Patton Pruitt"
    " Quintana Ramsey Rollins Salazar Schaefer Sheppard Stanton Tanner Trujillo Vaughn"
    " Velez Walsh Weber Whitaker Winters Yates Zamora"
)
_GIVEN = {
    "F": _words(
        "Alice Amy Andrea Beth Carla Claire Diana Edith Elaine Ellen Eva Frances Gloria"
        " Helen Irene Joan Julia Karen Laura Lucy Maria Martha Nancy Olivia Paula Rita"
        " Rosa Ruth Sonia Teresa Vera Wanda"
    ),
    "M": _words(
        "Adam Albert Andrew Brian Carl Daniel David Edgar Eric Frank George Harold"
        " Hector Ivan James Joel Kevin Leon Louis Marco Martin Nathan Oscar Paul Peter"
        " Ralph Ruben Samuel Simon Thomas Victor Walter"
    ),
}
_STREETS = ("Alder Ln", "Birch St", "Cedar Ave", "Depot Rd", "Ferry St", "Grove Ct")
_CITIES = ("Ashby", "Brookvale", "Cedar Falls", "Fairmont", "Lakeside", "Milton")
_TRIES = 2000


@dataclass(frozen=True, slots=True)
class Numbers:
    """How record numbers are made here: a prefix, then digits; ``fits`` judges each.

    A number that somebody has does not fit.
    """

    fits: Fits
    prefix: str = ""
    length: int = 8


def somebody(chance: Random, numbers: Numbers, facility: str = "") -> Patient:
    """One made-up person."""
    sex = chance.choice("FM")
    born = dt.date(1925, 1, 1) + dt.timedelta(days=chance.randrange(80 * 365))
    name = Name(chance.choice(_FAMILIES).upper(), chance.choice(_GIVEN[sex]).upper())
    address = f"{chance.randrange(2, 990)} {chance.choice(_STREETS)}"
    mrn = _number(chance, numbers)
    return Patient(
        PatientId(mrn),
        mrn,
        (name,),
        born,
        sex,
        address=address,
        city=chance.choice(_CITIES),
        facility=facility,
    )


def twin_of(one: Patient, chance: Random, numbers: Numbers) -> Patient:
    """Born on the same day in the same house, with another first name."""
    name = one.names[0]
    given = [g for g in _GIVEN[one.sex] if g.upper() != name.given]
    alike = [g for g in given if g[0] == name.given[0]] or given
    mrn = _number(chance, numbers)
    other = replace(name, given=chance.choice(alike).upper())
    return replace(one, id=PatientId(mrn), mrn=mrn, names=(other,))


def namesake_of(one: Patient, chance: Random, numbers: Numbers) -> Patient:
    """Of the same name, with a record number and a birth date that differ by a digit.

    Where no number is one digit apart (a check digit), two digits are exchanged or
    the last one differs as well.
    """
    mrn = _near(one.mrn, chance, numbers)
    born = one.born
    if born is not None:
        born = born.replace(year=born.year + chance.choice((-10, -1, 1, 10)), day=1)
        born += dt.timedelta(days=(one.born.day if one.born else 1) - 1)
    return replace(one, id=PatientId(mrn), mrn=mrn, born=born)


def _number(chance: Random, numbers: Numbers) -> str:
    for _ in range(_TRIES):
        digits = "".join(chance.choices(string.digits, k=numbers.length))
        if numbers.fits(found := numbers.prefix + digits):
            return found
    raise ValueError("no number of this house's format is left")


def _near(mrn: str, chance: Random, numbers: Numbers) -> str:
    start = len(numbers.prefix)
    places = list(range(start, len(mrn)))
    chance.shuffle(places)
    singles = [_with(mrn, {at: d}) for at in places for d in string.digits]
    last = len(mrn) - 1
    doubles = [
        _with(mrn, {at: d, last: check})
        for at in places
        for d in string.digits
        for check in string.digits
    ]
    for found in (*singles, *doubles):
        if found != mrn and numbers.fits(found):
            return found
    raise ValueError("no number of this house's format is near")


def _with(mrn: str, changed: dict[int, str]) -> str:
    return "".join(changed.get(at, letter) for at, letter in enumerate(mrn))
