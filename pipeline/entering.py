"""Data entry of one filed paper: its sheet of lines, keys, what is proposed of them.

Nothing here changes the patient index: what was keyed leaves as a proposal.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.document import DocumentType, FiledDocument, Patient, PatientId, TypeFacts
from pipeline.entries import (
    OWN_SECOND,
    EntryField,
    EntryForm,
    Forms,
    Keyed,
    Place,
    Proposal,
    Standing,
    Wants,
    may_key,
    same,
    standing,
)
from pipeline.index.cluerules import ClueRules
from pipeline.index.entryreading import normal, proposals_of
from pipeline.page import Page
from pipeline.store.catalogue import Catalogue
from pipeline.store.entry_rows import SqlEntries

COLUMNS = (
    "mrn", "document", "type", "page", "field", "row", "current", "proposed",
    "differs", "keyed_by", "second_by", "keyed_at",
)  # fmt: skip
LONGEST = 500  # characters of a value
MOST_ROWS = 200  # of one table


class Wrong(ValueError):
    """Why a key cannot be kept; with the next move, and without a word of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a sheet, before one person; ``held`` stands in it beforehand.

    ``mine`` is what they keyed already; ``page`` of the document, from 1. Of an
    identity field neither the reading nor the index's value is told.
    """

    field: EntryField
    row: int
    standing: Standing
    mine: str | None = dataclasses.field(default=None, repr=False)
    proposal: Proposal | None = None
    page: int | None = None
    current: str = dataclasses.field(default="", repr=False)
    differs: bool = False
    held: str = dataclasses.field(default="", repr=False)

    @property
    def name(self) -> str:
        """Of the line on its page."""
        return f"{self.field.key}.{self.row}"

    @property
    def unsure(self) -> str:
        """A reading that is not sure enough to stand in the field."""
        if self.field.identity or self.proposal is None or self.held:
            return ""
        return self.proposal.value


@dataclass(frozen=True, slots=True)
class EntrySheet:
    """All lines that one person is to key of a filed paper."""

    filed: FiledDocument
    form: EntryForm
    pages: tuple[Page, ...]
    lines: tuple[Line, ...]

    @property
    def open(self) -> tuple[Line, ...]:
        """Lines without this person's key."""
        return tuple(line for line in self.lines if line.mine is None)


@dataclass(frozen=True, slots=True)
class Entering:
    """Data entry over one data folder.

    ``person`` is who a filed document's patient is now, None for nobody of the index.
    """

    entries: SqlEntries
    catalogue: Catalogue
    types: Mapping[DocumentType, TypeFacts]
    forms: Forms
    person: Callable[[PatientId], Patient | None]
    rules: Callable[[], ClueRules]

    def kinds(self) -> tuple[DocumentType, ...]:
        """The types that have a form, local ones by the type that they are like."""
        return tuple(key for key in self.types if self.form_of(key))

    def form_of(self, kind: DocumentType) -> EntryForm | None:
        facts = self.types.get(kind)
        return self.forms.of(kind, facts.like if facts else None)

    def sheet(self, filed: FiledDocument, by: str) -> EntrySheet:
        """What this person is to key. Raises KeyError for a type without a form."""
        form = self.form_of(filed.decision.type)
        if form is None:
            raise KeyError(filed.decision.type)
        document = self.catalogue.reading(filed.document).document
        pages = self.catalogue.pages(document.batch, document.pages)
        read = proposals_of(pages, form, self.rules())
        keys = _by_place(self.entries.keys(filed.id))
        nth = {number: n for n, number in enumerate(document.pages, 1)}
        patient = self.person(filed.decision.patient)
        told = {one.place: one for one in read}
        lines = []
        for one, row in _places(form, {*told, *keys}):
            line = self._line(one, row, keys.get((one.key, row), []), by)
            if line is not None:
                proposal = told.get((one.key, row))
                lines.append(self._shown(line, proposal, nth, patient))
        return EntrySheet(filed, form, pages, tuple(lines))

    def _line(
        self, one: EntryField, row: int, keys: list[Keyed], by: str
    ) -> Line | None:
        """None: it is not this person's to key, or not any more."""
        stands = standing(keys, identity=one.identity)
        now = self.entries.now()
        if stands.wants == "nothing" and all(key.by != by for key in keys):
            return None
        if not may_key(keys, by, now, identity=one.identity):
            return None
        own = next((key for key in reversed(keys) if key.by == by), None)
        if own and one.identity and now - own.at >= OWN_SECOND:
            own = None  # they may give the second one, blind
        return Line(one, row, stands, own.value if own else None)

    def _shown(
        self,
        line: Line,
        read: Proposal | None,
        nth: Mapping[int, int],
        patient: Patient | None,
    ) -> Line:
        page = nth.get(read.page) if read else None
        line = replace(line, proposal=read, page=page, held=line.mine or "")
        if line.field.identity:
            return line
        sure = read is not None and read.probability >= self.forms.prefill_at_least
        if line.mine is None and read is not None and sure:
            line = replace(line, held=read.value)
        current = current_of(line.field, patient)
        return replace(
            line, current=current, differs=differs(line.field, line.held, patient)
        )

    def key(
        self,
        filed: FiledDocument,
        place: Place,
        said: str,
        page: int | None,
        by: str,
    ) -> Keyed:
        """Keep one person's word about one field. Raises Wrong."""
        form = self.form_of(filed.decision.type)
        one = form.field(place[0]) if form else None
        if form is None or one is None:
            raise Wrong("This paper's form has no such field: load the page again.")
        rows = range(1, MOST_ROWS + 1) if form.table_of(one.key) else range(1)
        if place[1] not in rows:
            raise Wrong("There is no such row.")
        value = normal(one.shape, said[:LONGEST], self.rules())
        if value is None:
            raise Wrong(_UNFIT[one.shape])
        keys = [key for key in self.entries.keys(filed.id) if key.place == place]
        now = self.entries.now()
        if not may_key(keys, by, now, identity=one.identity):
            raise Wrong("You keyed this field before: its second key is another's.")
        new = Keyed(filed.id, *place, value, page, by, now)
        self.entries.keep(new, filed)
        return new

    def finish(self, filed: FiledDocument, by: str) -> tuple[Line, ...]:
        """Hand the paper on, or say which lines are still open for this person."""
        sheet = self.sheet(filed, by)
        if sheet.open:
            return sheet.open
        keys = _by_place(self.entries.keys(filed.id))
        wants = {
            standing(keys.get((one.key, row), []), identity=one.identity).wants
            for one, row in _places(sheet.form, set(keys))
        }
        last: Wants = next((w for w in ("second", "third") if w in wants), "nothing")
        self.entries.close(filed.id, last, by)
        return ()

    def proposed(
        self, since: dt.datetime, sees: Callable[[FiledDocument], bool]
    ) -> Iterator[dict[str, str | int]]:
        """The update proposal: what was settled since, a row a field."""
        for filed in self.entries.keyed_since(since):
            patient = self.person(filed.decision.patient)
            form = self.form_of(filed.decision.type)
            if form is None or patient is None or not sees(filed):
                continue
            for place, keys in _by_place(self.entries.keys(filed.id)).items():
                one = form.field(place[0])
                if one is None:
                    continue
                stands = standing(keys, identity=one.identity)
                if stands.value and stands.at and stands.at >= since:
                    yield _row(filed, patient, one, place[1], stands)


