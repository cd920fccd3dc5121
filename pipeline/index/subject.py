"""Whose one document is: its candidates weighed, with all that a clerk must know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.document import Doubt, Encounter, Patient, PatientId
from pipeline.finding import Clue, Evidence, Finding
from pipeline.index.alike import given_agrees, names_other
from pipeline.index.conflicts import as_evidence, contradictions, name_alerts
from pipeline.index.evidence import HINTS, Known, compare, relying, retired_numbers
from pipeline.index.keys import ACCOUNTS
from pipeline.index.lookalikes import likeness
from pipeline.index.matchrules import MatchRules
from pipeline.index.names import fold, name_from_value
from pipeline.index.numbers import MrnFormat, normalise
from pipeline.index.otherwise import Find, other_parts
from pipeline.index.patients import PatientIndex
from pipeline.index.posterior import posterior
from pipeline.index.shortlist import worth_weighing
from pipeline.index.stickers import label_doubt
from pipeline.page import Box

IDENTITY = frozenset({"mrn", "born", "name", "address", "phone", "ssn4", *ACCOUNTS})
_OWN_GROUPS = frozenset({"mrn", "birth date", "name", "account", "address", "phone"})
_SPOKEN = _OWN_GROUPS | {"given name"}
_ALERTS_SHOWN = 3
_SOMEONE_ELSE = -8.0  # bits: another full name, or another number and birth date
_ANOTHERS = -4.0  # bits of one source, which no other source makes up for
_ALONE = frozenset({"mrn", "birth date"})


@dataclass(frozen=True, slots=True)
class Subject:
    """The people a document may be about, best first, and what stands against filing.

    ``absent`` is the probability that it is none of those weighed.
    """

    patients: tuple[Finding[Patient], ...] = ()
    absent: float = 1.0
    contradictions: tuple[Evidence, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """The clues of a document: on its own pages, and those of the cover in force.

    ``folder`` is in whose folder it lies.
    """

    pages: tuple[int, ...]
    own: tuple[Clue, ...] = field(repr=False)
    cover: tuple[Clue, ...] = field(default=(), repr=False)
    folder: Patient | None = None

    @property
    def at_home(self) -> frozenset[str]:
        """Numbers of those whose folder it lies in, or whose cover is in force."""
        covers = {c.value for c in self.cover if c.field == "cover patient"}
        owners = {self.folder.mrn} if self.folder else set[str]()
        return frozenset(map(normalise, covers | owners))


class Matcher:
    """Weighs candidates of one batch; asks the index for each set of clues once."""

    def __init__(
        self,
        index: PatientIndex,
        rules: MatchRules,
        form: MrnFormat,
        declared: str = "",
        by: str = "index",
    ) -> None:
        self._index = index
        self._rules = rules
        self._form = form
        self._declared = declared
        self._by = by
        self._size = index.size
        self._found: dict[tuple[Clue, ...], tuple[Patient, ...]] = {}
        self._stays: dict[PatientId, tuple[Encounter, ...]] = {}

    def candidates(self, clues: Iterable[Clue]) -> tuple[Patient, ...]:
        """Who shares a key with these clues of the subject."""
        asked = tuple(c for c in clues if c.role == "subject" and c.field in _ASKED)
        if not asked:
            return ()
        if asked not in self._found:
            self._found[asked] = self._index.candidates(asked)
        return self._found[asked]

    def stays(self, patient: PatientId) -> tuple[Encounter, ...]:
        """The patient's encounters."""
        if patient not in self._stays:
            self._stays[patient] = self._index.encounters(patient)
        return self._stays[patient]

    def known(self, people: Sequence[Patient], clues: Iterable[Clue]) -> Known:
        """What comparing these clues with these people needs."""
        numbered = any(c.field in ACCOUNTS for c in clues)
        return Known(
            self._rules,
            self._index.frequencies(_names(people, clues)),
            {p.id: self.stays(p.id) for p in people} if numbered else {},
            self._declared,
            retired_numbers(people),
            self._form,
            max(self._size, self._rules.population_at_least),
        )

    def declared(self) -> Patient | None:
        """The patient whom the station or the folder names, if the index has them."""
        if not self._declared:
            return None
        nowhere = Box(0, 0, 0, 0)
        asked = Clue("mrn", self._declared, self._declared, 0, nowhere, 1.0)
        wanted = normalise(self._declared)
        near = self.candidates((asked,))
        return next((p for p in near if normalise(p.mrn) == wanted), None)

    def subject(self, told: Told, people: Sequence[Patient]) -> Subject:
        """Whose document it is, among these people and everybody else."""
        clues = (*told.own, *told.cover)
        near = worth_weighing(clues, people)
        kin = _kin(told.folder, people)
        if told.folder:  # whose folder it is, is never left out
            kept = {told.folder.id, *kin, *(p.id for p in near)}
            near = tuple(p for p in people if p.id in kept)
        known = replace(self.known(near, clues), at_home=told.at_home)
        if told.folder:
            known = replace(known, folder=told.folder.mrn, kin=kin)
        weighed = [(p, compare(clues, p, known)) for p in near]
        shares = posterior([e for _, e in weighed], self._size, self._rules)
        order = sorted(range(len(near)), key=lambda i: -_bits(weighed[i][1]))
        shown = order[: self._rules.patients_shown]
        findings = [
            Finding(weighed[i][0], shares.candidates[i], weighed[i][1], self._by)
            for i in shown
        ]
        beyond = sum(shares.candidates[i] for i in order[len(shown) :])
        absent = min(1.0, shares.absent + beyond)
        if not findings:
            return Subject(doubts=_own_doubt(told, None, known))
        best = findings[0].value
        against = contradictions(clues, best, people, known, self._form)
        reliance, notes = _reliance(told)
        extra = (*self._alerts(best, people), *reliance)
        findings[0] = replace(findings[0], evidence=(*findings[0].evidence, *extra))
        doubts = (
            *_own_doubt(told, best, known),
            *_page_doubts(told, best, known, self.candidates),
        )
        if not _lies_with(told, best):
            doubts = (*doubts, *label_doubt(told.own, best, known))
        return Subject(tuple(findings), absent, against, doubts, notes)

    def _alerts(self, best: Patient, people: Sequence[Patient]) -> tuple[Evidence, ...]:
        """Those that the index holds; where none were computed, looked for now.

        Of a million people many share a surname and a birth date by chance: who is
        weighed beside the best one is the posterior's business and the margin's.
        """
        held = self._index.alerts(best.id)
        if held is None:
            others = {p.id: p for p in (*people, *self.candidates(_as_clues(best)))}
            found = tuple(name_alerts(best, others.values()))
        else:
            found = tuple(map(as_evidence, held))
        return tuple({e.seen: e for e in found}.values())[:_ALERTS_SHOWN]


