"""How common a name is: what its agreement is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

RARE_FAMILY = 1e-4  # a surname that is on no list: high, so that it weighs less
RARE_GIVEN = 1e-3
LEAST = 1e-8
LISTED = 50_000  # people: what the list is worth beside those of an index

# Shares per mille, rounded: US Census 2010 surnames; SSA given names 1930-2010.
_FAMILIES = """
smith 8.3 johnson 6.6 williams 5.5 brown 4.9 jones 4.8 garcia 4.0 miller 3.9 davis 3.8
rodriguez 3.7 martinez 3.6 hernandez 3.5 lopez 3.0 gonzalez 2.9 wilson 2.7 anderson 2.7
thomas 2.6 taylor 2.6 moore 2.5 jackson 2.4 martin 2.4 lee 2.4 perez 2.3 thompson 2.3
white 2.2 harris 2.1 sanchez 2.1 clark 1.9 ramirez 1.9 lewis 1.8 robinson 1.8 walker 1.8
young 1.6 allen 1.6 king 1.6 wright 1.6 scott 1.5 torres 1.5 nguyen 1.5 hill 1.5
flores 1.5 green 1.5 adams 1.5 nelson 1.4 baker 1.4 hall 1.4 rivera 1.3 campbell 1.3
mitchell 1.3 carter 1.3 roberts 1.3 gomez 1.2 phillips 1.2 evans 1.2 turner 1.2 diaz 1.2
parker 1.1 cruz 1.1 edwards 1.1 collins 1.1 reyes 1.1 stewart 1.0 morris 1.0 morales 1.0
murphy 1.0 cook 1.0 rogers 1.0 gutierrez .9 ortiz .9 morgan .9 cooper .9 peterson .9
bailey .9 reed .9 kelly .9 howard .9 ramos .9 kim .9 cox .9 ward .9 richardson .9
"""
_GIVENS = """
james 16 john 16 robert 16 michael 15 william 13 david 12 mary 18 richard 9 joseph 9
thomas 8 charles 8 patricia 6 jennifer 5 linda 6 elizabeth 6 barbara 6 susan 5 jessica 4
sarah 4 karen 4 christopher 7 daniel 7 matthew 5 anthony 5 mark 5 donald 5 steven 5
paul 5 andrew 5 joshua 4 kenneth 4 kevin 4 brian 4 george 5 edward 5 nancy 4 betty 5
margaret 5 lisa 3 dorothy 5 sandra 3 ashley 3 kimberly 3 donna 3 emily 3 carol 3
michelle 3 helen 4 ruth 4 ronald 4 timothy 4 jason 4 jeffrey 3 frank 3 gary 3 ryan 3
"""


class Frequencies(Protocol):
    """Shares 0..1 of people with a folded name; never below ``LEAST``."""

    def family(self, folded: str) -> float: ...

    def given(self, folded: str) -> float: ...


@dataclass(frozen=True, slots=True)
class NameCounts:
    """Shares from a list of common names, or from those given if higher."""

    families: Mapping[str, float] = field(default_factory=dict, repr=False)
    givens: Mapping[str, float] = field(default_factory=dict, repr=False)

    def family(self, folded: str) -> float:
        common = COMMON_FAMILIES.get(folded, RARE_FAMILY)
        return max(self.families.get(folded, 0.0), common, LEAST)

    def given(self, folded: str) -> float:
        common = COMMON_GIVENS.get(folded, RARE_GIVEN)
        return max(self.givens.get(folded, 0.0), common, LEAST)


@dataclass(frozen=True, slots=True)
class IndexShares:
    """Shares of the index itself: who bears a name, of ``size`` people.

    The list speaks as ``LISTED`` further people would, so that a small index, where one
    bearer says nothing of how common a name is, leans on it.
    """

    families: Mapping[str, int] = field(repr=False)  # bearers; 0 of others
    givens: Mapping[str, int] = field(repr=False)
    size: int

    def family(self, folded: str) -> float:
        common = COMMON_FAMILIES.get(folded, RARE_FAMILY)
        return self._share(self.families.get(folded, 0), common)

    def given(self, folded: str) -> float:
        common = COMMON_GIVENS.get(folded, RARE_GIVEN)
        return self._share(self.givens.get(folded, 0), common)

    def _share(self, bearers: int, common: float) -> float:
        return max((bearers + LISTED * common) / (self.size + LISTED), LEAST)


def _table(text: str) -> dict[str, float]:
    words = text.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return {name.upper(): float(share) / 1000 for name, share in pairs}


COMMON_FAMILIES = _table(_FAMILIES)
COMMON_GIVENS = _table(_GIVENS)
