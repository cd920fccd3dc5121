"""The patients of one site: crowds with common names, and those whom indexes confuse.

No name and birth date can turn up in two splits: the day of birth, counted in days,
leaves another remainder by three in each of them, and so does the patient's number.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from benchmarks.charts.kinds import Split
from benchmarks.forms.grammar import read_lexicon
from benchmarks.forms.people import Person, make_name, make_person, with_check_digit
from benchmarks.samples.cast import Cast, Stay

REMAINDERS: dict[Split, int] = {"train": 0, "tune": 1, "report": 2}
_NAMES = read_lexicon(Path(__file__).parent / "people.lexicon")
_DAY = dt.timedelta(days=1)
_FIRST_DAY, _LAST_DAY = dt.date(1999, 2, 1), dt.date(2023, 11, 1)  # of stays
_SERVICES = ("MED", "SUR", "ORT", "CAR", "PUL", "OBS", "PSY", "NEU")
_COMMON = 0.35  # share of patients with one of the most frequent surnames


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who are easily taken for one another; ``one`` owns the papers."""

    one: Person
    other: Person


@dataclass(frozen=True, slots=True)
class Register:
    """Everybody of one site; all but the strangers are in its index.

    ``merged`` holds the survivor and the retired number, ``married`` somebody today
    and under the former name, ``newborns`` the baby and the mother.
    """

    crowd: tuple[Person, ...]
    strangers: tuple[Person, ...]
    twins: tuple[Pair, ...]
    juniors: tuple[Pair, ...]
    namesakes: tuple[Pair, ...]
    merged: tuple[Pair, ...]
    married: tuple[Pair, ...]
    newborns: tuple[Pair, ...]
    stays: tuple[Stay, ...]

    @property
    def index(self) -> tuple[Person, ...]:
        """Whom the patient import has, by number."""
        both = (self.twins, self.juniors, self.namesakes, self.merged, self.newborns)
        pairs = [pair for group in both for pair in group]
        people = [*self.crowd, *(pair.one for pair in self.married)]
        people += [person for pair in pairs for person in (pair.one, pair.other)]
        return tuple(sorted(people, key=lambda person: person.mrn))

    def stays_of(self, person: Person) -> list[Stay]:
        """Stays of the patient, oldest first."""
        own = [stay for stay in self.stays if stay.mrn == person.mrn]
        return sorted(own, key=lambda stay: stay.admit)

    def cast(self) -> Cast:
        """As the sample's writer of patients.csv and encounters.csv wants them."""
        return Cast(self.index, self.stays, {}, self.strangers[0])


def make_register(
    split: Split, seed: int, crowd: int = 400, pairs: int = 12
) -> Register:
    """The same people for the same split and seed; ``pairs`` of each confusing kind."""
    maker = _Maker(split, Random(f"people/{split}/{seed}"))
    many = tuple(maker.adult() for _ in range(crowd))
    groups = {
        name: tuple(make(maker) for _ in range(pairs))
        for name, make in (
            ("twins", _twins), ("juniors", _junior), ("namesakes", _namesakes),
            ("merged", _merged), ("married", _married), ("newborns", _newborn),
        )
    }  # fmt: skip
    strangers = tuple(maker.adult() for _ in range(pairs))
    admitted = [*many, *(p.one for kind in groups.values() for p in kind)]
    admitted += [p.other for kind in ("twins", "newborns") for p in groups[kind]]
    stays = tuple(stay for person in admitted for stay in maker.stays(person))
    return Register(many, strangers, stays=stays, **groups)


