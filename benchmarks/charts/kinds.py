"""What the parts of the charts generator hand each other: orders, sides, truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.forms.paper import Case, Identity, Showing

Split = Literal["train", "tune", "report"]
Level = Literal["clean", "typical", "poor"]
Mode = Literal["bitonal", "grey", "colour"]
Pixels = NDArray[np.uint8]  # (h, w) grey or (h, w, 3) RGB; 0 black
BoxInPoints = tuple[float, float, float, float]  # left, top, right, bottom; y down


@dataclass(frozen=True, slots=True)
class Order:
    """One document to be printed.

    ``kind`` is a type key, or "cover" (what the barcode says stands in ``banner``) or
    "separator" (a patch sheet); ``house`` the key of one of the split's houses;
    ``narrative`` is the text of a report to be set, None lets the template speak;
    ``shows`` is the printed identity, None prints it in full. ``hand`` is the share
    0..1 of entries in handwriting: 1.0 makes a mostly handwritten page. ``extras``
    are things put on the first page afterwards: "sticker", "stamp", "fax";
    ``sticker`` is whose label it is where that is not the patient. The same ``seed``
    prints the same pages.
    """

    kind: str
    house: str
    case: Case
    seed: str
    variant: int = 0
    length: int = 1  # 1..8: the longer, the more pages
    continuation: Showing = "full"
    shows: Identity | None = None
    narrative: str | None = field(default=None, repr=False)
    hand: float = 0.15
    extras: tuple[str, ...] = ()
    sticker: Case | None = None
    banner: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedWord:
    """One word as set, its box in points of the page; ``hand`` if in handwriting."""

    text: str
    box: BoxInPoints
    hand: bool = False


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """A barcode or patch on the page: kind as pipeline.page.MarkKind has it."""

    kind: str
    text: str
    box: BoxInPoints


@dataclass(frozen=True, slots=True)
class Side:
    """One printed side, upright, not yet scanned; ``pixels(dpi)`` draws it.

    Letter size unless ``points`` (width, height) says otherwise. ``coloured`` says
    that it has colour at all; pixels are grey (h, w), or RGB where ``coloured``.
    """

    pixels: Callable[[int], Pixels] = field(repr=False)
    words: tuple[PrintedWord, ...] = ()
    codes: tuple[PrintedCode, ...] = ()
    points: tuple[float, float] = (612.0, 792.0)
    coloured: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """How one side went through a scanner.

    ``turn`` is the quarter turn clockwise, in degrees, in which it lay in the feeder;
    ``skew`` in degrees clockwise, None draws one from the level. ``behind`` is the
    other side of the sheet, shining through.
    """

    level: Level
    mode: Mode
    dpi: int
    seed: str
    turn: int = 0
    skew: float | None = None
    behind: Pixels | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PageTruth:
    """What is true of one scanned side: one line of truth.jsonl.

    ``rotation`` makes it upright for a viewer, degrees clockwise; ``skew`` degrees
    clockwise as scanned. ``words`` are all words in reading order with their boxes in
    points of the sheet as it was printed; only with --boxes. ``mrn`` is the surviving
    number, None for people who are not in the index and removed pages.
    """

    source: str
    page: int
    split: Split
    level: Level
    mode: Mode
    dpi: int
    document: str | None = None
    document_page: int | None = None
    document_pages: int | None = None
    type: str | None = None
    house: str | None = None
    mrn: str | None = None
    in_index: bool = False
    name: str | None = None
    birth_date: str | None = None
    service_date: str | None = None
    encounter: str | None = None
    rotation: int = 0
    skew: float = 0.0
    removed_as: str | None = None  # blank | separator | cover
    duplicate_of: int | None = None  # the page of the same file scanned twice
    trap: str | None = None
    text: str = ""  # the printed words, lines parted by newlines
    handwritten: str = ""
    codes: tuple[tuple[str, str], ...] = ()  # (kind, text)
    words: tuple[tuple[str, BoxInPoints], ...] = field(default=(), repr=False)
