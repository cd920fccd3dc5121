"""Documents that a clerk cut anew, read by the machine once more.

The clerk goes on with what the old documents said of these pages; a moment later the
question is put with what the machine makes of the new ones. None is filed by itself.
Safe to repeat after a kill at any line.
"""

from __future__ import annotations

from pipeline.document import Decision, Doubt, Reading, Review, ScannedDocument
from pipeline.flow import Tools, index_rules, outcome_of, without_retired
from pipeline.index.typenumbers import TypeNumbers
from pipeline.review.recutting import CUT, read_again
from pipeline.store.recut_rows import Kept, SqlRecuts


def read_recuts(recuts: SqlRecuts, tools: Tools) -> int:
    """Read what was cut anew since the last look; how many new cuts there were."""
    unread = recuts.unread()
    for kept in unread:
        asked = [_asked(reading, tools) for reading in _readings(kept, tools)]
        recuts.keep_read(kept.nth, asked)
    return len(unread)


def _readings(kept: Kept, tools: Tools) -> tuple[Reading, ...]:
    """Of its documents that still wait."""
    waiting = [tools.catalogue.asked(document) for document in kept.made]
    documents: list[ScannedDocument] = [w.reading.document for w in waiting if w]
    if not documents:
        return ()
    from pipeline.index.byhand import read_documents  # as in flow.index_batch

    batch = tools.catalogue.batch(kept.recut.batch)
    pages = tools.catalogue.pages(batch.id)
    types = TypeNumbers(tools.types.types, tools.types.type_scores(pages))
    return read_documents(
        batch, pages, documents, types, tools.patients, index_rules(tools)
    )


def _asked(reading: Reading, tools: Tools) -> tuple[Reading, Review]:
    reading = read_again(without_retired(reading, tools))
    outcome = outcome_of(reading, tools)
    if isinstance(outcome, Decision):  # its own doubt forbids it: never filed
        outcome = Review((Doubt(CUT),))
    return reading, outcome
