"""From a watched inbox to batches whose originals are stored; the source goes last.

Settled files are claimed by a rename into ``INBOX/.work`` (one winner), hashed and
stored, committed to the catalogue, and only then removed. A kill at any line leaves a
claim that the next look finishes by the same rules and under the same batch id. What
cannot be taken goes to ``INBOX/.quarantine`` with its reason, and stops nothing.

Received bytes are hashed here, and their first and last ones looked at; pages are
opened only in the pool.
"""

from __future__ import annotations

import datetime as dt
import os
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from pipeline.document import Batch, BatchId, Key, Sidecar, SourceFile
from pipeline.errors import InputError, SettingsError
from pipeline.ingest import sidecar
from pipeline.ingest.batches import BatchRules, Found, Group, groups
from pipeline.ingest.claims import Claim, Claims, Taken
from pipeline.ingest.settling import (
    Mark,
    Rest,
    Settling,
    entries,
    look_at,
    mark_of,
    opened,
    shape_of,
)

NOT_REGULAR = "a link or not a regular file: send the file itself"
EMPTY = "the file is empty: scan the sheets again"
UNFINISHED = "the file never got its end, or cannot be read: scan the sheets again"
UNKNOWN = "not a format we take: send PDF, TIFF, JPEG, PNG, JPEG 2000, BMP or WebP"
ORPHAN = "a sidecar without pages: send it again together with its pages"


Moved = tuple[tuple[Taken, Path], ...]


class Originals(Protocol):
    """Where received bytes are kept, once, under their hash."""

    def put_file(self, path: Path) -> Key: ...


class Books(Protocol):
    """What intake tells the catalogue; both calls may be repeated."""

    def receive(self, batch: Batch) -> BatchId: ...

    def quarantine(
        self, source: str, key: Key, size: int, reason: str, station: str
    ) -> BatchId: ...


