"""What stands on a page unlabelled: fax banners, letterheads, header lines, stickers.

A header line names the patient by position: DOE, JOHN A   12345678   03/04/1961.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.finding import Clue
from pipeline.index.barenumbers import bare_number, taken
from pipeline.index.cluerules import ClueRules
from pipeline.index.dates import find_dates
from pipeline.index.kin import DISPUTED, headed_as, is_kins, named_otherwise
from pipeline.index.layout import Piece, Row, join
from pipeline.index.letterheads import is_a_house, is_of_our_house
from pipeline.index.names import fold, has_credentials, is_degree
from pipeline.index.signdates import BARE, SIGNED, dates_without_label
from pipeline.index.values import (
    Stretch,
    Value,
    cell,
    is_given,
    read_day,
    read_page_of,
    read_person,
    value_of,
)

_TOP, _BOTTOM = 14, 3  # rows
_FIRST = 3  # rows in which a name may stand alone
_COLUMN = 1.6
_LARGE = 1.7  # times the height of the page's type
_MOMENT = re.compile(r"\d{1,2}:\d{2}|\b\d{1,2}[/\-.]\d{1,2}[/\-.]\d{2,4}\b")
_FAX = re.compile(
    r"\bfax\b|\bfrom\b.*\b(to|page|pg|p)\b|\bP\.?\s?\d+\s?/\s?\d+", re.IGNORECASE
)
_FORM = re.compile(r"^\W*([A-Z]{2,5}-\d{2,6}[A-Z]?(?: ?\(\d{1,2}/\d{2,4}\))?)(?!\w)")
_CONTINUED = re.compile(r"\b(page|pg|cont(inued|d|\.)?)\b", re.IGNORECASE)
_LISTED = frozenset({"clinician", "addressee"})  # roles that forms give to several


def banner_rows(rows: tuple[Row, ...]) -> frozenset[int]:
    """Rows that a fax machine printed: first or last, with fax words and a moment."""
    edge = [*range(min(_FIRST, len(rows))), *range(max(len(rows) - 2, 0), len(rows))]
    return frozenset(
        at
        for at in edge
        if _FAX.search(rows[at].text) and _MOMENT.search(rows[at].text)
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page spread out, with what its edges have told."""

    rows: tuple[Row, ...]
    page: int
    rules: ClueRules
    banners: frozenset[int]
    foreign: bool
    labels: frozenset[tuple[int, int]]  # row and piece, of every label that stands

    @property
    def type_height(self) -> float:
        """Of most of the page's rows, px."""
        return median(row.height for row in self.rows)


def unlabelled(sheet: Sheet, labelled: Sequence[Clue]) -> Iterator[Clue]:
    """Clues of banners, header lines, stickers, foots and lone dates, down the page."""
    dates = tuple(
        dates_without_label(sheet.rows, sheet.page, sheet.rules, sheet.banners)
    )
    theirs = named_otherwise(
        sheet.rows, sheet.rules, sheet.banners, sheet.labels, labelled
    )
    yield from (_clue("name", value, sheet.page, role) for value, role in theirs)
    free = [date for date in dates if not _covered(date, labelled)]
    signed = [date for date in free if date.field == SIGNED]
    # not by ``theirs``: a name that a row's head makes the patient's speaks against
    # whom it does not fit, whatever stands before it
    found = list(_by_place(sheet, [*labelled, *signed]))
    yield from signed
    yield from found
    yield from (d for d in free if d.field == BARE and not _covered(d, found))


def _by_place(sheet: Sheet, labelled: Sequence[Clue]) -> Iterator[Clue]:
    claimed: list[Clue] = []  # a number that stands on the row of a name is that one's
    for at, row in enumerate(sheet.rows):
        if at in sheet.banners:
            yield from _banner(row, sheet.page, sheet.rules)
        else:
            found = tuple(_header(sheet, at, [*labelled, *claimed]))
            if any(_on_row(c, row) and _claims(c) for c in found):
                claimed += found
            yield from found
            yield from _after_damaged_label(sheet, at, labelled)
    yield from _foot(sheet, labelled)
    yield from _strangely_labelled(sheet, labelled)
    if not any(c.field in {"dated", "service date"} for c in labelled):
        yield from _lone_date(sheet)


