from pipeline.finding import Clue
from pipeline.index.clues import find_clues
from pipeline.index.service import Paper, service_dates
from pipeline.page import Box
from tests.index.printed import RULES, page_of

RECEIVED = RULES.received
PAPER = Paper(RECEIVED)


def best(text: str, kind: str = ""):
    found = service_dates(find_clues([page_of(text)], RULES), Paper(RECEIVED, kind))
    return found[0].value.isoformat() if found else None


def clue(field: str, value: str, role: str = "subject") -> Clue:
    return Clue(field, value, value, 1, Box(0, 0, 1, 1), 0.9, role)


STAY = "Admitted: 04/12/2001   Discharged: 04/15/2001\nDictated: 04/17/2001"


def test_a_discharge_summary_is_about_the_discharge():
    assert best(STAY, "discharge_summary") == "2001-04-15"


def test_other_papers_of_a_stay_are_about_the_admission():
    assert best(STAY, "history_and_physical") == "2001-04-12"


def test_the_papers_own_date_comes_before_the_stays():
    assert best(STAY + "\nDate of Service: 04/13/2001") == "2001-04-13"


def test_birth_fax_print_and_strange_dates_never_count():
    text = (
        "05/12/2013 14:22  FROM: GILEAD VALLEY  TO: 330-555-1212   P. 02/05\n"
        "Patient: DOE, JOHN A   DOB: 03/04/1961   Printed: 05/01/2003\n"
        "Date of injury: 02/02/2001   Next appointment: 02/03/2001\n"
        "On 04/04/1999 the patient fell from a ladder."
    )
    assert best(text) is None


def test_a_date_labelled_birth_never_serves_twice():
    assert best("DOB: 03/04/1961   Date: 03/04/1961") is None


def test_a_letters_date_line_serves_when_nothing_better_does():
    assert best("March 4, 2001\n\nDear Dr. Smith:") == "2001-03-04"


def test_days_after_receipt_before_birth_and_of_others_are_refused():
    clues = [
        clue("born", "1961-03-04"),
        clue("service date", "2030-01-01"),
        clue("service date", "1950-01-01"),
        clue("service date", "2001-01-01", "donor"),
        clue("service date", "unknown"),
    ]
    assert service_dates(clues, PAPER) == ()


def test_confidence_is_shared_and_evidence_names_the_role():
    clues = [clue("service date", "2001-01-01"), clue("dated", "2001-02-02")]
    first, second = service_dates(clues, PAPER)
    assert 0.5 < first.confidence < 1
    assert first.confidence + second.confidence < 1
    assert first.evidence[0].source == "service date"
    again = service_dates([*clues, clue("dated", "2001-01-01")], PAPER)[0]
    assert again.confidence > first.confidence
