"""A reading that files, at every threshold at once; tests spoil it one by one."""

import datetime as dt

from pipeline.document import (
    BatchId,
    DocumentId,
    DocumentType,
    Encounter,
    Name,
    Patient,
    PatientId,
    Reading,
    ScannedDocument,
)
from pipeline.finding import Evidence, Finding
from pipeline.review.rules import FilingRules

RULES = FilingRules(
    name="rules 1",
    patient_at_least=0.999,
    patient_margin=16.0,
    group_at_least=3.0,
    type_at_least=0.8,
    boundary_at_least=0.9,
    type_error_at_most=0.01,
    date_at_least=0.5,
    open_types=frozenset({DocumentType("letter")}),
)


def person(number: str) -> Patient:
    return Patient(PatientId(number), number, (Name("DOE", "ANNA"),))


def bits(source: str, weight: float, *, exact: bool = False) -> Evidence:
    return Evidence(source, weight, "", exact=exact)


def found(value, confidence, *evidence) -> Finding:
    return Finding(value, confidence, tuple(evidence), "test")


ANNA, BERTA = person("1"), person("2")
LETTER, DAY = DocumentType("letter"), dt.date(2020, 1, 1)
OWN = DocumentType("letter_b")  # a type of the site's own, without a bound
STAY = Encounter("V1", "", ANNA.id)

MRN = bits("mrn", 3.0, exact=True)
FAMILY, GIVEN = bits("name", 1.5), bits("given name", 1.5, exact=True)
PRIOR = bits("prior", -4.0)
BEST = found(ANNA, 0.999, PRIOR, MRN, FAMILY, GIVEN)  # 2 bits in all
NEXT = found(BERTA, 0.0001, PRIOR, bits("name", -10.0))  # 16 bits behind

CERTAIN = Reading(
    ScannedDocument(DocumentId("b-0001"), BatchId("b"), (1, 2)),
    types=(found(LETTER, 0.8),),
    patients=(BEST, NEXT),
    dates=(found(DAY, 0.5),),
    encounters=(found(STAY, 0.5),),
    absent=0.0,
    boundary=0.9,
)
