"""A patient index in memory over a million made-up people, found by hashed keys.

The same blocking keys and the same rules for name alerts as over SQLite; only the rows
are kept otherwise, so that a run of 100,000 pages needs no import. Alerts are found
when they are first asked for and not counted as scoring: a site has them beforehand.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.traps.names import GIVENS
from benchmarks.traps.people import ORIGINS, People, family_name
from pipeline.document import Encounter, Name, Patient, PatientId
from pipeline.index.keys import patient_keys
from pipeline.index.lookalikes import alerts_of, known_by
from pipeline.index.namewords import FAMILY, patient_words, word

_KEPT = 300_000  # people held as objects


class MemoryRows:
    """PatientRows over the columns; hashes of one process and its forks only."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._person = lru_cache(maxsize=_KEPT)(people.at)
        hashes, rows = _hashed(people)
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._rows = hashes[order], rows[order]
        self._bearers = _bearers(people)

    def with_keys(
        self, keys: Sequence[str], most: int | None = None
    ) -> tuple[Patient, ...]:
        asked = np.fromiter(map(hash, keys), np.int64, len(keys))
        starts = np.searchsorted(self._hashes, asked, "left")
        ends = np.searchsorted(self._hashes, asked, "right")
        some = [self._rows[a:b] for a, b in zip(starts, ends, strict=True) if b > a]
        if not some:
            return ()
        found, shared = np.unique(np.concatenate(some), return_counts=True)
        if most is not None:
            found = found[np.argsort(-shared, kind="stable")][:most]
        return tuple(map(self._person, found.tolist()))

    def bearers(self, keys: Sequence[str]) -> Mapping[str, int]:
        return {key: self._bearers.get(key, 0) for key in keys}

    def count(self) -> int:
        return len(self._people)

    def encounters(self, _patient: PatientId) -> tuple[Encounter, ...]:
        return ()

    def person(self, row: int) -> Patient:
        return self._person(row)


class MemoryAlerts:
    """AlertRows by the rule that a site's import uses; ``spent`` counts seconds."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows
        self._found: dict[PatientId, tuple[tuple[str, str], ...]] = {}
        self.spent = 0.0

    def of(self, patient: PatientId) -> tuple[tuple[str, str], ...] | None:
        began = time.process_time()
        if patient not in self._found:
            one = self._rows.person(int(patient[1:]))
            self._found[patient] = tuple(self._alerts(one))
        self.spent += time.process_time() - began
        return self._found[patient]

    def _alerts(self, one: Patient) -> Iterator[tuple[str, str]]:
        others = self._rows.with_keys(known_by(one))
        for who, other, kind in alerts_of(one, others, self._count):
            if who == one.id:
                yield kind, self._rows.person(int(other[1:])).mrn

    def _count(self, surname: str) -> int:
        key = word(FAMILY, surname).key
        return self._rows.bearers((key,))[key]


def _hashed(people: People) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    hashes: list[NDArray[np.int64]] = []
    rows: list[NDArray[np.int32]] = []
    for start in range(0, len(people), 50_000):
        keys: list[int] = []
        owners: list[int] = []
        for row in range(start, min(start + 50_000, len(people))):
            found = patient_keys(people.at(row))
            keys.extend(map(hash, found))
            owners.extend([row] * len(found))
        hashes.append(np.array(keys, np.int64))
        rows.append(np.array(owners, np.int32))
    return np.concatenate(hashes), np.concatenate(rows)


def _bearers(people: People) -> dict[str, int]:
    """How many people bear the word of a name, by the word's key."""
    counts: dict[str, int] = {}
    for name, number in _names(people):
        for one in patient_words(Patient(PatientId(""), "", (name,))):
            counts[one.key] = counts.get(one.key, 0) + number
    return counts


def _names(people: People) -> Iterator[tuple[Name, int]]:
    """Every surname and every given name by itself, and how many have it."""
    pairs = np.stack([people.family, people.second])
    found, numbers = np.unique(pairs, axis=1, return_counts=True)
    for (first, second), number in zip(found.T.tolist(), numbers.tolist(), strict=True):
        tail = f"-{family_name(second)}" if second >= 0 else ""
        yield Name(family_name(first) + tail, ""), number
    for at, origin in enumerate(ORIGINS):
        for sex, flag in (("F", 1), ("M", 0)):
            chosen = (people.origin == at) & (people.female == flag)
            givens, numbers = np.unique(people.given[chosen], return_counts=True)
            names = GIVENS[origin][sex].names
            for given, number in zip(givens.tolist(), numbers.tolist(), strict=True):
                yield Name("", names[given]), number
