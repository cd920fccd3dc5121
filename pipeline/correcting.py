"""A correction of what is filed: a new version, or none; and what it says of the lane.

A version may have other pages than the one before: fewer after a split, whose other
part goes to a clerk; one replaced by a better scan; or those that it had before.

It takes the door of a clerk's answer: kept first, carried out by the worker, and again
after a kill. The lane is told before the version is filed, once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from pipeline.checks import LaneEvent, answered_last
from pipeline.document import (
    Correction,
    Decision,
    DocumentId,
    FiledDocument,
    Reading,
    Recut,
    Relaid,
    ScannedDocument,
)
from pipeline.errors import InputError
from pipeline.oversight import Oversight
from pipeline.review import lanes
from pipeline.review.recutting import NoSuchCut, set_aside, split_off
from pipeline.store.catalogue import Catalogue
from pipeline.store.recut_rows import BY_CORRECTION

ELSEWHERE = "pages of it lie elsewhere by now"
FILED = "a page is filed in document {}: take it out of that first"


class Make(Protocol):
    """Makes a version whose PDF is stored, and which the catalogue does not know."""

    def __call__(
        self,
        paper: ScannedDocument,
        decision: Decision,
        *,
        replaces: FiledDocument | None,
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
    new = relaid = None
    if said.decision:
        reading = catalogue.reading(document)
        relaid = relaid_by(said, reading, catalogue)
        paper = replace(reading.document, pages=relaid.pages)
        new = make(paper, said.decision, replaces=wrong)
    if said.misfiled:
        tell_lane(wrong, said, oversight)
    catalogue.correct(said, new, relaid if said.pages else None)


def relaid_by(said: Correction, reading: Reading, catalogue: Catalogue) -> Relaid:
    """Which pages the document has from now on. Raises InputError."""
    paper = reading.document
    pages = said.pages or paper.pages
    at_home = {(paper.batch, number, paper.id) for number in paper.pages}
    if not at_home <= set(catalogue.homes(paper.batch, paper.pages)):
        raise InputError(ELSEWHERE)
    lost = [number for number in paper.pages if number not in pages]
    new = [number for number in pages if number not in paper.pages]
    recuts = _taken(paper, new, said.by, catalogue)
    if lost and not new:
        recuts = (split_off(reading, lost, said), *recuts)
    return Relaid(pages, tuple(replace(one, did=BY_CORRECTION) for one in recuts))


def _taken(
    paper: ScannedDocument, pages: Sequence[int], by: str, catalogue: Catalogue
) -> tuple[Recut, ...]:
    """How documents that wait are cut, since pages of theirs are this one's."""
    theirs: dict[DocumentId, list[int]] = {}
    for _, number, document in catalogue.homes(paper.batch, pages):
        if document is not None:
            theirs.setdefault(document, []).append(number)
    recuts = []
    for document, numbers in theirs.items():
        waiting = catalogue.asked(document)
        if waiting is not None:
            one = waiting.reading, waiting.review
            recuts.append(set_aside(one, numbers, "duplicate", by))
        elif catalogue.filed(document) is not None:
            raise InputError(FILED.format(document))
    return tuple(recuts)


def with_split(paper: ScannedDocument, before: int) -> tuple[int, ...]:
    """The pages in front of its ``before``-th. Raises NoSuchCut."""
    if not 1 < before <= len(paper.pages):
        raise NoSuchCut("A document is split before its second page or a later one.")
    return paper.pages[: before - 1]


def with_former(paper: ScannedDocument, before: tuple[int, ...]) -> tuple[int, ...]:
    """The pages that it had before they were last changed. Raises NoSuchCut."""
    if before in ((), paper.pages):
        raise NoSuchCut("The document has had no other pages.")
    return before


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