def _claims(clue: Clue) -> bool:
    """Whether what stands beside it, or below it, is taken."""
    return clue.field == "mrn" or (clue.field == "name" and clue.role != "subject")


def _on_row(clue: Clue, row: Row) -> bool:
    return any(taken(piece, (clue,)) for piece in row.pieces)


def _covered(clue: Clue, others: Sequence[Clue]) -> bool:
    return any(
        clue.box.left < other.box.right and other.box.left < clue.box.right
        and clue.box.top < other.box.bottom and other.box.top < clue.box.bottom
        for other in others
    )  # fmt: skip


def _banner(row: Row, page: int, rules: ClueRules) -> Iterator[Clue]:
    line = Stretch.of(row.pieces)
    for found in find_dates(line.text, rules.received, rules.date_order):
        span = line.cover(found.start, found.end)
        value = value_of(row.pieces, span, found.days[0].isoformat())
        yield _clue("printed", value, page)


def _header(sheet: Sheet, at: int, labelled: Sequence[Clue]) -> Iterator[Clue]:
    row = sheet.rows[at]
    name = name_in(sheet, at, labelled)
    if name is None or not _has_company(sheet, at, name, labelled):
        return
    if is_kins(row, name):
        yield _clue("name", name, sheet.page, DISPUTED)
        return
    role = headed_as(sheet.rows, at, name, sheet.rules)
    if role := role or _listed_as(sheet, at, name, labelled):
        yield _clue("name", name, sheet.page, role)
        return
    yield _clue("name", name, sheet.page)
    for near in sheet.rows[max(at - 1, 0) : at + 3]:
        yield from _numbers_beside(near, name, sheet, labelled)


def _listed_as(sheet: Sheet, at: int, name: Value, known: Sequence[Clue]) -> str:
    """Whose it is, as the next of several under "cc:" or "Attending:"; "" for nobody's.

    Only where a label names the patient. A name with a number or a day beside it is no
    such list's.
    """
    row = sheet.rows[at]
    named = [c for c in known if c.field == "name" and c.role == "subject"]
    if not named or not at or _is_of_a_sticker(sheet, at, name, known):
        return ""
    family = fold(name.value.split("|")[0])
    if any(fold(c.value.split("|")[0]) == family for c in named):
        return ""  # a relative of the patient is no clinician
    above = sheet.rows[at - 1]
    if row.top - above.bottom > row.height:
        return ""
    roles = (
        c.role
        for c in known
        if c.field == "name" and c.role in _LISTED and _on_row(c, above)
        and c.box.left - row.height <= name.box.left < c.box.right
    )  # fmt: skip
    return next(roles, "")


def _is_of_a_sticker(sheet: Sheet, at: int, name: Value, known: Sequence[Clue]) -> bool:
    """Whether a number or a day stands beside the name or under it."""
    row, *below = sheet.rows[at : at + 2]
    near = [r for r in below if r.top - row.bottom <= row.height]
    for said in (row, *near):
        if any(c.field in {"mrn", "born"} and _on_row(c, said) for c in known):
            labelled = any(
                c.field == "name" and c.role == "subject" and _on_row(c, said)
                for c in known
            )
            if said is row or not labelled:
                return True
        free = [
            p
            for p in said.pieces
            if not taken(p, known) and abs(p.box.left - name.box.left) < 20 * row.height
        ]
        if any(sum(c.isdigit() for c in p.text) > 1 for p in free):
            return True
    return False


def _after_damaged_label(
    sheet: Sheet, at: int, labelled: Sequence[Clue]
) -> Iterator[Clue]:
    """A number beside a labelled name whose check digit says that it is a record's."""
    if sheet.rules.mrn.check_digit == "none" or sheet.foreign:
        return
    row = sheet.rows[at]
    named = any(
        c.field == "name" and c.role == "subject" and taken(piece, (c,))
        for piece in row.pieces
        for c in labelled
    )
    if named and not any(c.field == "mrn" for c in labelled):
        for value in bare_number(row, sheet.rules, labelled):
            yield _clue("mrn", value, sheet.page)


