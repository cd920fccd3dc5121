"""How a batch falls apart: one joint decision over all its pages.

Sheets are sorted, every page's candidates weighed, the decoder finds boundaries, types
and patients together, and each document is then read as a whole.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.document import (
    Batch,
    Cut,
    DocumentId,
    DocumentType,
    Doubt,
    Encounter,
    Patient,
    Reading,
    ScannedDocument,
)
from pipeline.finding import Clue, Evidence, Finding
from pipeline.index.cluerules import ClueRules
from pipeline.index.clues import find_clues
from pipeline.index.covers import while_uncontradicted
from pipeline.index.critical import RESULTS, critical_words
from pipeline.index.decoder import PageScores, Segment, decode, length_prior
from pipeline.index.doubts import batch_doubts, page_doubts, second_scans, short_batch
from pipeline.index.duplex import duplex
from pipeline.index.folders import owner_of
from pipeline.index.formtypes import FormTable, form_evidence, with_forms
from pipeline.index.gaps import page_of, start_scores
from pipeline.index.matchrules import MatchRules
from pipeline.index.pagebits import page_bits
from pipeline.index.patients import PatientIndex
from pipeline.index.rejoin import Part, rejoined
from pipeline.index.rejoin import Told as PageTold
from pipeline.index.service import OF_A_STAY, Paper, service_dates, stay_dates
from pipeline.index.sheets import CluesByPage, Sheets, sort_sheets
from pipeline.index.stays import encounters_of
from pipeline.index.strays import with_strays
from pipeline.index.subject import Matcher, Told
from pipeline.index.titles import titled
from pipeline.index.typenumbers import TypeNumbers
from pipeline.page import Page

Scores = NDArray[np.float64]

NAME = "index 5"  # who made a cut; the next number where these rules change
_TYPES_SHOWN = 5
_LIKELY = 0.5  # probability of a patient whose stays may speak for a date
_DECLARED_TYPE = 1e4  # odds for the type that a cover sheet declares
_PARTED = "another patient's sheet lay between its pages, and the last bears no name"
_UNKNOWN_TYPE = "the cover's code means no type, or several, so the pages decide"
_STRANGE = 0.1  # from here on a clerk is told
_LEAST_TYPE = 1e-3  # so much even of a type that the model holds impossible


@dataclass(frozen=True, slots=True)
class IndexRules:
    """config/identity.toml, and what is known of document types.

    ``type_codes``: what a cover may call a type, as typecodes.py makes it;
    ``shipped_kinds``: the shipped type that a local one is like; ``forms``: which types
    the number of a form speaks for.
    """

    clues: ClueRules
    match: MatchRules = field(default_factory=MatchRules)
    type_codes: Mapping[str, DocumentType] = field(default_factory=dict)
    shipped_kinds: Mapping[DocumentType, DocumentType] = field(default_factory=dict)
    forms: FormTable = field(default_factory=dict)
    timezone: dt.tzinfo = dt.UTC  # of dates on paper
    name: str = NAME


def cut_batch(
    batch: Batch,
    pages: Sequence[Page],
    types: TypeNumbers,
    starts: Scores,
    patients: PatientIndex,
    rules: IndexRules,
) -> Cut:
    """Documents of the batch and what belongs to none; each page in exactly one.

    ``starts`` (pages,): natural log-odds that a document begins there.
    """
    reader = batch_reader(batch, pages, patients, rules)
    sheets, clues, matcher = reader.sheets, reader.clues, reader.matcher
    at = {page.number: row for row, page in enumerate(pages)}
    rows = [at[page.number] for page in sheets.content]
    text = TypeNumbers(types.types, types.scores[rows])
    said = [clues.get(page.number, ()) for page in sheets.content]
    content = with_forms(text, said, rules.forms)
    bits, prior = page_bits(sheets.content, clues, matcher, rules.match, patients.size)
    blank = [number for number, kind in sheets.removed if kind == "blank"]
    stack = duplex(len(pages), blank, batch.sidecar.sheets)
    scores = PageScores(
        start_scores(starts[rows], sheets, clues, stack),
        content.among_known(),
        bits,
        prior,
        length_prior(),
    )
    reader = replace(reader, types=content, text=text)
    parts = rejoined(decode(scores), _told(sheets, clues, bits))
    readings = _in_folder(reader, lambda at_hand: map(at_hand.reading, parts))
    return Cut(with_strays(readings, reader.covered()), sheets.removed, rules.name)


def weigh_again(
    batch: Batch,
    pages: Sequence[Page],
    cut: Cut,
    patients: PatientIndex,
    rules: IndexRules,
) -> tuple[Reading, ...]:
    """The documents of a cut as the index sees them now, in the cut's order.

    Whose they are, their dates and stays are found anew in the words of the pages;
    what the documents are, and of which types, stays as it was cut.
    """
    reader = batch_reader(batch, pages, patients, rules)
    readings = _in_folder(reader, lambda at_hand: map(at_hand.again, cut.readings))
    return with_strays(readings, reader.covered())


def _in_folder(
    reader: _Reader, read: Callable[[_Reader], Iterable[Reading]]
) -> list[Reading]:
    """All documents; once more where their batch turns out to be one's folder."""
    readings = list(read(reader))
    if reader.folder or reader.covered():
        return readings
    owner = owner_of(readings)
    return readings if owner is None else list(read(replace(reader, folder=owner)))


