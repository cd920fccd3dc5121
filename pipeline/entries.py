"""Data entry: the fields of a form, what was read of them, and what people keyed.

A key is one person's word about one line of one filed version; keys are only added.
What of them stands is worked out here, from the keys alone.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from pipeline.document import DocumentId, DocumentType
from pipeline.page import Box

Shape = Literal[
    "text", "name", "day", "sex", "phone", "number", "mrn", "ssn4", "address", "choice"
]
SHAPES: tuple[Shape, ...] = get_args(Shape)
# of the patient index, what a field may be compared with
CLUES = ("mrn", "name", "born", "sex", "address", "phone", "ssn4")  # fields of clues
HELD = ("mrn", "name", "born", "sex", "address", "phone", "ssn_last4")
Wants = Literal["first", "second", "third", "nothing"]
OWN_SECOND = dt.timedelta(days=1)  # where one person keys: the same one, a day later


@dataclass(frozen=True, slots=True)
class EntryField:
    """One field of a form, as config/entry_fields.toml declares it.

    It stands behind its ``labels``, or is one of index's clues (``clue``, of ``role``),
    then only behind these labels if there are any. ``held`` names what of the patient
    index it is compared with. What identifies a person is keyed twice.
    """

    key: str
    title: str
    shape: Shape = "text"
    labels: tuple[str, ...] = ()
    clue: str = ""
    role: str = "subject"
    held: str = ""
    identity: bool = False
    choices: tuple[str, ...] = ()

    def fault(self) -> str:
        """What is wrong with the declaration, "" when nothing is."""
        if self.shape not in SHAPES:
            return f"shape is one of {', '.join(SHAPES)}"
        if self.held and self.held not in HELD:
            return f"held is one of {', '.join(HELD)}"
        if self.clue and self.clue not in CLUES:
            return f"clue is one of {', '.join(CLUES)}"
        if (self.shape == "choice") != bool(self.choices):
            return "choices go with shape choice, and shape choice with choices"
        if not (self.labels or self.clue or self.choices):
            return "has neither labels nor a clue nor choices: nothing leads to it"
        return ""


@dataclass(frozen=True, slots=True)
class EntryTable:
    """Several rows of the same fields; the first column says what a row is about."""

    key: str
    title: str
    columns: tuple[EntryField, ...]


@dataclass(frozen=True, slots=True)
class EntryForm:
    """What is keyed from papers of these types."""

    types: tuple[DocumentType, ...]
    fields: tuple[EntryField, ...] = ()
    tables: tuple[EntryTable, ...] = ()

    @property
    def every(self) -> tuple[EntryField, ...]:
        """The fields, and the columns of the tables."""
        columns = (column for table in self.tables for column in table.columns)
        return (*self.fields, *columns)

    def fault(self) -> str:
        """What is wrong with the declaration, "" when nothing is."""
        keys = [one.key for one in self.every]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            return f"has the key {twice[0]!r} twice: give each field its own"
        if not self.types or not keys:
            return "needs types and fields, or a table"
        for table in self.tables:
            if table.columns[0].identity or table.columns[0].shape == "choice":
                return f"table {table.key!r}: the first column says what a row is about"
        for one in self.every:
            if fault := one.fault():
                return f"field {one.key!r}: {fault}"
        return ""

    def field(self, key: str) -> EntryField | None:
        """The field of this key, also where it is a table's column."""
        return next((one for one in self.every if one.key == key), None)

    def table_of(self, key: str) -> EntryTable | None:
        """The table that has a column of this key."""
        for table in self.tables:
            if any(column.key == key for column in table.columns):
                return table
        return None


@dataclass(frozen=True, slots=True)
class Forms:
    """Every form, and from which probability on a reading stands in it beforehand."""

    forms: tuple[EntryForm, ...]
    prefill_at_least: float

    def of(
        self, kind: DocumentType, like: DocumentType | None = None
    ) -> EntryForm | None:
        """The form of a type, or of the shipped type that it is like."""
        for wanted in (kind, like):
            for form in self.forms:
                if wanted in form.types:
                    return form
        return None


Place = tuple[str, int]  # a field's key, and its row: 0 outside of tables, else from 1


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was read for one field: as printed, in normal form, where, how surely.

    ``page`` counts in the batch; ``probability`` that the value is right, 0..1.
    """

    field: str
    row: int
    text: str = dataclasses.field(repr=False)
    value: str = dataclasses.field(repr=False)
    page: int
    box: Box
    probability: float

    @property
    def place(self) -> Place:
        return self.field, self.row


@dataclass(frozen=True, slots=True)
class Keyed:
    """One person's word about one field; "" says that the paper has nothing there."""

    version: DocumentId  # the filed version that was looked at
    field: str
    row: int
    value: str = dataclasses.field(repr=False)  # in normal form
    page: int | None  # of the document, from 1
    by: str
    at: dt.datetime  # UTC

    @property
    def place(self) -> Place:
        return self.field, self.row


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a field's keys stands: its value once nothing more is wanted."""

    wants: Wants
    value: str = dataclasses.field(default="", repr=False)
    page: int | None = None
    by: str = ""
    second: str = ""
    at: dt.datetime | None = None  # UTC, of the key that settled it


def standing(keys: Sequence[Keyed], *, identity: bool) -> Standing:
    """What stands after these keys of one field, oldest first.

    An identity field needs two people who say the same, else a third one's word.
    """
    hands = hands_of(keys)
    if not hands:
        return Standing("first")
    last = hands[-1]
    if not identity:
        return Standing("nothing", last.value, last.page, last.by, "", last.at)
    if len(hands) == 1:
        return Standing("second")
    one, two, *more = hands
    if same(one.value, two.value):
        return Standing("nothing", one.value, one.page, one.by, two.by, two.at)
    if not more:
        return Standing("third")
    third = more[0]
    agreed = next((one.by for one in (one, two) if same(one.value, third.value)), "")
    return Standing("nothing", third.value, third.page, agreed or third.by,
                    third.by if agreed else "", third.at)  # fmt: skip


def hands_of(keys: Sequence[Keyed]) -> list[Keyed]:
    """One key a person: who keys again within a day means their own key anew."""
    hands: list[Keyed] = []
    for key in keys:
        if hands and hands[-1].by == key.by and key.at - hands[-1].at < OWN_SECOND:
            hands[-1] = key
        else:
            hands.append(key)
    return hands


def may_key(
    keys: Sequence[Keyed], by: str, now: dt.datetime, *, identity: bool
) -> bool:
    """Whether this person may key this field now: what is settled by two stays."""
    if not identity or not keys:
        return True
    if standing(keys, identity=True).wants == "nothing":
        return False
    hands = hands_of(keys)
    if hands[-1].by == by and len(hands) == 1:
        return True  # their own first key, mended; or after a day the second
    return all(one.by != by or now - one.at >= OWN_SECOND for one in hands)


def same(one: str, other: str) -> bool:
    """Whether two values say the same: signs, blanks and capitals left aside."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
