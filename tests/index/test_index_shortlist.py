"""Who of a page's candidates is weighed: nobody who may be the patient is left out."""

import random

from index_people import clue, index_of, person, with_check_digit
from test_index_match_simulated import page_about, people

from pipeline.document import Identifier
from pipeline.index.matchrules import MatchRules
from pipeline.index.shortlist import worth_weighing
from pipeline.index.subject import Matcher, Told

MRN = with_check_digit(123456)
SUBJECT = person(MRN, "Whitfield|John|A", "1961-03-14", address="12 Oak St")
OTHERS = ("Abel", "Ewen", "Ivor", "Omar", "Udall", "Yates", "Bard", "Crane")
SAME_DAY = [
    person(with_check_digit(900_000 + n), f"Q{name}|Zeb", "1961-03-14")
    for n, name in enumerate(OTHERS)
]
CROWD = (SUBJECT, *SAME_DAY)
WHOLE = (clue("name", "WHITFIELD|JOHN||"), clue("born", "1961-03-14"))


def left(clues, *others):
    return set(worth_weighing(clues, (*CROWD, *others)))


def test_who_shares_the_birth_date_only_is_not_weighed_beside_the_patient():
    assert left(WHOLE) == {SUBJECT}
    assert left((clue("mrn", MRN), WHOLE[0])) == {SUBJECT}
    assert left((clue("mrn", MRN), WHOLE[1])) == {SUBJECT}


def test_everybody_is_weighed_where_nobody_agrees_in_full():
    assert left((WHOLE[1],)) == set(CROWD)
    assert left((clue("mrn", MRN),)) == set(CROWD)
    assert left((clue("name", "WHITFIELD|JANE||"), WHOLE[1])) == set(CROWD)
    few = CROWD[:3]
    assert set(worth_weighing(WHOLE, few)) == set(few)


def test_an_account_is_looked_up_in_everybody():
    assert left((*WHOLE, clue("account", "7712"))) == set(CROWD)


def test_twins_namesakes_and_people_with_a_like_number_stay():
    twin = person(with_check_digit(777), "Whitfield|Mary", "1961-03-14")
    father = person(with_check_digit(778), "Whitfield|John||Sr", "1931-03-14")
    misread = person(with_check_digit(779), "Whitfeld|Jon", "1961-03-24")
    number = person(MRN[:-1] + str((int(MRN[-1]) + 1) % 10), "Doe|Amy", "1990-01-01")
    home = person(with_check_digit(780), "Whitfield|Ann", "1990-02-02", phone="5551234")
    clues = (*WHOLE, clue("mrn", MRN), clue("phone", "555-1234"))
    others = (twin, father, misread, number, home)
    assert left(clues, *others) == {SUBJECT, *others}


def test_a_namesake_born_on_another_day_is_left_out_and_one_misread_day_off_is_not():
    far = person(with_check_digit(783), "Whitfield|John", "1990-02-02")
    near = person(with_check_digit(784), "Whitfield|John", "1961-03-24")
    assert left(WHOLE, far, near) == {SUBJECT, near}


def test_who_has_the_printed_number_from_a_merged_record_stays():
    old = Identifier("87654321", "", "MR")
    merged = person(with_check_digit(782), "Doe|Amy", "1990-01-01", identifiers=(old,))
    clues = (*WHOLE, clue("mrn", "87654321"))
    assert left(clues, merged) == {SUBJECT, merged}


def test_a_stranger_with_a_like_name_elsewhere_is_left_out():
    other = person(with_check_digit(781), "Whitfield|Peter", "1990-02-02")
    assert other not in left(WHOLE, other)


def test_the_answer_is_that_of_weighing_everybody(monkeypatch):
    known, _ = people()
    index, rng = index_of(known[:2000], size=2000), random.Random(5)

    def answer(clues):
        matcher = Matcher(index, MatchRules(), index._form)
        found = matcher.subject(Told((1,), clues), matcher.candidates(clues))
        best = found.patients[0] if found.patients else None
        return best and (best.value.id, round(best.confidence, 5))

    pages = [tuple(page_about(rng, rng.choice(known[:2000]), 0.02)) for _ in range(40)]
    short = [answer(clues) for clues in pages]
    monkeypatch.setattr(
        "pipeline.index.subject.worth_weighing", lambda _clues, everybody: everybody
    )
    assert short == [answer(clues) for clues in pages]


def test_whose_folder_it_is_is_weighed_though_a_namesake_agrees_in_full():
    father = person(with_check_digit(785), "Whitfield|John", "1931-02-02")
    index = index_of((*CROWD, father))
    matcher = Matcher(index, MatchRules(), index._form)
    told = Told((1,), WHOLE, folder=father)
    found = matcher.subject(told, matcher.candidates(WHOLE))
    assert [one.value for one in found.patients[:2]] == [SUBJECT, father]
    assert "custody" in {e.source for e in found.patients[1].evidence}