@dataclass(frozen=True, slots=True)
class IntakeRules:
    """Section [intake] of config/pipeline.toml; times in seconds.

    ``settle``: without a change, before a file is looked into. ``incomplete_after``:
    without a change and still without its end, before it is set aside.
    """

    settle: float = 5.0
    incomplete_after: float = 600.0
    batches: BatchRules = field(default_factory=BatchRules)


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to do: a new claim, or one that was left unfinished."""

    claim: Claim
    begun: bool
    committed: bool = False


@dataclass(frozen=True, slots=True)
class _Refusal:
    rest: Rest
    reason: str


class Intake:
    """One inbox. Only one process may hold it (see watch.held)."""

    def __init__(
        self,
        inbox: Path,
        station: str,
        originals: Originals,
        books: Books,
        rules: IntakeRules | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not inbox.is_dir():
            raise SettingsError("the inbox is no folder: create it, or correct its key")
        self.inbox = inbox
        self._station = station
        self._originals = originals
        self._books = books
        self._rules = rules or IntakeRules()
        self._clock = clock
        self._claims = Claims(inbox)
        self._settling = Settling(inbox, self._rules.settle)
        self._notes: dict[tuple[str, Mark], Sidecar] = {}

    def errands(self) -> tuple[Errand, ...]:
        """What can be done now: unfinished claims first, then what has settled."""
        left = [
            Errand(c, begun=True, committed=done) for c, done in self._claims.open()
        ]
        rests = self._settling.look(entries(self.inbox), self._clock())
        marks = {(rest.seen.name, rest.seen.mark) for rest in rests}
        self._notes = {at: note for at, note in self._notes.items() if at in marks}
        refused = [r for r in map(self._refusal, rests) if r]
        waiting = {rest.seen.name: rest for rest in rests}
        for refusal in refused:
            del waiting[refusal.rest.seen.name]
        found = [self._found(rest) for rest in waiting.values()]
        ready = groups(found, self._claims.closed(), self._rules.batches)
        new = [self._refused(refusal) for refusal in refused]
        new += [self._claimed(group, waiting) for group in ready]
        return (*left, *(Errand(claim, begun=False) for claim in new))

    def run(self, errand: Errand) -> BatchId | None:
        """The batch, once it is in the catalogue; None if it must wait, or is gone.

        Raises ServiceError when a store does not answer; the claim stays.
        """
        claim = errand.claim
        if not errand.begun:
            self._claims.begin(claim)
        if not errand.committed:
            files = self._claims.move(claim)
            if not files:
                self._claims.clear(claim)
                return None
            if self._must_wait(claim, files) or not self._commit(claim, files):
                return None
            self._claims.committed(claim)
        if claim.refused:
            self._claims.set_aside(claim)
        else:
            self._claims.clear(claim)
        return claim.id

    # --- what is there --------------------------------------------------------

    def _refusal(self, rest: Rest) -> _Refusal | None:
        seen, shape = rest.seen, rest.shape
        late = rest.age >= self._rules.incomplete_after
        if not seen.regular:
            return _Refusal(rest, NOT_REGULAR)
        if not seen.size:
            return _Refusal(rest, EMPTY) if late else None
        if shape is None:
            return None
        if not shape.whole:
            return _Refusal(rest, UNFINISHED) if late else None
        if shape.kind is None:
            return self._refused_note(rest)
        return None

    def _refused_note(self, rest: Rest) -> _Refusal | None:
        """A file of no kind that we take may be a sidecar, unless it is a bad one."""
        suffix = PurePosixPath(rest.seen.name).suffix.lower()
        if suffix not in sidecar.SUFFIXES:
            return _Refusal(rest, UNKNOWN)
        try:
            self._read_note(rest)
        except InputError as error:
            quiet = rest.age >= self._rules.batches.quiet
            return _Refusal(rest, str(error)) if quiet else None
        return None

    def _found(self, rest: Rest) -> Found:
        shape = rest.shape
        known = shape is not None and shape.kind is not None
        note = self._notes.get((rest.seen.name, rest.seen.mark))
        return Found(
            rest.seen.name,
            rest.settled and (known or note is not None),  # a bad sidecar is no page
            single=bool(shape and shape.single),
            age=rest.age,
            modified=rest.seen.mark[2],
            sidecar=note,
        )

    def _read_note(self, rest: Rest) -> Sidecar:
        """The sidecar, read once as long as it stays what it is."""
        known = self._notes.get((rest.seen.name, rest.seen.mark))
        if known is None:
            known = read_sidecar(self.inbox / rest.seen.name)
            self._notes[rest.seen.name, rest.seen.mark] = known
        return known

    # --- claims ---------------------------------------------------------------

    def _claimed(self, group: Group, rests: Mapping[str, Rest]) -> Claim:
        if not group.files:
            return self._refused(_Refusal(rests[group.note], ORPHAN))
        return Claim(
            _new_id(),
            dt.datetime.now(dt.UTC),
            tuple(_taken(rests[name]) for name in group.files),
            group.key,
            group.sidecar,
            _taken(rests[group.note]) if group.note else None,
            group.late_for,
        )

    def _refused(self, refusal: _Refusal) -> Claim:
        files = (_taken(refusal.rest),)
        now = dt.datetime.now(dt.UTC)
        return Claim(_new_id(), now, files, refused=refusal.reason)

    def _must_wait(self, claim: Claim, files: Moved) -> bool:
        """Whether somebody kept a file open through the claim.

        A late file waits as well until the batch it is late for is in the catalogue.
        """
        if claim.late_for and self._claims.holds(claim.late_for):
            return True
        return any(_growing(taken, path) for taken, path in files if _regular(path))

    def _commit(self, claim: Claim, files: Moved) -> bool:
        """Store and tell the catalogue; False if a file changed meanwhile."""
        if claim.refused:
            self._quarantine(claim, *files[0])
            return True
        sources = []
        for taken, path in files:
            before = mark_of(path)
            key = self._originals.put_file(path)
            if mark_of(path) != before or before is None:
                return False
            sources.append(SourceFile(spoken(taken.name), key, before[1]))
        self._books.receive(
            Batch(
                claim.id,
                claim.taken,
                self._station,
                tuple(sources),
                claim.sidecar,
                claim.late_for,
            )
        )
        return True

    def _quarantine(self, claim: Claim, taken: Taken, path: Path) -> None:
        key = kept(path, self._originals)
        name, size = spoken(taken.name), taken.mark[1]
        self._books.quarantine(name, key, size, claim.refused, self._station)


def read_sidecar(path: Path) -> Sidecar:
    """Raises InputError; reads no more than a sidecar may have."""
    with opened(path) as file:
        return sidecar.sidecar(file.read(sidecar.MOST_BYTES + 1), path.suffix)


def kept(path: Path, originals: Originals) -> Key:
    """The key of a refused file's bytes; "" for what has none: a link, a pipe."""
    readable = _regular(path) and os.access(path, os.R_OK)
    return originals.put_file(path) if readable else Key("")


def spoken(name: str) -> str:
    """A name that every database takes: bytes that are no UTF-8 are spelt in hex."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _regular(path: Path) -> bool:
    seen = look_at(path, "")
    return seen is not None and seen.regular


def _growing(taken: Taken, path: Path) -> bool:
    shape = shape_of(path)
    return shape is None or (mark_of(path) != taken.mark and not shape.whole)


def _taken(rest: Rest) -> Taken:
    return Taken(rest.seen.name, rest.seen.mark)


def _new_id() -> BatchId:
    return BatchId(uuid.uuid4().hex)
