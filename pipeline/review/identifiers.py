"""Each identifier of a document's patient: what was read and what the index says.

One list for the clerk's screen, the auditor and ``chartfiler why``: the evidence with
its bits is put beside the person whom it speaks for or against, and what was not read
is a line too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipeline.document import Patient, Reading
from pipeline.finding import Evidence, Finding
from pipeline.page import Box

Says = Literal["agree", "differ", "unread", ""]
ALERT = "name alert"
_OF_MRN = ": MRN "  # between the kind and the other one's number, as index writes it


@dataclass(frozen=True, slots=True)
class IdentifierRow:
    """One line of the list; ``says`` is "" for what identifies nobody: the prior.

    ``exact`` tells agreement to the letter from a misreading that is likely enough;
    ``vetoes`` an identifier that belongs to someone else. ``weight`` is in bits.
    """

    name: str
    read: str = field(repr=False)
    held: str = field(repr=False)
    says: Says
    weight: float = 0.0
    page: int | None = None
    box: Box | None = None
    exact: bool = False
    vetoes: bool = False


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Somebody who may be taken for the patient, and what tells the two apart.

    ``apart``: (what, the patient's, the other one's), where they differ.
    """

    kind: str
    other: Patient
    apart: tuple[tuple[str, str, str], ...] = field(repr=False)


def identifier_rows(
    reading: Reading, found: Finding[Patient]
) -> tuple[IdentifierRow, ...]:
    """Identifiers first, the ones that were not read among them; then all other bits.

    The bits of all rows are the finding's, so that they add up.
    """
    patient = found.value
    spoken = [e for e in found.evidence if e.source in _HELD]
    rows = [_row(e, patient) for e in spoken]
    if reading.patients and found == reading.patients[0]:
        rows += _vetoes(reading.contradictions, spoken, patient)
    read = {_GROUP.get(e.source, e.source) for e in (*spoken, *reading.contradictions)}
    rows += [
        IdentifierRow(_NAMES[source], "", held(patient), "unread")
        for source, held in _HELD.items()
        if source in _EXPECTED and source not in read and held(patient)
    ]
    order = list(_NAMES.values())
    rows.sort(key=lambda row: (order.index(row.name), not row.vetoes, -row.weight))
    others = [e for e in found.evidence if e.source not in (*_HELD, ALERT)]
    return (*rows, *(_other(e) for e in others))


def lookalikes(
    patient: Patient,
    alerts: Iterable[tuple[str, str]],
    with_mrn: Callable[[str], Patient | None],
) -> tuple[Lookalike, ...]:
    """Who may be taken for the patient, by (kind, MRN); each person once."""
    people: dict[str, Lookalike] = {}
    for kind, mrn in alerts:
        other = with_mrn(mrn)
        if other is not None and other.id != patient.id:
            told = Lookalike(kind, other, apart(patient, other))
            people.setdefault(other.id, told)
    return tuple(people.values())


def alerts_in(evidence: Iterable[Evidence]) -> tuple[tuple[str, str], ...]:
    """(kind, MRN of the other one) of the name alerts among some evidence."""
    told = (e.seen.partition(_OF_MRN) for e in evidence if e.source == ALERT)
    return tuple((kind, mrn) for kind, sign, mrn in told if sign)


def apart(one: Patient, other: Patient) -> tuple[tuple[str, str, str], ...]:
    """What tells two people apart: (what, of the one, of the other)."""
    pairs = [
        (_NAMES[source], held(one), held(other))
        for source, held in _HELD.items()
        if source in _TELLING
    ]
    return tuple(pair for pair in pairs if pair[1] != pair[2])


def total(rows: Sequence[IdentifierRow]) -> float:
    """The bits of all rows."""
    return sum(row.weight for row in rows)


def _row(evidence: Evidence, patient: Patient) -> IdentifierRow:
    return IdentifierRow(
        name=_NAMES[evidence.source],
        read=evidence.seen,
        held=_HELD[evidence.source](patient),
        says="agree" if evidence.weight > 0 else "differ",
        weight=evidence.weight,
        page=evidence.page,
        box=evidence.box,
        exact=evidence.exact,
    )


def _vetoes(
    contradictions: Iterable[Evidence], spoken: Sequence[Evidence], patient: Patient
) -> Iterator[IdentifierRow]:
    """Someone else's identifiers; their bits, where they have any, are spoken ones'."""
    there = {(e.source, e.page, e.box) for e in spoken if e.weight < 0}
    for one in contradictions:
        weight = 0.0 if (one.source, one.page, one.box) in there else one.weight
        if one.source in _HELD:
            yield IdentifierRow(
                name=_NAMES[one.source],
                read=one.seen,
                held=_HELD[one.source](patient),
                says="differ",
                weight=min(weight, 0.0),
                page=one.page,
                box=one.box,
                vetoes=True,
            )


def _other(evidence: Evidence) -> IdentifierRow:
    where = evidence.page, evidence.box
    return IdentifierRow(
        evidence.source, evidence.seen, "", "", evidence.weight, *where
    )


def _names(patient: Patient, part: str) -> str:
    """That part of every name the person ever had, the official one first."""
    told = (getattr(name, part) for name in patient.names)
    return ", formerly ".join(dict.fromkeys(filter(None, told)))


def _own(patient: Patient, part: str) -> str:
    return str(getattr(patient.names[0], part)) if patient.names else ""


_HELD: dict[str, Callable[[Patient], str]] = {
    "mrn": lambda p: p.mrn,
    "cover": lambda p: p.mrn,
    "account": lambda _: "",
    "name": lambda p: _names(p, "family"),
    "given name": lambda p: _names(p, "given"),
    "middle name": lambda p: _own(p, "middle"),
    "suffix": lambda p: _own(p, "suffix"),
    "birth date": lambda p: p.born.isoformat() if p.born else "",
    "sex": lambda p: p.sex,
    "address": lambda p: p.address,
    "phone": lambda p: p.phone,
    "ssn": lambda p: p.ssn_last4,
}
_NAMES = {
    "mrn": "MRN",
    "cover": "MRN on the cover",
    "account": "Account",
    "name": "Last name",
    "given name": "First name",
    "middle name": "Middle name",
    "suffix": "Suffix",
    "birth date": "Birth date",
    "sex": "Sex",
    "address": "Address",
    "phone": "Phone",
    "ssn": "SSN, last four",
}
_GROUP = {"cover": "mrn"}  # one number, whichever sheet bears it
_EXPECTED = frozenset({"mrn", "name", "given name", "birth date", "sex", "address"})
_TELLING = frozenset(
    {"mrn", "name", "given name", "middle name", "suffix", "birth date", "sex"}
)
