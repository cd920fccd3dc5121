"""The same batches from files that stay where they are: ``process PATH…``."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePosixPath

from pipeline.document import Batch, BatchId, Key, Sidecar, SourceFile
from pipeline.errors import InputError, UnsupportedFile
from pipeline.ingest import sidecar
from pipeline.ingest.batches import BatchRules, Found, Group, groups
from pipeline.ingest.intake import (
    EMPTY,
    NOT_REGULAR,
    ORPHAN,
    UNFINISHED,
    UNKNOWN,
    Books,
    Originals,
    kept,
    read_sidecar,
    spoken,
)
from pipeline.ingest.settling import Seen, entries, look_at, opened
from pipeline.ingest.trailers import Shape, shape

STATION = "process"
SMALL = 2_000_000  # bytes of a batch that is stored before anybody looks up
FEW = 4  # batches that are worked side by side (jobs.py)


def take_in_place(
    paths: Sequence[Path],
    originals: Originals,
    books: Books,
    rules: BatchRules | None = None,
    station: str = STATION,
) -> Iterator[BatchId]:
    """Batches of everything under the paths, by name; refusals are among them.

    Each as soon as it is stored, so that the first can be read before the last; a few
    small ones come before the large, whose storing the first page would wait for.

    Nothing is moved or removed, nothing waited for. A batch's id comes from where its
    files lie and what they hold, so that the same command again changes nothing. Names
    are relative to the argument, those of single files to their folder. Raises
    UnsupportedFile for a path where nothing is, before anything is taken.
    """
    taker = _Taker(originals, books, station)
    now = replace(rules or BatchRules(), quiet=0.0)
    roots = _roots(paths)
    batches = (b for root, seen in roots for b in taker.take(root, seen, now))
    return _once(batches)


def _once(batches: Iterable[BatchId]) -> Iterator[BatchId]:
    told: set[BatchId] = set()
    for batch in batches:
        if batch not in told:
            told.add(batch)
            yield batch


def _roots(paths: Sequence[Path]) -> list[tuple[Path, tuple[Seen, ...]]]:
    """Folders, each with what is in it; single files together by their folder."""
    files: dict[Path, dict[str, Seen]] = defaultdict(dict)
    roots: list[tuple[Path, tuple[Seen, ...]]] = []
    for position, given in enumerate(paths, start=1):
        path = given.absolute()
        seen = look_at(path, path.name)
        if seen is None:
            raise UnsupportedFile(f"there is nothing at path {position}: correct it")
        if path.is_dir() and not path.is_symlink():
            roots.append((path, entries(path)))
        else:
            files[path.parent][path.name] = seen
    singles = ((root, tuple(named.values())) for root, named in files.items())
    return [*roots, *singles]


class _Taker:
    def __init__(self, originals: Originals, books: Books, station: str) -> None:
        self._originals = originals
        self._books = books
        self._station = station

    def take(
        self, root: Path, seen: tuple[Seen, ...], rules: BatchRules
    ) -> Iterator[BatchId]:
        found = []
        for each in seen:
            looked = _looked(root, each)
            if isinstance(looked, str):
                yield self._refused(root, each.name, looked)
            else:
                found.append(looked)
        sizes = {each.name: each.size for each in seen}
        for group in _small_first(groups(found, {}, rules), sizes):
            yield self._received(root, group)

    def _received(self, root: Path, group: Group) -> BatchId:
        if not group.files:
            return self._refused(root, group.note, ORPHAN)
        sources = tuple(self._source(root, name) for name in group.files)
        batch = Batch(
            _id([root / name for name in group.files], [s.key for s in sources]),
            dt.datetime.now(dt.UTC),
            self._station,
            sources,
            group.sidecar,
        )
        return self._books.receive(batch)

    def _source(self, root: Path, name: str) -> SourceFile:
        key = self._originals.put_file(root / name)
        return SourceFile(spoken(name), key, (root / name).stat().st_size)

    def _refused(self, root: Path, name: str, reason: str) -> BatchId:
        key = kept(root / name, self._originals)
        size = (root / name).lstat().st_size
        return self._books.quarantine(spoken(name), key, size, reason, self._station)


def _small_first(ready: Sequence[Group], sizes: Mapping[str, int]) -> tuple[Group, ...]:
    """By name, but for the first few small ones, where large ones are before them."""

    def small(group: Group) -> bool:
        return 0 < sum(sizes[name] for name in group.files) <= SMALL

    few = set(islice((at for at, group in enumerate(ready) if small(group)), FEW))
    return tuple(
        ready[at] for at in sorted(range(len(ready)), key=lambda at: at not in few)
    )


def _looked(root: Path, seen: Seen) -> Found | str:
    """What groups wants to know of a file; or why it is refused."""
    if not seen.regular:
        return NOT_REGULAR
    if not seen.size:
        return EMPTY
    try:
        form, note = _read(root / seen.name)
    except InputError as error:
        return str(error)
    except OSError:
        return UNFINISHED
    if form.kind is None and note is None:
        return UNKNOWN
    return Found(seen.name, settled=True, single=form.single, sidecar=note)


def _read(path: Path) -> tuple[Shape, Sidecar | None]:
    with opened(path) as file:
        form = shape(file)
    suffix = PurePosixPath(path.name).suffix.lower()
    declares = form.kind is None and suffix in sidecar.SUFFIXES
    return form, read_sidecar(path) if declares else None


def _id(paths: Sequence[Path], keys: Sequence[Key]) -> BatchId:
    text = "\0".join(
        f"{spoken(str(path))}\0{key}" for path, key in zip(paths, keys, strict=True)
    )
    return BatchId(hashlib.sha256(text.encode()).hexdigest()[:32])
