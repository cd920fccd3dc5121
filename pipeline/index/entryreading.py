"""Fields of a form as proposals: behind their labels, in tables, at ticked boxes.

The labels are read as clues are (clues.py); what a person identifies themselves by is
a clue already, and taken from there.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.entries import EntryField, EntryForm, EntryTable, Proposal, Shape
from pipeline.index.cluerules import ClueRules
from pipeline.index.clues import labelled_of
from pipeline.index.dates import read_date
from pipeline.index.found import Found
from pipeline.index.grid import Cells, tables_of
from pipeline.index.labels import finder_for
from pipeline.index.layout import Piece, Row, rows_of
from pipeline.index.names import name_value, parse_name
from pipeline.index.numbers import normalise
from pipeline.index.numbervalues import read_mrn, read_number
from pipeline.index.values import (
    Reader,
    Stretch,
    Value,
    read_address,
    read_day,
    read_person,
    read_phone,
    read_rest,
    read_sex,
    read_ssn4,
    sex_of,
    value_of,
)
from pipeline.page import Page

_READERS: Mapping[Shape, Reader] = {
    "text": read_rest, "name": read_person, "day": read_day, "sex": read_sex,
    "phone": read_phone, "number": read_number, "mrn": read_mrn, "ssn4": read_ssn4,
    "address": read_address, "choice": read_rest,
}  # fmt: skip
_OWN = "entry "  # before a field's key, so that no clue has the same name
_TICK = r"(?:[\[(]\s*[xX✓✔vV*]\s*[\])]|[☒☑✓✔■])\s*"
_FIRST, _LAST = "(#$+<>", ")%#.+"  # signs of a cell; others are specks or its frame
_PHONE_DIGITS, _SSN_DIGITS = 10, 4


def proposals_of(
    pages: Sequence[Page], form: EntryForm, rules: ClueRules
) -> tuple[Proposal, ...]:
    """The likeliest reading of each field, and every row of each table."""
    own = _with_labels(form, rules)
    best: dict[tuple[str, int], Proposal] = {}
    count: dict[str, int] = {}
    for page in pages:
        for one in (*_fields(page, form, own), *_ticks(page, form)):
            if one.place not in best or one.probability > best[one.place].probability:
                best[one.place] = one
        for one in _rows(page, form, own, count):
            best[one.place] = one
    return tuple(best.values())


def normal(shape: Shape, said: str, rules: ClueRules) -> str | None:
    """What somebody typed, in normal form; "" for nothing, None: it cannot be that."""
    text = " ".join(said.split())
    if not text:
        return ""
    if shape == "day":
        days = read_date(text, rules.received, rules.date_order)
        return days[0].isoformat() if days else None
    return _NORMAL[shape](text) if shape in _NORMAL else text


def _phone(text: str) -> str | None:
    digits = "".join(filter(str.isdigit, text))
    if len(digits) > _PHONE_DIGITS:
        digits = digits.removeprefix("1")
    return digits if len(digits) == _PHONE_DIGITS else None


def _last_four(text: str) -> str | None:
    digits = "".join(filter(str.isdigit, text))
    return digits[-_SSN_DIGITS:] if len(digits) >= _SSN_DIGITS else None


def _person(text: str) -> str | None:
    name = parse_name(text)
    return _name(*name_value(name).split("|")) if name else None


_NORMAL: Mapping[Shape, Callable[[str], str | None]] = {
    "phone": _phone,
    "ssn4": _last_four,
    "name": _person,
    "sex": lambda text: sex_of(text) or None,
    "number": lambda text: normalise(text) or None,
    "mrn": lambda text: normalise(text) or None,
}


def _with_labels(form: EntryForm, rules: ClueRules) -> ClueRules:
    own = {
        _OWN + one.key: one.labels for one in form.every if one.labels and not one.clue
    }
    return replace(rules, labels={**rules.labels, **own})


def _fields(page: Page, form: EntryForm, rules: ClueRules) -> Iterator[Proposal]:
    readers = {_OWN + one.key: _READERS[one.shape] for one in form.every}
    rows = rows_of(page)
    found = labelled_of(page, rules, readers)
    found.sort(key=lambda said: not _has_colon(said, rows))  # a title has none
    for one in form.fields:
        for said in found:
            if _is(one, said):
                yield _proposal(one, 0, said.value, page, said.sureness)
                break


def _has_colon(said: Found, rows: Sequence[Row]) -> bool:
    after = rows[said.label.row].pieces[said.label.end :]
    return bool(after) and after[0].text == ":"


def _is(one: EntryField, said: Found) -> bool:
    if not one.clue:
        return said.field == _OWN + one.key
    if said.field != one.clue or said.role != one.role:
        return False
    return not one.labels or said.label.words in _plain(one.labels)


@functools.lru_cache(maxsize=256)
def _plain(labels: tuple[str, ...]) -> frozenset[str]:
    return frozenset(re.sub(r"[.:']", "", label).lower() for label in labels)


def _rows(
    page: Page, form: EntryForm, rules: ClueRules, count: dict[str, int]
) -> Iterator[Proposal]:
    if not form.tables:
        return
    rows = rows_of(page)
    labels = finder_for(rules).find(rows)
    for table in form.tables:
        names = {_OWN + column.key: column.labels for column in table.columns}
        for cells in (
            cells for body in tables_of(rows, labels, names) for cells in body
        ):
            told = list(_cells(table, cells, page, rules))
            if told and told[0].field == table.columns[0].key:
                row = count[table.key] = count.get(table.key, 0) + 1
                yield from (replace(one, row=row) for one in told)


def _cells(
    table: EntryTable, cells: Cells, page: Page, rules: ClueRules
) -> Iterator[Proposal]:
    for column in table.columns:
        pieces = cells.get(_OWN + column.key)
        if pieces and (value := _cell(column, pieces, rules)):
            yield _proposal(column, 0, value, page, value.confidence)


def _cell(
    column: EntryField, pieces: Sequence[Piece], rules: ClueRules
) -> Value | None:
    """By the column's reader; of plain text the whole cell."""
    if column.shape == "day":
        return read_day(pieces, rules) or _broken_day(pieces, rules)
    if column.shape != "text":
        return _READERS[column.shape](pieces, rules)
    start, end = 0, len(pieces)
    while end > 1 and _is_speck(pieces[end - 1], _LAST):
        end -= 1
    while start < end - 1 and _is_speck(pieces[start], _FIRST):
        start += 1
    return value_of(pieces, (start, end), Stretch.of(pieces[start:end]).text)