def _kin(folder: Patient | None, people: Iterable[Patient]) -> frozenset[PatientId]:
    """Those whose papers get into this patient's folder."""
    if folder is None:
        return frozenset()
    return frozenset(p.id for p in people if likeness(folder, p))


def _names(people: Iterable[Patient], clues: Iterable[Clue]) -> Iterator[str]:
    """Folded names that are weighed: as held and as printed, in either order."""
    held = (name for person in people for name in person.names)
    printed = (name_from_value(c.value) for c in clues if c.field == "name")
    for name in (*held, *printed):
        yield fold(name.family)
        yield fold(name.given)


_ASKED = IDENTITY | {"cover patient"}


def _as_clues(patient: Patient) -> tuple[Clue, ...]:
    """What a perfect page about the patient would say of name and birth."""
    nowhere = Box(0, 0, 0, 0)
    name = patient.names[0] if patient.names else None
    values = [("born", patient.born.isoformat())] if patient.born else []
    if name:
        values.append(("name", f"{name.family}|{name.given}|{name.middle}|"))
    return tuple(Clue(f, v, v, 0, nowhere, 1.0) for f, v in values)


def _bits(evidence: Iterable[Evidence]) -> float:
    return sum(e.weight for e in evidence)


def _lies_with(told: Told, best: Patient) -> bool:
    """Whether the folder, or the cover in force, is the patient's as well."""
    return normalise(best.mrn) in told.at_home


