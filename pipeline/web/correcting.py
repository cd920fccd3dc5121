"""What a correction's form says, turned into a correction or a sentence about it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import BaseModel, Field

from pipeline.document import (
    Correction,
    Decision,
    DocumentType,
    FiledDocument,
    Patient,
    PatientId,
)
from pipeline.web.answers import Wrong, service_date
from pipeline.web.desk import Desk


class CorrectionForm(BaseModel):
    """The fields of the form under a document's history, as they were typed."""

    action: str = ""  # change | retract
    of: str = ""  # the version that was on the screen
    mrn: str = Field(default="", repr=False)
    confirmed: str = Field(default="", repr=False)  # the MRN shown back and agreed to
    type: str = ""
    date: str = Field(default="", repr=False)
    reason: str = Field(default="", repr=False)
    misfiled: str = ""


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
    decision = standing.decision
    patient = _patient(form.mrn.strip(), desk)
    if patient is not None and patient.id != _now(decision.patient, desk):
        if form.confirmed != form.mrn.strip():
            return ToMove(patient)
        decision = replace(decision, patient=patient.id, encounter=None)
    moved = decision.patient != standing.decision.patient
    said = _with(decision, form, desk)
    if said == standing.decision and not gone:
        raise Wrong("It is filed just so already: change what is wrong.")
    return Correction(
        standing.id, replace(said, by=desk.clerk), reason, moved, desk.clerk
    )


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
