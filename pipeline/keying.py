"""Some answers are not carried out before another person has given the same one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipeline.document import (
    Decision,
    DocumentId,
    DocumentType,
    Doubt,
    Review,
    TypeFacts,
)
from pipeline.review.modes import SECOND
from pipeline.review.queue import QueueRules
from pipeline.review.second_key import (
    Asked,
    Gist,
    Risk,
    Trial,
    risk,
    standing,
    trial,
    within,
)
from pipeline.store.answers import Answer, Rejection
from pipeline.store.catalogue import Catalogue, Waiting
from pipeline.store.second_key_rows import KeyWhy, Settling, SqlSecondKeys


@dataclass(frozen=True, slots=True)
class Keying:
    """Asks for a second key, and for a third where two differ.

    ``accounts`` says whether somebody, by how the books name them, has an account:
    whoever works at the machine without one is nobody's new clerk.
    """

    keys: SqlSecondKeys
    catalogue: Catalogue
    types: Mapping[DocumentType, TypeFacts]
    rules: QueueRules
    accounts: Callable[[str], bool] = lambda _: False
    _trusted: set[str] = field(default_factory=set, repr=False)

    def __call__(self, document: DocumentId, said: Answer) -> bool:
        """Whether the worker may carry this answer out; else the question is put anew.

        Corrections of what is filed are asked of nobody twice.
        """
        waiting = self.catalogue.asked(document)
        if waiting is None or not isinstance(said, Decision | Rejection):
            return True
        given = [gist(key) for key, _ in self.keys.of(document)]
        why: KeyWhy | None = "again" if given else self._why(waiting, said)
        wanted = standing(given, gist(said)) if why else ""
        if not why or not wanted:
            return True
        reasons = tuple(d for d in waiting.review.reasons if d.reason != SECOND)
        asked = Review((Doubt(wanted), *reasons))
        return not self.keys.keep(document, said, asked, why)

    def _why(self, waiting: Waiting, said: Settling) -> KeyWhy | None:
        if self.is_new(said.by):
            return "new"
        if not self.rules.second_key or not isinstance(said, Decision):
            return None
        found = risk(waiting.reading, said, dict(self.types.items()))
        if found is Risk.NONE:
            return None
        lately = self.keys.lately()
        asked = Asked(lately.risky, lately.documents)
        return "risk" if within(found, asked, self.rules.second_share) else None

    def is_new(self, by: str) -> bool:
        """Whether each answer of this person needs another one's."""
        if by in self._trusted or not self.accounts(by):
            return False
        if trial_left(by, self.keys, self.rules.new_clerk_answers) is None:
            self._trusted.add(by)
        return by not in self._trusted


def trial_of(by: str, keys: SqlSecondKeys) -> Trial:
    """How this person's answers stood against what settled their documents."""
    return trial(gist(said) == gist(last) for said, last in keys.outcomes(by))


def trial_left(by: str, keys: SqlSecondKeys, wanted: int) -> Trial | None:
    """The same of who is new here, until ``wanted`` in a row were right; else None."""
    stood = trial_of(by, keys) if wanted else Trial()
    return None if stood.passed(wanted) else stood


def gist(said: Settling) -> Gist:
    """What two people must agree on."""
    if isinstance(said, Rejection):
        return None, None
    return said.patient, said.type
