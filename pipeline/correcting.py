"""A correction of what is filed: a new version, or none; and what it says of the lane.

It takes the door of a clerk's answer: kept first, carried out by the worker, and again
after a kill. The lane is told before the version is filed, once.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from pipeline.checks import LaneEvent, answered_last
from pipeline.document import (
    Correction,
    Decision,
    DocumentId,
    FiledDocument,
)
from pipeline.oversight import Oversight
from pipeline.review import lanes
from pipeline.store.catalogue import Catalogue


class Make(Protocol):
    """Makes a version whose PDF is stored, and which the catalogue does not know."""

    def __call__(
        self, decision: Decision, *, replaces: FiledDocument | None
    ) -> FiledDocument: ...


def correct(
    document: DocumentId,
    said: Correction,
    make: Make,
    catalogue: Catalogue,
    oversight: Oversight,
) -> None:
    """Carry it out. Raises ValueError if another version stands by now, InputError."""
    versions = catalogue.versions(document)
    if not versions or versions[-1].id != said.of:
        raise ValueError(f"document {document}: {said.of} is not what stands")
    wrong = versions[-1]
    new = make(said.decision, replaces=wrong) if said.decision else None
    if said.misfiled:
        tell_lane(wrong, said, oversight)
    catalogue.correct(said, new)


def tell_lane(wrong: FiledDocument, said: Correction, oversight: Oversight) -> None:
    """Close the lane of a document that the machine filed into a wrong record, once."""
    checks = oversight.checks
    answer = answered_last(checks.answers_of(wrong.document))
    if answer is None or not answer.filed:
        return  # a clerk filed it
    if answer.patient != wrong.decision.patient:
        return  # who moved it here since was a clerk
    event = LaneEvent(
        lane=answer.lane,
        did="closed",
        reason=lanes.MISFILED,
        by=said.by,
        at=dt.datetime.now(dt.UTC),
        document=wrong.document,
        said=said.reason,
    )
    told = ((one.document, one.reason, one.said) for one in checks.events())
    if (event.document, event.reason, event.said) not in told:
        checks.keep_event(event)
