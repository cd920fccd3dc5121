"""What a person sees: which paper is of their facilities and of their classes.

Lists ask for each of their rows; the gate asks for the one paper of an address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.access.permissions import LIKELY, Closed, sees, works_for
from pipeline.document import (
    BatchId,
    DocumentId,
    DocumentType,
    FiledDocument,
    Patient,
    PatientId,
    Reading,
    TypeFacts,
)
from pipeline.store.catalogue import Catalogue
from pipeline.users import Glass, User


class Index(Protocol):
    """The patient index, as far as it says whose a patient is."""

    def get(self, patient: PatientId) -> Patient | None: ...


@dataclass(frozen=True, slots=True)
class Papers:
    """What each paper asks of whoever wants to see it.

    Its facility is its patient's, else that of the station which scanned it
    (``stations``, the section [facilities]).
    """

    catalogue: Catalogue
    people: Index
    type_facts: Mapping[DocumentType, TypeFacts]
    stations: Mapping[str, str] = field(default_factory=dict)

    def of_document(self, id_: DocumentId) -> Closed | None:
        """Of the live version, else of what was read; None: there is no such one."""
        filed = self.catalogue.filed(id_)
        if filed:
            return self.of_filed(filed)
        try:
            return self.of_reading(self.catalogue.reading(id_))
        except KeyError:
            return None

    def of_filed(self, filed: FiledDocument) -> Closed:
        decided = filed.decision
        patient = self.people.get(decided.patient)
        facility = patient.facility if patient else ""
        if not facility and self.stations:
            read = self.catalogue.reading(filed.document)
            facility = self._of_batch(read.document.batch)
        ids = {filed.document, decided.patient, patient.id if patient else ""}
        flags = self._flags([decided.type])
        whose = patient.id if patient else decided.patient
        return Closed(frozenset({facility}), flags, _ids(ids), whose)

    def of_reading(self, reading: Reading) -> Closed:
        """As restricted as anything that it may well be."""
        whose = [f.value for f in reading.patients if f.confidence >= LIKELY]
        facilities = {patient.facility for patient in whose} or {""}
        if "" in facilities and self.stations:
            facilities -= {""}
            facilities |= {self._of_batch(reading.document.batch)}
        kinds = [found.value for found in reading.types if found.confidence >= LIKELY]
        ids = {reading.document.id, *(patient.id for patient in whose)}
        likeliest = whose[0].id if whose else ""
        return Closed(frozenset(facilities), self._flags(kinds), _ids(ids), likeliest)

    def of_patient(self, id_: PatientId) -> Closed:
        """To know who someone is asks for their facility, and for no class."""
        patient = self.people.get(id_)
        facility = patient.facility if patient else ""
        ids = {id_, patient.id if patient else ""}
        return Closed(frozenset({facility}), frozenset(), _ids(ids), id_)

    def of_batch(self, batch: BatchId) -> Closed:
        """A batch still in hand, by its station."""
        facility = self._of_batch(batch) if self.stations else ""
        return Closed(frozenset({facility}), frozenset(), _ids({batch}))

    def _of_batch(self, batch: BatchId) -> str:
        try:
            station = self.catalogue.batch(batch).station
        except KeyError:
            return ""
        return self.stations.get(station, "")

    def _flags(self, kinds: Iterable[DocumentType]) -> frozenset[str]:
        known = (self.type_facts.get(kind) for kind in kinds)
        return frozenset(flag for facts in known if facts for flag in facts.flags)


@dataclass(frozen=True, slots=True)
class Eyes:
    """One person's, with the glasses that they have broken."""

    user: User
    papers: Papers
    broken: tuple[Glass, ...] = ()

    def see(self, paper: Closed) -> bool:
        return sees(self.user, paper, [glass.opened for glass in self.broken])

    def glass_for(self, paper: Closed) -> Glass | None:
        """The broken glass through which this is seen."""
        return next((one for one in self.broken if one.opened in paper.ids), None)

    def through_glass(self, reading: Reading) -> bool:
        """Whether a glass was broken for this document."""
        return self.glass_for(self.papers.of_reading(reading)) is not None

    def reading(self, reading: Reading) -> bool:
        return self.see(self.papers.of_reading(reading))

    def filed(self, filed: FiledDocument) -> bool:
        return self.see(self.papers.of_filed(filed))

    @property
    def all_facilities(self) -> bool:
        """Whether also what belongs to no facility that is known is theirs."""
        return works_for(self.user, "")

    def patient(self, patient: Patient) -> bool:
        """Whether the person may know this patient."""
        opened = {one.opened for one in self.broken}
        return works_for(self.user, patient.facility) or patient.id in opened


def _ids(ids: Iterable[str]) -> frozenset[str]:
    return frozenset(id_ for id_ in ids if id_)
