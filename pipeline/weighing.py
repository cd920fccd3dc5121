"""Open reviews weighed again, since the patient index is another.

A person who was registered today may be the one whom nobody found yesterday. Each
document is decided as a new one is, in a transaction of its own; what a clerk has
answered, and what is filed, stays as it is. Safe to repeat after a kill at any line.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from pipeline.document import Decision, Doubt, Reading, Review
from pipeline.errors import InputError
from pipeline.flow import (
    IMPOSSIBLE,
    Tools,
    index_rules,
    made,
    no_pdf,
    outcome_of,
    without_retired,
)
from pipeline.review.recutting import by_hand, read_again
from pipeline.store.catalogue import ToWeigh

SECONDS = 1.0  # of weighing at a time, then the rest of the work has its turn
_RESTS = 4  # times as long as it weighed, while batches are at work


class Weighing:
    """Goes through the open reviews, batch by batch, a little at each turn."""

    def __init__(
        self, tools: Tools, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tools = tools
        self._clock = clock
        self._after = 0  # the place of the last batch that was weighed
        self._rested = 0.0

    def turn(self) -> int:
        """Weigh some batches, one at least, unless new ones come first; how many."""
        began = self._clock()
        if began < self._rested and self._tools.catalogue.unfinished():
            return 0
        count = 0
        while self._clock() - began < SECONDS and (due := self._next()):
            weigh(due, self._tools)
            self._after = due.place
            count += 1
        now = self._clock()
        self._rested = now + _RESTS * (now - began)
        return count

    def _next(self) -> ToWeigh | None:
        """The next batch; from the oldest again when the newest was weighed."""
        due = self._tools.catalogue.to_weigh(self._after)
        if due is None and self._after:
            self._after = 0
            due = self._tools.catalogue.to_weigh()
        return due


def weigh(due: ToWeigh, tools: Tools) -> None:
    """File the reviews of one batch that are beyond doubt now, ask anew the others."""
    cut = tools.catalogue.cut(due.batch)
    if cut is None:
        return
    from pipeline.index.cut import weigh_again  # as in flow.index_batch

    batch = tools.catalogue.batch(due.batch)
    pages = tools.catalogue.pages(due.batch)
    cut = replace(cut, readings=tuple(_as_asked(one, tools) for one in cut.readings))
    before = {one.document.id: one for one in cut.readings}
    for reading in weigh_again(batch, pages, cut, tools.patients, index_rules(tools)):
        if reading.document.id in due.documents:
            hand = by_hand(before[reading.document.id])
            reading = read_again(reading) if hand else reading
            _settle(without_retired(reading, tools), due.change, tools)


def _as_asked(reading: Reading, tools: Tools) -> Reading:
    """Of a document that a clerk cut, what the machine made of it after that."""
    waiting = tools.catalogue.asked(reading.document.id) if by_hand(reading) else None
    return waiting.reading if waiting else reading


def _settle(reading: Reading, change: int, tools: Tools) -> None:
    outcome = outcome_of(reading, tools)
    if isinstance(outcome, Decision):
        try:
            new = made(reading.document, outcome, tools)
        except InputError as error:
            outcome = Review((Doubt(no_pdf(error)),))
        except (KeyError, ValueError):  # an original that is not there
            outcome = Review((Doubt(IMPOSSIBLE),))
        else:
            tools.catalogue.file_weighed(reading, new, change)
            return
    tools.catalogue.weighed(reading, outcome, change)
