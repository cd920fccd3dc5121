"""What the clerk's screens need from the rest of the house."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Protocol

from pipeline.checks import MachineAnswer
from pipeline.document import (
    Decision,
    DocumentId,
    DocumentType,
    Encounter,
    FiledDocument,
    Holding,
    Patient,
    PatientId,
    Reading,
    TypeFacts,
)
from pipeline.entering import Entering
from pipeline.overview import Overview
from pipeline.page import QuarterTurn
from pipeline.ranking import rank_waiting
from pipeline.review.modes import SECOND, blindfold, is_blind
from pipeline.review.prefilled import Prefilled, prefilled
from pipeline.review.queue import QueueRules, is_stat
from pipeline.review.rules import FilingRules, encounter_rules, stays_of
from pipeline.review.second_key import DIFFER, may_key
from pipeline.seeding import Seeding
from pipeline.store.answers import Held
from pipeline.store.arrivals import Arrivals
from pipeline.store.catalogue import Catalogue, Waiting
from pipeline.store.desk_rows import Note, Referred
from pipeline.store.objects import ObjectStore
from pipeline.store.recut_rows import SqlRecuts
from pipeline.store.relaid_rows import SqlRelaid
from pipeline.store.second_key_rows import SqlSecondKeys
from pipeline.store.sibling_rows import SqlSiblings
from pipeline.store.worklist import Wanted, Worklist
from pipeline.web.eyes import Eyes

Picture = Callable[[DocumentId, int, int, QuarterTurn], bytes]


class People(Protocol):
    """The patient index as a clerk looks things up in it."""

    def find(self, text: str, limit: int) -> tuple[Patient, ...]: ...

    def get(self, patient: PatientId) -> Patient | None: ...

    def mrn_owner(self, mrn: str) -> PatientId | None:
        """Whose MRN this is, merged ones resolved; None: nobody's."""
        ...


class Holdings(Protocol):
    """The holding records of people whom the index does not know."""

    def get(self, id_: PatientId) -> Holding | None: ...

    def all(self) -> tuple[Holding, ...]: ...

    def open(self, said: Holding, by: str) -> Holding:
        """Keep what the paper says; of a record that stands only what it lacked."""
        ...


class Sample(Protocol):
    """What was drawn of the filed documents, for a check."""

    def waiting(self, by: str | None = None) -> Iterator[MachineAnswer]:
        """For ``by``: nothing that they filed, corrected or checked."""
        ...

    def waits(self, document: DocumentId, by: str) -> bool:
        """Whether ``waiting`` has this one for ``by``."""
        ...

    def check(
        self,
        document: DocumentId,
        patient: PatientId | None,
        kind: DocumentType | None,
        by: str,
    ) -> object:
        """Keep one person's word. Raises InputError."""
        ...