class _Maker:
    """Makes people of one split, none of them twice."""

    def __init__(self, split: Split, rng: Random) -> None:
        self.rng = rng
        self._remainder = REMAINDERS[split]
        self._own = _NAMES["own"][self._remainder :: 3]
        self._numbers: set[str] = set()
        self._known: set[tuple[str, str, dt.date]] = set()

    def adult(self, youngest: int = 19, oldest: int = 95) -> Person:
        """Somebody of an age in years counted on 1 January 2014."""
        rng = self.rng
        while True:
            base = make_person(rng, youngest, oldest)
            last = rng.choice(_NAMES["common"] if rng.random() < _COMMON else self._own)
            born = self.fitting(base.birth_date)
            first = self.given(base.sex, born)
            person = replace(
                base, mrn=self.number(), last_name=last, first_name=first,
                middle_name=self._middle(base, first, born), birth_date=born,
            )  # fmt: skip
            if self.is_new(person):
                return person

    def is_new(self, person: Person) -> bool:
        """Whether nobody yet has this name and birth date; remembers them."""
        key = (person.last_name, person.first_name, person.birth_date)
        known = key in self._known
        self._known.add(key)
        return not known

    def fitting(self, day: dt.date) -> dt.date:
        """The day itself or one of the next two: the one that is this split's."""
        return day + ((self._remainder - day.toordinal()) % 3) * _DAY

    def given(self, sex: str, born: dt.date) -> str:
        """A given name of that time."""
        old = self.rng.random() < (0.85 if born.year < 1962 else 0.15)
        key = f"{'male' if sex == 'M' else 'female'}_{'first' if old else 'later'}"
        return self.rng.choice(_NAMES[key])

    def number(self) -> str:
        """A medical record number that is only this split's, with its check digit."""
        while True:
            plain = self.rng.randrange(70_000, 630_000) * 3 + self._remainder
            number = with_check_digit(f"{plain:07d}")
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def stays(self, person: Person) -> list[Stay]:
        """None to three stays or visits, none before birth or inside another."""
        rng = self.rng
        born = person.birth_date
        after = max(_FIRST_DAY, born if born > _FIRST_DAY else born + 400 * _DAY)
        if born > dt.date(1998, 1, 1):  # babies: the stay of their birth
            return [self._stay(person, born)]
        spans = rng.choices((0, 1, 2, 3), (1, 4, 3, 2))[0]
        days = sorted(
            after + rng.randrange((_LAST_DAY - after).days) * _DAY for _ in range(spans)
        )
        apart = [
            day for i, day in enumerate(days) if not i or day > days[i - 1] + 30 * _DAY
        ]
        return [self._stay(person, day) for day in apart]

    def _stay(self, person: Person, admit: dt.date) -> Stay:
        rng = self.rng
        kind = rng.choices(("inpatient", "outpatient", "emergency"), (6, 2, 2))[0]
        nights = rng.randint(2, 11) if kind == "inpatient" else 0
        return Stay(
            encounter=f"V{rng.randint(1_000_000, 8_999_999)}",
            facility=person.facility,
            mrn=person.mrn,
            kind=kind,
            admit=admit,
            discharge=admit + nights * _DAY,
            service=rng.choice(_SERVICES),
            attending=make_name(rng),
        )

    def _middle(self, base: Person, first: str, born: dt.date) -> str:
        if not base.middle_name:
            return ""
        middle = self.given(base.sex, born)
        return middle if middle != first else ""


def _twins(maker: _Maker) -> Pair:
    """Born on one day, the same initial."""
    rng = maker.rng
    one = maker.adult(14, 60)
    key = "male" if one.sex == "M" else "female"
    names = [*_NAMES[f"{key}_first"], *_NAMES[f"{key}_later"]]
    shared = [n for n in names if n[0] == one.first_name[0] and n != one.first_name]
    other = replace(
        one, mrn=maker.number(), first_name=rng.choice(shared or names), middle_name="",
        birth_order="2", ssn_last4=f"{rng.randint(1, 9999):04d}",
    )  # fmt: skip
    return Pair(replace(one, birth_order="1"), other)


def _junior(maker: _Maker) -> Pair:
    """Father and son of one name; the papers are the son's."""
    rng = maker.rng
    father = replace(maker.adult(52, 80), sex="M", suffix="Sr")
    name = maker.given("M", father.birth_date)
    born = maker.fitting(father.birth_date + rng.randint(22 * 365, 30 * 365) * _DAY)
    father = replace(father, first_name=name, middle_name="")
    son = replace(
        father, mrn=maker.number(), suffix="Jr", birth_date=born,
        ssn_last4=f"{rng.randint(1, 9999):04d}",
    )  # fmt: skip
    return Pair(son, father)


def _namesakes(maker: _Maker) -> Pair:
    """One name, other birth dates and addresses."""
    one, other = maker.adult(30, 80), maker.adult(30, 80)
    same = replace(
        other, last_name=one.last_name, first_name=one.first_name, sex=one.sex,
        middle_name="",
    )  # fmt: skip
    return Pair(one, same)


def _merged(maker: _Maker) -> Pair:
    one = maker.adult()
    return Pair(one, replace(one, mrn=maker.number(), merged_into=one.mrn))


def _married(maker: _Maker) -> Pair:
    """Somebody with a former name in the index, and as the old paper has them."""
    one, maiden = maker.adult(30, 85), maker.adult().last_name
    name = maker.given("F", one.birth_date)
    one = replace(
        one, sex="F", first_name=name, middle_name="", aliases=f"{maiden}, {name}"
    )
    return Pair(one, replace(one, last_name=maiden))


def _newborn(maker: _Maker) -> Pair:
    """A baby without a name of its own yet, and its mother."""
    rng = maker.rng
    mother = maker.adult(26, 44)
    name = maker.given("F", mother.birth_date)
    mother = replace(mother, sex="F", first_name=name, middle_name="")
    born = maker.fitting(mother.birth_date + rng.randint(21 * 365, 36 * 365) * _DAY)
    sex = rng.choice("MF")
    baby = replace(
        mother, mrn=maker.number(), sex=sex, birth_date=born, middle_name="",
        first_name="Baby Girl" if sex == "F" else "Baby Boy", ssn_last4="",
    )  # fmt: skip
    return Pair(baby, mother)


def repeated(registers: dict[Split, Register]) -> list[tuple[str, dt.date]]:
    """Names with birth date that more than one split has; there must be none."""
    seen: Counter[tuple[str, dt.date]] = Counter()
    for register in registers.values():
        everybody = (*register.index, *register.strangers)
        seen.update({(one.full_name, one.birth_date) for one in everybody})
    return [key for key, splits in seen.items() if splits > 1]
