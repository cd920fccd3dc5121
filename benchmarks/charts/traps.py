"""The papers that get filed wrong: each difficulty by name, and how it comes about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from benchmarks.charts.desk import Desk, Wish
from benchmarks.charts.identity import NOTHING
from benchmarks.charts.people import Pair
from benchmarks.forms.people import Person

FOREIGN, OUTSIDE, STICKER = "foreign page", "outside hospital", "wrong sticker"
NEWBORN, TWINS, JUNIOR = "mother and newborn", "twins", "junior and senior"
UNKNOWN = "not in index"


def foreign(desk: Desk, one: Person, *, inside: bool = False) -> Wish:
    """A paper of another patient of the house; ``inside`` one of the chart's papers."""
    how = "full" if inside else None
    return Wish(_another(desk, one), how=how, trap=FOREIGN, inside=inside)


def unknown(desk: Desk, _one: Person) -> Wish:
    """A paper of somebody whom the index does not have."""
    return Wish(desk.rng.choice(desk.register.strangers), trap=UNKNOWN)


def outside(desk: Desk, one: Person) -> Wish:
    """Another hospital's paper of the patient, with that hospital's number."""
    house = desk.rng.choice(desk.houses(own=False))
    return Wish(one, house=house, trap=OUTSIDE, extras=("stamp",))


def stickered(desk: Desk, one: Person) -> Wish:
    """A paper that names its patient and bears another one's label."""
    return Wish(one, how="full", sticker=_another(desk, one), trap=STICKER)


def kin(pair: Pair) -> Wish:
    """In the chart of one of the pair, a paper of the other."""
    names = pair.one.first_name + pair.other.first_name
    if "Baby" in names:
        return Wish(pair.other, trap=NEWBORN, notes=mother_of(pair.other, pair.one))
    same_day = pair.one.birth_date == pair.other.birth_date
    return Wish(pair.other, trap=TWINS if same_day else JUNIOR)


def mother_of(baby: Person, mother: Person) -> tuple[str, ...]:
    """What a baby's paper says of its mother; nothing for other people."""
    if not baby.first_name.startswith("Baby"):
        return ()
    return (f"Mother: {mother.full_name}   MRN {mother.mrn}",)


def _another(desk: Desk, one: Person) -> Person:
    return desk.rng.choice([other for other in desk.register.crowd if other != one])


# --- of loose sheets ---------------------------------------------------------------


def _plain(_desk: Desk, one: Person) -> Wish:
    return Wish(one)


def _twins(desk: Desk, _one: Person) -> Wish:
    """Surname, initial and birth date fit both of them."""
    return Wish(desk.rng.choice(desk.register.twins).one, how="initial and birth date")


def _label(_desk: Desk, one: Person) -> Wish:
    """Only the label says whose the paper is."""
    return Wish(one, how=NOTHING, sticker=one)


def _former_name(desk: Desk, _one: Person) -> Wish:
    pair = desk.rng.choice(desk.register.married)
    return Wish(pair.one, printed=pair.other, how="name and birth date")


def _junior(desk: Desk, _one: Person) -> Wish:
    pair = desk.rng.choice(desk.register.juniors)
    return Wish(desk.rng.choice((pair.one, pair.other)))


def _merged(desk: Desk, _one: Person) -> Wish:
    return Wish(desk.rng.choice(desk.register.merged).other)


def _namesake(desk: Desk, _one: Person) -> Wish:
    pair = desk.rng.choice(desk.register.namesakes)
    return Wish(pair.one, how="name and birth date")


def _newborn(desk: Desk, _one: Person) -> Wish:
    pair = desk.rng.choice(desk.register.newborns)
    return Wish(pair.one, notes=mother_of(pair.one, pair.other))


LOOSE: tuple[tuple[str | None, int, Callable[[Desk, Person], Wish]], ...] = (
    (None, 5, _plain),
    (UNKNOWN, 1, unknown),
    (TWINS, 1, _twins),
    ("label", 1, _label),
    ("former name", 1, _former_name),
    (JUNIOR, 1, _junior),
    ("merged number", 1, _merged),
    ("namesake", 1, _namesake),
    (NEWBORN, 1, _newborn),
    (STICKER, 1, stickered),
    (OUTSIDE, 1, outside),
)
"""What makes a loose sheet hard, how often, and how it is wished."""


_ROUND = tuple(one for one in LOOSE for _ in range(one[1]))
_STEP = 4  # through the round, so that even few sheets differ


def loose(desk: Desk, number: int) -> Wish:
    """A paper for the loose sheet of that number, mostly with a difficulty."""
    one = desk.rng.choice(desk.register.crowd)
    trap, _, make = _ROUND[number * _STEP % len(_ROUND)]
    return replace(make(desk, one), trap=trap)