def _without_folder(known: Known) -> Known:
    """The same where the folder says nothing; itself, so that it is asked no more."""
    return replace(known, folder="") if known.folder else known


def _own_doubt(told: Told, best: Patient | None, known: Known) -> tuple[Doubt, ...]:
    """A document must say itself whose it is; a cover or a folder is not enough."""
    roles = {"subject", *HINTS}
    if not any(c.role in roles and c.field in IDENTITY for c in told.own):
        return (Doubt("no legible identity of its own"),)
    if best is None:
        return ()
    own = compare(told.own, best, _without_folder(known))
    if any(e.weight > 0 and e.source in _OWN_GROUPS for e in own):
        return ()
    return (Doubt("nothing on its own pages speaks for this patient"),)


def _page_doubts(
    told: Told, best: Patient, known: Known, find: Find
) -> tuple[Doubt, ...]:
    """Of pages that speak, legibly and by themselves, against the document's patient.

    The index may not know whom they are about, so that nothing is contradicted. A
    relative shares a surname and a twin a birth date, and a wrong sticker all but the
    printed name, so that each source is asked by itself.
    """
    bare = _without_folder(known)
    doubts = []
    for page in told.pages:
        clear = [
            c
            for c in told.own
            if c.page == page and c.confidence >= known.rules.legible
        ]
        said = compare(clear, best, bare)
        against = tuple(e for e in said if e.source in _SPOKEN and e.weight < 0)
        sum_ = _bits(e for e in said if e.source in _SPOKEN)
        alone = any(e.source in _ALONE and e.weight < _ANOTHERS for e in against)
        other = _names_other(clear, best) and not _renamed(said, clear, best)
        if sum_ < _SOMEONE_ELSE or alone or other:
            doubts.append(Doubt(f"page {page} seems to be someone else's", against))
        else:
            doubts += other_parts(page, clear, best, find)
    return tuple(doubts)


def _names_other(clues: Iterable[Clue], best: Patient) -> bool:
    return any(
        c.field == "name"
        and c.role == "subject"
        and names_other(name_from_value(c.value), best)
        for c in clues
    )


def _renamed(said: Iterable[Evidence], clues: Iterable[Clue], best: Patient) -> bool:
    """Whether only the surname is another: number, birth date and given name agree.

    People marry; a wrong sticker bears no birth date of the sheet's own patient.
    """
    exact = {e.source for e in said if e.exact}
    return exact >= _ALONE and all(
        given_agrees(name_from_value(c.value), best)
        for c in clues
        if c.field == "name" and c.role == "subject"
    )


def _reliance(told: Told) -> tuple[tuple[Evidence, ...], tuple[str, ...]]:
    """Which pages rely on which, where some bear no identity of their own."""
    bearing = {c.page for c in told.own if c.role == "subject" and c.field in IDENTITY}
    leaning = [page for page in told.pages if page not in bearing]
    carriers = [page for page in told.pages if page in bearing]
    if not leaning or not carriers:
        return (), ()
    which = ", ".join(map(str, leaning))
    said = "pages" if len(leaning) > 1 else "page"
    verb = "bear" if len(leaning) > 1 else "bears"
    note = f"{said} {which} {verb} no identity and relies on page {carriers[0]}"
    return (relying(carriers[0], leaning),), (
        note.replace("relies", "rely") if len(leaning) > 1 else note,
    )