def _is_runner(sheet: Sheet, at: int, labelled: Sequence[Clue]) -> bool:
    """Whether the row is a page's first and a record number or birth date is on it."""
    row = sheet.rows[at]
    return at < _FIRST and any(
        clue.field in {"mrn", "born"} and row.pieces[0].box.top < clue.box.bottom
        and clue.box.top < row.pieces[0].box.bottom
        for clue in labelled
    )  # fmt: skip


def name_in(sheet: Sheet, at: int, labelled: Sequence[Clue]) -> Value | None:
    """A name at the start of a cell that no label has taken, in a patient's form."""
    row, runner = sheet.rows[at], _is_runner(sheet, at, labelled)
    for start, piece in enumerate(row.pieces):
        begins = piece.gap > _COLUMN or _caps_and_comma(row.pieces[start : start + 2])
        if not begins or piece.is_sign or taken(piece, labelled):
            continue
        value = read_person(row.pieces[start:], sheet.rules)
        if value is None or _ends_in_text(row.pieces[start:], value):
            continue
        if is_a_house(join(cell(row.pieces[start:], _COLUMN))) or _in_letterhead(
            sheet, at, value
        ):
            continue
        if _has_degree(sheet, at, value, row.pieces[start + value.pieces :]):
            continue
        if any((at, i) in sheet.labels for i in range(start, start + value.pieces)):
            continue
        fits = (runner and start == 0) or _in_patients_form(value, row, sheet.rules)
        if fits and not has_credentials(value.text):
            return value
    return None


def _has_degree(sheet: Sheet, at: int, value: Value, behind: Sequence[Piece]) -> bool:
    """Whether a degree stands behind the name, or behind its comma on the next line."""
    if is_degree([p.text for p in behind[:2]]):
        return True
    if not behind or behind[0].text != ",":
        return False  # "RN Assessment" under a name is a heading
    if value.text.count(",") == 1 or at + 1 >= len(sheet.rows):
        return False
    row = sheet.rows[at + 1]
    near = [p for p in row.pieces if p.box.left >= value.box.left - row.height]
    return (
        bool(near) and near[0].box.left < value.box.right and is_degree([near[0].text])
    )


def _caps_and_comma(pieces: Sequence[Piece]) -> bool:
    """Whether a name may begin here although the label before it was not legible."""
    return len(pieces) > 1 and pieces[0].text.isupper() and pieces[1].text == ","


def _in_letterhead(sheet: Sheet, at: int, name: Value) -> bool:
    """Whether it is a piece of our house's name, or in the type of a heading.

    A patient's name may be large as well: with its comma, or beside its number.
    """
    if is_of_our_house(name.text, sheet.rules):
        return True
    if "," in name.text or name.box.height <= _LARGE * sheet.type_height:
        return False
    return not _is_numbered(sheet.rows[at], sheet.rules)


def _ends_in_text(pieces: Sequence[Piece], value: Value) -> bool:
    """Whether a sentence goes on behind the name, or it is a town before its state."""
    rest = pieces[value.pieces :]
    if re.search(r",\s*[A-Z]{2}\.?$", value.text) and rest and rest[0].text.isdigit():
        return True
    follows = rest[:1]
    if follows and follows[0].text == ":":
        return True
    return bool(follows) and follows[0].text.islower() and follows[0].gap <= _COLUMN / 2


def _in_patients_form(value: Value, row: Row, rules: ClueRules) -> bool:
    _, given, middle, _ = value.value.split("|")
    words = value.text.replace(",", " ").split()
    if not 2 <= len(words) <= 5:  # noqa: PLR2004 - names, not titles or addresses
        return False
    initial = len(middle.strip(".")) == 1 and middle.strip(".").isalpha()
    if is_given(given, rules) or (initial and "," in value.text):
        return True
    # a town and its state are printed in the same way
    return value.text.isupper() and "," in value.text and _is_numbered(row, rules)


