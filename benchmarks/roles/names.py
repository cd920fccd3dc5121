"""Invented names for roles: none of those learned from is among those measured on."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

from benchmarks.forms.grammar import read_lexicon

Split = Literal["train", "tune", "report"]
_HERE = Path(__file__).parent
_LEARNED = read_lexicon(_HERE / "people.lexicon")
_KEPT = read_lexicon(_HERE.parent / "forms" / "texts" / "names.lexicon")
KIN = _LEARNED["kin"]
_SOUNDS = """
b br c ch cl d dr f fl g gr h j k l m n p qu r s sh st t th tr v w z
a e i o u ai ea ee oo ia
n r l s t m ck nd rt x ll tz
son man ez ski berg ton ley well ian ova etti ard er worth
"""
_ONSETS, _VOWELS, _CLOSES, _ENDS = (
    line.split() for line in _SOUNDS.strip().splitlines()
)
_OPEN, _CLOSE = "\ue000", "\ue001"
MARKS = {"subject": "\ue010", "clinician": "\ue011", "other": "\ue012"}


@dataclass
class Namer:
    """Gives names of one split."""

    split: Split
    rng: Random = field(repr=False)

    def last(self) -> str:
        """A family name."""
        if self.split != "train":
            return self.rng.choice(self._own(_KEPT["last"]))
        if self.rng.random() < 0.6:
            end = self.rng.choice(_ENDS) if self.rng.random() < 0.6 else ""
            return (self._syllables(1 if end else 2) + end).capitalize()
        return self.rng.choice(_LEARNED["last"])

    def first(self, sex: str) -> str:
        """A given name for M or F."""
        key = "male" if sex == "M" else "female"
        if self.split != "train":
            return self.rng.choice(self._own(_KEPT[key]))
        if self.rng.random() < 0.4:
            end = "a" if sex == "F" and self.rng.random() < 0.6 else ""
            return (self._syllables(self.rng.randint(1, 2)) + end).capitalize()
        return self.rng.choice(_LEARNED[key])

    def full(self, last: str = "") -> str:
        """Given name, often an initial, family name."""
        initial = self.rng.choice(
            ("", "", f"{self.rng.choice('ABCDEFGHJKLMNPRSTW')}. ")
        )
        return f"{self.first(self.rng.choice('MF'))} {initial}{last or self.last()}"

    def _own(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return names[::2] if self.split == "tune" else names[1::2]

    def _syllables(self, count: int) -> str:
        rng = self.rng
        made = "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(count))
        return made + rng.choice(_CLOSES)


def mark(name: str, role: str) -> str:
    """The name between signs that survive every way of printing it."""
    return f"{_OPEN}{MARKS[role]}{name}{_CLOSE}"


def unmark(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text as printed, and where names stand in it: start, end, role.

    A name that was broken at the end of a line is left out.
    """
    roles = {sign: role for role, sign in MARKS.items()}
    plain, names, opened, role = "", list[tuple[int, int, str]](), -1, ""
    for sign in text:
        if sign == _OPEN:
            opened = len(plain)
        elif sign in roles:
            role = roles[sign]
        elif sign == _CLOSE:
            if opened >= 0 and "\n" not in plain[opened:]:
                names.append((opened, len(plain), role))
            opened = -1
        else:
            plain += sign
    return plain, names
