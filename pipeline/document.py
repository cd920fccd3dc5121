"""A document's life: received in a batch, read, understood, decided, filed."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field
from typing import Literal, NewType

from pipeline.finding import Evidence, Finding
from pipeline.page import QuarterTurn

Key = NewType("Key", str)  # SHA-256 of the stored bytes, hex
BatchId = NewType("BatchId", str)
DocumentId = NewType("DocumentId", str)
PatientId = NewType("PatientId", str)
DocumentType = NewType("DocumentType", str)  # a key of Tools.type_facts
Priority = Literal["stat", "routine"]
EncounterRule = Literal["none", "allowed", "required"]
# the last three only ever on a clerk's word; "replaced": a better scan came
Removed = Literal["blank", "separator", "cover", "duplicate", "no record", "replaced"]


# --- what came in --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What the station declared beside a batch: evidence, not truth."""

    station: str = ""
    operator: str = ""
    box: str = ""
    volume: str = ""
    sheets: int | None = None  # sheets fed
    patient: str = field(default="", repr=False)  # an MRN
    order: tuple[str, ...] = field(default=(), repr=False)  # file names, page order


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One received file, kept byte for byte.

    ``name`` is its path relative to the inbox or the argument, "/" between parts.
    """

    name: str = field(repr=False)
    key: Key
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """One file, or the files of one folder or name pattern, in page order."""

    id: BatchId
    received: dt.datetime  # UTC
    station: str  # the watched folder or "process"
    files: tuple[SourceFile, ...]
    sidecar: Sidecar = Sidecar()
    late_for: BatchId | None = None  # came after that batch was closed: to review


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Where page ``number`` of a batch comes from; counted from 1 throughout."""

    number: int  # in its batch
    file: int  # position of its file in the batch
    page: int  # in its file


# --- who is known --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as registered; ``alias`` for every other name ever used."""

    family: str = field(repr=False)
    given: str = field(repr=False)
    middle: str = field(default="", repr=False)
    suffix: str = field(default="", repr=False)
    alias: bool = False


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number, who gave it out, and what it numbers ("MR", "AN", "SS"...)."""

    value: str = field(repr=False)
    authority: str
    type: str


@dataclass(frozen=True, slots=True)
class Patient:
    """One person of the patient index; merged numbers are among ``identifiers``."""

    id: PatientId
    mrn: str = field(repr=False)  # the surviving one
    names: tuple[Name, ...] = field(repr=False)  # the official one first
    born: dt.date | None = field(default=None, repr=False)
    sex: str = field(default="", repr=False)  # "F", "M" or ""
    identifiers: tuple[Identifier, ...] = ()
    address: str = field(default="", repr=False)
    city: str = field(default="", repr=False)
    postal_code: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    ssn_last4: str = field(default="", repr=False)
    died: dt.date | None = field(default=None, repr=False)
    birth_order: int | None = None
    facility: str = ""


@dataclass(frozen=True, slots=True)
class NameWord:
    """One word of people's names: ``part`` is "family" or "given"."""

    part: str
    word: str = field(repr=False)  # folded
    sound: str = field(default="", repr=False)

    @property
    def key(self) -> str:
        """The blocking key of those who bear it."""
        return f"{self.part}:{self.word}"


@dataclass(frozen=True, slots=True)
class Encounter:
    """One stay or visit. ``kind`` is HL7's patient class (I, O, E...)."""

    number: str = field(repr=False)
    facility: str
    patient: PatientId
    kind: str = ""
    admit: dt.date | None = field(default=None, repr=False)
    discharge: dt.date | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Holding:
    """Someone whom the index does not know, by what the paper says.

    ``box``, ``volume`` and ``old_number`` make its id (``holding_id``); a document is
    filed under that id as under a patient's, and leads to ``patient`` once a steward
    has linked it.
    """

    id: PatientId
    box: str
    volume: str
    old_number: str = field(repr=False)
    family: str = field(default="", repr=False)
    given: str = field(default="", repr=False)
    born: dt.date | None = field(default=None, repr=False)
    patient: PatientId | None = None


_HELD = re.compile(r"h[0-9a-f]{16}")


def holding_id(box: str, volume: str, old_number: str) -> PatientId:
    """The id of a holding record, however its three parts were typed; opaque."""
    parts = ("".join(filter(str.isalnum, p)).upper() for p in (box, volume, old_number))
    seed = "\0".join(parts).encode()
    return PatientId("h" + hashlib.sha256(seed).hexdigest()[:16])


