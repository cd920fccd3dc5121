"""The names of houses on their paper: whose it is, and what is no person there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from pipeline.index.cluerules import ClueRules
from pipeline.index.layout import Row, join
from pipeline.index.names import PARTICLES, fold
from pipeline.index.regions import COLUMN
from pipeline.index.values import cell

_TOP = 14  # rows
_HOUSE = re.compile(
    r"\b(hospital|infirmary|clinics?|medical (center|centre|group)|health( network|"
    r" system|care)?|family (practice|care|medicine)|diagnostic services|imaging|"
    r"laborator(y|ies)|physicians|associates|surgery center|rehabilitation center|"
    r"nursing home|hospice|P\.?\s?C\.?)\W*$",
    re.IGNORECASE,
)
_HOUSE_WORDS = (
    "hospital", "hospitals", "infirmary", "clinic", "clinics", "medical", "laboratory",
    "laboratories", "center", "centre", "healthcare", "rehabilitation", "hospice",
    "associates", "physicians", "diagnostics", "institute", "foundation", "pavilion",
)  # fmt: skip
_COMPANY = re.compile(
    r"\b(P\.? ?C|P\. ?A|P\.? ?L\.? ?L\.? ?C|L\.? ?L\.? ?[CP]|Inc|Corp)\.?$"
)  # behind a comma
_LONG = 3  # words of a house's name; a patient's is often two
_WHERE = re.compile(
    r"\b[A-Z]{2}\.? +\d{5}\b|\b\d{3}[\-. )]+\d{3}[\-. ]\d{4}\b|P\.? ?O\.? BOX|"
    r"^\d+ \w+.*\b(st(reet)?|ave(nue)?|r(oa)?d|lane|drive|court|suite)\b",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(r"\b(outside|external) (medical )?records?\b", re.IGNORECASE)
_SAME_HOUSE = 88.0  # of 100: the letterhead is one of ours, read with a few errors


def is_foreign(
    rows: tuple[Row, ...], banners: frozenset[int], rules: ClueRules
) -> bool:
    """Whether the letterhead is that of a house which does not give out our numbers."""
    if not rules.authorities:
        return False
    heads = [at for at in range(min(_TOP, len(rows))) if at not in banners]
    if any(_is_ours(rows[at].text, rules) for at in heads):
        return False
    return any(
        any(_HOUSE.search(text) for text in _cells(rows[at]))
        and any(_WHERE.search(row.text) for row in rows[at + 1 : at + 4])
        for at in heads[:6]
    ) or any(_OUTSIDE.search(rows[at].text) for at in heads)


def _cells(row: Row) -> Iterator[str]:
    """The row's text, and that of its cells: a stamp may stand beside a letterhead."""
    yield row.text
    for at, piece in enumerate(row.pieces):
        if piece.gap > COLUMN:
            yield join(tuple(cell(row.pieces[at:], COLUMN)))


def _is_ours(text: str, rules: ClueRules) -> bool:
    most = len(fold(text)) + 2  # the whole of the name stands there
    return any(len(house) <= most for house in _houses_like(text, rules))


def is_a_house(text: str) -> bool:
    """Whether the words name a house: SAINT CLARE HOSPITAL, or HOSPITRL as read.

    "Elm Street Group, P.C." is one as well.
    """
    words = re.findall(r"\w+", text.lower())
    return _is_a_company(text) or any(
        OSA.distance(word, known, score_cutoff=1) <= 1
        for word in words
        for known in _HOUSE_WORDS
    )


def is_surely_a_house(text: str) -> bool:
    """Whether behind a label it is a house, and nobody: patients are named Senter."""
    words = re.findall(r"\w+", text.lower())
    house = len(words) >= _LONG and words[-1] in _HOUSE_WORDS and "," not in text
    initials = any(len(word) == 1 for word in words)
    return _is_a_company(text) or (house and not initials)


def _is_a_company(text: str) -> bool:
    """Elm Street Group, P.C.; but "VAN BUREN, P.C." has initials."""
    name, _, company = text.rpartition(",")
    words = name.lower().split()
    told = len(words) >= _LONG and PARTICLES.isdisjoint(words)
    return told and _COMPANY.fullmatch(company.strip()) is not None


def is_of_our_house(text: str, rules: ClueRules) -> bool:
    """Whether the words are part of the name of a house that gives out our numbers."""
    said = len(fold(text))
    return any(said <= len(house) for house in _houses_like(text, rules))


def _houses_like(text: str, rules: ClueRules) -> Iterator[str]:
    """Folded names of our houses that hold the text, or that it holds."""
    said = fold(text)
    for house in map(fold, rules.authorities):
        if fuzz.partial_ratio(said, house) >= _SAME_HOUSE:
            yield house