def _is_speck(piece: Piece, signs: str) -> bool:
    return piece.is_sign and piece.text not in signs


def _broken_day(pieces: Sequence[Piece], rules: ClueRules) -> Value | None:
    """A date on two lines of a narrow cell, "4-Feb-" and "19"; specks may be before."""
    text = re.sub(r"\s*([-/])\s*", r"\1", Stretch.of(pieces).text)
    days = read_date(text, rules.received, rules.date_order)
    return value_of(pieces, (0, len(pieces)), days[0].isoformat()) if days else None


def _ticks(page: Page, form: EntryForm) -> Iterator[Proposal]:
    choices = [one for one in form.fields if one.choices]
    if not choices:
        return
    rows = rows_of(page)
    for one in choices:
        for choice in one.choices:
            value = next(_ticked(rows, choice), None)
            if value is not None:
                yield _proposal(one, 0, value, page, value.confidence)
                break


def _ticked(rows: Iterable[Row], choice: str) -> Iterator[Value]:
    words = r"\s*".join(map(re.escape, re.findall(r"\w+|[^\w\s]", choice)))
    pattern = re.compile(_TICK + rf"({words})", re.IGNORECASE)
    for row in rows:
        line = Stretch.of(row.pieces)
        if found := pattern.search(line.text):
            yield value_of(row.pieces, line.cover(found.start(1), found.end(1)), choice)


def _proposal(
    one: EntryField, row: int, value: Value, page: Page, sure: float
) -> Proposal:
    said = value.value
    if one.shape == "name":
        said = _name(*said.split("|"))
    return Proposal(one.key, row, value.text, said, page.number, value.box, sure)


def _name(family: str, given: str, middle: str = "", suffix: str = "") -> str:
    """As the index is shown: FAMILY, GIVEN MIDDLE SUFFIX."""
    rest = " ".join(part for part in (given, middle, suffix) if part)
    return ", ".join(part for part in (family, rest) if part).upper()
