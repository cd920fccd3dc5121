import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Encounter, PatientId
from pipeline.finding import Clue
from pipeline.index.clues import find_clues
from pipeline.index.service import Paper, service_dates, stay_dates
from pipeline.page import Box
from tests.index.printed import RULES, page_of

RECEIVED = RULES.received
PAPER = Paper(RECEIVED)
STAYED = (dt.date(2003, 4, 10), dt.date(2003, 4, 14))


def best(text: str, kind: str = ""):
    found = service_dates(find_clues([page_of(text)], RULES), Paper(RECEIVED, kind))
    return found[0].value.isoformat() if found else None


def clue(
    field: str, text: str, role: str = "subject", *, value: str = "", page: int = 1
) -> Clue:
    return Clue(field, text, value or text, page, Box(0, 0, 1, 1), 0.9, role)


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


def test_a_record_of_vaccines_is_of_its_latest_dose():
    table = (
        "Vaccine        Date given\n"
        "Td (adult)     11/07/2008\n"
        "DTaP           12/10/2008\n"
        "MMR            11/07/2008"
    )
    assert best(table, "immunization_record") == "2008-12-10"
    assert best(table, "progress_note") != "2008-12-10"


def test_a_newborns_papers_are_of_its_day_of_birth():
    born = "Patient: DOE, BABY BOY   DOB: 01/25/2009\n"
    note = born + "Admission Date: 01/25/2009\nDischarge Date: 01/25/2009"
    assert best(note, "discharge_summary") == "2009-01-25"
    assert best(born + "Date of Service: 01/25/2009") is None
    grown = note + "\nPrinted: 03/04/2012"
    assert best(grown, "discharge_summary") is None


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


def test_a_mended_date_wins_where_another_mention_bears_it_out():
    known = Paper(RECEIVED, born=dt.date(1950, 1, 1))
    alone = [clue("service date", "24-Sep-63", value="1963-09-24")]
    assert service_dates(alone, known)[0].value == dt.date(1963, 9, 24)
    signed = clue("signed", "24-Sep-03", value="2003-09-24")
    first = service_dates([*alone, signed], known)[0]
    assert first.value == dt.date(2003, 9, 24)
    assert {e.source for e in first.evidence} == {"service date", "signed"}


def test_a_day_before_birth_is_guessed_near_the_papers_other_dates():
    known = Paper(RECEIVED, born=dt.date(1950, 1, 1))
    dated = clue("dated", "09/30/39", value="1939-09-30")
    scanned = clue("printed", "10/18/1999", value="1999-10-18")
    assert service_dates([dated, scanned], known)[0].value == dt.date(1999, 9, 30)


def test_a_mended_signature_does_not_outweigh_the_head():
    clues = [
        clue("service date", "2020-04-27"),
        clue("signed", "36-Apr-20", value="2020-04-30"),
        clue("service date", "2020-04-30", page=3),
    ]
    paper = Paper(dt.date(2026, 1, 1))
    assert service_dates(clues, paper)[0].value == dt.date(2020, 4, 27)


def test_a_day_typed_the_day_after_is_not_taken_for_a_misreading():
    clues = [
        clue("dated", "06/08/1999", value="1999-06-08"),
        clue("signed", "06/09/1999", value="1999-06-09"),
    ]
    assert service_dates(clues, PAPER)[0].value == dt.date(1999, 6, 8)


def test_an_illegible_day_is_the_one_that_lies_in_a_stay():
    stay = Encounter("V1", "", PatientId("p"), "I", *STAYED)
    read = [clue("service date", "04-42-2003", value="2003-04-02")]
    found = {f.value.day for f in service_dates(read, PAPER)}
    assert found == {2, 12}
    best = service_dates(read, Paper(RECEIVED, stays=(stay,)))[0]
    assert best.value == dt.date(2003, 4, 12)
    assert best.evidence[-1].source == "stay"


def test_a_summarys_day_is_the_end_of_the_stay():
    stay = Encounter("V1", "", PatientId("p"), "I", *STAYED)
    bare = [clue("bare date", "2003-04-10"), clue("bare date", "2003-04-14")]
    paper = Paper(RECEIVED, "discharge_summary", stays=(stay,))
    assert service_dates(bare, paper)[0].value == STAYED[1]
    paper = Paper(RECEIVED, "face_sheet", stays=(stay,))
    assert service_dates(bare, paper)[0].value == STAYED[0]


def test_the_index_knows_the_birth_date_that_the_paper_labels_otherwise():
    clues = [clue("service date", "1950-05-10"), clue("dated", "2003-12-08")]
    known = Paper(RECEIVED, born=dt.date(1950, 5, 10))
    assert [f.value for f in service_dates(clues, known)] == [dt.date(2003, 12, 8)]


def test_a_birth_of_this_century_by_two_digits_refuses_nothing():
    paper = Paper(dt.date(2026, 1, 1))
    clues = [
        clue("born", "6-Dec-25", value="2025-12-06"),
        clue("dated", "2012-07-20"),
    ]
    assert service_dates(clues, paper)[0].value == dt.date(2012, 7, 20)


