"""Which label words are a label where they stand, and which part of a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.index.cluerules import ClueRules
from pipeline.index.datelabels import begins
from pipeline.index.labels import Label
from pipeline.index.labelwords import WEAK
from pipeline.index.layout import Row
from pipeline.index.readers import DATES, READERS
from pipeline.index.regions import COLUMN, past_form, skip_tail
from pipeline.index.values import Reader, read_person
from pipeline.index.wrapped import wrapped_name

_ABBREVIATED = 6  # letters of a label's last word and its full stop: "Dep.", "Addr."
_HEADING = frozenset({"information", "info", "data", "details", "section", "s"})


@dataclass(frozen=True, slots=True)
class Standing:
    """The label words of one page among its rows."""

    rows: tuple[Row, ...]
    labels: Sequence[Label]
    rules: ClueRules
    readers: Mapping[str, Reader]

    def stands(self, label: Label) -> bool:
        """Whether the words are a label here, not part of a sentence."""
        pieces = self.rows[label.row].pieces
        end = past_form(pieces, label.end)
        after = pieces[end : end + 1]
        if self._ends_a_sentence(label) or self._in_a_remark(label):
            return False  # "...of the patient.", "Name (Last, First)"
        if after and after[0].text in (":", "#", "=", ")", "]"):
            return after[0].text not in (")", "]")  # a remark: "(parent / patient)"
        starts = pieces[label.start].gap > COLUMN
        if label.kind in DATES:
            starts = begins(pieces, label.start)
        # roles have no reader, and labels of a form's own are plain words: "clinic"
        loose = label.kind not in READERS or label.words in WEAK
        if not after or after[0].gap > COLUMN:
            return starts or not loose or self._after_specks(label)
        starts = starts or self._after_sign(label)
        if not starts:
            return not loose and label.exact and not self._is_value(label)
        if loose:
            return self._heads(label) or self._shape_follows(label)
        return True

    def _in_a_remark(self, label: Label) -> bool:
        """Whether it only says in parentheses how a value is written."""
        pieces = self.rows[label.row].pieces
        near = range(max(label.start - 8, 0), label.start)
        return any(past_form(pieces, at) > label.start for at in near)

    def _ends_a_sentence(self, label: Label) -> bool:
        """Whether it is small words, a full stop and nothing behind it in its cell.

        "Guarantor." and "Medical Record Number." are labels.
        """
        pieces = self.rows[label.row].pieces
        words, after = (
            pieces[label.start : label.end],
            pieces[label.end : label.end + 1],
        )
        last = words[-1].text
        stops = last.endswith(".") and len(last) > _ABBREVIATED
        small = all(piece.text == piece.text.lower() for piece in words)
        return stops and small and (not after or after[0].gap > COLUMN)

    def _heads(self, label: Label) -> bool:
        """Whether the label and a word like "information" are the whole row.

        Two roles are one heading: "Insured Subscriber".
        """
        pieces, roles = self.rows[label.row].pieces, self._roles(label)
        return all(
            pieces[at].text.lower() in _HEADING or pieces[at].is_sign or at in roles
            for at in range(label.end, len(pieces))
        )

    def _roles(self, label: Label) -> frozenset[int]:
        """Pieces of the row's other roles, if the label is a role as well."""
        if not label.is_role:
            return frozenset()
        return frozenset(
            at
            for x in self.labels
            if x.is_role and x.row == label.row and x != label
            for at in range(x.start, x.end)
        )

    def _is_value(self, label: Label) -> bool:
        """Whether the word is what another label tells: "Name: WARD, ROBERT"."""
        if label.kind != "other" or not label.start:
            return False
        return self.rows[label.row].pieces[label.start - 1].text == ":"

    def _after_specks(self, label: Label) -> bool:
        """Whether the label begins its row, specks and other roles aside."""
        pieces, roles = self.rows[label.row].pieces, self._roles(label)
        return all(pieces[at].is_sign or at in roles for at in range(label.start))

    def _after_sign(self, label: Label) -> bool:
        """Whether it begins its row, or follows punctuation."""
        if self._after_specks(label):
            return True
        before = self.rows[label.row].pieces[label.start - 1]
        return before.text in (",", ";", "|", "/", "(")

    def _shape_follows(self, label: Label) -> bool:
        pieces = self.rows[label.row].pieces
        pieces = pieces[skip_tail(pieces, label.end) :]
        if label.is_role:
            value = read_person(pieces, self.rules)
            return value is not None or bool(self._next_label(label))
        reader = self.readers[label.kind]
        value = reader(pieces, self.rules)
        if value is None and label.kind == "name":
            value = wrapped_name(self.rows, label.row, pieces, self.rules)
        if value is None:
            return False
        return label.kind != "name" or "," in value.text or value.text.isupper()

    def _next_label(self, label: Label) -> bool:
        return any(
            x.row == label.row and x.start == label.end and not x.is_role
            for x in self.labels
        )