def batch_reader(
    batch: Batch, pages: Sequence[Page], patients: PatientIndex, rules: IndexRules
) -> _Reader:
    """The batch's clues and sheets, before its types are known."""
    rules = replace(rules, clues=replace(rules.clues, received=_day(batch, rules)))
    clues = _by_page(find_clues(pages, rules.clues))
    sheets = sort_sheets(pages, clues, rules.match.cover_words)
    matcher = Matcher(
        patients, rules.match, rules.clues.mrn, batch.sidecar.patient, rules.name
    )
    sheets = while_uncontradicted(
        sheets, clues, matcher.candidates, rules.match.legible
    )
    untyped = TypeNumbers((), np.zeros((len(sheets.content), 0)))
    numbered = {page.number: page for page in pages}
    return _Reader(
        batch, pages, numbered, sheets, clues, untyped, untyped, matcher, rules,
        matcher.declared(),
    )  # fmt: skip


def _told(sheets: Sheets, clues: CluesByPage, bits: Scores) -> list[PageTold]:
    named = (bits != 0).any(axis=1).tolist()
    return [
        PageTold(
            page_of(clues.get(page.number, ())),
            says,
            page.number in sheets.begins,
            tuple(clue.value for clue in sheets.covers.get(page.number, ())),
        )
        for page, says in zip(sheets.content, named, strict=True)
    ]


def _day(batch: Batch, rules: IndexRules) -> dt.date:
    """The day of receipt where the house stands: no paper is of a later one."""
    return batch.received.astimezone(rules.timezone).date()


