"""What a clerk's form says, turned into an answer or a sentence about what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, Field

from pipeline.document import (
    Decision,
    DocumentType,
    Holding,
    Patient,
    Reading,
    holding_id,
)
from pipeline.store.answers import Answer, Referral, Rejection
from pipeline.web.candidates import candidates
from pipeline.web.desk import Desk

NOTE_AT_MOST = 2000  # letters


class Form(BaseModel):
    """The fields of the form on a document's page, as they were typed."""

    action: str = ""  # file | accept | change | hold | refer | reject
    mrn: str = Field(default="", repr=False)  # of whom the clerk chose
    other: str = Field(default="", repr=False)  # typed, and not yet looked up
    type: str = ""
    date: str = Field(default="", repr=False)
    encounter: str = Field(default="", repr=False)  # a suggested stay's number
    reason: str = Field(default="", repr=False)
    confirmed: str = Field(default="", repr=False)  # the MRN shown back and agreed to
    box: str = Field(default="", repr=False)
    volume: str = Field(default="", repr=False)
    old_number: str = Field(default="", repr=False)
    family: str = Field(default="", repr=False)
    given: str = Field(default="", repr=False)
    born: str = Field(default="", repr=False)
    notes: str = Field(default="", repr=False, max_length=NOTE_AT_MOST)
    to: str = ""  # of a referral: steward | rescan


class Wrong(Exception):
    """The form cannot be taken as it is; the message tells the clerk why."""


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """Whose chart the typed MRN is: the clerk must have seen it before it is filed."""

    patient: Patient


@dataclass(frozen=True, slots=True)
class ToHold:
    """Someone whom the index does not know, and the document to file there."""

    holding: Holding
    decision: Decision


def answer_of(form: Form, reading: Reading, desk: Desk) -> Answer | ToConfirm | ToHold:
    """The clerk's answer; ToConfirm when a patient was typed and not yet shown back.

    Raises Wrong with a sentence for the clerk.
    """
    action = form.action
    if not action and (form.mrn.strip() or form.other.strip()):
        action = "change"  # the Enter key: a patient is shown back first
    if action not in _ANSWERS:
        raise Wrong("Choose whose it is and what it is, then file it.")
    return _ANSWERS[action](form, reading, desk)


def _chosen(form: Form, reading: Reading, desk: Desk) -> Answer | ToConfirm:
    """Whom the clerk chose; shown back first unless this screen showed that person."""
    mrn = form.other.strip() or form.mrn.strip()
    if not mrn:
        raise Wrong("Choose whose it is, or look the patient up.")
    shown = {one.patient.mrn: one.patient for one in candidates(reading, desk)}
    patient = shown.get(mrn) or desk.with_mrn(mrn)
    if patient is None:
        raise Wrong("Nobody in the index has this MRN; look the patient up by name.")
    if mrn not in shown and form.confirmed != mrn:
        return ToConfirm(patient)
    return _decision(form, reading, patient, desk)


def _rejected(form: Form, _: Reading, desk: Desk) -> Rejection:
    if not form.reason.strip():
        raise Wrong("Say why this belongs in no record.")
    return Rejection(form.reason.strip(), desk.clerk)


def _referred(form: Form, _: Reading, desk: Desk) -> Referral:
    if not form.reason.strip():
        raise Wrong("Say why, for those who see to it next.")
    match form.to:
        case "steward" | "rescan":
            return Referral(form.to, form.reason.strip(), desk.clerk)
        case _:
            raise Wrong("Choose who must see to it: the index steward, or a rescan.")


def _decision(form: Form, reading: Reading, patient: Patient, desk: Desk) -> Decision:
    kind = _type(form.type, reading, desk)
    stay = _encounter(form, reading, patient)
    return Decision(patient.id, kind, service_date(form.date), stay, desk.clerk)


def _accepted(form: Form, reading: Reading, desk: Desk) -> Answer:
    if not reading.patients:
        raise Wrong("No patient is suggested: type an MRN under change.")
    if form.mrn.strip():
        raise Wrong("You typed an MRN: press Change, or empty that field to accept.")
    patient = desk.prefilled(reading).patient
    if patient is None:
        raise Wrong("The suggested patient is not sure enough: choose whose it is.")
    return _decision(form, reading, patient, desk)


def _changed(form: Form, reading: Reading, desk: Desk) -> Answer | ToConfirm:
    mrn = form.other.strip() or form.mrn.strip()
    if not mrn:
        raise Wrong("Type the MRN of the right patient.")
    patient = desk.with_mrn(mrn)
    if patient is None:
        raise Wrong("Nobody in the index has this MRN; look the patient up by name.")
    if form.confirmed != mrn:
        return ToConfirm(patient)
    return _decision(form, reading, patient, desk)


def _held(form: Form, reading: Reading, desk: Desk) -> ToHold | ToConfirm:
    """Under the old number; shown back as a patient's where that is linked by now."""
    if form.mrn.strip():
        raise Wrong("You typed an MRN: press Change, or empty that field to hold.")
    if not any(map(str.isalnum, form.old_number)):
        raise Wrong(
            "Type the old number; if there is none, what tells this person's paper"
            " from all others of its box and volume."
        )
    if not form.family.strip():
        raise Wrong("Type the last name as the paper says it.")
    said = Holding(
        holding_id(form.box, form.volume, form.old_number),
        _plain(form.box),
        _plain(form.volume),
        _plain(form.old_number),
        _plain(form.family),
        _plain(form.given),
        _birth(form.born),
    )
    standing = desk.holdings.get(said.id)
    if standing and differ(standing, said):
        raise Wrong(
            "Under this box, volume and old number another name or birth date is held:"
            " look again, or add to the old number what tells the two apart."
        )
    if standing and standing.patient:
        patient = desk.people.get(standing.patient)
        if patient is not None:
            return ToConfirm(patient)
    kind = _type(form.type, reading, desk)
    return ToHold(
        said, Decision(said.id, kind, service_date(form.date), None, desk.clerk)
    )


def differ(one: Holding, other: Holding) -> bool:
    """Whether two sayings cannot be of one person; what is not said differs never."""
    pairs = ((one.family, other.family), (one.given, other.given))
    names = any(a and b and a.casefold() != b.casefold() for a, b in pairs)
    return names or bool(one.born and other.born and one.born != other.born)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _birth(said: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(said.strip()) if said.strip() else None
    except ValueError:
        raise Wrong("Write the birth date as 1961-03-04, or leave it empty.") from None


def _encounter(form: Form, reading: Reading, patient: Patient) -> str | None:
    """The stay that was chosen, if it is one of this patient's that was suggested."""
    for found in reading.encounters:
        if found.value.patient == patient.id and found.value.number == form.encounter:
            return found.value.number
    return None


def _type(said: str, reading: Reading, desk: Desk) -> DocumentType:
    kind = DocumentType(said) if said else desk.prefilled(reading).type
    if kind is None:
        raise Wrong("Choose a document type.")
    facts = desk.type_facts.get(kind)
    if facts is None or facts.retired:
        raise Wrong("Choose a document type.")
    return kind


def service_date(said: str) -> dt.date | None:
    """The date that a form says, None for an empty field. Raises Wrong."""
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


_ANSWERS: dict[str, Callable[[Form, Reading, Desk], Answer | ToConfirm | ToHold]] = {
    "file": _chosen,
    "accept": _accepted,
    "change": _changed,
    "hold": _held,
    "refer": _referred,
    "reject": _rejected,
}
