"""The seam to the hospital's patient index. It only retrieves; index scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from pipeline.document import Encounter, Patient, PatientId
from pipeline.finding import Clue
from pipeline.index.frequency import Frequencies
from pipeline.index.lookalikes import Alert


class PatientIndex(Protocol):
    """Looks patients up; never tells who is right.

    Raises StoreUnavailable when it cannot answer.
    """

    @property
    def size(self) -> int:
        """People in the index: the prior of a random match."""
        ...

    def candidates(self, clues: Iterable[Clue]) -> tuple[Patient, ...]:
        """Survivors who share a blocking key with the clues, each once."""
        ...

    def encounters(self, patient: PatientId) -> tuple[Encounter, ...]: ...

    def frequencies(self, names: Iterable[str]) -> Frequencies:
        """How common these folded names are in this index, as family and as given."""
        ...

    def alerts(self, patient: PatientId) -> tuple[Alert, ...] | None:
        """Who may be taken for this survivor; None where it was never computed."""
        ...


class AlertRows(Protocol):
    """Name alerts as store keeps them."""

    def of(self, patient: PatientId) -> tuple[tuple[str, str], ...] | None:
        """(kind, the other's MRN), survivors only; None before the first import."""
        ...


class PatientRows(Protocol):
    """Rows of the patient index by blocking key, as store keeps them."""

    def with_keys(
        self, keys: Sequence[str], most: int | None = None
    ) -> tuple[Patient, ...]:
        """Survivors of every row that has one of these keys, each once.

        With ``most`` of so many rows at most: those who share most, best first.
        """
        ...

    def bearers(self, keys: Sequence[str]) -> Mapping[str, int]:
        """How many rows bear the word of a name that each key stands for."""
        ...

    def count(self) -> int: ...

    def encounters(self, patient: PatientId) -> tuple[Encounter, ...]: ...
