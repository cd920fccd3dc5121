"""The figures of one page: numbers only, so that tables can be made again from JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.charts.kinds import PageTruth
from benchmarks.reading.words import hits, judged, words_of
from pipeline.page import Mark, Page
from pipeline.store.catalogue import LedgerLine

MOSTLY_BY_HAND = 0.5  # share of a page's words
BINS = 20  # of word confidence, equally wide


@dataclass(frozen=True, slots=True)
class Told:
    """What a journey says of one page; ``page`` is None where it was rejected."""

    line: LedgerLine | None
    page: Page | None
    text: str


@dataclass(frozen=True, slots=True)
class PageFigures:
    """One page: what was there and what was told.

    Words are counted, printed and handwritten apart; ``theirs`` and ``plain`` are
    None where the peer or plain Tesseract was not asked. ``readable`` is the share of
    right words that was predicted, ``again`` that a rescan is offered. ``codes`` counts
    (there, read, read though not there) by "barcode" and "patch". ``trust`` counts
    (words, right ones) by bin of confidence.
    """

    source: str
    page: int
    split: str
    level: str
    mode: str
    dpi: int
    house: str | None
    type: str | None
    removed: str | None
    told_removed: str | None
    disposition: str | None
    wanted: int
    ours: int
    told: int
    by_hand: int
    by_hand_read: int
    turn: int
    told_turn: int | None
    skew: float
    told_skew: float | None
    readable: float
    codes: dict[str, tuple[int, int, int]]
    trust: dict[int, tuple[int, int]]
    told_hand: float | None = None
    again: bool = False
    troubles: tuple[str, ...] = ()
    theirs: int | None = None
    plain: int | None = None

    @property
    def content(self) -> bool:
        return self.removed is None

    @property
    def handwritten(self) -> bool:
        """Mostly: more words in handwriting than in print."""
        return self.by_hand > MOSTLY_BY_HAND * (self.by_hand + self.wanted)

    @property
    def key(self) -> tuple[str, int]:
        return self.source, self.page


def figures(truth: PageTruth, told: Told) -> PageFigures:
    line, page = told.line, told.page
    return PageFigures(
        source=truth.source,
        page=truth.page,
        split=truth.split,
        level=truth.level,
        mode=truth.mode,
        dpi=truth.dpi,
        house=truth.house,
        type=truth.type,
        removed=truth.removed_as,
        told_removed=line.removed_as if line else None,
        disposition=line.disposition if line else None,
        wanted=words_of(truth.text).total(),
        ours=hits(told.text, truth.text),
        told=words_of(told.text).total(),
        by_hand=words_of(truth.handwritten).total(),
        by_hand_read=hits(told.text, truth.handwritten),
        turn=truth.rotation,
        told_turn=page.rotation if page else None,
        skew=truth.skew,
        told_skew=page.quality.skew if page else None,
        readable=told_readable(page) if page else 0.0,
        codes=codes(truth.codes, page.marks if page else ()),
        trust=_trust(page, f"{truth.text}\n{truth.handwritten}") if page else {},
        told_hand=getattr(page.quality, "handwriting", None) if page else None,
        again=bool(page and getattr(page.quality, "again", ())),
        troubles=page.troubles if page else ("rejected",),
    )


def codes(
    there: Sequence[tuple[str, str]], read: Sequence[Mark]
) -> dict[str, tuple[int, int, int]]:
    """(there, read, read though not there) of barcodes and of patches."""
    counted = {}
    for name in ("barcode", "patch"):
        true: Counter[tuple[str, str]] = Counter(
            c for c in there if (c[0] == "patch") == (name == "patch")
        )
        found = [(str(m.kind), m.text) for m in read]
        told: Counter[tuple[str, str]] = Counter(
            c for c in found if (c[0] == "patch") == (name == "patch")
        )
        false = sum(1 for code in told if code not in true)
        counted[name] = (true.total(), (true & told).total(), false)
    return counted


def told_readable(page: Page) -> float:
    """The predicted share of words that are right, 0..1."""
    return float(getattr(page.quality, "readable", page.quality.legibility))


def _trust(page: Page, truth: str) -> dict[int, tuple[int, int]]:
    counted: dict[int, tuple[int, int]] = {}
    for confidence, right in judged(page.words, truth):
        at = min(int(confidence * BINS), BINS - 1)
        seen, good = counted.get(at, (0, 0))
        counted[at] = (seen + 1, good + right)
    return counted


def save(file: Path, results: dict[str, object], rows: Sequence[PageFigures]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    told = {**results, "pages": [asdict(row) for row in rows]}
    file.write_text(json.dumps(told, indent=1) + "\n")


def loaded(rows: Sequence[dict[str, object]]) -> list[PageFigures]:
    """The pages of a saved file; keys that JSON made text are numbers again."""
    made = []
    for row in rows:
        trust = row["trust"]
        assert isinstance(trust, dict)  # noqa: S101 - for mypy
        numbered = {int(key): tuple(pair) for key, pair in trust.items()}
        made.append(PageFigures(**{**row, "trust": numbered}))  # type: ignore[arg-type]  # our own file
    return made
