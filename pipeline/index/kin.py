"""Names that the words around them make somebody else's: kin, payers, addressees.

Where no label says that it is the patient's, a name behind "Stepfather:", under
"Insured Subscriber" or over the address of a letter is not the patient's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from pipeline.finding import Clue
from pipeline.index.barenumbers import bare_number, taken
from pipeline.index.cluerules import ClueRules
from pipeline.index.layout import Piece, Row
from pipeline.index.regions import COLUMN
from pipeline.index.values import (
    Value,
    cell,
    read_address,
    read_one_name,
    read_person,
)
from pipeline.page import Box

KIN = re.compile(
    r"\b((step|foster )?(mother|father|sister|brother|son|daughter)|wife|husband|"
    r"spouse|niece|nephew|friend|neighbor|aunt|uncle|cousin|grand\w+|witness\w*|notary|"
    r"declarant|guardian|sibling|twin|mom|dad|agent|attorney-in-fact|"
    r"recipient of|donor (for|to)|emergency contacts?|(living|potential) donor)\b",
    re.IGNORECASE,
)
PAYS = re.compile(
    r"\b(policy ?holder|subscriber|guarantor|insured|responsible party|representative|"
    r"parent|proxy|c/o|employee|employer|sponsor|person (completing|responsible)|"
    r"(account|card|insurance) ?holder|bill to)\b",
    re.IGNORECASE,
)  # or acts for the patient
# Roles of names that are likely somebody else's, but may be the patient's all the same:
# they speak for nobody, and against whom they do not fit.
DISPUTED = "disputed"  # a word of kin or of payers stands before it or over it
GREETED = "greeted"  # over the address of a letter
LIKELY = "likely"  # behind the patient's label misread, or one that is much like it
_DEAR = re.compile(r"\W*dear\b", re.IGNORECASE)
_RUNNER = re.compile(r"\b(page|pg|cont(inued|d|\.)?)\b", re.IGNORECASE)
_WORDS = """
name first last middle full legal printed signature information info data of the and or
primary secondary alternate foster birth step
"""
_PLAIN = frozenset(_WORDS.split())  # beside the word of a heading that says who it is
_LETTER_ROWS = 12  # from a letter's address to whom it greets
_HEADING_WORDS, _HEADING_GAP = 6, 1.5  # pieces, heights
_LABEL_WORDS = 5
_PATIENTS = ("patient", "patients", "pt", "resident", "client", "re", "regarding")
_NAMES = ("name", "full", "last", "first", "legal", "printed", "of", "the")
_BESIDE = frozenset({"id", "information", "info", "label", "seen", "your", "our"})
_ROLE_WORDS = (
    "insured", "guarantor", "subscriber", "mother", "father", "parent", "spouse",
    "witness", "guardian", "employee",
)  # fmt: skip
_APPOINTS = re.compile(r"\W*I\b.*\b(appoint|designate|nominate|name|choose)\b")
_LIKE = 60.0  # of 100: a word of the patient's label, misread


def headed_as(rows: Sequence[Row], at: int, name: Value, rules: ClueRules) -> str:
    """Whose the name is by a heading over it, or by a letter's form; "" for unsaid."""
    row, above = rows[at], rows[max(at - 1, 0)]
    near = at > 0 and row.top - above.bottom <= _HEADING_GAP * row.height
    runs = _RUNNER.search(row.text) or bare_number(row, rules, ())
    if near and not runs and is_heading(above):
        return DISPUTED
    return GREETED if _is_of_a_letter(rows, at, name, rules) else ""


def is_kins(row: Row, name: Value) -> bool:
    """Whether a word of kin stands beside the name, in its own cell: "Wife REED, MARY".

    Mary Friend and Mary Grande are patients, and so is who lies in Grandview.
    """
    pieces = row.pieces
    first = next(at for at, p in enumerate(pieces) if name.box.holds(p.box))
    while first and pieces[first].gap <= COLUMN:
        first -= 1
    here = cell(pieces[first:], COLUMN)
    beside = (piece.text for piece in here if not name.box.holds(piece.box))
    return bool(KIN.search(" ".join(beside)))


def is_heading(row: Row) -> bool:
    """Whether the row says whose the name under it is, and nothing more.

    "PARENT TEACHING RECORD" and "GRANDVIEW MEDICAL CENTER" stand over patients.
    """
    rest = PAYS.sub(" ", KIN.sub(" ", row.text))
    plain = sum(not p.is_sign for p in row.pieces) <= _HEADING_WORDS
    words = re.findall(r"\w+", rest)
    small = all(w.islower() or len(w) == 1 or w.lower() in _PLAIN for w in words)
    return plain and small and speaks_of_others(row.text)


