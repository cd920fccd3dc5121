"""Machine answers and checks; tests vary one field at a time."""

import datetime as dt
from dataclasses import replace

from pipeline.checks import Certificate, Check, Lane, MachineAnswer, Versions
from pipeline.document import BatchId, DocumentId, DocumentType, PatientId

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
ANNA, BERTA = PatientId("1"), PatientId("2")
LETTER, LAB = DocumentType("letter"), DocumentType("lab")
NOW = Versions("rules 1 abc", "types 1", "tesseract 5")
SCAN = Lane("scan-3", "letter")
ANSWER = MachineAnswer(
    document=DocumentId("b1-1"),
    batch=BatchId("b1"),
    pages=(1, 2),
    own_pages=(1,),
    patient=ANNA,
    type=LETTER,
    encounter=None,
    confidence=0.99999,
    rung=0,
    grounds="printed",
    lane=SCAN,
    mode="shadow",
    plan="plan",
    versions=NOW,
    filed=False,
    blind=True,
    certificate=None,
    at=NOON,
)
CERTIFICATE = Certificate(
    hash="cafe",
    plan="plan",
    versions=NOW,
    rungs=((0.9999, 16.6, 1e-4), (0.999, 13.0, 1e-3)),
    stations=("scan-3",),
    forms=("letter",),
    by="clerk ada",
    at=NOON,
)


def answers(count: int, **changed):
    """As many documents of one page, each in a batch of its own."""
    return [
        replace(
            ANSWER,
            document=DocumentId(f"b{n}-1"),
            batch=BatchId(f"b{n}"),
            pages=(1,),
            **changed,
        )
        for n in range(count)
    ]


def said(patient, by="ada", why="shadow", kind=LETTER, document="b1-1") -> Check:
    return Check(DocumentId(document), patient, kind, None, by, why, NOON)
