"""What intake has taken from an inbox and not yet finished, on disk.

``INBOX/.work/<claim>/claim.jsonl`` is written and synced before the first file moves;
the files follow under their position ("0", "1"...), the sidecar as "note". A second
line says that the catalogue has committed: from then on the claim is only cleared away.
``INBOX/.work/closed.jsonl`` remembers which folder or stem was closed with which batch.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipeline.document import BatchId, Sidecar
from pipeline.ingest.batches import Closed
from pipeline.ingest.settling import Mark

WORK, QUARANTINE = ".work", ".quarantine"
_JOURNAL, _CLOSED, _REASON, _NOTE = "claim.jsonl", "closed.jsonl", "reason.txt", "note"


@dataclass(frozen=True, slots=True)
class Taken:
    """One claimed file: its name from the inbox, and what it was when claimed."""

    name: str = field(repr=False)
    mark: Mark


@dataclass(frozen=True, slots=True)
class Claim:
    """Files taken from the inbox together. ``id`` becomes the batch's.

    ``key`` is the folder or stem that this batch closes. ``refused`` is why the file
    goes to quarantine, "" for a batch. ``note`` is the sidecar's file.
    """

    id: BatchId
    taken: dt.datetime  # UTC
    files: tuple[Taken, ...]
    key: str = field(default="", repr=False)
    sidecar: Sidecar = field(default_factory=Sidecar)
    note: Taken | None = None
    late_for: BatchId | None = None
    refused: str = ""


class Claims:
    """The claims of one inbox; every change is on disk before the call returns."""

    def __init__(self, inbox: Path) -> None:
        self._inbox = inbox
        self._work = inbox / WORK
        for folder in (self._work, inbox / QUARANTINE):
            folder.mkdir(mode=0o700, exist_ok=True)

    def begin(self, claim: Claim) -> None:
        """Journal it; nothing has moved yet."""
        folder = self._work / claim.id
        folder.mkdir(mode=0o700)
        _append(folder / _JOURNAL, _as_json(claim))
        _sync(self._work)

    def move(self, claim: Claim) -> tuple[tuple[Taken, Path], ...]:
        """The claimed files where they are now; what changed or went stays behind."""
        folder = self._work / claim.id
        here = []
        for position, taken in enumerate(claim.files):
            target = folder / str(position)
            if self._moved(taken, target):
                here.append((taken, target))
        if claim.note and here:
            self._moved(claim.note, folder / _NOTE)
        _sync(folder)
        return tuple(here)

    def _moved(self, taken: Taken, target: Path) -> bool:
        if os.path.lexists(target):
            return True
        source = self._inbox / taken.name
        try:
            status = source.lstat()
            if (status.st_ino, status.st_size, status.st_mtime_ns) != taken.mark:
                return False
            source.rename(target)
        except FileNotFoundError:
            return False
        _sync(source.parent)
        return True

    def committed(self, claim: Claim) -> None:
        """The catalogue has it: remember what it closes, and that it may go."""
        if claim.key and claim.late_for is None:
            closed = {
                "key": claim.key,
                "batch": claim.id,
                "declared": claim.note is not None,
            }
            _append(self._work / _CLOSED, json.dumps(closed))
        _append(self._work / claim.id / _JOURNAL, '{"step": "committed"}')

    def clear(self, claim: Claim) -> None:
        """Remove the claimed files, the journal last of all."""
        folder = self._work / claim.id
        for path in folder.iterdir():
            if path.name != _JOURNAL:
                path.unlink()
        _sync(folder)
        shutil.rmtree(folder)
        _sync(self._work)

    def set_aside(self, claim: Claim) -> None:
        """Move a refused file to quarantine, under its own name, beside the reason."""
        folder = self._work / claim.id
        kept = folder / claim.files[0].name.rpartition("/")[2]
        if not os.path.lexists(kept):
            (folder / "0").rename(kept)
        (folder / _REASON if kept.name != _REASON else folder / "why.txt").write_text(
            claim.refused + "\n", encoding="utf-8"
        )
        folder.rename(self._inbox / QUARANTINE / claim.id)
        _sync(self._work)
        _sync(self._inbox / QUARANTINE)

    def open(self) -> Iterator[tuple[Claim, bool]]:
        """Claims not finished, oldest first, and whether the catalogue has them."""
        found = []
        for folder in self._work.iterdir():
            if not folder.is_dir():
                continue
            lines = _lines(folder / _JOURNAL)
            if not lines:
                self._without_journal(folder)
                continue
            committed = any(line.get("step") == "committed" for line in lines)
            found.append((_of_json(lines[0]), committed))
        yield from sorted(found, key=lambda pair: (pair[0].taken, pair[0].id))

    def holds(self, batch: BatchId) -> bool:
        """Whether this claim is still unfinished."""
        return (self._work / batch).is_dir()

    def _without_journal(self, folder: Path) -> None:
        """Killed before the journal was whole: nothing has moved, as a rule.

        Were there files all the same, they are set aside and not thrown away.
        """
        if {path.name for path in folder.iterdir()} <= {_JOURNAL}:
            shutil.rmtree(folder)
        else:
            folder.rename(self._inbox / QUARANTINE / folder.name)

    def closed(self) -> dict[str, Closed]:
        """Every folder or stem that a batch closed, those still in work among them."""
        closed = {
            line["key"]: Closed(BatchId(line["batch"]), bool(line["declared"]))
            for line in _lines(self._work / _CLOSED)
        }
        for claim, _ in self.open():
            if claim.key and claim.late_for is None:
                closed[claim.key] = Closed(claim.id, claim.note is not None)
        return closed


def open_claims(inbox: Path) -> tuple[str, ...]:
    """Ids of claims not finished, by name; only looks, so any process may ask."""
    try:
        return tuple(sorted(f.name for f in (inbox / WORK).iterdir() if f.is_dir()))
    except FileNotFoundError:
        return ()


def _append(path: Path, line: str) -> None:
    """One synced line; a torn last line of an earlier kill is closed off first."""
    number = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(number, "rb+") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        torn = b"\n" if size and file.read(1) != b"\n" else b""
        file.write(torn + line.encode("ascii") + b"\n")
        file.flush()
        os.fsync(file.fileno())
    _sync(path.parent)


def _lines(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a journal; a torn one never counted."""
    try:
        text = path.read_text("ascii")
    except FileNotFoundError:
        return []
    lines = []
    for line in text.split("\n"):
        try:
            lines.append(json.loads(line))
        except ValueError:
            continue
    return lines


def _as_json(claim: Claim) -> str:
    return json.dumps(asdict(claim), default=dt.datetime.isoformat)


def _of_json(line: dict[str, Any]) -> Claim:
    note = line["note"]
    sidecar = {**line["sidecar"], "order": tuple(line["sidecar"]["order"])}
    return Claim(
        BatchId(line["id"]),
        dt.datetime.fromisoformat(line["taken"]),
        tuple(_taken(each) for each in line["files"]),
        line["key"],
        Sidecar(**sidecar),
        _taken(note) if note else None,
        line["late_for"],
        line["refused"],
    )


def _taken(line: dict[str, Any]) -> Taken:
    inode, size, modified = line["mark"]
    return Taken(line["name"], (inode, size, modified))


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(number)
    finally:
        os.close(number)
