"""The patient index of one site, asked by blocking keys."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.document import Encounter, Patient, PatientId
from pipeline.finding import Clue
from pipeline.index.frequency import Frequencies, IndexShares
from pipeline.index.keys import clue_keys
from pipeline.index.lookalikes import Alert
from pipeline.index.namewords import FAMILY, GIVEN, key_of
from pipeline.index.numbers import MrnFormat
from pipeline.index.patients import AlertRows, PatientRows

MOST = 100  # people weighed for a page: of a thousand namesakes nobody is the one


class KeyedIndex:
    """A PatientIndex over rows by key; ``form`` is how the site's MRNs are made.

    Without ``alerts`` each name alert is looked for when it is asked after.
    """

    def __init__(
        self, rows: PatientRows, form: MrnFormat, alerts: AlertRows | None = None
    ) -> None:
        self._rows = rows
        self._form = form
        self._alerts = alerts
        self._counted = 0  # of the last look at ``size``, which every batch takes

    @property
    def size(self) -> int:
        """People in the index now."""
        self._counted = self._rows.count()
        return self._counted

    def candidates(self, clues: Iterable[Clue]) -> tuple[Patient, ...]:
        """Survivors that share a key with the clues; nobody for no clues."""
        keys = clue_keys(clues, self._form)
        return self._rows.with_keys(keys, MOST) if keys else ()

    def encounters(self, patient: PatientId) -> tuple[Encounter, ...]:
        return self._rows.encounters(patient)

    def frequencies(self, names: Iterable[str]) -> Frequencies:
        """Shares of the index's rows, so far as it has rows enough to say."""
        known = {*names} - {""}
        told: dict[str, dict[str, int]] = {}
        for part in (FAMILY, GIVEN):
            keys = {key_of(part, name): name for name in known}
            counts = self._rows.bearers(tuple(keys))
            told[part] = {name: counts[key] for key, name in keys.items()}
        return IndexShares(told[FAMILY], told[GIVEN], self._counted or self.size)

    def alerts(self, patient: PatientId) -> tuple[Alert, ...] | None:
        """Who may be taken for this survivor; None where it was never computed."""
        held = self._alerts.of(patient) if self._alerts else None
        return None if held is None else tuple(Alert(*one) for one in held)