def _is_numbered(row: Row, rules: ClueRules) -> bool:
    return bool(bare_number(row, rules, ()))


def _has_company(sheet: Sheet, at: int, name: Value, labelled: Sequence[Clue]) -> bool:
    """Whether a number, a birth date or "page 2" stands with the name."""
    rows = sheet.rows
    edge = at < _FIRST or at >= len(rows) - _BOTTOM
    # alone at the foot it is as likely whoever signed
    alone = at < _FIRST and len(name.text) + 2 > len(rows[at].text)
    if alone or (edge and _CONTINUED.search(rows[at].text)):
        return True
    low, high = rows[max(at - 2, 0)].top, rows[min(at + 2, len(rows) - 1)].bottom
    for clue in labelled:
        middle = (clue.box.top + clue.box.bottom) / 2
        strong = clue.field in {"mrn", "born"} and clue.role == "subject"
        if strong and low <= middle <= high and not _named(labelled, clue):
            return True
    near = rows[max(at - 1, 0) : at + 3]
    return any(bare_number(row, sheet.rules, labelled) for row in near)


def _named(labelled: Sequence[Clue], clue: Clue) -> bool:
    """Whether a labelled subject's name already stands near the clue."""
    reach = 4 * (clue.box.height + 1)
    return any(
        c.field == "name"
        and c.role == "subject"
        and abs(c.box.top - clue.box.top) < reach
        for c in labelled
    )


def _numbers_beside(
    row: Row, name: Value, sheet: Sheet, labelled: Sequence[Clue]
) -> Iterator[Clue]:
    rules, page = sheet.rules, sheet.page
    for value in bare_number(row, rules, labelled):
        role = "other authority" if sheet.foreign else "subject"
        yield _clue("mrn", value, page, role)
    for at, piece in enumerate(row.pieces):
        if piece.gap > _COLUMN / 2 and not taken(piece, labelled):
            day = read_day(row.pieces[at : at + 6], rules)
            if day is not None and day.box.left != name.box.left:
                yield _clue("born", day, page, "unlabelled")
                return


def _foot(sheet: Sheet, labelled: Sequence[Clue]) -> Iterator[Clue]:
    rows, page, rules = sheet.rows, sheet.page, sheet.rules
    known = {clue.field for clue in labelled}
    for row in rows[-2:]:
        match = _FORM.match(row.text)
        if match and "form_id" not in known:
            span = Stretch.of(row.pieces).cover(match.start(1), match.end(1))
            yield _clue("form_id", value_of(row.pieces, span, match[1]), page)
            break
    if "page_of" not in known:
        for row in (*rows[:2], *rows[-2:]):
            for at, piece in enumerate(row.pieces):
                if piece.gap > _COLUMN and re.fullmatch(r"\d{1,2}/\d{1,2}", piece.text):
                    value = read_page_of(row.pieces[at : at + 1], rules)
                    if value is not None:
                        yield _clue("page_of", value, page)
                        return


def _strangely_labelled(sheet: Sheet, labelled: Sequence[Clue]) -> Iterator[Clue]:
    """Dates behind the colon of a label that nobody told us."""
    for at, row in enumerate(sheet.rows):
        for i, piece in enumerate(row.pieces[:-1]):
            if piece.text != ":" or not i or at in sheet.banners:
                continue
            after = row.pieces[i + 1 :]
            if (at, i - 1) in sheet.labels or taken(after[0], labelled):
                continue
            value = read_day(after, sheet.rules)
            if value is not None:
                yield _clue("unknown date", value, sheet.page)


def _lone_date(sheet: Sheet) -> Iterator[Clue]:
    """The date line of a letter: nothing else on its row."""
    for at, row in enumerate(sheet.rows[:_TOP]):
        if at in sheet.banners:
            continue
        value = read_day(row.pieces, sheet.rules)
        if value is not None and value.pieces == len(row.pieces):
            yield _clue("dated", value, sheet.page)
            return


def _clue(field: str, value: Value, page: int, role: str = "subject") -> Clue:
    return Clue(field, value.text, value.value, page, value.box, value.confidence, role)
