"""The real candidates, score and decision over every page of the trap set.

What is kept of a page is enough to ask afterwards what any thresholds would have done:
the best patient, how sure, how far ahead, and every reason that no threshold moves.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import multiprocessing
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.reading.machine import CHECKOUT
from benchmarks.traps.memory import MemoryAlerts, MemoryRows
from benchmarks.traps.pages import Pages, TrapPage, Truth
from benchmarks.traps.peers import exact_rules
from benchmarks.traps.people import People
from pipeline.document import (
    BatchId,
    DocumentId,
    DocumentType,
    Patient,
    Reading,
    Review,
    ScannedDocument,
)
from pipeline.finding import Clue, Finding
from pipeline.index.candidates import KeyedIndex
from pipeline.index.cluerules import ClueRules
from pipeline.index.clues import clues_of
from pipeline.index.matchrules import MatchRules
from pipeline.index.numbers import MrnFormat
from pipeline.index.posterior import posterior
from pipeline.index.roles import load_roles
from pipeline.index.subject import Matcher, Told
from pipeline.review.rules import FilingRules, decide

FORM = MrnFormat((8,), "", "iso7064_mod11_10")
_KIND = DocumentType("note")
_RECEIVED = dt.date(2026, 1, 1)
_SURE = (Finding(_KIND, 1.0, (), "traps"),)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What became of a page; ``best`` is a row of the index, -1 for nobody.

    ``doubt`` is 1 minus the confidence, ``unshadowed`` the same without shadows, and
    ``margin`` in bits, capped; ``reasons`` hold at any threshold of the patient's.
    """

    truth: Truth
    best: int
    doubt: float
    unshadowed: float
    margin: float
    reasons: tuple[str, ...]
    candidates: int
    scored: float  # seconds of CPU
    read: tuple[str, ...] = field(repr=False)  # FIELDS, as the clue finder found them
    by_rule: int = -1  # whom the exact rules would file it to

    @property
    def right(self) -> bool:
        return self.best == self.truth.row


@dataclass(frozen=True, slots=True)
class Weigher:
    """An index of people, and the rules that pages are weighed by."""

    people: People = field(repr=False)
    rows: MemoryRows = field(repr=False)
    alerts: MemoryAlerts = field(repr=False)
    clues: ClueRules
    match: MatchRules
    filing: FilingRules

    def matcher(self) -> Matcher:
        return Matcher(KeyedIndex(self.rows, FORM, self.alerts), self.match, FORM)

    def weigh(self, one: TrapPage) -> Weighed:
        clues = clues_of(one.page, self.clues)
        read = read_of(clues)
        matcher, told = self.matcher(), Told((1,), clues)
        people = matcher.candidates(clues)
        before, began = self.alerts.spent, time.process_time()
        subject = matcher.subject(told, people)
        reading = Reading(
            ScannedDocument(DocumentId("d"), BatchId("b"), (1,)),
            _SURE,
            subject.patients,
            absent=subject.absent,
            contradictions=subject.contradictions,
            doubts=subject.doubts,
        )
        decided = decide(reading, self.filing)
        took = time.process_time() - began - (self.alerts.spent - before)
        bits = [sum(e.weight for e in f.evidence) for f in subject.patients]
        return Weighed(
            one.truth,
            int(subject.patients[0].value.id[1:]) if bits else -1,
            1.0 - subject.patients[0].confidence if bits else 1.0,
            self._unshadowed(subject.patients),
            min(bits[0] - max(bits[1:], default=-999.0), 999.0) if bits else 0.0,
            tuple(d.reason for d in decided.reasons)
            if isinstance(decided, Review)
            else (),
            len(people),
            took,
            read,
            exact_rules(read, people),
        )

    def _unshadowed(self, found: Sequence[Finding[Patient]]) -> float:
        """1 minus the confidence if nobody stood beside a candidate unseen."""
        if not found:
            return 1.0
        evidence = [one.evidence for one in found]
        return posterior(evidence, self.rows.count(), self.match, ()).others[0]


def read_of(clues: Sequence[Clue]) -> tuple[str, ...]:
    """The first of each of FIELDS that the page says of its subject; "" for none."""
    own = {c.field: c.value for c in reversed(clues) if c.role == "subject"}
    family, given = (*own.get("name", "").split("|"), "", "")[:2]
    rest = (own.get(name, "") for name in ("born", "sex", "address", "phone"))
    return (own.get("mrn", ""), family, given, *rest)


def weigher(people: People, rows: MemoryRows) -> Weigher:
    """With the shipped rules, the thresholds of the patient apart."""
    return Weigher(
        people,
        rows,
        MemoryAlerts(rows),
        ClueRules(_RECEIVED, FORM, people=load_roles(CHECKOUT / "models" / "roles")),
        MatchRules(),
        dataclasses.replace(shipped(), patient_at_least=0.0, patient_margin=-1e9),
    )


def shipped() -> FilingRules:
    """[filing] of config/pipeline.toml."""
    told = tomllib.loads((CHECKOUT / "config" / "pipeline.toml").read_text())
    return FilingRules(**told["filing"], open_types=frozenset({_KIND}))


def weigh_all(
    one: Weigher, pages: Pages, numbers: Sequence[int], workers: int
) -> Iterator[Weighed]:
    """Every page, in order; in forks, so that the index is held once."""
    _at_work[:] = [(one, pages)]  # forks inherit it without a copy
    if workers < 2:
        yield from map(_weigh, numbers)
        return
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield from pool.imap(_weigh, numbers, chunksize=250)


_at_work: list[tuple[Weigher, Pages]] = []


def _weigh(number: int) -> Weighed:
    one, pages = _at_work[0]
    return one.weigh(pages.at(number))
