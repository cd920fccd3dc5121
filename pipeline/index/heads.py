"""What stands in the head of a page without a legible label: a name, a number, a day.

Labels are small, pale or set under what was typed, and are lost more often than the
values. Such words may confirm whom the folder or the cover names, to the letter; they
find nobody and speak against nobody, for they may be another's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.finding import Clue
from pipeline.index.barenumbers import bare_number, taken
from pipeline.index.headers import Sheet, name_in
from pipeline.index.kin import LIKELY, speaks_of_others
from pipeline.index.names import fold, name_from_value
from pipeline.index.numbervalues import read_number
from pipeline.index.regions import COLUMN
from pipeline.index.signdates import BARE
from pipeline.index.values import Value, cell, read_person
from pipeline.index.wrapped import wrapped_name
from pipeline.page import Box

PERHAPS = "perhaps"  # the role of such words
_HEAD = 8  # rows
_NEAR = 2.2  # heights of a name within which a day may be its bearer's day of birth
_ACCOUNT = re.compile(r"[A-Z]{0,2}\d{6,9}")  # a telephone number has more digits
# "BIRTH DATE" read as "4 DATE", or not at all
_DAYS = frozenset({BARE, "dated", "unknown date", "other date"})
_SIGNED = re.compile(r"^\W{0,2}patient( signature)?\W*$", re.IGNORECASE)


def loose_words(
    sheet: Sheet, labelled: Sequence[Clue], placed: Sequence[Clue]
) -> Iterator[Clue]:
    """Clues of role "perhaps": names, then numbers, then days of birth.

    ``labelled`` are a label's, ``placed`` those that their place on the page or the
    text explains: neither is told twice.
    """
    known = [*labelled, *(c for c in placed if c.field != BARE)]
    found = list(_names(sheet, known))
    yield from found
    if not sheet.foreign:
        for at in range(min(_HEAD, len(sheet.rows))):
            if _tells(sheet, at):
                yield from _numbers(sheet, at, known)
    for other in known:
        if other.field == "other" and _ACCOUNT.fullmatch(other.value):
            yield replace(other, field="account", role=PERHAPS)  # "ORDER: V1234567"
    names = [c for c in known if c.field == "name" and c.role == "subject"]
    for day in (*labelled, *placed):
        near = day.field in _DAYS and any(
            _beside(day.box, n.box) for n in names + found
        )
        if near:
            yield replace(day, field="born", role=PERHAPS)


def _tells(sheet: Sheet, at: int) -> bool:
    """Whether the row is no fax machine's and says of nobody else that it is theirs."""
    said = sheet.rows[at].text
    return at not in sheet.banners and not speaks_of_others(said)


def _names(sheet: Sheet, found: Sequence[Clue]) -> Iterator[Clue]:
    known = [clue for clue in found if clue.role != LIKELY]
    others = {
        _person(c.value)
        for c in known
        if c.field == "name" and c.role not in ("subject", "dependent")
    }
    for at in range(len(sheet.rows)):
        value = _placed(sheet, at, known) if at < _HEAD else None
        value = value or _signed(sheet, at, known)
        if value is None or _person(value.value) in others:
            continue  # "Guarantor: ..." gave the name to somebody else
        if _tells(sheet, at):
            yield _clue("name", value, sheet.page)


def _person(value: str) -> tuple[str, str]:
    name = name_from_value(value)
    return fold(name.family), fold(name.given)


def _placed(sheet: Sheet, at: int, known: Sequence[Clue]) -> Value | None:
    """A name where a cell begins, also one that ends on the next line."""
    value, pieces = name_in(sheet, at, known), sheet.rows[at].pieces
    if value is not None or any(taken(p, known) for p in pieces[:1]):
        return value
    return wrapped_name(sheet.rows, at, pieces, sheet.rules)


def _numbers(sheet: Sheet, at: int, known: Sequence[Clue]) -> Iterator[Clue]:
    row, rules = sheet.rows[at], sheet.rules
    numbers = [
        _clue("mrn", value, sheet.page) for value in bare_number(row, rules, known)
    ]
    yield from numbers
    known = [*known, *numbers]
    for i, piece in enumerate(row.pieces):
        if _ACCOUNT.fullmatch(piece.text) and not taken(piece, known):
            account = read_number(row.pieces[i:], rules)
            if account is not None:
                yield _clue("account", account, sheet.page)


def _signed(sheet: Sheet, at: int, known: Sequence[Clue]) -> Value | None:
    """The name before "(patient signature)", and not ", patient representative"."""
    pieces = sheet.rows[at].pieces
    if not any(p.text.lower() == "patient" for p in pieces):
        return None
    value = read_person(pieces, sheet.rules)
    if value is None or any(taken(p, known) for p in pieces[: value.pieces]):
        return None
    behind = " ".join(p.text for p in cell(pieces[value.pieces :], COLUMN))
    return value if _SIGNED.match(behind) else None


def _beside(day: Box, name: Box) -> bool:
    """On the name's line, or on the next ones."""
    reach = _NEAR * max(name.height, 1)
    return name.top - name.height < day.top < name.bottom + reach


def _clue(field: str, value: Value, page: int) -> Clue:
    return Clue(
        field, value.text, value.value, page, value.box, value.confidence, PERHAPS
    )
