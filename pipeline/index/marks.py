"""What barcodes and patch codes mean: the only place that interprets them.

Patch T and the SEPARATOR barcode begin a new document and are set aside; patch 2 begins
one on the page that bears it; patch 3 heads a new batch, which is recorded; patch 4
switches a scanner's colour and says nothing. (Kodak and Canon scanner manuals.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.finding import Clue
from pipeline.index.cluerules import ClueRules
from pipeline.index.numbers import check, normalise
from pipeline.page import Mark, MarkKind

_SURE = 0.999999  # SCIENCE.md 1.5: a checked symbology misreads 1e-6 to 1e-8
_UNCHECKED = 0.985  # two looks agree (ocr.marks): 0 of 252 worn ones wrong, 95 %: 1.2 %
_NO_CHECK = ("code39", "itf", "codabar", "pdf417")  # a worn PDF417 spends its checks
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_RETAIL = ("ean13", "ean8", "upca", "upce", "databar")  # another authority's numbers
_PATCHES = {
    "T": ("separator", "separator"),
    "2": ("separator", "new document"),
    "3": ("batch", "patch 3"),
}


def read_marks(marks: Sequence[Mark], page: int, rules: ClueRules) -> tuple[Clue, ...]:
    """Clues of one page's marks, in their order.

    Fields: "cover patient" and "mrn" (a label's bare number), both in normal form;
    "doctype"; "batch"; "separator", whose value is "separator" (set this sheet aside)
    or "new document" (this page is the first of one); "other" for what no pattern fits.
    """
    found = (_read(mark, rules) for mark in marks)
    return tuple(
        Clue(
            field,
            mark.text,
            value,
            page,
            mark.box,
            _sure(mark.kind, field, value, rules),
            "subject",
            mark.kind,
        )
        for mark, (field, value) in zip(marks, found, strict=True)
        if field
    )


def _sure(kind: MarkKind, field: str, value: str, rules: ClueRules) -> float:
    """How surely a mark says what was printed, 0..1.

    By its kind; a number that the site's own check digit confirms is as sure as one
    of a kind that has a check digit.
    """
    number = field in ("mrn", "cover patient") and rules.mrn.check_digit != "none"
    checked = number and check(value, rules.mrn)
    return _SURE if checked or kind not in _NO_CHECK else _UNCHECKED


def _read(mark: Mark, rules: ClueRules) -> tuple[str, str]:
    if mark.kind == "patch":
        return _PATCHES.get(mark.text, ("", ""))
    text = _said(mark)
    patterns = rules.barcodes
    for field, pattern in (
        ("cover patient", patterns.patient),
        ("doctype", patterns.doctype),
        ("batch", patterns.batch),
        ("separator", patterns.separator),
    ):
        match = re.fullmatch(pattern, text)
        if match:
            return field, _normal(field, match[1])
    number = normalise(text)
    bare = mark.kind not in _RETAIL and not re.search(r"\s", text)
    if bare and check(number, rules.mrn):
        return "mrn", number
    return "other", text


def _said(mark: Mark) -> str:
    """The text without what frames it: start and stop signs, a wedge reader's keys."""
    text = _CONTROL.sub(" ", mark.text).strip()
    match mark.kind:
        case "code39":
            return text.strip("*")
        case "codabar":
            framed = re.fullmatch(r"[A-D](.+)[A-D]", text, re.IGNORECASE)
            return framed[1] if framed else text
        case _:
            return text


def _normal(field: str, value: str) -> str:
    match field:
        case "cover patient":
            return normalise(value)
        case "separator":
            return "separator"
        case _:
            return value.strip()
