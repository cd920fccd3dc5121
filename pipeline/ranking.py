"""What waits gets its place in the order of the work list: order only, never a gate."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.document import DocumentType, Reading, TypeFacts
from pipeline.review.queue import QueueRules, is_stat
from pipeline.store.worklist import Rank, Worklist

A_LOOK = 20  # at each look at the list, which must not wait
A_TURN = 200  # beside the work


def rank_waiting(
    worklist: Worklist,
    types: Mapping[DocumentType, TypeFacts],
    rules: QueueRules,
    at_most: int = A_LOOK,
) -> int:
    """Rank what nobody has ranked yet; how many there were."""
    known = dict(types.items())

    def judge(reading: Reading) -> Rank:
        return Rank(
            stat=is_stat(reading, known, rules),
            type=reading.types[0].value if reading.types else None,
            patient=reading.patients[0].value.id if reading.patients else None,
        )

    return worklist.rank(judge, at_most)