def speaks_of_others(text: str) -> bool:
    """Whether a word of it is a relative, or one who pays or acts for the patient."""
    return bool(KIN.search(text) or PAYS.search(text))


def misspells_others(text: str) -> bool:
    """Whether a word of it is such a one, a letter misread: lnsured, Guaranter."""
    return any(
        OSA.distance(word, known, score_cutoff=1) <= 1
        for word in text.lower().split()
        for known in _ROLE_WORDS
    )


def read_called(pieces: Sequence[Piece], rules: ClueRules) -> Value | None:
    """A given name that stands alone, perhaps behind "your son"."""
    start = 0
    while start < len(pieces) and _leads(pieces[start]):
        start += 1
    return read_one_name(pieces[start:], rules)


def _leads(piece: Piece) -> bool:
    word = piece.text.strip(",:.").lower()
    return word in {"", "your", "our"} or KIN.fullmatch(word) is not None


def _is_of_a_letter(
    rows: Sequence[Row], at: int, name: Value, rules: ClueRules
) -> bool:
    """Whether an address stands under the name, and then "Dear ...": a parent's."""
    below = rows[at + 1 : at + 1 + _LETTER_ROWS]
    under = [p for p in below[0].pieces if _is_under(name.box, p.box)] if below else []
    if not under or not any(_DEAR.match(row.text) for row in below[1:]):
        return False
    return read_address(under, rules) is not None


def _is_under(name: Box, piece: Box) -> bool:
    return piece.left >= name.left - name.height


def named_otherwise(
    rows: Sequence[Row],
    rules: ClueRules,
    banners: Collection[int],
    labels: Collection[tuple[int, int]],
    known: Sequence[Clue],
) -> Iterator[tuple[Value, str]]:
    """Names behind labels that nobody told us, and those in a row of kin or payers.

    With their roles: "contact", or LIKELY behind "Paient:" and "Patient ID:".
    """
    for at, row in enumerate(rows):
        pieces, told = row.pieces, False
        for start, role in _beginnings(row) if at not in banners else ():
            if (told and role != LIKELY) or (at, start) in labels:
                continue
            value = read_person(pieces[start:], rules)
            if value is None:
                continue
            held = pieces[start : start + value.pieces]
            if not any(taken(piece, known) for piece in held):
                told = told or role != LIKELY
                yield value, role


def _is_nearly_patients(words: Sequence[str]) -> bool:
    """Whether one word is the patient's, and all others are words of such labels."""
    own = [word for word in words if _like(word, _PATIENTS)]
    rest = [word for word in words if word not in own]
    return bool(own) and all(w in _BESIDE or _like(w, _NAMES) for w in rest)


def _beginnings(row: Row) -> Iterator[tuple[int, str]]:
    """Pieces with which the name of somebody else may begin, and whose it then is."""
    pieces, text = row.pieces, row.text
    others = speaks_of_others(text)
    own = 2 if _APPOINTS.match(text) else 0  # "I, John Doe, appoint"
    for start in range(own + 1, len(pieces)):
        before, first = pieces[start - 1].text, pieces[start].text[:1]
        if before == ":":
            words = _label(pieces, start - 1)
            if not _is_patients(words):
                yield start, "contact"
            elif _is_nearly_patients(words):
                yield start, LIKELY
        elif others and first.isupper() and not before[:1].isupper():
            yield start, "contact"


def _label(pieces: Sequence[Piece], colon: int) -> list[str]:
    """The words before a colon, back to the beginning of the cell."""
    first = colon
    while first and colon - first < _LABEL_WORDS:
        first -= 1
        if pieces[first].gap > COLUMN or pieces[first].text == ":":
            break
    return [p.text.lower().strip(".'") for p in pieces[first:colon] if not p.is_sign]


def _is_patients(words: Sequence[str]) -> bool:
    """Whether the label is one of the patient's own name, as far as it is legible."""
    if not words or speaks_of_others(" ".join(words)):
        return not words
    if any(_like(word, _PATIENTS) for word in words):
        return True
    return all(_like(word, _NAMES) for word in words)


def _like(word: str, known: Sequence[str]) -> bool:
    return any(fuzz.ratio(word, one) >= _LIKE for one in known)
