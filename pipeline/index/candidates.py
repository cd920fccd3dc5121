"""The patient index of one site, asked by blocking keys."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.document import Encounter, Patient, PatientId
from pipeline.finding import Clue
from pipeline.index.keys import clue_keys
from pipeline.index.numbers import MrnFormat
from pipeline.index.patients import PatientRows


class KeyedIndex:
    """A PatientIndex over rows by key; ``form`` is how the site's MRNs are made."""

    def __init__(self, rows: PatientRows, form: MrnFormat) -> None:
        self._rows = rows
        self._form = form

    @property
    def size(self) -> int:
        """People in the index now."""
        return self._rows.count()

    def candidates(self, clues: Iterable[Clue]) -> tuple[Patient, ...]:
        """Survivors that share a key with the clues; nobody for no clues."""
        keys = clue_keys(clues, self._form)
        return self._rows.with_keys(keys) if keys else ()

    def encounters(self, patient: PatientId) -> tuple[Encounter, ...]:
        return self._rows.encounters(patient)
