"""The one place that says what may be filed without a clerk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.document import (
    Decision,
    DocumentType,
    Doubt,
    Encounter,
    EncounterRule,
    Patient,
    Reading,
    Review,
    TypeFacts,
)
from pipeline.finding import Evidence, Finding

GROUPS = {  # source of evidence -> the identifier group that it speaks for
    "mrn": "mrn",
    "birth date": "birth date",
    "name": "name",  # the family name
    "given name": "name",
    "account": "account",
    "address": "address",
    "phone": "phone",
}
STRONG = frozenset({"mrn", "birth date"})
_TELLING = STRONG | {"account"}
_NAME = {"name", "given name"}
_PLACES = {"custody": "custody", "cover": "cover"}  # where a paper lies
NO_PATIENT = "no patient of the index fits"
PROBABLY_ABSENT = "the patient is probably not in the index"
TIED = "two patients fit"
UNSURE_BOUNDARY = "unsure where the document begins or ends"
UNSURE_TYPE = "unsure of the type"
UNCERTIFIED = "type not yet certified"


@dataclass(frozen=True, slots=True)
class FilingRules:
    """Section [filing] of config/pipeline.toml; probabilities 0..1, weights in bits.

    ``open_types`` may be filed without a clerk (the shipped ones, and of a site's own
    those with a bound on their error): no key of the file, and none unless told.
    ``encounter`` says of each type whether its papers belong to a stay.
    """

    name: str
    patient_at_least: float
    patient_margin: float  # bits between the best and the second best
    group_at_least: float  # bits for an identifier group to count as agreeing
    type_at_least: float
    boundary_at_least: float
    type_error_at_most: float
    date_at_least: float  # else it is filed undated
    open_types: frozenset[DocumentType] = field(
        default=frozenset(), metadata={"no key": "filled in by wiring"}
    )
    encounter: Mapping[DocumentType, EncounterRule] = field(
        default_factory=dict, metadata={"no key": "of the types as they are now"}
    )
    mode: str = "supervised"  # how far it is trusted: modes.py
    qa_share: float = 0.01  # 0..1 of what it files, to be checked by a person


def decide(reading: Reading, rules: FilingRules) -> Decision | Review:
    """File only what is beyond doubt; else say every reason why not.

    A missing service date holds nothing back: the document is filed undated.
    """
    reasons = (*_of_pages(reading, rules), *_of_type(reading, rules))
    reasons += (*of_patient(reading, rules), *of_encounter(reading, rules))
    if reasons:
        return Review(reasons)
    patient = reading.patients[0].value
    stays = stays_of(reading, rules.encounter)
    encounter = stays[0].number if stays else None
    kind = reading.types[0].value
    return Decision(patient.id, kind, _date(reading, rules), encounter, rules.name)


def _of_pages(reading: Reading, rules: FilingRules) -> tuple[Doubt, ...]:
    if reading.boundary < rules.boundary_at_least:
        return (*reading.doubts, Doubt(UNSURE_BOUNDARY))
    return reading.doubts


def _of_type(reading: Reading, rules: FilingRules) -> tuple[Doubt, ...]:
    if not reading.types:
        return (Doubt("no type found"),)
    best = reading.types[0]
    doubts = []
    if best.confidence < rules.type_at_least:
        doubts.append(Doubt(UNSURE_TYPE, best.evidence))
    if best.value not in rules.open_types:
        doubts.append(Doubt(UNCERTIFIED, best.evidence))
    return tuple(doubts)


def _date(reading: Reading, rules: FilingRules) -> dt.date | None:
    """The likeliest service date, if it is likely at all."""
    best = reading.dates[0] if reading.dates else None
    return best.value if best and best.confidence >= rules.date_at_least else None


def encounter_rules(
    types: Mapping[DocumentType, TypeFacts],
) -> Mapping[DocumentType, EncounterRule]:
    """What each type says of stays, as FilingRules.encounter has it."""
    return {key: facts.encounter for key, facts in types.items()}


def stays_of(
    reading: Reading, rules: Mapping[DocumentType, EncounterRule]
) -> tuple[Encounter, ...]:
    """The stays that it may belong to; none where its type is of no one stay."""
    rule = rules.get(reading.types[0].value) if reading.types else None
    return () if rule == "none" else tuple(f.value for f in reading.encounters)


def of_encounter(reading: Reading, rules: FilingRules) -> tuple[Doubt, ...]:
    """Why it is not beyond doubt of which stay it is."""
    stays = stays_of(reading, rules.encounter)
    if len(stays) > 1:
        seen = tuple(e for found in reading.encounters for e in found.evidence)
        return (Doubt("more than one encounter fits", seen),)
    kind = reading.types[0].value if reading.types else None
    if not stays and kind and rules.encounter.get(kind) == "required":
        return (Doubt("its type needs an encounter, and none was found"),)
    return ()


def of_patient(reading: Reading, rules: FilingRules) -> tuple[Doubt, ...]:
    """Why it is not beyond doubt whose it is."""
    doubts = []
    if reading.contradictions:
        doubts.append(
            Doubt("an identifier belongs to another patient", reading.contradictions)
        )
    if not reading.patients:
        return (*doubts, Doubt(NO_PATIENT))
    best = reading.patients[0]
    if best.confidence < rules.patient_at_least:
        reason = (
            PROBABLY_ABSENT
            if reading.absent > best.confidence
            else "unsure of the patient"
        )
        doubts.append(Doubt(reason, best.evidence))
    if _margin(reading) < rules.patient_margin:
        doubts.append(Doubt(TIED, best.evidence))
    if not _two_groups(best, rules):
        doubts.append(Doubt("too little identifies the patient", best.evidence))
    if alerts := alerts_left(best):
        doubts.append(Doubt("a patient with a like name needs a closer look", alerts))
    return tuple(doubts)


def _margin(reading: Reading) -> float:
    """Bits by which the best patient is ahead of the next one."""
    best, *rest = (sum(e.weight for e in f.evidence) for f in reading.patients)
    return best - max(rest, default=float("-inf"))


def _two_groups(best: Finding[Patient], rules: FilingRules) -> bool:
    """Two identifier groups agree, one of them a number or birth date to the letter.

    A legible number that is nearly the patient's may well be another's. The folder or
    the cover that a paper lies in is a group, beside which the whole name to the letter
    will do as well; a cover's number is no second one to that on the page.
    """
    agreeing = _agreeing(best, GROUPS, rules)
    exact = {e.source for e in best.evidence if e.exact}
    telling = agreeing.intersection(exact & _TELLING)
    if len(agreeing) > 1 and telling:
        return True
    numbered = any(e.source == "mrn" for e in best.evidence)
    places = _agreeing(best, _PLACES, rules)
    covered = "cover" in places & exact and not numbered
    whole = "name" in agreeing and exact >= _NAME
    return ("custody" in places or covered) and bool(telling or whole)


def _agreeing(
    best: Finding[Patient], groups: Mapping[str, str], rules: FilingRules
) -> set[str]:
    """The groups whose evidence, all in all, speaks clearly for the patient."""
    bits: dict[str, float] = {}
    for evidence in best.evidence:
        if group := groups.get(evidence.source):
            bits[group] = bits.get(group, 0.0) + evidence.weight
    return {group for group, sum_ in bits.items() if sum_ >= rules.group_at_least}


def alerts_left(best: Finding[Patient]) -> tuple[Evidence, ...]:
    """The name alerts that the page does not answer to the letter.

    Answered by the given name and the MRN or the birth date, all exact, where no other
    given name stands on the page. A twin's or namesake's alert is evidence of weight 0
    from source "name alert".
    """
    alerts = tuple(e for e in best.evidence if e.source == "name alert")
    exact = {e.source for e in best.evidence if e.exact}
    other = any(e.source == "given name" and e.weight < 0 for e in best.evidence)
    answered = "given name" in exact and not exact.isdisjoint(STRONG)
    return () if answered and not other else alerts