def is_held(patient: PatientId) -> bool:
    """Whether this is the id of a holding record, not of a patient."""
    return _HELD.fullmatch(patient) is not None


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """One type of paper: a row of config/document_types.toml, or a site's own.

    Several types may share one LOINC code. ``like`` is the shipped type that a local
    one specialises. A retired type holds for what is filed, and is given no more.
    """

    key: DocumentType
    loinc: str
    title: str
    retention: str  # a class of config/retention.toml
    flags: tuple[str, ...] = ()  # of sensitivity: "PSY", "SUD"...
    priority: Priority = "routine"
    category: str = ""  # the tab of the chart, in the site's words
    original_required: bool = False  # the paper is kept after scanning
    encounter: EncounterRule = "allowed"  # none: it is the patient's, of no one stay
    codes: tuple[tuple[str, str], ...] = ()  # (target system, its code)
    synonyms: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()  # numbers printed on its forms: "HB-1042"
    like: DocumentType | None = None
    local: bool = False
    retired: bool = False


# --- what is made of it --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ScannedDocument:
    """Pages of one batch that belong together, by number, in page order."""

    id: DocumentId
    batch: BatchId
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason for a clerk to look: a plain sentence without patient text.

    ``evidence`` is what was seen, so that the clerk sees it as well.
    """

    reason: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the machine makes of one document, best first; the clerk sees this.

    ``dates`` are those that it is about, ``admitted`` and ``discharged`` what it says
    of its stay. ``absent`` is the probability that the subject is none of ``patients``
    (not in the index, or a person whom the index does not show). ``boundary`` is the
    probability that both edges are right and nothing inside begins another document.
    ``contradictions`` are legible identifiers of the page's subject that belong to
    someone else; each alone vetoes. ``doubts`` are what the rooms found that a clerk
    must see whatever the numbers say (a page that could not be read, a late file);
    ``notes`` is worth telling but holds nothing back (a page scanned twice);
    ``urgent`` are words that ask for haste: they order the queue and decide nothing.
    """

    document: ScannedDocument
    types: tuple[Finding[DocumentType], ...]
    patients: tuple[Finding[Patient], ...]
    dates: tuple[Finding[dt.date], ...] = ()
    encounters: tuple[Finding[Encounter], ...] = ()
    admitted: tuple[Finding[dt.date], ...] = ()
    discharged: tuple[Finding[dt.date], ...] = ()
    absent: float = 0.0
    boundary: float = 1.0
    contradictions: tuple[Evidence, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = ()
    urgent: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """How a batch falls apart: documents in page order, and what belongs to none.

    Every page of the batch is in exactly one of the two.
    """

    readings: tuple[Reading, ...]
    removed: tuple[tuple[int, Removed], ...] = ()  # (page number, as what)
    by: str = ""  # models and rules, with versions


# --- what is done with it ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a document goes, and who answers for it."""

    patient: PatientId
    type: DocumentType
    date: dt.date | None  # service date; None files undated
    encounter: str | None = field(repr=False)
    by: str  # "rules 2026-11", or "clerk ada"


@dataclass(frozen=True, slots=True)
class Correction:
    """A clerk's word that what is filed lies wrong: where it belongs, or nowhere.

    ``of`` is the version that the clerk looked at. ``decision`` None takes it out of
    the record. ``misfiled``: it lay in another person's record. ``turns``: how pages
    stand from now on, by number in the batch, clockwise of how the machine read them.
    ``pages`` are those that the document has from now on, in order; none: as before.
    What it loses goes to a clerk, or is set aside where other pages come instead.
    """

    of: DocumentId
    decision: Decision | None
    reason: str = field(repr=False)
    misfiled: bool
    by: str
    turns: tuple[tuple[int, QuarterTurn], ...] = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """Why a clerk must look first; never empty."""

    reasons: tuple[Doubt, ...]

    def __post_init__(self) -> None:
        if not self.reasons:
            raise ValueError("a review without a reason")


@dataclass(frozen=True, slots=True)
class Recut:
    """Documents of one batch that a clerk cut anew: what lay there, and what now does.

    The pages of ``replaced`` and those ``restored`` (set aside until now) are those of
    the new documents and of ``removed``, each once. ``asked`` has the new documents
    with the questions that they wait with; their ids are the catalogue's to give.
    """

    batch: BatchId
    did: str  # "split", "merged", "set aside"...
    replaced: tuple[DocumentId, ...]
    asked: tuple[tuple[Reading, Review], ...]
    by: str
    removed: tuple[tuple[int, Removed], ...] = ()
    restored: tuple[int, ...] = ()
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Relaid:
    """Which pages a filed document has from now on, and how others are cut for it.

    ``recuts`` make documents of the pages that it loses, and take those that it gets
    out of documents that wait.
    """

    pages: tuple[int, ...]
    recuts: tuple[Recut, ...] = ()


@dataclass(frozen=True, slots=True)
class FiledDocument:
    """A document in the record, never changed: a correction files a new one.

    ``id`` is the document's own id for the first version, with "-v2"... after it
    for later ones; ``document`` stays the same through all versions.
    """

    id: DocumentId
    document: DocumentId
    decision: Decision
    key: Key  # of the filed PDF
    filed: dt.datetime  # UTC
    replaces: DocumentId | None = None
