"""Everything on a page that may say whose it is, when it was, or where it belongs.

field            value in normal form
---------------  ----------------------------------------------------------------
mrn              a record number, without blanks and dashes
account          a billing account number
encounter        a visit, admission or contact number
name             FAMILY|GIVEN|MIDDLE|SUFFIX, upper case
called           a given name or surname that stands alone, upper case
born             ISO date
sex              F or M
address          the line, upper case
phone            ten digits
ssn4             the last four digits of the social security number
service date     ISO date of the visit, examination, operation, collection
admitted         ISO date; likewise discharged, received, printed (and faxed),
                 dictated, transcribed, signed (and reported; behind a signature)
dated            ISO date that only "Date" labels, or that stands alone on a line
effective        ISO date from which a card or a power is valid
other date       ISO date of something else (injury, next visit, a table of events)
last entry       ISO date, the latest in the column of a table of events
unknown date     ISO date behind a label that is not in our lists
bare date        ISO date that stands alone in its cell, its label not legible if any
page_of          "2/3", or "2/" without the number of pages
form_id          what the foot calls the form
form number      the same, letters and digits only, wherever at an edge of the page
cover patient    an MRN: the patient of what follows (marks only)
doctype          a type's key or LOINC code (marks only)
separator        "separator" or "new document" (marks only)
batch            the batch header's id (marks only)
other            any other number

Roles: "subject"; the people who are not the patient: "clinician", "signer",
"guarantor", "mother", "father", "newborn", "donor", "contact", "addressee", "disputed",
"greeted", "likely" (kin.py); "other authority" for a number that another house gave
out; "dependent" for whom a card covers as well; "unlabelled" for a date beside a name
whose meaning nothing says; "perhaps" for what stands in a page's head without a legible
label. Only "subject" supports or vetoes; the last three may confirm whom folder or
cover names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from pipeline.finding import Clue
from pipeline.index.above import FIELDS, value_above
from pipeline.index.ages import sex_behind, told_sex
from pipeline.index.centuries import in_their_century
from pipeline.index.cluerules import ClueRules
from pipeline.index.datelabels import cell_start, with_dates
from pipeline.index.formnumbers import form_clues
from pipeline.index.found import Found, join_names
from pipeline.index.headers import Sheet, banner_rows, unlabelled
from pipeline.index.heads import loose_words
from pipeline.index.kin import read_called
from pipeline.index.labels import Label, finder_for
from pipeline.index.layout import Piece, Row, rows_of
from pipeline.index.letterheads import is_foreign
from pipeline.index.marks import read_marks
from pipeline.index.named import Named
from pipeline.index.names import TITLES
from pipeline.index.numbers import is_as_long
from pipeline.index.owners import Owners
from pipeline.index.prose import weigh_names
from pipeline.index.readers import DATES, READERS, read_listed
from pipeline.index.regions import (
    COLUMN,
    cell_of,
    past_of,
    says,
    skip_tail,
    unknown_label,
)
from pipeline.index.running import in_sentence, latest_of, turned_over
from pipeline.index.standing import Standing
from pipeline.index.values import (
    Reader,
    Value,
    cell,
    is_day_without_year,
    is_given,
    read_any_day,
    read_day,
)
from pipeline.index.wrapped import wrapped_name
from pipeline.page import Page

_OF_STAY = frozenset({"admitted", "discharged"})  # sentences tell of them as well
_FIELD_OF = {"age": "sex"}
_NUMBERS = frozenset({"mrn", "account", "encounter"})
_DEPARTMENT = "medical records"
_BELOW = 3.2  # heights: how far under its label a value may stand


def find_clues(pages: Sequence[Page], rules: ClueRules) -> tuple[Clue, ...]:
    """Clues of all pages, page by page, marks first, then down the page."""
    return tuple(clue for page in pages for clue in clues_of(page, rules))


def clues_of(page: Page, rules: ClueRules) -> tuple[Clue, ...]:
    """Clues of one page in reading order, its marks first."""
    marks = read_marks(page.marks, page.number, rules)
    rows = rows_of(page)
    if not rows:
        return marks
    forms = tuple(form_clues(rows, page.number, rules.forms))
    return (*marks, *_Desk(page.number, rows, rules).read(), *forms)


def labelled_of(
    page: Page, rules: ClueRules, readers: Mapping[str, Reader]
) -> list[Found]:
    """What one page says behind labels, also behind those that no clue has.

    Such labels stand in ``rules`` under a field of their own, with its reader.
    """
    desk = _Desk(page.number, rows_of(page), rules, {**READERS, **readers})
    return desk.read_labels()


class _Desk:
    """One page spread out: its rows, its labels, what was read so far."""

    def __init__(
        self,
        number: int,
        rows: tuple[Row, ...],
        rules: ClueRules,
        readers: Mapping[str, Reader] = READERS,
    ) -> None:
        self.number, self.rows, self.rules = number, rows, rules
        self.readers = readers
        self.banners = banner_rows(rows)
        labels = with_dates(rows, finder_for(rules).find(rows))
        self.labels = [x for x in labels if x.row not in self.banners]
        standing = Standing(rows, self.labels, rules, readers)
        self.standing = [x for x in self.labels if standing.stands(x)]
        self.named = Named(rows, self.labels, self.standing, rules)
        self.foreign = is_foreign(rows, self.banners, rules)
        self.found: list[Found] = []

    def read_labels(self) -> list[Found]:
        """What stands behind the labels."""
        owners = Owners(self.rows)
        for at, label in enumerate(self.standing):
            self._read_label(at, label, owners)
        found = in_their_century(join_names(self.found), self.rules)
        self.found = [f for f in found if f.field != "called" or self._calls(f)]
        return self.found

    def _calls(self, found: Found) -> bool:
        """Whether it is a name that stands alone: given, family or "Ms. Reed"."""
        titled = found.value.text.split()[0].strip(".").lower() in TITLES
        given = is_given(found.value.value, self.rules)
        surname = found.label.kind == "family" and found.label.words.endswith("name")
        return given or titled or surname  # not "Last UDS"

    def read(self) -> Iterator[Clue]:
        self.read_labels()
        labelled = [self._clue(found) for found in self.found]
        spots = frozenset(
            (x.row, i) for x in self.standing for i in range(x.start, x.end)
        )
        sheet = Sheet(
            self.rows, self.number, self.rules, self.banners, self.foreign, spots
        )
        placed = tuple(unlabelled(sheet, labelled))
        rest = weigh_names(self.rows, self.number, self.rules, labelled, placed)
        sexed = [c for c in labelled if c.field == "sex" and c.role == "subject"]
        yield from labelled
        yield from rest
        yield from loose_words(sheet, labelled, rest)
        if not sexed:
            yield from told_sex(self.rows, self.number)

    # --- values ------------------------------------------------------------------

    def _read_label(self, at: int, label: Label, owners: Owners) -> None:
        if label.is_role:
            self._read_role(at, label, owners)
            return
        value = self._value(at, label, self.readers[label.kind])
        if value is None:
            self._read_given(at, label, owners)
        elif not self.named.is_nobody(label, value):
            self._keep(at, label, value, owners)

    def _read_role(self, at: int, label: Label, owners: Owners) -> None:
        compound = at + 1 < len(self.standing) and self._touches(at)
        value = None if compound else self._value(at, label, read_listed)
        owners.meet(label, named=value is not None, compound=compound)
        if value is not None:
            self.found.append(Found(label, value, label.kind, "name"))

    def _keep(self, at: int, label: Label, value: Value, owners: Owners) -> None:
        field = _FIELD_OF.get(label.kind, label.kind)
        if field in DATES and self._of_something_else(at, label, value):
            field = "other date"
        role = self._role(label, field, owners)
        if field == "name" and role == "subject":
            role = self.named.told(label, value) or self._headed(value) or role
        self.found.append(Found(label, value, role, field))
        if field == "other date" and (
            last := latest_of(self._column(at, label), self.rules)
        ):
            self.found.append(Found(label, last, role, "last entry"))
        if field == "born" and (
            sex := sex_behind(self.rows[label.row], label.end, value)
        ):
            self.found.append(Found(label, sex, role, "sex"))

    def _read_given(self, at: int, label: Label, owners: Owners) -> None:
        """A given name alone: "Patient: Julian" names no one, but it is not John."""
        if label.kind != "name":
            return
        value = self._value(at, label, read_called)
        if value is not None:
            role = self._role(label, "name", owners)
            self.found.append(Found(label, value, role, "called"))

    def _headed(self, value: Value) -> str:
        """Whose the name is by a heading that read it already."""
        roles = (f.role for f in self.found if f.value.box == value.box)
        return next((role for role in roles if role != "subject"), "")

    def _role(self, label: Label, field: str, owners: Owners) -> str:
        seen = any(f.field == field and f.role == "subject" for f in self.found)
        role = owners.role_of(label, field, seen=seen)
        if field == "name" and role == "subject":
            return self.named.kin_role(label) or role
        if field in _NUMBERS and role == "subject" and self.foreign:
            return "other authority"
        if field == "phone" and role == "subject" and not self._beside_subject(label):
            return "other authority"
        return role

    def _beside_subject(self, label: Label) -> bool:
        return "home" in label.words or any(
            f.role == "subject" and 0 <= label.row - f.label.row < 6  # noqa: PLR2004 - rows of one form
            for f in self.found
            if f.field in {"name", "mrn", "born", "address"}
        )

    def _touches(self, at: int) -> bool:
        """Whether the next label follows at once: "Guarantor" + "Name:"."""
        one, two = self.standing[at], self.standing[at + 1]
        if one.row != two.row or not one.is_role or two.is_role:
            return False
        between = self.rows[one.row].pieces[one.end : two.start]
        if two.is_patients and ":" in (p.text for p in between):
            return False  # "Attending: Patient Name:" was left empty
        near = self.rows[one.row].pieces[two.start].gap <= COLUMN
        return near and all(p.is_sign for p in between)

    def _value(self, at: int, label: Label, reader: Reader) -> Value | None:
        beside = self._beside(label)
        value = self._wrapped(at, label, beside) if reader is read_any_day else None
        value = value or (reader(beside, self.rules) if beside else None)
        if value is None and label.kind == "name":
            first = self.rows[label.row].pieces[label.start]
            value = wrapped_name(self.rows, label.row, beside, self.rules, first)
        if value is not None and label.kind == "mrn" and beside[0].gap > COLUMN:
            mrn = self.rules.mrn  # another cell's number is none
            return value if is_as_long(value.value, mrn) else self._above(at, label)
        if value is not None or any(not p.is_sign for p in cell_of(beside)):
            return value
        value = self._value_below(at, label, reader) or self._above(at, label)
        if value is not None and label.words == _DEPARTMENT:  # a stamp of theirs
            return value if is_as_long(value.value, self.rules.mrn) else None
        if value is None and reader is read_any_day:
            value = turned_over(self.rows, label, self.rules)
        return value

    def _above(self, at: int, label: Label) -> Value | None:
        if label.kind not in FIELDS:
            return None
        spots = [self.rows[x.row].pieces[x.start].box for x in self.standing]
        taken = [*spots, *(found.value.box for found in self.found)]
        stop, reader = self._next_left(at, label), self.readers[label.kind]
        return value_above(self.rows, label, stop, reader, self.rules, taken)

    def _value_below(self, at: int, label: Label, reader: Reader) -> Value | None:
        row, stop = self.rows[label.row], self._next_left(at, label)
        first = cell_start(row.pieces, label.start)
        left = row.pieces[label.start if first is None else first].box.left
        for below in self.rows[label.row + 1 : label.row + 3]:
            if below.top - row.bottom > _BELOW * row.height:
                break
            under = self._under(below, left - row.height, stop)
            if under and _is_told(below, under[0]):
                break
            value = reader(under, self.rules) if under else None
            if value is not None or any(says(piece) for piece in under):
                return value
        return None

    def _wrapped(
        self, at: int, label: Label, beside: tuple[Piece, ...]
    ) -> Value | None:
        """A date whose year stands on the next line of its cell: "May 8," "2018"."""
        near = tuple(cell(beside))
        if not is_day_without_year(near) or label.row + 1 >= len(self.rows):
            return None
        row, below = self.rows[label.row], self.rows[label.row + 1]
        under = self._under(
            below, near[0].box.left - row.height, self._next_left(at, label)
        )
        return read_any_day((*near, *under[:1]), self.rules)

    def _of_something_else(self, at: int, label: Label, value: Value) -> bool:
        """Whether it is a table's, an older event's in a sentence, or "Dos" was DOB."""
        if (
            label.words == "dos"
            and not self.rows[label.row].pieces[label.start].text.isupper()
        ):
            return True
        if label.kind not in _OF_STAY and in_sentence(self.rows, label, value):
            return True
        return self._heads_a_table(at, label, value)

    def _heads_a_table(self, at: int, label: Label, value: Value) -> bool:
        """Whether the date stands under its label, and another one right under it."""
        if value.box.top < self.rows[label.row].pieces[label.start].box.bottom:
            return False
        under = self._column(at, label)[:3]
        days = [bool(u) and read_day(u, self.rules) is not None for u in under]
        return any(one and two for one, two in pairwise(days))

    def _column(self, at: int, label: Label) -> list[tuple[Piece, ...]]:
        """What stands under the label, row by row."""
        row, stop = self.rows[label.row], self._next_left(at, label)
        left = row.pieces[label.start].box.left - row.height
        return [self._under(x, left, stop) for x in self.rows[label.row + 1 :]]

    def _beside(self, label: Label) -> tuple[Piece, ...]:
        pieces = self.rows[label.row].pieces
        start = skip_tail(pieces, label.end)
        if label.kind == "dated":
            start = past_of(pieces, start)
        stop = len(pieces)
        for other in self.standing:
            if other.row == label.row and other.start >= start:
                stop = other.start
                break
        return pieces[start : unknown_label(pieces, start, stop)]

    def _next_left(self, at: int, label: Label) -> float:
        for other in self.standing[at + 1 :]:
            if other.row != label.row:
                break
            return self.rows[other.row].pieces[other.start].box.left
        return float("inf")

    def _under(self, below: Row, left: float, stop: float) -> tuple[Piece, ...]:
        taken = {
            i
            for x in self.standing
            if self.rows[x.row] is below
            for i in range(x.start, x.end)
        }
        inside = [
            i for i, p in enumerate(below.pieces) if left <= p.box.left < stop - 1
        ]
        if not inside:
            return ()
        first = inside[0]
        cells = (i for i in inside[1:3] if below.pieces[i].gap > COLUMN)
        if taken.intersection(range(first, next(cells, first + 3))):
            return ()
        width = 40 * below.height
        if below.pieces[first].box.left - left > width:
            return ()
        return tuple(below.pieces[i] for i in inside)

    def _clue(self, found: Found) -> Clue:
        value = found.value
        sure, at = found.sureness, (self.number, value.box)
        return Clue(found.field, value.text, value.value, *at, sure, found.role)


def _is_told(row: Row, piece: Piece) -> bool:
    """Whether another label of its own row tells it: "Collected: 12/08/2017"."""
    at = row.pieces.index(piece)
    colon = piece if piece.text == ":" else row.pieces[at - 1]
    return at > 0 and colon.text == ":" and piece.gap <= COLUMN
