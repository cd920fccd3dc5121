"""Which files form a batch: pure rules over what lies under a root.

At the root every page file is a batch of its own. A sub-folder is one batch when it has
a sidecar, or holds nothing but single pictures; other files in it are batches of their
own. ``<stem>_NNNN.tif`` beside ``<stem>.csv`` are one batch wherever they lie. A
sub-folder, and a name that fits the pattern, wait for their sidecar until they have
been quiet for long enough. What comes after such a batch was closed is late for it.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pipeline.document import BatchId, Sidecar

PATTERN = r"(?P<stem>.+)_\d{4}\.tiff?"


@dataclass(frozen=True, slots=True)
class BatchRules:
    """``quiet`` seconds close a folder; ``pattern`` matches a whole file name.

    The pattern's group ``stem`` is the name of its sidecar without suffix.
    """

    quiet: float = 60.0
    pattern: str = PATTERN


@dataclass(frozen=True, slots=True)
class Found:
    """One file under a root. ``age``: seconds without a change.

    ``settled`` is false while it grows; ``single`` is true for one picture;
    ``modified`` in ns. ``sidecar`` makes it one.
    """

    name: str = field(repr=False)  # from the root, "/" between parts
    settled: bool
    single: bool
    age: float = math.inf
    modified: int = 0
    sidecar: Sidecar | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are one batch, in page order. ``key`` names what was closed by it.

    ``note`` is the sidecar's file. A group without files has an orphan sidecar.
    """

    files: tuple[str, ...] = field(repr=False)
    key: str = field(default="", repr=False)  # "" for a file on its own
    sidecar: Sidecar = field(default_factory=Sidecar)
    note: str = field(default="", repr=False)
    late_for: BatchId | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """The batch that a folder or stem was closed with, and whether by a sidecar."""

    batch: BatchId
    declared: bool


def groups(
    found: Sequence[Found], closed: Mapping[str, Closed], rules: BatchRules
) -> tuple[Group, ...]:
    """The batches that are complete now; what is not among them still waits."""
    folders: dict[str, list[Found]] = defaultdict(list)
    for each in found:
        folders[_parent(each.name)].append(each)
    ready: list[Group] = []
    for folder in sorted(folders, key=natural):
        ready += _of_level(folder, folders[folder], closed, rules)
    return tuple(ready)


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts page2 before page10."""
    parts = re.findall(r"(\d+)|(\D+)", name)
    return tuple(
        (0, int(digits), digits) if digits else (1, 0, text.casefold())
        for digits, text in parts
    )


def _of_level(
    folder: str, found: list[Found], closed: Mapping[str, Closed], rules: BatchRules
) -> Iterator[Group]:
    notes = [each for each in found if each.sidecar is not None]
    pages = [each for each in found if each.sidecar is None]
    for stem, members in _stems(pages, rules).items():
        own = [n for n in notes if PurePosixPath(n.name).stem == stem]
        key = f"stem {folder}/{stem}"
        if own or key in closed:
            pages = [each for each in pages if each not in members]
            notes = [each for each in notes if each not in own]
            yield from _closed(key, members, own, closed, rules)
    if folder:
        yield from _of_folder(folder, pages, notes, closed, rules)
        return
    yield from _alone(pages, rules)
    yield from _orphans(notes, rules)


def _of_folder(
    folder: str,
    pages: list[Found],
    notes: list[Found],
    closed: Mapping[str, Closed],
    rules: BatchRules,
) -> Iterator[Group]:
    key = f"folder {folder}"
    one = bool(notes) or key in closed or all(each.single for each in pages)
    if pages and one:
        yield from _closed(key, pages, notes, closed, rules)
    elif _quiet(pages, rules):
        yield from _alone(pages, BatchRules(0, rules.pattern))
    if not pages:
        yield from _orphans(notes, rules)


def _closed(
    key: str,
    pages: list[Found],
    notes: list[Found],
    closed: Mapping[str, Closed],
    rules: BatchRules,
) -> Iterator[Group]:
    """The batch of a folder or stem, once its sidecar or quiet time closes it."""
    note = min(notes, key=lambda each: natural(each.name), default=None)
    declared = note.sidecar if note and note.sidecar else Sidecar()
    members = [*pages, *notes]
    if not all(each.settled for each in members):
        return
    if not (_quiet(members, rules) or (note and _whole(pages, note))):
        return
    before = closed.get(key)
    again = bool(note) and before is not None and before.declared
    late = before.batch if before and not again else None
    files = _ordered(pages, declared)
    yield Group(files, key, declared, note.name if note else "", late)


def _whole(pages: list[Found], note: Found) -> bool:
    """Whether the sidecar says that nothing is missing.

    By its list of files, or, if it has none, by having been written last.
    """
    order = note.sidecar.order if note.sidecar else ()
    if order:
        return {_base(name) for name in order} <= {_base(each.name) for each in pages}
    return all(each.modified <= note.modified for each in pages)


def _ordered(pages: list[Found], declared: Sidecar) -> tuple[str, ...]:
    """In the sidecar's order; what it does not name follows by natural name."""
    place = {_base(name): at for at, name in enumerate(declared.order)}
    names = sorted((each.name for each in pages), key=natural)
    return tuple(sorted(names, key=lambda name: place.get(_base(name), len(place))))


def _alone(pages: list[Found], rules: BatchRules) -> Iterator[Group]:
    """Each file for itself; a single page named by the pattern waits for a sidecar."""
    fits = re.compile(rules.pattern, re.IGNORECASE)
    for each in sorted(pages, key=lambda page: natural(page.name)):
        named = each.single and fits.fullmatch(_last(each.name))
        if each.settled and not (named and each.age < rules.quiet):
            yield Group((each.name,))


def _orphans(notes: list[Found], rules: BatchRules) -> Iterator[Group]:
    """Sidecars whose pages never came, or came and went."""
    for note in notes:
        if note.settled and note.age >= rules.quiet:
            yield Group((), note=note.name)


def _stems(pages: list[Found], rules: BatchRules) -> dict[str, list[Found]]:
    stems: dict[str, list[Found]] = defaultdict(list)
    for each in pages:
        last = _last(each.name)
        if match := re.fullmatch(rules.pattern, last, re.IGNORECASE):
            stems[match["stem"]].append(each)
    return stems


def _quiet(members: list[Found], rules: BatchRules) -> bool:
    return all(each.settled and each.age >= rules.quiet for each in members)


def _parent(name: str) -> str:
    return name.rpartition("/")[0]


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _base(name: str) -> str:
    return _last(name).casefold()
