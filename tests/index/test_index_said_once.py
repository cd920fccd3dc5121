"""What a clue says of a value is worked out once a page, and never says otherwise."""

import dataclasses

import pytest
from index_people import clue, person, with_check_digit

from pipeline.document import Encounter, Identifier, Name
from pipeline.index.evidence import Known, compare
from pipeline.index.frequency import NameCounts
from pipeline.index.matchrules import MatchRules
from pipeline.index.namewords import FAMILY, GIVEN, key_of, word
from pipeline.index.numbers import MrnFormat

FORM = MrnFormat((8,), "", "iso7064_mod11_10")
MRN = with_check_digit(700)
CLUES = (
    clue("mrn", MRN),
    clue("cover patient", MRN),
    clue("account", "V-2"),
    clue("born", "1961-03-14"),
    clue("name", "DOE|JOHN|A|JR"),
    clue("name", "JOHN|DOE||"),
    clue("sex", "M"),
    clue("address", "12 ELM STREET"),
    clue("phone", "5185550142"),
    clue("ssn4", "1234"),
)
FIELDS = [
    {"mrn": MRN},
    {"mrn": with_check_digit(701)},
    {"names": (Name("Doe", "John", "Q", "Sr"),)},
    {"names": (Name("Roe", "John"), Name("Doe", "Jack", alias=True))},
    {"born": None},
    {"sex": "F"},
    {"address": "12 Elm Street"},
    {"phone": "518-555-0142"},
    {"ssn_last4": "1234"},
    {"identifiers": (Identifier(MRN, "", "MR"),)},
    {"identifiers": (Identifier("V-2", "", "AN"),)},
]


def crowd():
    """People each two of whom differ in one or two fields."""
    someone = person(with_check_digit(702), "Doe|John|A|Jr", "1961-03-14", sex="M")
    yield someone
    for at, changed in enumerate(FIELDS):
        for further in FIELDS[at:]:
            number = {"id": f"p{len(FIELDS) * at + FIELDS.index(further)}"}
            yield dataclasses.replace(someone, **{**number, **changed, **further})


class Counted(NameCounts):
    asked = 0

    def given(self, folded):
        Counted.asked += 1
        return super().given(folded)


def known(frequencies=None):
    stays = {"p3": (Encounter("V-2", "", "p3"),)}
    return Known(MatchRules(), frequencies or NameCounts(), stays, form=FORM)


def test_everybody_is_told_what_they_are_told_alone():
    together = known()
    for one in crowd():
        assert compare(CLUES, one, together) == compare(CLUES, one, known())


@pytest.mark.parametrize("at", range(len(CLUES)))
def test_each_clue_looks_at_no_more_than_it_is_known_by(at):
    together = known()
    for one in crowd():
        alone = compare(CLUES[at : at + 1], one, known())
        assert compare(CLUES[at : at + 1], one, together) == alone


def test_a_name_is_weighed_once_for_all_who_bear_it():
    people = [
        person(with_check_digit(800 + n), "Doe|John|A|", "1950-01-01") for n in range(9)
    ]
    together = known(Counted())
    compare(CLUES, people[0], together)
    asked, Counted.asked = Counted.asked, 0
    for one in people[1:]:
        compare(CLUES, one, together)
    assert asked
    assert not Counted.asked


def test_other_rules_are_asked_anew():
    (doe,) = (person(MRN, "Doe|John||", "1961-03-14"),)
    strict = known()
    compare(CLUES, doe, strict)
    loose = dataclasses.replace(strict, rules=MatchRules(wrong_born=0.5))
    said = {e.source: e.weight for e in compare(CLUES, doe, strict)}
    other = {e.source: e.weight for e in compare(CLUES, doe, loose)}
    assert other["birth date"] < said["birth date"]


def test_another_clue_at_the_same_place_in_memory_is_asked_itself():
    doe, together = person(MRN, "Doe|John||", "1961-03-14"), known()
    for year in range(1900, 2000):
        (said,) = compare([clue("born", f"{year}-03-14")], doe, together)
        assert said.exact == (year == 1961)


def test_the_key_of_a_word_is_that_of_the_index():
    for part in (FAMILY, GIVEN):
        for name in ("DOE", "DE LA CRUZ", ""):
            assert key_of(part, name) == word(part, name).key
