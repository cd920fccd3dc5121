"""The tables of pages: orientation, skew, blank sides, codes, the ten worst."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.reading.figures import PageFigures
from benchmarks.reading.tables import (
    Table,
    grouped,
    share,
    table,
    with_total,
    with_words,
)

WORST = 10
_ENOUGH = 20  # words, for a page to be among the worst


def orientation(pages: Iterable[PageFigures]) -> Table:
    """Pages with print that were turned right, by level and turn; others apart."""
    text = [page for page in with_words(pages) if not page.handwritten]
    by_hand = [page for page in pages if page.content and page.handwritten]
    rows = []
    groups = [
        *with_total(grouped(text, lambda page: page.level)),
        *grouped(text, lambda page: f"turn {page.turn}"),
        *[("mostly by hand", by_hand)][: len(by_hand)],
    ]
    for name, some in groups:
        wrong = [page for page in some if page.told_turn != page.turn]
        over = sum((page.told_turn or 0) - page.turn in (180, -180) for page in wrong)
        right = share(1 - len(wrong) / len(some))
        rows.append([name, str(len(some)), right, str(len(wrong)), str(over)])
    return table(["", "pages", "right", "wrong", "of them upside down"], rows)


def skew(pages: Iterable[PageFigures]) -> Table:
    """How far off the measured skew is, degrees, on rightly turned pages with print."""
    rows = []
    known = [
        p for p in with_words(pages) if p.told_turn == p.turn and not p.handwritten
    ]
    for name, some in with_total(grouped(known, lambda page: page.level)):
        off = np.abs([(page.told_skew or 0.0) - page.skew for page in some])
        rows.append(
            [
                name,
                str(len(some)),
                f"{np.median(off):.3f}",
                f"{np.percentile(off, 99):.2f}",
                f"{off.max():.2f}",
                share(float((off <= 0.1).mean()), 3),
            ]
        )
    return table(["level", "pages", "median", "99 %", "most", "within 0.1"], rows)


def blanks(pages: Iterable[PageFigures]) -> Table:
    """Blank sides set aside, and content that was lost as blank, cover or separator."""
    rows = []
    for name, some in with_total(grouped(pages, lambda page: page.level)):
        blank = [page for page in some if page.removed == "blank"]
        content = [page for page in some if page.content]
        rows.append(
            [
                name,
                str(len(blank)),
                str(sum(page.told_removed == "blank" for page in blank)),
                str(len(content)),
                str(sum(page.told_removed == "blank" for page in content)),
                str(sum(page.told_removed in _SHEETS for page in content)),
                str(sum(page.told_turn is None for page in content)),
            ]
        )
    head = ["level", "blank sides", "set aside", "content pages"]
    lost = ["lost as blank", "as cover or separator", "rejected"]
    return table([*head, *lost], rows)


_SHEETS = ("cover", "separator")


def codes(pages: Iterable[PageFigures]) -> Table:
    """Barcodes and patches: there, read, and read though not there."""
    rows = []
    for name, some in with_total(grouped(pages, lambda page: page.level)):
        row = [name, str(len(some))]
        for kind in ("barcode", "patch"):
            counts = [page.codes[kind] for page in some]
            there, read, false = (sum(c[i] for c in counts) for i in range(3))
            rate = share(read / there, 3) if there else "-"
            row += [str(there), rate, str(false)]
        rows.append(row)
    head = ["level", "pages", "barcodes", "read", "false"]
    return table([*head, "patches", "read", "false"], rows)


def worst(pages: Iterable[PageFigures]) -> list[PageFigures]:
    """The ten pages of which the smallest share of words was read."""
    some = [page for page in with_words(pages) if page.wanted >= _ENOUGH]
    return sorted(some, key=lambda page: (page.ours / page.wanted, page.key))[:WORST]


def worst_table(pages: Sequence[PageFigures], pictures: Sequence[Path]) -> Table:
    rows = []
    for page, picture in zip(pages, pictures, strict=True):
        rows.append(
            [
                f"{page.source} {page.page}",
                share(page.ours / page.wanted, 3),
                share(page.theirs / page.wanted, 3) if page.theirs is not None else "-",
                f"{page.level}, {page.mode} {page.dpi}",
                f"{page.house or '-'}, {page.type or '-'}",
                share(page.by_hand / (page.by_hand + page.wanted), 2),
                _why(page),
                str(picture),
            ]
        )
    head = ["page", "recall", "theirs", "scan", "house, type", "by hand", "why"]
    return table([*head, "picture"], rows)


def _why(page: PageFigures) -> str:
    said = list(page.troubles)
    if page.told_turn not in (page.turn, None):
        said.append(f"turned by {page.told_turn}, not {page.turn}")
    if page.told_turn == page.turn and abs((page.told_skew or 0) - page.skew) > 0.3:
        said.append(f"skew {page.told_skew:.1f}, not {page.skew:.1f}")
    if page.told_removed:
        said.append(f"removed as {page.told_removed}")
    if page.told < page.wanted / 2:
        said.append("most words not seen")
    return "; ".join(said) or f"readable {share(page.readable, 2)}"
