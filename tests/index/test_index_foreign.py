"""Labels of another patient than the stack's, told from barcodes alone."""

import pytest

from pipeline.document import PatientId
from pipeline.finding import Clue
from pipeline.index.foreign import LABEL, NOBODY, STRANGE, TWO, VOLUME, foreign
from pipeline.page import Box

BOX = Box(0, 0, 1, 1)
INDEX = {"11": PatientId("anna"), "12": PatientId("anna"), "22": PatientId("berta")}


def clue(field, value, page):
    return Clue(field, value, value, page, BOX, 1.0, "subject", "code128")


def told(*clues, declared=""):
    found = foreign([clue(*one) for one in clues], declared, INDEX.get)
    return [(fault.says, fault.page, fault.again) for fault in found]


def test_the_cover_s_own_labels_are_right_also_by_an_older_number():
    assert told(("cover patient", "11", 1), ("mrn", "11", 2), ("mrn", "12", 3)) == []


def test_a_label_of_another_than_the_cover_s():
    clues = (("cover patient", "11", 1), ("mrn", "22", 4))
    assert told(*clues) == [(LABEL, 4, True)]


def test_the_next_cover_begins_another_patient():
    clues = (("cover patient", "11", 1), ("cover patient", "22", 3), ("mrn", "22", 4))
    assert told(*clues) == []


def test_without_cover_or_word_a_label_is_nobody_s_fault():
    assert told(("mrn", "11", 1), ("mrn", "22", 2)) == []


def test_a_cover_whose_number_is_nobody_s():
    clues = (("cover patient", "99", 1), ("mrn", "22", 2))
    assert told(*clues) == [(NOBODY, 1, True)]


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (["11", "11"], []),
        (["11", "22"], [(LABEL, 2, True)]),
        (["22"], [(LABEL, 1, True)]),  # one label says nothing of the volume
        (["22", "22"], [(VOLUME, 0, True)]),
        (["99", "99"], []),  # whose number nobody has
    ],
)
def test_the_volume_that_was_declared(labels, says):
    clues = [("mrn", value, page) for page, value in enumerate(labels, 1)]
    assert told(*clues, declared="11") == says


def test_a_strange_code_is_told_and_nobody_walks_for_it():
    assert told(("other", "4711", 2)) == [(STRANGE, 2, False)]


def test_headers_of_two_batches():
    assert told(("batch", "A", 1), ("batch", "A", 2)) == []
    assert told(("batch", "A", 1), ("batch", "B", 5)) == [(TWO, 0, True)]
