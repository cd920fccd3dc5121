"""A critical result: the words that call it in, and those that only speak of it."""

import pytest

from pipeline.index.critical import critical_words
from pipeline.index.typed import typed_page


def seen(text):
    return [e.seen for e in critical_words([typed_page(text)])]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CHEMISTRY\n*** CRITICAL ***\nPotassium 6.9", "*** CRITICAL ***"),
        ("CRITICAL RESULTS:\nPotassium 6.9", "CRITICAL RESULTS:"),
        ("Potassium 6.9 critically high", "critically high"),
        ("Potassium 6.9 CRITICAL HIGH mmol/L", "CRITICAL HIGH"),
        ("Critical value called to J. Doe RN at 10:30", "Critical value"),
        ("PANIC VALUE: K 6.9 phoned to ward 4", "PANIC VALUE:"),
        ("Critical lab value is 6.9,\ncalled to Dr. Doe 03/04", "Critical lab value"),
        ("The critical finding was discussed with\nDr. Doe", "critical finding"),
        ("Critical result, read back by JD", "Critical result,"),
        ("Critical lab value reported to Dr. Lee", "Critical lab value"),
        ("Critical: K 6.9 called to 4 West", "Critical:"),
        ("Potassium 6.9 (critical) Dr. Hale informed", "(critical)"),
        (
            "Dr. Ray was notified of this critical result",
            "notified of this critical result",
        ),
        ("Alert value called to J. Ray RN", "Alert value"),
        ("Called critical value to Dr. Ray", "Called critical value"),
    ],
)
def test_a_call_is_found(text, words):
    assert seen(text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "No critical values were called.",
        "not a critical result, called to the ward anyway",
        "Critical values are called to the ordering physician.",
        "Critical results will be phoned at once",
        "* = critical value called to the ward",
        "H ~ high, L ~ low, * © critical value called to J. Doe, RN at 11:42",
        "Critical value reference: called below 2.5",
        "Critical care time 30 minutes",
        "The condition was critical.",
        "Notify the physician of critical results",
        "Patient alert, called to the desk",
        "Early follow-up is\ncritical.",
        "critical stenosis of the left main artery",
        "",
    ],
)
def test_what_only_speaks_of_it_is_none(text):
    assert seen(text) == []


def test_the_call_stands_in_its_box_and_weighs_nothing():
    first = typed_page("Sodium 140\nsee below", 4)
    second = typed_page("Potassium 6.9\nCRITICAL VALUE  called to JD", 5)
    (found,) = critical_words([first, second])
    call = [w.box for w in second.words if w.text in ("CRITICAL", "VALUE")]
    assert (found.page, found.box) == (5, call[0] | call[1])
    assert (found.source, found.weight) == ("critical result", 0.0)