_UNFIT = {
    "day": "This is no date: as 3/4/1961 or 1961-03-04.",
    "phone": "A telephone number has ten digits.",
    "ssn4": "The last four digits, or all nine.",
    "sex": "F or M.",
    "number": "A number has letters and digits.",
    "mrn": "A number has letters and digits.",
    "name": "A name is a last and a first name, as Baker, Anna.",
    "address": "", "text": "", "choice": "",
}  # fmt: skip


def current_of(one: EntryField, patient: Patient | None) -> str:
    """What the index says, in normal form; "" where it has no such field."""
    if patient is None or not one.held:
        return ""
    if one.held == "name":
        first = patient.names[0]
        given = " ".join(p for p in (first.given, first.middle, first.suffix) if p)
        return f"{first.family}, {given}".upper()
    if one.held == "born":
        return patient.born.isoformat() if patient.born else ""
    return str(getattr(patient, one.held))


def differs(one: EntryField, value: str, patient: Patient | None) -> bool:
    """Whether the index says something else; a middle name may be an initial."""
    current = current_of(one, patient)
    if not value or not current:
        return False
    if one.held != "name" or patient is None:
        return not same(value, current)
    family, _, rest = value.partition(",")
    given = rest.split()[0] if rest.split() else ""
    return not any(
        same(family, name.family) and same(given, name.given.split()[0])
        for name in patient.names
        if name.given
    )


def _row(
    filed: FiledDocument,
    patient: Patient,
    one: EntryField,
    row: int,
    stands: Standing,
) -> dict[str, str | int]:
    return {
        "mrn": patient.mrn,
        "document": filed.document,
        "type": filed.decision.type,
        "page": stands.page or "",
        "field": one.key,
        "row": row or "",
        "current": current_of(one, patient),
        "proposed": stands.value,
        "differs": "yes" if differs(one, stands.value, patient) else "",
        "keyed_by": stands.by,
        "second_by": stands.second,
        "keyed_at": stands.at.isoformat(timespec="seconds") if stands.at else "",
    }


def _by_place(keys: tuple[Keyed, ...]) -> dict[Place, list[Keyed]]:
    found: dict[Place, list[Keyed]] = defaultdict(list)
    for key in keys:
        found[key.place].append(key)
    return dict(found)


def _places(form: EntryForm, known: set[Place]) -> Iterator[tuple[EntryField, int]]:
    """Every field, and every column of every row that is known."""
    for one in form.fields:
        yield one, 0
    for table in form.tables:
        keys = {column.key for column in table.columns}
        rows = sorted({row for key, row in known if key in keys})
        for row in rows:
            for column in table.columns:
                yield column, row
