"""What a clerk's form says, turned into an answer or a sentence about what is wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pydantic import BaseModel, Field

from pipeline.document import Decision, DocumentType, Patient, Reading
from pipeline.store.catalogue import Answer, Rejection
from pipeline.web.desk import Desk


class Form(BaseModel):
    """The fields of the form on a document's page, as they were typed."""

    action: str = ""  # accept | change | reject
    mrn: str = Field(default="", repr=False)
    type: str = ""
    date: str = Field(default="", repr=False)
    encounter: str = Field(default="", repr=False)  # a suggested stay's number
    reason: str = Field(default="", repr=False)
    confirmed: str = Field(default="", repr=False)  # the MRN shown back and agreed to


class Wrong(Exception):
    """The form cannot be taken as it is; the message tells the clerk why."""


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """Whose chart the typed MRN is: the clerk must have seen it before it is filed."""

    patient: Patient


def answer_of(form: Form, reading: Reading, desk: Desk) -> Answer | ToConfirm:
    """The clerk's answer; ToConfirm when a patient was typed and not yet shown back.

    Raises Wrong with a sentence for the clerk.
    """
    match form.action:
        case "accept":
            return _accepted(form, reading, desk)
        case "" if form.mrn.strip():  # the Enter key: a patient is shown back first
            return _changed(form, reading, desk)
        case "change":
            return _changed(form, reading, desk)
        case "reject":
            if not form.reason.strip():
                raise Wrong("Say why this belongs in no record.")
            return Rejection(form.reason.strip(), desk.clerk)
        case _:
            raise Wrong("Choose accept, change or reject.")


def _accepted(form: Form, reading: Reading, desk: Desk) -> Answer:
    if not reading.patients:
        raise Wrong("No patient is suggested: type an MRN under change.")
    if form.mrn.strip():
        raise Wrong("You typed an MRN: press Change, or empty that field to accept.")
    patient = reading.patients[0].value
    kind = _type(form.type, reading, desk)
    stay = _encounter(form, reading, patient)
    return Decision(patient.id, kind, _date(form.date), stay, desk.clerk)


def _changed(form: Form, reading: Reading, desk: Desk) -> Answer | ToConfirm:
    mrn = form.mrn.strip()
    if not mrn:
        raise Wrong("Type the MRN of the right patient.")
    owner = desk.people.mrn_owner(mrn)
    patient = desk.people.get(owner) if owner else None
    if patient is None:
        raise Wrong("Nobody in the index has this MRN; look the patient up by name.")
    if form.confirmed != mrn:
        return ToConfirm(patient)
    kind = _type(form.type, reading, desk)
    stay = _encounter(form, reading, patient)
    return Decision(patient.id, kind, _date(form.date), stay, desk.clerk)


def _encounter(form: Form, reading: Reading, patient: Patient) -> str | None:
    """The stay that was chosen, if it is one of this patient's that was suggested."""
    for found in reading.encounters:
        if found.value.patient == patient.id and found.value.number == form.encounter:
            return found.value.number
    return None


def _type(said: str, reading: Reading, desk: Desk) -> DocumentType:
    best = reading.types[0].value if reading.types else DocumentType("")
    kind = DocumentType(said) if said else best
    facts = desk.type_facts.get(kind)
    if facts is None or facts.retired:
        raise Wrong("Choose a document type.")
    return kind


def _date(said: str) -> dt.date | None:
    if not said.strip():
        return None
    try:
        date = dt.date.fromisoformat(said.strip())
    except ValueError:
        raise Wrong(
            "Write the service date as 2013-04-03, or leave it empty."
        ) from None
    if date > dt.datetime.now(dt.UTC).date():
        raise Wrong("The service date lies in the future.")
    return date
