"""Printed documents become the pile of sides that goes through the scanner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from benchmarks.charts.batches import Batch
from benchmarks.charts.desk import NO_IDENTITY, Item
from benchmarks.charts.kinds import PageTruth, PrintedWord, Side

_STRAY_TURN = 0.02  # share of pages that lie otherwise than the rest of their document
_DUPLEX = 0.4  # share of pages with the next page of their document on their back


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """One side of a sheet as it is fed; no ``side`` is an empty back.

    ``behind`` is what stands on the other side of the sheet, ``again`` the leaf that
    was fed before and is fed once more here.
    """

    side: Side | None
    truth: PageTruth
    turn: int = 0
    behind: Side | None = None
    again: Leaf | None = None


def lay(
    printed: Iterable[tuple[Item, Sequence[Side]]], batch: Batch, rng: Random
) -> Iterator[Leaf]:
    """The sides in the order in which they are fed."""
    waiting: list[Leaf] = []
    for item, sides in printed:
        leaves = _document(item, sides, batch, rng)
        if item.inside and len(waiting) > 1:
            middle = rng.randrange(1, len(waiting))
            waiting = [*waiting[:middle], *leaves, *waiting[middle:]]
            continue
        yield from waiting
        waiting = leaves
    yield from waiting


def _document(
    item: Item, sides: Sequence[Side], batch: Batch, rng: Random
) -> list[Leaf]:
    steering = item.truth.removed_as is not None
    twice = rng.randrange(len(sides)) if item.twice and batch.form != "folder" else -1
    known = _said(item, sides)
    leaves: list[Leaf] = []
    for i, side in enumerate(sides):
        truth = known
        if not steering:
            truth = replace(truth, document_page=i + 1, document_pages=len(sides))
        turn = item.turn
        if not steering and rng.random() < _STRAY_TURN:
            turn = rng.choice((0, 90, 180, 180, 270))
        backed = not steering and rng.random() < batch.backs
        after = sides[i + 1] if i + 1 < len(sides) and not backed else None
        behind = after if rng.random() < _DUPLEX else None
        leaf = Leaf(side, told(truth, side), turn, behind)
        leaves.append(leaf)
        if backed:
            leaves.append(_back(leaf, side))
        if i == twice:
            leaves.append(replace(leaf, again=leaf))
    return leaves


def _said(item: Item, sides: Sequence[Side]) -> PageTruth:
    """The document's truth; a letter without a head may still name its patient."""
    if item.truth.trap != NO_IDENTITY:
        return item.truth
    surname = item.order.case.patient.last_name.lower()
    named = any(surname in word.text.lower() for side in sides for word in side.words)
    return replace(item.truth, trap=None) if named else item.truth


def _back(front: Leaf, side: Side) -> Leaf:
    """The empty back of a sheet, through which its front shines."""
    seen = front.truth
    truth = PageTruth("", 0, seen.split, seen.level, seen.mode, seen.dpi)
    return Leaf(None, replace(truth, removed_as="blank"), front.turn, side)


def told(truth: PageTruth, side: Side) -> PageTruth:
    """The truth with what the side says in print, by hand and in bars."""
    by_hand = [word.text for word in side.words if word.hand]
    return replace(
        truth,
        text="\n".join(lines_of([word for word in side.words if not word.hand])),
        handwritten=" ".join(by_hand),
        codes=tuple((code.kind, code.text) for code in side.codes),
        words=tuple((word.text, word.box) for word in side.words),
    )


def lines_of(words: Sequence[PrintedWord]) -> list[str]:
    """Words in reading order as lines of text.

    A word goes on a line while it stands to the right of the word before and shares
    half of its height.
    """
    lines: list[list[str]] = []
    before: PrintedWord | None = None
    for word in words:
        if before is None or not _follows(word, before):
            lines.append([])
        lines[-1].append(word.text)
        before = word
    return [" ".join(line) for line in lines]


def _follows(word: PrintedWord, before: PrintedWord) -> bool:
    left, top, _, foot = word.box
    before_left, before_top, _, before_foot = before.box
    shared = min(foot, before_foot) - max(top, before_top)
    return left > before_left and shared > 0.5 * min(
        foot - top, before_foot - before_top
    )
