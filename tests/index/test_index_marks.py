from dataclasses import replace

import pytest

from pipeline.index.cluerules import BarcodePatterns
from pipeline.index.marks import read_marks
from pipeline.index.numbers import MrnFormat
from pipeline.page import Box, Mark
from tests.index.printed import RULES

BOX = Box(10, 10, 200, 60)


def read(kind, text, rules=RULES):
    return [
        (c.field, c.value, c.by) for c in read_marks([Mark(kind, text, BOX)], 3, rules)
    ]


@pytest.mark.parametrize(
    ("kind", "text", "field", "value"),
    [
        ("code128", "PATIENT 12345678", "cover patient", "12345678"),
        ("qr", "PATIENT 12-34-56-78", "cover patient", "12345678"),
        ("code128", "DOCTYPE discharge_summary", "doctype", "discharge_summary"),
        ("datamatrix", "DOCTYPE 18842-5", "doctype", "18842-5"),
        ("code128", "BATCH 2013-04-03/7", "batch", "2013-04-03/7"),
        ("code39", "*SEPARATOR*", "separator", "separator"),
        ("code128", "12345678", "mrn", "12345678"),
        ("code39", "12-34-56-78", "mrn", "12345678"),
        ("codabar", "A12345678B", "mrn", "12345678"),  # start and stop signs
        ("codabar", "APATIENT", "other", "APATIENT"),
        ("code128", "12345678\r", "mrn", "12345678"),  # a wedge reader's key
        ("code128", "1234\t5678", "other", "1234 5678"),
        ("patch", "T", "separator", "separator"),
        ("patch", "2", "separator", "new document"),
        ("patch", "3", "batch", "patch 3"),
        ("qr", "https://example.org", "other", "https://example.org"),
        ("code128", "1234567", "other", "1234567"),
        ("ean8", "40123455", "other", "40123455"),  # a shop's number
        ("code39", "1234 5678", "other", "1234 5678"),  # a blank is no hyphen
    ],
)
def test_what_a_mark_means(kind, text, field, value):
    assert read(kind, text) == [(field, value, kind)]


@pytest.mark.parametrize(("kind", "sure"), [("code128", True), ("itf", False)])
def test_a_kind_without_a_check_digit_is_less_sure(kind, sure):
    (clue,) = read_marks([Mark(kind, "12345678", BOX)], 1, RULES)
    assert (clue.confidence > 0.999) == sure


def test_the_sites_own_check_digit_confirms_any_kind():
    checked = replace(RULES, mrn=MrnFormat((8,), "", "luhn"))
    for text in ("12345674", "PATIENT 12345674"):
        (clue,) = read_marks([Mark("code39", text, BOX)], 1, checked)
        assert clue.confidence > 0.99999
    (clue,) = read_marks([Mark("code39", "PATIENT 12345678", BOX)], 1, checked)
    assert clue.confidence < 0.999


def test_a_toggle_patch_says_nothing():
    assert read("patch", "4") == []


def test_a_site_has_its_own_patterns():
    rules = replace(RULES, barcodes=BarcodePatterns(patient=r"P-(\d+)"))
    assert read("code128", "P-12345678", rules) == [
        ("cover patient", "12345678", "code128")
    ]
    assert read("code128", "PATIENT 12345678", rules)[0][0] == "other"


def test_marks_keep_page_and_box():
    (clue,) = read_marks([Mark("code128", "12345678", BOX)], 3, RULES)
    assert (clue.page, clue.box, clue.role) == (3, BOX, "subject")
    assert clue.confidence > 0.9999
