"""Invented people: patients as the import wants them, and the staff who sign papers."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.forms.grammar import read_lexicon

_NAMES = read_lexicon(Path(__file__).parent / "texts" / "names.lexicon")
_LAST, _MALE, _FEMALE = _NAMES["last"], _NAMES["male"], _NAMES["female"]
_WAYS = ("Street", "Avenue", "Road", "Lane", "Court", "Drive")
TOWNS = (
    ("Eastvale Falls", "OH", "44299"),
    ("Port Hadley", "OH", "44298"),
    ("Millbrook Junction", "OH", "44297"),
    ("Larch Hill", "PA", "16899"),
    ("Cobbs Landing", "PA", "16898"),
    ("New Arden", "OH", "44296"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """One patient; the fields are the columns of the patient import, in its order."""

    mrn: str
    last_name: str
    first_name: str
    middle_name: str
    suffix: str
    birth_date: dt.date
    sex: str
    address: str
    city: str
    state: str
    postal_code: str
    phone: str
    ssn_last4: str
    aliases: str = ""
    merged_into: str = ""
    facility: str = "EVR"
    other_ids: str = ""
    death_date: str = ""
    birth_order: str = ""

    @property
    def full_name(self) -> str:
        """First name first, middle name whole, suffix last."""
        parts = (self.first_name, self.middle_name, self.last_name, self.suffix)
        return " ".join(filter(None, parts))


def with_check_digit(number: str) -> str:
    """The digits with their ISO 7064 MOD 11,10 check digit appended."""
    rest = 10
    for digit in number:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return number + str((11 - rest) % 10)


def has_check_digit(number: str) -> bool:
    """Whether the last of the digits is the check digit of the others."""
    return number.isdigit() and with_check_digit(number[:-1]) == number


def make_person(rng: Random, youngest: int = 1, oldest: int = 92) -> Person:
    """A patient of an age in years counted on 1 January 2014."""
    sex = rng.choice("MF")
    names = _MALE if sex == "M" else _FEMALE
    first = rng.choice(names)
    town, state, postal = rng.choice(TOWNS)
    born = dt.date(2014, 1, 1) - dt.timedelta(
        days=rng.randint(youngest * 365, oldest * 365)
    )
    street = rng.choice(_NAMES["street"])
    middle = rng.choice([name for name in names if name != first])
    return Person(
        mrn=with_check_digit(f"{rng.randrange(200_000, 1_900_000):07d}"),
        last_name=rng.choice(_LAST),
        first_name=first,
        middle_name=middle if rng.random() < 0.75 else "",
        suffix="",
        birth_date=born,
        sex=sex,
        address=f"{rng.randint(3, 988)} {street} {rng.choice(_WAYS)}",
        city=town,
        state=state,
        postal_code=postal,
        phone=f"330-555-{rng.randint(100, 9999):04d}",
        ssn_last4=f"{rng.randint(1, 9999):04d}",
    )


def make_name(rng: Random) -> str:
    """Somebody who is not the patient: a doctor, a nurse, a relative."""
    first = rng.choice(_MALE + _FEMALE)
    middle = rng.choice(("", f"{rng.choice('ABCDEFGHJKLMNPRSTW')}. "))
    return f"{first} {middle}{rng.choice(_LAST)}"


def make_relative(rng: Random, person: Person) -> str:
    """A relative who often bears the patient's surname, as guarantors do."""
    last = person.last_name if rng.random() < 0.7 else rng.choice(_LAST)
    return f"{rng.choice(_MALE + _FEMALE)} {last}"
