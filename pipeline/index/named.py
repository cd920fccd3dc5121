"""Whether a labelled name is the patient's: degrees, lists of kin, letters, houses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.index.cluerules import ClueRules
from pipeline.index.kin import DISPUTED, KIN, misspells_others, speaks_of_others
from pipeline.index.labels import Label
from pipeline.index.layout import Row
from pipeline.index.letterheads import is_surely_a_house
from pipeline.index.names import (
    TITLES,
    has_credentials,
    has_initial_inside,
    is_of_therapy,
)
from pipeline.index.regions import COLUMN
from pipeline.index.values import Value, is_given

_ANYBODYS = frozenset({"name", "full name"})  # labels of lists of people, too
# labels behind which there may be something else: "Appointment for: Flu Shot"
_ABOUT = frozenset(
    {
        "re", "in re", "regarding", "reference", "ordered for", "appointment for",
        "chart of", "records of", "examinee", "person served", "veteran",
    }
)  # fmt: skip
_OF = frozenset({"of", "or", "/", "the", "for"})  # "Father of patient:"


@dataclass(frozen=True, slots=True)
class Named:
    """The labels of one page; ``standing`` are those that are no part of a sentence."""

    rows: tuple[Row, ...]
    labels: Sequence[Label]
    standing: Sequence[Label]
    rules: ClueRules

    def is_nobody(self, label: Label, value: Value) -> bool:
        """Whether the label of a name stands before something else."""
        if label.kind != "name":
            return False
        about = label.words in _ABOUT and not self._is_a_person(label, value)
        return about or self._is_a_house(value) or self._is_a_label(value)

    def _is_a_house(self, value: Value) -> bool:
        first = value.text.split()[0]  # Mary Anne Center is somebody
        return is_surely_a_house(value.text) and not is_given(first, self.rules)

    def _is_a_label(self, value: Value) -> bool:
        """Whether it is the words of another label: CHIEF COMPLAINT under "Patient"."""
        for x in self.labels:
            pieces = self.rows[x.row].pieces[x.start : x.end]
            whole = pieces[0].box | pieces[-1].box
            if (
                x.exact
                and len(pieces) > 1
                and whole.holds(value.box)
                and value.box.holds(whole)
            ):
                return True
        return False

    def told(self, label: Label, value: Value) -> str:
        """Whose the name is by its degree or its place in a list; "" for unsaid."""
        if has_credentials(value.text) or self._is_therapist(label, value):
            return "clinician"
        return "contact" if self._listed_as_kin(label, value) else ""

    def kin_role(self, label: Label) -> str:
        """Whose the name is where the form asks beside it how the person is related.

        Or where the label is the end of "Father of patient:"; "" for unsaid.
        """
        pieces = self.rows[label.row].pieces
        first = label.start
        while first and pieces[first].gap <= COLUMN and not pieces[first - 1].is_sign:
            first -= 1
        words = [p.text.lower() for p in pieces[first : label.start]]
        before = " ".join(words)
        house = label.is_patients and not _OF.intersection(words[-1:])  # Twin Lakes
        if not house and (speaks_of_others(before) or misspells_others(before)):
            return DISPUTED
        listed = label.words in _ANYBODYS and any(
            x.words.startswith("relation") and 0 <= x.row - label.row <= 1
            for x in self.labels
        )
        return "contact" if listed else ""

    def _is_a_person(self, label: Label, value: Value) -> bool:
        """Whether what a letter is about is somebody, not something."""
        given = value.value.split("|")[1]
        first = value.text.split()[0].strip(".").lower()
        if "," in value.text or first in TITLES or is_given(given, self.rules):
            return True
        return any(
            x.kind in {"born", "mrn"} and 0 <= x.row - label.row <= 1
            for x in self.standing
        )

    def _listed_as_kin(self, label: Label, value: Value) -> bool:
        """Whether it stands in a list under the label, "son" or "friend" behind it.

        Under "Patient Name" the patient is listed, beside "Relationship to insured".
        """
        if label.words not in _ANYBODYS:
            return False
        for row in self.rows[label.row + 1 : label.row + 3]:
            at = [i for i, p in enumerate(row.pieces) if value.box.holds(p.box)]
            if at:
                behind = row.pieces[at[-1] + 1 : at[-1] + 2]
                return any(KIN.fullmatch(piece.text) for piece in behind)
        return False

    def _is_therapist(self, label: Label, value: Value) -> bool:
        """Whether "PT" before "Olive E. Kessler, OTRYE" is one: a degree, misread.

        Only where another label names the patient.
        """
        pieces = self.rows[label.row].pieces
        if label.words != "pt" or pieces[label.start].text != "PT":
            return False
        if not any(x.kind == "name" and x.words != "pt" for x in self.standing):
            return False
        labels = {x.start for x in self.labels if x.row == label.row}
        held = [i for i, p in enumerate(pieces) if value.box.holds(p.box)]
        if not held:
            return False
        told = [i for i in range(held[0], held[-1] + 3) if i not in labels]
        said = " ".join(pieces[i].text for i in told if i < len(pieces))
        name, comma, degree = said.partition(" , ")
        degree = degree.split(" ")[0].strip(".")
        return (
            bool(comma)
            and (has_initial_inside(name) or is_given(name.split()[0], self.rules))
            and is_of_therapy(degree)
        )
