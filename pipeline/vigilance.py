"""How wakeful people are: what they made of suggestions that were wrong on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

# what is wrong with a seeded item's suggestion
Trap = Literal["none", "twin", "type", "number"]
# caught and missed: a wrong suggestion; right and spoiled: one that was right;
# passed on: referred, rejected, escalated or cut, so that it says nothing
Outcome = Literal["caught", "missed", "right", "spoiled", "passed on"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True)
class Vigilance:
    """Seeded items of one person, or of all, by what became of them."""

    caught: int = 0
    missed: int = 0
    right: int = 0
    spoiled: int = 0
    passed_on: int = 0

    def __add__(self, other: Vigilance) -> Vigilance:
        return Vigilance(
            self.caught + other.caught,
            self.missed + other.missed,
            self.right + other.right,
            self.spoiled + other.spoiled,
            self.passed_on + other.passed_on,
        )

    @property
    def tried(self) -> int:
        """Wrong suggestions that were answered."""
        return self.caught + self.missed

    @property
    def rate(self) -> float | None:
        """The share of wrong suggestions that were caught, 0..1; None: none yet."""
        return self.caught / self.tried if self.tried else None


def outcome_of(trap: Trap, *, right: bool) -> Outcome:
    """What an answer makes of an item."""
    if trap == "none":
        return "right" if right else "spoiled"
    return "caught" if right else "missed"
