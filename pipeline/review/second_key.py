"""Which answers need a second key: another person's, who does not see the first.

Where a slip would hurt most, one tired look is not enough: somebody who looks like the
patient, a number of someone else on the page, a restricted type.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from pipeline.document import Decision, DocumentType, Reading, TypeFacts
from pipeline.review.identifiers import alerts_in
from pipeline.review.modes import SECOND

DIFFER = "two people keyed it differently: a third one decides"
SAME_PERSON_AFTER = dt.timedelta(days=1)  # where a site has one clerk


Key = tuple[Decision, dt.datetime]  # one person's answer, and when (UTC)


def risky(
    reading: Reading, said: Decision, types: Mapping[DocumentType, TypeFacts]
) -> bool:
    """Whether a wrong answer is likelier, or worse, than elsewhere."""
    facts = types.get(said.type)
    alike = reading.patients and alerts_in(reading.patients[0].evidence)
    return bool(alike or reading.contradictions or (facts and facts.flags))


def standing(keys: Sequence[Key], said: Decision) -> str:
    """What is asked after this answer: SECOND, DIFFER, or "": it stands.

    ``keys`` are those before it, oldest first. A third person's word is the last.
    """
    if not keys:
        return SECOND
    if len(keys) == 1 and not _agree(keys[0][0], said):
        return DIFFER
    return ""


def may_key(keys: Sequence[Key], by: str, now: dt.datetime) -> bool:
    """Whether this person may answer now: not twice, or only after a day."""
    return all(said.by != by or now - at >= SAME_PERSON_AFTER for said, at in keys)


def _agree(one: Decision, other: Decision) -> bool:
    """What hurts when it is wrong: whose, and what."""
    return (one.patient, one.type) == (other.patient, other.type)
