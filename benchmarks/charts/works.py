"""Two workers print, scan and pack the pages; the command binds them into files.

Work goes out in tasks of some twenty documents, of one long chart or of many loose
sheets, so that no worker waits and no process ever holds a whole chart's pixels.
"""

from __future__ import annotations

import multiprocessing as mp
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing.util import Finalize
from random import Random
from typing import Protocol, Self

from benchmarks.charts.batches import Batch
from benchmarks.charts.desk import Item
from benchmarks.charts.files import Packed, Packing, pack, packing
from benchmarks.charts.kinds import Order, PageTruth, Pixels, Scan, Side
from benchmarks.charts.pile import Leaf, lay
from benchmarks.charts.scanner import blank_back, scan

_AT_ONCE = 24  # documents
_BULKY = 20.0  # pages, from which on a file is compressed well
WORKERS = 2


class Printer(Protocol):
    """What prints orders: press.Press, or a quicker one in tests."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *given: object) -> None: ...
    def print(self, orders: Sequence[Order]) -> list[list[Side]]: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring items of one batch, from its item ``first``."""

    batch: Batch
    first: int
    items: tuple[Item, ...] = field(repr=False)
    last: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """The scanned pages of a piece; page numbers in the truths count from 1 in it."""

    piece: Piece
    packing: Packing
    pages: tuple[tuple[Packed, PageTruth], ...] = field(repr=False)


def tasks_of(batches: Sequence[Batch]) -> list[tuple[Piece, ...]]:
    """All items in tasks of about as many documents."""
    tasks: list[tuple[Piece, ...]] = []
    open_task: list[Piece] = []
    room = _AT_ONCE
    for batch in batches:
        start = 0
        while start < len(batch.items):
            end = _end(batch.items, start + room)
            last = end == len(batch.items)
            open_task.append(Piece(batch, start, batch.items[start:end], last))
            room -= end - start
            start = end
            if room <= 0:
                tasks.append(tuple(open_task))
                open_task, room = [], _AT_ONCE
    return [*tasks, tuple(open_task)] if open_task else tasks


def _end(items: Sequence[Item], wanted: int) -> int:
    """No piece begins with a sheet that lies inside the document before it."""
    end = min(wanted, len(items))
    while end < len(items) and items[end].inside:
        end += 1
    return end


def produce(
    batches: Sequence[Batch], printer: Callable[[], Printer], workers: int = WORKERS
) -> Iterator[Pages]:
    """Every piece of every batch, in order."""
    tasks = tasks_of(batches)
    if workers == 1:
        with printer() as press:
            for task in tasks:
                yield from _work(task, press)
        return
    spawn = mp.get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, _start, (printer,)) as pool:
        for made in pool.map(_work_here, tasks):
            yield from made


# --- in a worker -------------------------------------------------------------------

_here: dict[str, Printer] = {}


def _start(printer: Callable[[], Printer]) -> None:
    press = printer()
    _here["press"] = press.__enter__()
    Finalize(press, press.__exit__, (None, None, None), exitpriority=10)


def _work_here(task: tuple[Piece, ...]) -> list[Pages]:
    return _work(task, _here["press"])


def _work(task: tuple[Piece, ...], press: Printer) -> list[Pages]:
    printed = iter(press.print([item.order for piece in task for item in piece.items]))
    return [
        scanned(piece, [(item, next(printed)) for item in piece.items])
        for piece in task
    ]


def scanned(piece: Piece, printed: Sequence[tuple[Item, Sequence[Side]]]) -> Pages:
    """The pages of a piece, scanned and packed, each with its truth."""
    batch = piece.batch
    rng = Random(f"{batch.seed}/lay/{piece.first}")
    leaves = list(lay(printed, batch, rng))
    how = _packing(batch, len(leaves))
    drawn = _Drawn(batch.dpi)
    places = {leaf: i for i, leaf in enumerate(leaves, 1)}
    pages = []
    for i, leaf in enumerate(leaves, 1):
        seed = f"{batch.seed}/{piece.first}/{i}"
        packed, truth = _scan(leaf, drawn, how, seed)
        again = places[leaf.again] if leaf.again else None
        pages.append((packed, replace(truth, page=i, duplicate_of=again)))
    return Pages(piece, how, tuple(pages))


def _packing(batch: Batch, leaves: int) -> Packing:
    """How the batch's file is made: JPEG holds one page, long files no raw pixels."""
    match batch.form:
        case "jpeg":
            how = packing("jpeg" if leaves == 1 else "pdf", batch.seed)
        case "pdf":
            how = packing("pdf", batch.seed)
        case _:
            how = packing("tiff", batch.seed)
    bulky = batch.expected > _BULKY
    return replace(how, grey="jpeg", colour="jpeg") if bulky else how


def _scan(
    leaf: Leaf, drawn: _Drawn, how: Packing, seed: str
) -> tuple[Packed, PageTruth]:
    truth = leaf.truth
    behind = drawn.side(leaf.behind) if leaf.behind else None
    way = Scan(truth.level, truth.mode, truth.dpi, seed, leaf.turn, None, behind)
    if leaf.side is not None:
        page = scan(drawn.side(leaf.side), way)
    elif behind is not None:
        page = blank_back(behind, replace(way, behind=None))
    else:
        raise ValueError("an empty back has a front")
    rotation = (360 - leaf.turn) % 360
    return pack(page, how, seed), replace(truth, rotation=rotation, skew=page.skew)


class _Drawn:
    """The sides drawn last: a sheet's other side is drawn next."""

    def __init__(self, dpi: int) -> None:
        self._dpi = dpi
        self._kept: OrderedDict[int, Pixels] = OrderedDict()

    def side(self, side: Side) -> Pixels:
        """The side's pixels; callers must not write into them."""
        if id(side) not in self._kept:
            self._kept[id(side)] = side.pixels(self._dpi)
            if len(self._kept) > 3:
                self._kept.popitem(last=False)
        return self._kept[id(side)]
