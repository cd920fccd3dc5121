"""Which papers go before the others on the clerk's desk: order only, never a gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.document import DocumentType, Reading, TypeFacts
from pipeline.review import rules as gates

# reasons that the index steward is asked for
NOT_IN_INDEX = (gates.NO_PATIENT, gates.PROBABLY_ABSENT)
TIED = (gates.TIED,)


@dataclass(frozen=True, slots=True)
class QueueRules:
    """Section [queue] of config/pipeline.toml."""

    stat_at_least: float = 0.5  # probability of all stat types together
    stat_alarm_minutes: float = 15.0  # a stat paper that waits longer is told loudly
    lease_minutes: float = 10.0  # how long an item stays in a clerk's hands
    assigned_hours: float = 12.0  # likewise, where somebody gave it to them
    second_key: bool = False  # risky answers need another person's, blind
    second_share: float = 0.05  # 0..1 of what is answered: no more second keys
    new_clerk_answers: int = 100  # right in a row, until then each needs a second key
    seeded_share: float = 0.02  # 0..1 of what is given: made-up items

    @property
    def asks_twice(self) -> bool:
        """Whether some answers need another person's."""
        return self.second_key or self.new_clerk_answers > 0

    def fault(self) -> str:
        """What is wrong with the section; "" for nothing."""
        for name in ("second_share", "seeded_share"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                return f"{name} lies between 0 and 1"
        if self.new_clerk_answers < 0:
            return "new_clerk_answers is 0 (nobody is new) or more"
        return ""


def is_stat(
    reading: Reading, types: Mapping[DocumentType, TypeFacts], rules: QueueRules
) -> bool:
    """Whether a document must be seen first: by its type, or by words that say so."""
    return bool(reading.urgent) or _share(reading, types) >= rules.stat_at_least


def _share(reading: Reading, types: Mapping[DocumentType, TypeFacts]) -> float:
    """Probability of the stat types among those that the reading holds likeliest."""
    known = ((types.get(found.value), found.confidence) for found in reading.types)
    return sum(share for facts, share in known if facts and facts.priority == "stat")
