"""Whose a labelled value is, where other people stand on the same page.

A role word directly before a label owns it (Guarantor DOB); a heading owns the rows
under it; a named person owns what follows on the row, and a second birth date, sex or
phone just below.
"""

from __future__ import annotations

from pipeline.index.kin import DISPUTED, is_heading
from pipeline.index.labels import Label
from pipeline.index.layout import Row

_NOT_PEOPLE = frozenset({"clinician", "signer", "addressee", "other authority"})
_PERSONAL = frozenset(
    {"name", "family", "given", "middle", "born", "sex", "phone", "ssn4", "address"}
)
_OWN_NUMBERS = frozenset({"mother", "newborn", "donor", "father"})
_SECOND = frozenset({"born", "sex", "phone", "ssn4", "address"})
_HEADED_ROWS = 8
_HEADED_GAP = 3.0  # heights of white space that end what a heading covers
_HEADING_WORDS = 6
_BELOW_ROWS = 3


class Owners:
    """Follows roles down one page; labels must come in reading order."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        self._rows = rows
        self._touching: tuple[int, int, str] | None = None  # row, end of role, role
        self._person: tuple[Label, str] | None = None
        self._heading: tuple[Label, str] | None = None

    def meet(self, label: Label, *, named: bool, compound: bool) -> None:
        """A role word was read, with the person's name beside it or not."""
        if compound:
            self._touching = (label.row, label.end, label.kind)
        elif self._is_heading(label) and not named:
            self._heading = (label, label.kind)
        if named and not compound:
            self._person = (label, label.kind)

    def role_of(self, label: Label, field: str, *, seen: bool) -> str:
        """Whose the label's value is; ``seen``: the subject has this field already."""
        touching = self._touched(label)
        if touching:
            if touching not in _NOT_PEOPLE and field in _PERSONAL:
                self._person = (label, touching)
            return touching
        if label.is_patients:
            self._heading = self._person = None
            return "subject"
        role = self._headed(label, field) or self._kept(label, field, seen=seen)
        theirs = role == "subject" and field in _PERSONAL
        return DISPUTED if theirs and self._is_under_others(label.row) else role

    def _is_under_others(self, row: int) -> bool:
        """Whether a heading that is no label says so: "Guarantor (who pays)"."""
        for at in range(row - 1, max(row - 1 - _HEADED_ROWS, -1), -1):
            above, here = self._rows[at], self._rows[at + 1]
            if here.top - above.bottom > _HEADED_GAP * here.height:
                return False
            if above.text[:1].isupper() and is_heading(above):
                return True
            if self._looks_like_heading(at):
                return False
        return False

    def _touched(self, label: Label) -> str:
        if self._touching is None:
            return ""
        row, end, role = self._touching
        if row != label.row or not end <= label.start <= end + 2:
            return ""
        self._touching = None
        return role

    def _headed(self, label: Label, field: str) -> str:
        if self._heading is None:
            return ""
        head, role = self._heading
        if not self._covers(head, label.row):
            self._heading = None
            return ""
        if field in _PERSONAL or (role in _OWN_NUMBERS and field == "mrn"):
            return role
        return ""

    def _covers(self, head: Label, row: int) -> bool:
        if row - head.row > _HEADED_ROWS:
            return False
        for at in range(head.row + 1, row + 1):
            above, here = self._rows[at - 1], self._rows[at]
            if here.top - above.bottom > _HEADED_GAP * here.height:
                return False
            if at > head.row + 1 and self._looks_like_heading(at):
                return False
        return True

    def _kept(self, label: Label, field: str, *, seen: bool) -> str:
        if self._person is None:
            return "subject"
        person, role = self._person
        if role in _NOT_PEOPLE:
            return "subject"
        numbered = role in _OWN_NUMBERS and field == "mrn"
        if person.row == label.row and (numbered or field in _PERSONAL):
            return role
        below = 0 < label.row - person.row <= _BELOW_ROWS
        return role if below and seen and field in _SECOND else "subject"

    def _is_heading(self, label: Label) -> bool:
        pieces = self._rows[label.row].pieces
        words = [p for p in pieces if not p.is_sign]
        digits = any(c.isdigit() for p in words for c in p.text)
        short = len(words) <= _HEADING_WORDS and not digits and label.start <= 1
        return short and label.kind not in _NOT_PEOPLE

    def _looks_like_heading(self, at: int) -> bool:
        pieces = self._rows[at].pieces
        words = [p.text for p in pieces if not p.is_sign]
        plain = all(w.isupper() and w.isalpha() for w in words)
        open_ended = any(p.text == ":" for p in pieces)
        return bool(words) and plain and not open_ended and len(words) <= _HEADING_WORDS
