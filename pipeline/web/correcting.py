"""What a correction's form says, turned into a correction or a sentence about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from pydantic import BaseModel, Field

from pipeline.correcting import with_former, with_split
from pipeline.document import (
    Correction,
    Decision,
    DocumentType,
    FiledDocument,
    Patient,
    PatientId,
)
from pipeline.page import QuarterTurn, quarter
from pipeline.rescanning import scan_of, with_scan
from pipeline.review.recutting import NoSuchCut
from pipeline.web.answers import Wrong, service_date
from pipeline.web.desk import Desk

RELAYING = ("split", "replace", "back")  # what gives a document other pages


class CorrectionForm(BaseModel):
    """The fields of the form under a document's history, as they were typed."""

    action: str = ""  # change | retract | split | replace | back
    of: str = ""  # the version that was on the screen
    mrn: str = Field(default="", repr=False)
    confirmed: str = Field(default="", repr=False)  # the MRN shown back and agreed to
    type: str = ""
    date: str = Field(default="", repr=False)
    reason: str = Field(default="", repr=False)
    misfiled: str = ""
    turn_pages: str = ""  # of the document, from 1: "2 3"
    turn_by: int = 0  # degrees, clockwise of how they stand
    before: int = 0  # split: the page with which another document begins, from 1
    page: int = 0  # replace: which page, from 1
    scan: str = ""  # replace: the better one, "DOCUMENT:2"
    other_scan: str = ""  # the same, typed


@dataclass(frozen=True, slots=True)
class ToMove:
    """Whose chart it would be: the clerk must have seen it before it moves."""

    patient: Patient


def correction_of(
    form: CorrectionForm, standing: FiledDocument, desk: Desk, *, gone: bool
) -> Correction | ToMove:
    """The correction; ToMove when a patient was typed and not yet shown back.

    ``gone``: ``standing`` was retracted. Raises Wrong with a sentence for the clerk.
    """
    reason = form.reason.strip()
    if not reason:
        raise Wrong("Say why: the reason stays in the history.")
    if form.action == "retract":
        if form.mrn.strip():
            raise Wrong("You typed an MRN: empty it to retract, or press Correct.")
        if gone:
            raise Wrong("It is in no record already.")
        return Correction(standing.id, None, reason, bool(form.misfiled), desk.clerk)
    if form.action in RELAYING:
        if gone:
            raise Wrong("It is in no record: file it again first.")
        return _relaid(form, standing, desk)
    return _changed(form, standing, desk, gone=gone)


def _changed(
    form: CorrectionForm, standing: FiledDocument, desk: Desk, *, gone: bool
) -> Correction | ToMove:
    decision, turns = standing.decision, _turns(form, standing, desk)
    patient = _patient(form.mrn.strip(), desk)
    if patient is not None and patient.id != _now(decision.patient, desk):
        if form.confirmed != form.mrn.strip():
            return ToMove(patient)
        decision = replace(decision, patient=patient.id, encounter=None)
    moved = decision.patient != standing.decision.patient
    said = _with(decision, form, desk)
    if said == standing.decision and not turns and not gone:
        raise Wrong("It is filed just so already: change what is wrong.")
    return Correction(
        standing.id,
        replace(said, by=desk.clerk),
        form.reason.strip(),
        moved,
        desk.clerk,
        turns,
    )


def _relaid(form: CorrectionForm, standing: FiledDocument, desk: Desk) -> Correction:
    """It stays where it is, with other pages."""
    try:
        pages = _pages(form, standing, desk)
    except NoSuchCut as wrong:
        raise Wrong(str(wrong)) from None
    return Correction(
        standing.id,
        replace(standing.decision, by=desk.clerk),
        form.reason.strip(),
        bool(form.misfiled),
        desk.clerk,
        pages=pages,
    )


def _pages(
    form: CorrectionForm, standing: FiledDocument, desk: Desk
) -> tuple[int, ...]:
    relaid, paper = desk.relaid, desk.catalogue.reading(standing.document).document
    if relaid is None:
        raise Wrong("Its pages stay here.")
    if form.action == "split":
        return with_split(paper, form.before)
    if form.action == "back":
        return with_former(paper, relaid.before(paper.id))
    said = form.other_scan.strip() or form.scan
    reading, nth = scan_of(said, desk.catalogue, desk.sees)
    lend = partial(relaid.lend, by=desk.clerk)
    return with_scan(paper, form.page, (reading.document, nth), lend)


def _turns(
    form: CorrectionForm, standing: FiledDocument, desk: Desk
) -> tuple[tuple[int, QuarterTurn], ...]:
    """How the named pages are to stand, by their numbers in the batch."""
    if not form.turn_pages.strip():
        return ()
    paper = desk.catalogue.reading(standing.document).document
    try:
        places = {int(word) for word in form.turn_pages.split()}
    except ValueError:
        raise Wrong("Name the pages to turn by their numbers: 2 3.") from None
    if not all(1 <= place <= len(paper.pages) for place in places):
        raise Wrong("The document has no such page to turn.")
    if form.turn_by not in (90, 180, 270):
        raise Wrong("Say how far the pages are to be turned.")
    stands = desk.catalogue.turns(paper.batch)
    numbers = sorted(paper.pages[place - 1] for place in places)
    return tuple((n, quarter(stands.get(n, 0) + form.turn_by)) for n in numbers)


def _patient(mrn: str, desk: Desk) -> Patient | None:
    if not mrn:
        return None
    found = desk.with_mrn(mrn)
    if found is None:
        raise Wrong("Nobody in the index has this MRN; look the patient up by name.")
    return found


def _now(patient: PatientId, desk: Desk) -> PatientId:
    """Who this is by now: a merged record lives on in another."""
    found = desk.people.get(patient)
    return found.id if found else patient


def _with(decision: Decision, form: CorrectionForm, desk: Desk) -> Decision:
    kind = DocumentType(form.type) if form.type else decision.type
    facts = desk.type_facts.get(kind)
    if facts is None or (facts.retired and kind != decision.type):
        raise Wrong("Choose a document type.")
    return replace(decision, type=kind, date=service_date(form.date))
