"""The patient index as one person knows it: people of other facilities are not in it.

Whoever sits at the desk asks this one, so that no screen can name a stranger: not by a
search, not by a typed MRN, not by a suggestion. The patient whose paper is at hand is
known, also behind a broken glass.
"""

from __future__ import annotations

from typing import Protocol

from pipeline.document import Patient, PatientId
from pipeline.web.eyes import Eyes

WIDER = 5  # times as many are looked through, since some are not shown


class Index(Protocol):
    """As far as a clerk looks things up in it."""

    def find(self, text: str, limit: int) -> tuple[Patient, ...]: ...

    def get(self, patient: PatientId) -> Patient | None: ...

    def mrn_owner(self, mrn: str) -> PatientId | None: ...


class KnownPeople:
    """Only whom these eyes may know."""

    def __init__(self, index: Index, eyes: Eyes, whose: str = "") -> None:
        self._index, self._eyes, self._whose = index, eyes, whose

    def find(self, text: str, limit: int) -> tuple[Patient, ...]:
        found = self._index.find(text, limit * WIDER)
        return tuple(one for one in found if self._known(one))[:limit]

    def get(self, patient: PatientId) -> Patient | None:
        """None also for whom these eyes may not know."""
        found = self._index.get(patient)
        return found if found and self._known(found) else None

    def mrn_owner(self, mrn: str) -> PatientId | None:
        """None also for a number of somebody whom these eyes may not know."""
        owner = self._index.mrn_owner(mrn)
        return owner if owner and self.get(owner) else None

    def _known(self, patient: Patient) -> bool:
        return patient.id == self._whose or self._eyes.patient(patient)
