"""All that the review screen shows of one document, put together for its template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from pipeline.document import DocumentId, Patient, Reading, Review
from pipeline.page import Page, QuarterTurn
from pipeline.review.identifiers import identifier_rows, total
from pipeline.review.recutting import BY_CLERK
from pipeline.store.answers import Referral
from pipeline.store.catalogue import Waiting
from pipeline.web.answers import Form
from pipeline.web.candidates import candidates, looking_alike
from pipeline.web.desk import Desk
from pipeline.web.groups import group_of
from pipeline.web.origin import Origins
from pipeline.web.overlay import boxes_on, evidence_lines, stand

EXPLAINED = 3  # patients whose evidence is shown
UNREADABLE = ("too faint", "cut off", "covered or torn", "written by hand")
UNKNOWN = (
    "nobody of this name and birth date",
    "another birth date under this name",
    "no name on the paper",
)


_ABOUT = {
    "patient": ("patient", "identity", "someone else", "a label"),
    "stay": ("encounter",),
    "type": ("type",),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a form: what is wrong with it, or whom it names."""

    form: Form | None = None
    wrong: str = ""
    confirm: Patient | None = None
    back: str = ""  # the list that the document was opened from


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Open documents of the same batch before and behind this one."""

    before: DocumentId | None = None
    behind: DocumentId | None = None


def shown(waiting: Waiting, desk: Desk, said: Said) -> dict[str, Any]:
    """What the template shows; of a blind question no suggestion and no evidence."""
    stat = desk.stat([waiting.reading])[0]
    waiting = desk.shown(waiting)
    reading = waiting.reading
    document = reading.document
    form = said.form or draft_of(document.id, desk)
    pages = desk.catalogue.pages(document.batch, document.pages)
    by_number = {page.number: page for page in pages}
    pages = tuple(by_number[number] for number in document.pages)
    blind, turns = desk.blind(waiting), desk.catalogue.turns(document.batch)
    return {
        "waiting": waiting,
        "reading": reading,
        "stat": stat,
        "blind": blind,
        "stays": desk.stays(reading),
        "pages": [(n, p, boxes_on(p, reading)) for n, p in enumerate(pages, 1)],
        "stands": [stand(page, turns.get(page.number, 0)) for page in pages],
        "origin": Origins(desk.catalogue).of(document),
        "nth": {number: n for n, number in enumerate(document.pages, 1)},
        "evidence": _evidence(reading, pages, turns),
        "doubted": _doubted(waiting.review),
        "alike": looking_alike(reading, desk),
        "people": candidates(reading, desk, _chosen(form, desk)),
        "held_before": desk.prefilled(reading),
        "best": desk.catalogue.best_scans(document.batch),
        "notes": () if blind else desk.in_hand.notes(document.id),
        "escalated": () if blind else desk.worklist.comments(document.id),
        "referral": _referral(document.id, desk),
        "cuts": desk.recuts is not None,
        "being_read": desk.recuts is not None and not desk.recuts.is_read(document.id),
        "neighbours": neighbours(reading, desk),
        "aside_as": BY_CLERK,
        "unreadable": UNREADABLE,
        "unknown": UNKNOWN,
        "form": form,
        "wrong": said.wrong,
        "back": said.back,
        "group": group_of(waiting, desk),
        "confirm": said.confirm,
    }


def draft_of(document: DocumentId, desk: Desk) -> Form:
    """What the clerk had typed when they left; nothing of a draft that is too old."""
    try:
        return Form(**desk.in_hand.draft(document, desk.clerk))
    except ValidationError:
        return Form()


def neighbours(reading: Reading, desk: Desk) -> Neighbours:
    """With which documents this one can be merged."""
    if desk.recuts is None:
        return Neighbours()
    ids = [id_ for id_, _ in desk.recuts.waiting_of(reading.document.batch)]
    if reading.document.id not in ids:
        return Neighbours()
    at = ids.index(reading.document.id)
    return Neighbours(
        ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None
    )


def _doubted(review: Review) -> str:
    """The field of the form that the question is about, by the first reason."""
    for doubt in review.reasons:
        for field, words in _ABOUT.items():
            if any(word in doubt.reason for word in words):
                return field
    return ""


def _evidence(
    reading: Reading, pages: tuple[Page, ...], turns: Mapping[int, QuarterTurn]
) -> list[Any]:
    """For each of the likeliest patients: the finding, its lines, and their bits."""
    told = []
    for found in reading.patients[:EXPLAINED]:
        rows = identifier_rows(reading, found)
        told.append((found, evidence_lines(rows, pages, turns), total(rows)))
    return told


def _chosen(form: Form, desk: Desk) -> Patient | None:
    """Whom the clerk looked up before, so that a draft shows them again."""
    mrn = form.mrn.strip()
    return desk.with_mrn(mrn) if mrn and form.confirmed == mrn else None


def _referral(document: DocumentId, desk: Desk) -> Referral | None:
    said = desk.catalogue.pending(document)
    return said if isinstance(said, Referral) else None
