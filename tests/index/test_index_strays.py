"""A paper of another patient inside a chart goes to a clerk; a day's stack does not."""

import pytest

from pipeline.document import (
    BatchId,
    DocumentId,
    Name,
    Patient,
    PatientId,
    Reading,
    ScannedDocument,
)
from pipeline.finding import Finding
from pipeline.index.strays import STRAY, with_strays


def paper(number: int, who: str, sure: float = 0.9999) -> Reading:
    document = ScannedDocument(DocumentId(f"d{number}"), BatchId("b"), (number,))
    person = Patient(PatientId(who), who, (Name(who, ""),))
    patients = (Finding(person, sure, (), "t"),) if who != "?" else ()
    return Reading(document, types=(), patients=patients)


def strays(stack: str, covered=(), sure=0.9999) -> str:
    readings = [paper(n, who, sure) for n, who in enumerate(stack, 1)]
    told = with_strays(readings, set(covered))
    assert [r.document for r in told] == [r.document for r in readings]
    return "".join("!" if r.doubts else "." for r in told)


@pytest.mark.parametrize(
    ("stack", "told"),
    [
        ("AAABAAA", "...!..."),
        ("AAABBAAA", "...!!..."),
        ("AAABAACA", "...!..!."),
        ("AAA?AAA", "......."),  # nobody's: its own doubts send it to a clerk
        ("AAAABBB", "......."),  # a stack of two patients
        ("BAAAAA", "......"),  # before the first: may be the next chart's
        ("ABCABC", "......"),  # a day's mail: no chart
        ("AABB", "...."),
        ("", ""),
    ],
)
def test_a_stray_lies_between_the_papers_of_the_charts_patient(stack, told):
    assert strays(stack) == told


def test_a_cover_sheet_means_the_change():
    assert strays("AAABAAA", covered=[4]) == "......."


def test_an_unsure_owner_is_no_stray():
    assert strays("AAABAAA", sure=0.5) == "......."


def test_the_reason_comes_with_what_was_seen():
    told = with_strays([paper(n, w) for n, w in enumerate("AABAA", 1)], set())
    assert [d.reason for d in told[2].doubts] == [STRAY]