def _by_page(clues: Sequence[Clue]) -> CluesByPage:
    pages: dict[int, tuple[Clue, ...]] = {}
    for clue in clues:
        pages[clue.page] = (*pages.get(clue.page, ()), clue)
    return pages


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes readings of one batch's segments."""

    batch: Batch
    pages: Sequence[Page]
    numbered: Mapping[int, Page]  # the same by their numbers
    sheets: Sheets
    clues: CluesByPage
    types: TypeNumbers
    text: TypeNumbers  # the same before the numbers of forms were looked at
    matcher: Matcher
    rules: IndexRules
    folder: Patient | None = None  # whose folder the batch is

    def covered(self) -> set[int]:
        """Numbers of the pages for which a cover sheet is in force."""
        return {number for number, cover in self.sheets.covers.items() if cover}

    def reading(self, part: Part) -> Reading:
        """What is made of a part of the batch that was cut just now."""
        segment = part.segment
        numbers = tuple(self.sheets.content[row].number for row in part.rows)
        types = self.types_of(segment, numbers[0])
        document = ScannedDocument(
            DocumentId(f"{self.batch.id}-{numbers[0]:04d}"), self.batch.id, numbers
        )
        return self.whole(document, types, segment.boundary, unsure=part.unsure)

    def again(self, before: Reading) -> Reading:
        """The same document as the index sees it now; its pages and types stay."""
        unsure = any(doubt.reason == _PARTED for doubt in before.doubts)
        return self.whole(before.document, before.types, before.boundary, unsure=unsure)

    def whole(
        self,
        document: ScannedDocument,
        types: tuple[Finding[DocumentType], ...],
        boundary: float,
        *,
        unsure: bool,
    ) -> Reading:
        numbers = document.pages
        pages = [self.numbered[number] for number in numbers]
        own = tuple(clue for n in numbers for clue in self.clues.get(n, ()))
        cover = self.sheets.covers.get(numbers[0], ())
        told = Told(numbers, own, cover, self.folder)
        subject = self.matcher.subject(told, self._people(told))
        kind = self._kind(types)
        paper = self._paper(kind, subject.patients)
        dates = service_dates(own, paper)
        admitted = stay_dates(own, paper, "admitted")
        return Reading(
            document,
            types=types,
            patients=subject.patients,
            dates=dates,
            encounters=self._encounters(
                own, subject.patients, (*dates[:1], *admitted[:1] * (kind in OF_A_STAY))
            ),
            admitted=admitted,
            discharged=stay_dates(own, paper, "discharged"),
            absent=subject.absent,
            boundary=boundary,
            contradictions=subject.contradictions,
            doubts=(
                *page_doubts(pages),
                *batch_doubts(self.batch, self.pages, numbers),
                *subject.doubts,
                *[Doubt(_PARTED)] * unsure,
            ),
            notes=(
                *subject.notes,
                *second_scans(self.pages, numbers),
                *short_batch(self.batch, self.pages),
                *self._unknown_types(numbers[0]),
            ),
            urgent=critical_words(pages) if kind in RESULTS else (),
        )

    def _kind(self, types: Sequence[Finding[DocumentType]]) -> str:
        """The best type, as a shipped one if it is like one; "" for none."""
        best = types[0].value if types else DocumentType("")
        return self.rules.shipped_kinds.get(best, best)

    def _unknown_types(self, first: int) -> tuple[str, ...]:
        """What the cover calls a type and does not mean one; said, holds nothing."""
        clues = self.sheets.doctypes.get(first, ())
        unknown = any(self._declared(clue) is None for clue in clues)
        return (_UNKNOWN_TYPE,) if unknown else ()

    def _paper(self, kind: str, patients: Sequence[Finding[Patient]]) -> Paper:
        """What helps to date a document; its patient's data if they are likely."""
        clues = self.rules.clues
        likely = [f.value for f in patients[:1] if f.confidence >= _LIKELY]
        if not likely:
            return Paper(clues.received, kind, order=clues.date_order)
        stays = self.matcher.stays(likely[0].id)
        return Paper(clues.received, kind, likely[0].born, stays, clues.date_order)

    def _people(self, told: Told) -> tuple[Patient, ...]:
        """Everybody whom a page of the document, or its cover, calls to mind."""
        by_page = (self.clues.get(n, ()) for n in told.pages)
        found = [p for page in by_page for p in self.matcher.candidates(page)]
        found += self.matcher.candidates(told.cover)
        found += [told.folder] if told.folder else []
        return tuple({p.id: p for p in found}.values())

    def types_of(
        self, segment: Segment, first: int
    ) -> tuple[Finding[DocumentType], ...]:
        """Types of the document, best first, a cover's or a title's word among why."""
        shares = dict(zip(self.types.types, segment.types.tolist(), strict=True))
        declared = [
            (found, clue)
            for clue in self.sheets.doctypes.get(first, ())
            if (found := self._declared(clue)) is not None
        ]
        told = [(kind, _declared_as(clue)) for kind, clue in declared]
        title = titled(self.numbered[first])
        if title is not None and title[0] in self.rules.type_codes:
            told.append(title)
        for found, _ in told:
            shares[found] = max(shares.get(found, 0.0), _LEAST_TYPE) * _DECLARED_TYPE
        strange = 0.0 if told else self.types.strange(segment.first, segment.last)
        total = sum(shares.values()) / (1 - strange)
        best = sorted(shares, key=lambda kind: -shares[kind])[:_TYPES_SHOWN]
        read = dict(zip(self.text.types, self.text.of_page(segment.first), strict=True))
        own = self.clues.get(first, ())
        return tuple(
            Finding(
                kind,
                shares[kind] / total,
                (
                    *_read_as(kind, read, first),
                    *form_evidence(own, kind, self.rules.forms, len(shares)),
                    *_strange(strange, first),
                    *(said for other, said in told if other == kind),
                ),
                self.rules.name,
            )
            for kind in best
        )

    def _declared(self, clue: Clue) -> DocumentType | None:
        return self.rules.type_codes.get(clue.value.strip().lower())

    def _encounters(
        self,
        own: Sequence[Clue],
        patients: Sequence[Finding[Patient]],
        dates: Sequence[Finding[dt.date]],
    ) -> tuple[Finding[Encounter], ...]:
        if not patients:
            return ()
        stays = self.matcher.stays(patients[0].value.id)
        return encounters_of(stays, own, dates, self.rules.name)


def _read_as(
    kind: DocumentType, said: Mapping[DocumentType, float], page: int
) -> tuple[Evidence, ...]:
    """What the first page's text and look say: bits against any type."""
    if kind not in said:
        return ()
    weight = (said[kind] + math.log(len(said))) / math.log(2)
    return (Evidence("text", weight, "the first page's words", page),)


def _strange(probability: float, page: int) -> tuple[Evidence, ...]:
    """What speaks for a type that nobody told the machine about."""
    if probability < _STRANGE:
        return ()
    against = -math.log2(probability / (1 - probability))
    return (Evidence("unknown type", against, "like no type that is known", page),)


def _declared_as(clue: Clue) -> Evidence:
    return Evidence(
        "cover", math.log2(_DECLARED_TYPE), clue.text, clue.page, clue.box, exact=True
    )