def test_daily_sheets_begin_on_the_first_ones_day():
    clues = [
        clue("bare date", "2003-04-02"),
        clue("service date", "2003-04-03", page=2),
        clue("service date", "2003-04-04", page=3),
    ]
    assert service_dates(clues, PAPER)[0].value == dt.date(2003, 4, 2)
    assert service_dates(clues[1:], PAPER)[0].value == dt.date(2003, 4, 3)


def test_a_day_that_stands_twice_was_read_right():
    head = clue("dated", "11/29/2007", value="2007-11-29")
    older = clue("bare date", "01/29/2007", value="2007-01-29", page=2)
    again = clue("bare date", "11/29/2007", value="2007-11-29", page=3)
    assert service_dates([head, older, again], PAPER)[0].value == dt.date(2007, 11, 29)


def test_a_house_s_order_is_not_given_up_for_an_older_date():
    head = clue("dated", "12/06/10", value="2010-12-06")
    older = clue("bare date", "06/12/10", value="2010-06-12", page=2)
    assert service_dates([head, older], PAPER)[0].value == dt.date(2010, 12, 6)


def test_a_card_is_about_the_day_from_which_it_holds():
    text = "Effective date: 10/09/2005\nScanned to chart by: AB 10/20/2005"
    assert best(text, "insurance_card") == "2005-10-09"


def test_one_label_dates_a_newborns_paper_in_the_stay_of_the_birth():
    born = dt.date(2001, 6, 17)
    stay = Encounter("V1", "", PatientId("p"), "I", born, dt.date(2001, 6, 20))
    told = [clue("born", "06/17/01", value="2001-06-17")]
    told.append(clue("service date", "06/17/2001", value="2001-06-17"))
    for stays, days in (((), []), ((stay,), [born])):
        paper = Paper(RECEIVED, "progress_note", born, stays)
        assert [one.value for one in service_dates(told, paper)] == days


def test_a_newborn_s_card_holds_from_the_day_of_birth():
    born = dt.date(2001, 6, 17)
    found = service_dates(
        [clue("effective", "06/17/01", value="2001-06-17")],
        Paper(RECEIVED, "insurance_card", born),
    )
    assert [one.value for one in found] == [born]


def test_a_stamp_s_day_is_no_empty_label_s_above_it():
    text = (
        "EMERGENCY NOTE\nDate:            Arrival Time:\nRECEIVED\nNOV 11 2001\n"
        "The wound was closed.\nBernice R. Radcliffe, M.D., 10/26/2001"
    )
    assert best(text, "emergency_note") == "2001-10-26"


def test_a_list_of_drugs_is_of_the_day_in_its_head():
    table = "Drug        Date started\nAspirin      02/03/2001"
    assert best(f"Date: 11/18/2001\n{table}", "medication_list") == "2001-11-18"


def test_a_week_s_chart_is_about_its_first_day():
    assert best("Week of 07-24-2001   Unit 325\n98.8 79 17", "vital_signs")


def test_a_privacy_notice_is_about_the_day_it_was_received():
    text = "Admit Date: 12/04/2008\nDate received: 12/11/2008"
    assert best(text, "privacy_acknowledgement") == "2008-12-11"


def test_a_first_sheet_of_another_year_is_of_the_year_of_those_after_it():
    first = clue("dated", "02/28/2002", value="2002-02-28")
    after = [
        clue("dated", text, value=value, page=page)
        for page, text, value in (
            (2, "03/01/2001", "2001-03-01"),
            (3, "03/02/2001", "2001-03-02"),
        )
    ]
    assert service_dates([first, *after], PAPER)[0].value == dt.date(2001, 2, 28)
    assert service_dates([first, after[0]], PAPER)[0].value == dt.date(2002, 2, 28)
    other = [clue("dated", "07/01/2001", value="2001-07-01", page=2), after[1]]
    assert service_dates([first, *other], PAPER)[0].value == dt.date(2002, 2, 28)


def test_a_head_is_on_the_first_page():
    clues = [clue("unknown date", "2003-03-27"), clue("dated", "2003-03-26", page=2)]
    assert service_dates(clues, PAPER)[0].value == dt.date(2003, 3, 27)


def test_a_stays_ends_are_told_apart():
    clues = find_clues([page_of(STAY)], RULES)
    ends = [stay_dates(clues, PAPER, end) for end in ("admitted", "discharged")]
    assert [e[0].value for e in ends] == [dt.date(2001, 4, 12), dt.date(2001, 4, 15)]
    assert stay_dates(clues[2:], PAPER, "admitted") == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["service date", "dated", "signed", "bare date", "born"]),
            st.dates(dt.date(1990, 1, 1), dt.date(2020, 1, 1)),
        ),
        max_size=5,
    )
)
def test_never_a_birth_date_nor_one_after_receipt(printed):
    clues = [clue(field, day.isoformat()) for field, day in printed]
    care = [day for field, day in printed if field in ("service date", "signed")]
    births = {day for field, day in printed if field == "born" and care.count(day) < 2}
    found = service_dates(clues, PAPER)
    assert all(f.value <= RECEIVED and f.value not in births for f in found)
    assert sum(f.confidence for f in found) <= 1
