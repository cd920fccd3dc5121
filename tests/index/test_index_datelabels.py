"""Date labels that no list holds, labels misread, and dates without any."""

from dataclasses import replace

import pytest

from pipeline.index.clues import find_clues
from tests.index.printed import RULES, clue_map, page_of

# rows of a form stand on a page of text, which shows how wide a usual blank is
BODY = "\n" + "\n".join(["The patient slept well and was comfortable all night."] * 20)


def read(text: str, rules=RULES) -> dict[str, list[str]]:
    return clue_map(find_clues([page_of(text)], rules))


@pytest.mark.parametrize(
    ("printed", "field"),
    [
        ("Triage date: 04/12/2001", "dated"),
        ("Flowsheet date        Unit\n04/12/2001            5 East", "dated"),
        ("Date last reviewed by pharmacy: 04/12/2001", "other date"),
        ("Date of last entry: 04/12/2001", "dated"),
        ("Date at Service 04/12/2001", "service date"),
        ("Authorization expiry date: 04/12/2001", "other date"),
        ("Reprint date: 04/12/2001", "dated"),
        ("Printout date: 04/12/2001", "printed"),
        ("Registration date: 04/12/2001", "dated"),
        ("Admit/Reg date: 04/12/2001", "admitted"),
        ("Visit Dt: 04/12/2001", "service date"),
        ("Disch Dt 04/12/2001", "discharged"),
        ("DT: 04/12/2001", "transcribed"),
        ("Date & Time: 04/12/2001 10:22", "dated"),
        ("Date of Service (mm/dd/yyyy) 04/12/2001", "service date"),
        ("Date (MM/DD/YY): 04/12/2001", "dated"),
        ("Effective date: 04/12/2001", "effective"),
        ("Compared with: 04/12/2001", "other date"),
        ("( ' 2 Date        Physician\n04/12/2001        Mary Smith, M.D.", "dated"),
    ],
)
def test_the_word_date_makes_a_label(printed, field):
    assert read(printed + BODY).get(field) == ["2001-04-12"]


@pytest.mark.parametrize(
    ("printed", "field"),
    [
        ("John Doe (principal)                pate 04/12/2001", "dated"),
        ("Dale: 04/12/2001", "dated"),
        ("Bate of Service: 04/12/2001", "service date"),
        ("Community Collection Date: 04/12/2001", "service date"),
        ("Cate          Seen by\n04/12/2001    Mary Smith, M.D.", "dated"),
    ],
)
def test_a_misread_or_longer_label_is_one_where_a_date_follows(printed, field):
    assert read(printed + BODY)[field] == ["2001-04-12"]


def test_words_like_date_alone_are_no_label():
    assert read("Mate   none\nThe rate is 70" + BODY) == {}


def test_a_birth_label_of_any_kind_is_no_date_of_the_paper():
    found = read("Mother's birth date 04/12/1961")
    assert not {"dated", "service date"} & found.keys()


def test_a_label_does_not_reach_into_the_next_column():
    found = read("Date             Signed by\n04/12/2001       self" + BODY)
    assert found["dated"] == ["2001-04-12"]


def test_older_events_in_sentences_are_not_the_papers_day():
    found = read("a cone biopsy was performed on 02/12/2001 also showing invasion.")
    assert found == {"other date": ["2001-02-12"]}


def test_one_date_under_a_label_and_another_boxs_below_are_no_table():
    text = (
        "Exam Date         Examination\n04/12/2001        mammogram\n"
        "Compared with     Radiologist\n08/16/2000        Mary Smith, M.D."
    )
    assert read(text + BODY)["service date"] == ["2001-04-12"]
    table = "Date           Weight\n04/12/2001     70 kg\n04/13/2001     71 kg"
    assert read(table + BODY)["other date"] == ["2001-04-12"]


def test_dos_in_small_letters_was_dob():
    assert read("Dos: 03/04/1961")["other date"] == ["1961-03-04"]
    assert read("DOS: 03/04/2001")["service date"] == ["2001-03-04"]


def test_a_year_on_the_next_line_of_the_cell_belongs_to_the_date():
    text = "Date issued:  May 8,       Address:  12 Elm Court\n              2001."
    assert read(text + BODY)["dated"] == ["2001-05-08"]


def test_a_signature_dates_its_paper():
    assert read("Mary Smith, M.D.          04/12/2001 10:22")["signed"] == [
        "2001-04-12"
    ]
    assert read("Mary Smith, R.N.     Oncology 04/12/2001")["signed"] == ["2001-04-12"]
    typed = read("Mary Smith, M.D.      D: 04/12/2001   T: 04/13/2001")
    assert typed["transcribed"] == ["2001-04-13"]
    assert "signed" not in typed


def test_a_lone_date_counts_in_the_head_or_at_the_end_of_a_row():
    head = "PROGRESS NOTE\n\n{04/12/2001      5 East    latex"
    assert read(head + BODY)["bare date"] == ["2001-04-12"]
    row = "\nWalter Smlth, W.O.      Urgent Care        04/12/2001"
    assert read(BODY + row)["bare date"] == ["2001-04-12"]
    assert "bare date" not in read(BODY + "\nSurgery on 04/12/2001 and later")


def test_a_letters_sentence_of_the_visit_counts():
    text = (
        "I had the pleasure of seeing Mr. Doe, a 40-year-old man, on 04/12/2001 because"
    )
    assert read("Dear Dr. Smith:\n" + text)["bare date"] == ["2001-04-12"]


def test_an_impossible_date_is_mended_and_less_sure():
    (found,) = find_clues([page_of("Date of Visit: 64-22-2001")], RULES)
    assert (found.value, found.confidence < 0.5) == ("2001-04-22", True)


def test_a_misread_date_is_no_record_number():
    found = read("Patient: DOE, JOHN A      18-15-2001")
    assert "mrn" not in found


def test_normal_values_are_no_dates():
    assert read("T: 12.6-16.0   D: 8.5-10.1") == {}


def test_a_birth_year_of_two_digits_is_before_the_care():
    rules = replace(RULES, received=RULES.received.replace(year=2026))
    text = "DOB: 6-Dec-25     Date of Service: 04/12/2001"
    assert read(text, rules)["born"] == ["1925-12-06"]
    newborn = "DOB: 6-Dec-25     Date of Service: 12/07/2025"
    assert read(newborn, rules)["born"] == ["2025-12-06"]
