"""Stat paper goes first, and nothing is decided otherwise for it."""

from dataclasses import replace

import pytest

from pipeline.document import DocumentType, TypeFacts
from pipeline.finding import Evidence
from pipeline.review.queue import QueueRules, is_stat
from pipeline.review.rules import decide
from tests.review.readings import BEST, CERTAIN, LETTER, NEXT, RULES, found

WILL, POLST = DocumentType("advance_directive"), DocumentType("portable_medical_order")
TYPES = {
    key: TypeFacts(key, "1-8", key, "clinical", priority=priority)
    for key, priority in ((WILL, "stat"), (POLST, "stat"), (LETTER, "routine"))
}
CALL = Evidence("critical result", 0.0, "CRITICAL", 1)


def reading(*types):
    return replace(CERTAIN, types=tuple(found(kind, share) for kind, share in types))


@pytest.mark.parametrize(
    ("types", "stat"),
    [
        (((WILL, 0.5),), True),
        (((WILL, 0.49),), False),
        (((LETTER, 0.5), (WILL, 0.25), (POLST, 0.25)), True),
        (((LETTER, 0.51), (WILL, 0.25), (POLST, 0.24)), False),
        (((DocumentType("unheard of"), 1.0),), False),
        ((), False),
    ],
)
def test_all_stat_types_together_count(types, stat):
    assert is_stat(reading(*types), TYPES, QueueRules(0.5)) is stat


def test_a_call_counts_whatever_the_type():
    called = replace(CERTAIN, urgent=(CALL,))
    assert is_stat(called, TYPES, QueueRules())
    assert not is_stat(CERTAIN, TYPES, QueueRules())


@pytest.mark.parametrize(
    "reading_",
    [
        CERTAIN,
        replace(CERTAIN, types=(found(LETTER, 0.79),)),
        replace(CERTAIN, types=()),
        replace(CERTAIN, boundary=0.89),
        replace(CERTAIN, patients=(replace(BEST, confidence=0.998), NEXT)),
        replace(CERTAIN, patients=()),
        replace(CERTAIN, contradictions=(CALL,)),
    ],
)
def test_priority_lowers_no_gate(reading_):
    """The same decision, or the same reasons, for a stat paper and a routine one."""
    stat = replace(reading_, urgent=(CALL,))
    assert is_stat(stat, TYPES, QueueRules())
    assert decide(stat, RULES) == decide(reading_, RULES)
