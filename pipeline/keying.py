"""Risky answers are not carried out before another person has given the same one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.document import (
    Decision,
    DocumentId,
    DocumentType,
    Doubt,
    Review,
    TypeFacts,
)
from pipeline.review.modes import SECOND
from pipeline.review.second_key import risky, standing
from pipeline.store.answers import Answer
from pipeline.store.catalogue import Catalogue
from pipeline.store.second_key_rows import SqlSecondKeys


@dataclass(frozen=True, slots=True)
class Keying:
    """Asks for a second key, and for a third where two differ."""

    keys: SqlSecondKeys
    catalogue: Catalogue
    types: Mapping[DocumentType, TypeFacts]

    def __call__(self, document: DocumentId, said: Answer) -> bool:
        """Whether the worker may carry this answer out; else the question is put anew.

        Corrections of what is filed are asked of nobody twice.
        """
        waiting = self.catalogue.asked(document)
        if waiting is None or not isinstance(said, Decision):
            return True
        given = self.keys.of(document)
        if not given and not risky(waiting.reading, said, dict(self.types.items())):
            return True
        wanted = standing(given, said)
        if not wanted:
            return True
        reasons = tuple(d for d in waiting.review.reasons if d.reason != SECOND)
        asked = Review((Doubt(wanted), *reasons))
        return not self.keys.keep(document, said, asked)
