"""What the role model may add and take back, and what it may not touch."""

from dataclasses import replace

from printed import RULES, clue_map, page_of

from pipeline.index.clues import clues_of
from pipeline.index.matchrules import MatchRules
from pipeline.index.namespans import NameSpan, name_spans
from pipeline.index.prose import NAMED, Mention, choose
from pipeline.index.roles import Bearer
from pipeline.index.values import Value
from pipeline.page import Box


class _Sure:
    """A model that holds the Testcases to be the patient and all others a clinician."""

    def read(self, rows):
        told = []
        for span in name_spans(rows):
            pieces = rows[span.row].pieces[span.start : span.end]
            theirs = any(piece.text == "Testcase" for piece in pieces)
            told.append(Bearer(span, 0.99 if theirs else 0.0, 0.0, 0.0))
        return tuple(told)


READING = replace(RULES, people=_Sure())
LETTER = """
Larch Hill Family Practice
03/04/2011

Dear Dr. Harold Finch:

Thank you for referring Wilhelmina Testcase to our clinic. Wilhelmina Testcase is a
61-year-old woman with chest pain. Wilhelmina Testcase was admitted on 03/04/2011.
Her husband, Peter Testcase, was present. Follow up with Dr. Harold Finch.

Please call this office with any questions about the plan.

Oswald Brinkley, M.D.      03/04/2011
Form LRC-12
"""


def _names(text: str, rules=READING) -> dict:
    found = clue_map(clues_of(page_of(text), rules))
    return {key: value for key, value in found.items() if key.startswith("name")}


def test_the_rules_alone_find_nobody_in_the_letter() -> None:
    assert "name" not in _names(LETTER, RULES)


def test_the_letter_is_about_the_patient_only() -> None:
    assert _names(LETTER)["name"] == ["TESTCASE|WILHELMINA||"]


def test_such_a_name_cannot_veto() -> None:
    clues = clues_of(page_of(LETTER, confidence=1.0), READING)
    [name] = [c for c in clues if c.field == "name" and c.role == "subject"]
    assert name.confidence < MatchRules().legible
    assert name.page == 1


def test_one_mention_is_not_enough() -> None:
    text = "Thank you for referring Wilhelmina Testcase to our clinic."
    assert _names(f"x\nx\nx\nx\n{text}\nx\nx\nx\nx") == {}


def test_a_label_is_never_overruled() -> None:
    labelled = f"Patient: DOE, JANE A    MRN: 12345678\n{LETTER}"
    assert _names(labelled) == _names(labelled, RULES)
    assert _names(labelled)["name"] == ["DOE|JANE|A|"]


def test_a_name_that_a_label_gave_to_a_doctor_is_not_the_patients() -> None:
    said = LETTER.replace(
        "03/04/2011\n", "Attending Physician: Wilhelmina Testcase\n", 1
    )
    assert "name" not in _names(said)


def test_a_lone_name_at_the_foot_is_whoever_signed() -> None:
    foot = LETTER.replace("Form LRC-12", "Anthony Q. Brinkley")
    foot = foot.replace("Oswald Brinkley, M.D.      03/04/2011", "Sincerely,")
    for rules in (RULES, READING):
        assert "BRINKLEY|ANTHONY|Q|" not in _names(foot, rules).get("name", ())


def _mention(name: str, odds: float) -> Mention:
    box = Box(0, 0, 10, 10)
    value = Value(
        name, f"{name.split()[1].upper()}|{name.split()[0].upper()}||", box, 1.0, 2
    )
    return Mention(value, Bearer(NameSpan(0, 0, 2), 0.5, 0.2, 0.2), odds)


def test_two_patients_on_one_page_are_none() -> None:
    one, two = _mention("Jane Doe", NAMED + 1), _mention("Mary Roe", NAMED)
    assert choose([one, two]) is None
    assert choose([one]) is one
    assert choose([]) is None
    assert choose([one], {("DOE", "J")}) is None


def test_mentions_add_up() -> None:
    half = _mention("Jane Doe", NAMED / 2)
    assert choose([half]) is None
    assert choose([half, half]) is half