class InHand(Protocol):
    """Drafts, notes and what was referred to others."""

    def keep_draft(
        self, document: DocumentId, by: str, fields: Mapping[str, str]
    ) -> None: ...

    def draft(self, document: DocumentId, by: str) -> dict[str, str]:
        """What the clerk typed and did not send; empty where there is none."""
        ...

    def drop_draft(self, document: DocumentId, by: str) -> None: ...

    def note(self, document: DocumentId, note: str, by: str) -> None: ...

    def notes(self, document: DocumentId) -> tuple[Note, ...]: ...

    def referred(self, to: str) -> tuple[Referred, ...]: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """One clerk's desk over one data folder.

    ``picture(document, n, width, turn)`` is the n-th page (from 1) of a document as PNG
    of ``width`` px, turned clockwise from how the machine holds it upright. ``clerk``
    answers for every decision: "clerk ada". Whoever signed in sees with their ``eyes``
    (None: everything), for a ``purpose``.
    """

    catalogue: Catalogue
    people: People
    holdings: Holdings
    objects: ObjectStore
    type_facts: Mapping[DocumentType, TypeFacts]
    picture: Picture
    clerk: str
    in_hand: InHand
    worklist: Worklist
    arrivals: Arrivals
    overview: Callable[[], Overview]
    names: ChartNames = field(default_factory=lambda: ChartNames())
    rules: QueueRules = field(default_factory=QueueRules)
    eyes: Eyes | None = None
    purpose: str = ""
    idle_minutes: float = 10.0  # then the browser locks the session
    whose: str = ""  # the patient whose paper is at hand, by id

    def sees(self, reading: Reading) -> bool:
        """Whether a list may show this document to whoever looks."""
        return self.eyes is None or self.eyes.reading(reading)

    def sees_filed(self, filed: FiledDocument) -> bool:
        """Whether a chart may show this filed version to whoever looks."""
        return self.eyes is None or self.eyes.filed(filed)

    def knows(self, patient: Patient) -> bool:
        """Whether a search may show this patient to whoever looks."""
        return self.eyes is None or self.eyes.patient(patient)

    filing: FilingRules | None = None  # thresholds of what a form holds beforehand
    alerts: Callable[[PatientId], tuple[tuple[str, str], ...] | None] = lambda _: ()
    recuts: SqlRecuts | None = None  # None: documents cannot be cut anew
    relaid: SqlRelaid | None = None  # None: what is filed keeps its pages
    siblings: SqlSiblings | None = None  # None: what is set right is not remembered
    keys: SqlSecondKeys | None = None  # None: nothing needs a second key
    sample: Sample | None = None  # None: nothing is drawn for a check
    entering: Entering | None = None  # None: nothing is keyed into fields here
    warm: Callable[[DocumentId, int], None] = lambda _document, _pages: None
    grace: dt.timedelta = dt.timedelta(0)  # an answer may be taken back so long
    dates: Callable[[str], tuple[dt.date, ...]] = lambda _: ()  # as printed, best first
    seeds: Seeding | None = None  # None: no seeded items are given
    made_up: bool = False  # the document at hand is a seeded item
    trail: Catalogue | None = None  # whose audit trail, if not the catalogue's

    def prefilled(self, reading: Reading) -> Prefilled:
        """What stands in the form beforehand."""
        return prefilled(reading, self.filing)

    def with_mrn(self, mrn: str) -> Patient | None:
        """Who has this MRN now."""
        owner = self.people.mrn_owner(mrn)
        return self.people.get(owner) if owner else None

    def may_key(self, waiting: Waiting) -> bool:
        """Whether this clerk may answer: of risky ones somebody gave one key only."""
        asks = {doubt.reason for doubt in waiting.review.reasons}
        if self.keys is None or asks.isdisjoint((SECOND, DIFFER)):
            return True
        keys = self.keys.of(waiting.reading.document.id)
        given = [(said.by, at) for said, at in keys]
        return may_key(given, self.clerk, dt.datetime.now(dt.UTC))

    def until(self) -> dt.datetime | None:
        """Until when an answer given now may be taken back; None: not at all."""
        return dt.datetime.now(dt.UTC) + self.grace if self.grace else None

    def held(self) -> tuple[Held, ...]:
        """The clerk's answers that may still be taken back, oldest first."""
        return self.catalogue.held(self.clerk) if self.grace else ()

    def stays(self, reading: Reading) -> tuple[Encounter, ...]:
        """The stays that a document may belong to, by what its type says."""
        return stays_of(reading, encounter_rules(self.type_facts))

    def title(self, key: DocumentType) -> str:
        """A type as a clerk says it."""
        known = self.type_facts.get(key)
        return known.title if known else key

    def offered(self) -> list[TypeFacts]:
        """The types that a clerk may give now."""
        return [facts for facts in self.type_facts.values() if not facts.retired]

    def stat(self, readings: Iterable[Reading]) -> list[bool]:
        """Of each, whether it must be seen before the others."""
        types = dict(self.type_facts.items())
        return [is_stat(reading, types, self.rules) for reading in readings]

    def rank(self) -> None:
        """Give what came in since its place in the work list."""
        rank_waiting(self.worklist, self.type_facts, self.rules)

    def lease(self) -> dt.timedelta:
        """How long an item stays in a clerk's hands."""
        return dt.timedelta(minutes=self.rules.lease_minutes)

    def blind(self, waiting: Waiting) -> bool:
        """Whether the clerk must answer from the pages alone."""
        return is_blind(waiting.review)

    def shown(self, waiting: Waiting) -> Waiting:
        """What a clerk may see of it: of a blind one no suggestion and no evidence."""
        kept = waiting.reading
        if not self.blind(waiting):
            if self.eyes is None or self.eyes.through_glass(kept):
                return waiting
            known = tuple(found for found in kept.patients if self.knows(found.value))
            return replace(waiting, reading=replace(kept, patients=known))
        bare = Reading(kept.document, (), (), urgent=kept.urgent)
        return Waiting(bare, blindfold(waiting.review), waiting.asked)

    def asking(self, reasons: Collection[str], limit: int) -> tuple[int, list[Waiting]]:
        """How many wait for one of these reasons, and the oldest; no blind ones."""
        wants = [Wanted(reason=reason) for reason in reasons]
        items = [i for want in wants for i in self.worklist.items(want, limit)]
        found = {one.waiting.reading.document.id: one.waiting for one in items}
        seen = [
            one
            for one in found.values()
            if not self.blind(one) and self.sees(one.reading)
        ]
        count = sum(self.worklist.count(want) for want in wants)
        if count <= limit:  # all are here: those with two reasons count once
            count = len(seen)
        return count, sorted(seen, key=lambda one: one.asked)[:limit]

    def with_stay(self, waiting: Waiting, said: Decision) -> Decision:
        """A blind answer with the one stay of its patient that nobody was shown."""
        stays = self.stays(waiting.reading)
        if not self.blind(waiting) or len(stays) != 1:
            return said
        own = stays[0].number if stays[0].patient == said.patient else None
        return replace(said, encounter=own)

    def audit(self, did: str, what: str, patient: str = "") -> None:
        """Write down what was done; ``patient`` is whose paper, by id."""
        about = {"patient": patient or self.whose, "purpose": self.purpose}
        said = {name: value for name, value in about.items() if value}
        (self.trail or self.catalogue).audit(self.clerk, did, what, **said)


class ChartNames:
    """Names for charts in URLs that tell nothing: an MRN may not stand in one.

    A keyed hash, with a key that lives as long as this process: a link from a
    browser's history opens nothing after a restart.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._known: dict[str, PatientId] = {}

    def of(self, patient: PatientId) -> str:
        name = hmac.new(self._key, patient.encode(), sha256).hexdigest()[:24]
        self._known[name] = patient
        return name

    def patient(self, name: str) -> PatientId | None:
        return self._known.get(name)
