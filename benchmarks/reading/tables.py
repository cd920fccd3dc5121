"""The tables of words: recall beside the peer, precision, handwriting, calibration."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from benchmarks.reading.figures import BINS, PageFigures
from benchmarks.reading.words import Recall, recall

LEVELS = ("clean", "typical", "poor")
Table = list[str]  # lines of Markdown
Grouped = list[tuple[str, list[PageFigures]]]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A Markdown table; nothing where there is no row."""
    body = [f"| {' | '.join(row)} |" for row in rows]
    if not body:
        return []
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *body, ""]


def titled(title: str, lines: Table) -> Table:
    """The lines under a heading; nothing where there is no line."""
    return [f"### {title}", "", *lines] if lines else []


def share(value: float, digits: int = 4) -> str:
    """0..1 without its leading zero."""
    told = f"{value:.{digits}f}"
    return told.removeprefix("0") if value < 1 else told


def grouped(pages: Iterable[PageFigures], by: Callable[[PageFigures], str]) -> Grouped:
    """Levels in their order, everything else by name."""
    found: dict[str, list[PageFigures]] = defaultdict(list)
    for page in pages:
        found[by(page)].append(page)
    known = {name: at for at, name in enumerate(LEVELS)}
    return sorted(found.items(), key=lambda item: (known.get(item[0], 9), item[0]))


def with_total(groups: Grouped) -> Grouped:
    everything = [page for _, some in groups for page in some]
    return [*groups, ("all", everything)] if len(groups) > 1 else groups


def with_words(pages: Iterable[PageFigures]) -> list[PageFigures]:
    return [page for page in pages if page.content and page.wanted]


def ours(pages: Iterable[PageFigures]) -> Recall:
    return recall((page.ours, page.wanted) for page in pages)


def theirs(pages: Iterable[PageFigures]) -> Recall:
    return recall((p.theirs, p.wanted) for p in pages if p.theirs is not None)


def plain(pages: Iterable[PageFigures]) -> Recall:
    return recall((p.plain, p.wanted) for p in pages if p.plain is not None)


def recall_beside(pages: Iterable[PageFigures], *, what: str) -> Table:
    """Ours and the peer's on the pages that both had; missed words in proportion."""
    beside = [page for page in with_words(pages) if page.theirs is not None]
    by: dict[str, Callable[[PageFigures], str]] = {
        "level": lambda page: page.level,
        "mode and dpi": lambda page: f"{page.mode} {page.dpi}",
    }
    rows = []
    for _, some in with_total(grouped(beside, by[what])):
        mine, peer, raw = ours(some), theirs(some), plain(some)
        ratio = mine.missed / peer.missed if peer.missed else float("nan")
        rows.append(
            [
                _,
                str(len(some)),
                str(mine.wanted),
                share(mine.share),
                share(peer.share),
                f"{ratio:.2f}",
                share(raw.share) if raw.wanted else "-",
            ]
        )
    head = [what, "pages", "words", "ours", "OCRmyPDF", "missed, ours / theirs"]
    return table([*head, "plain tesseract"], rows)


def recall_of_all(pages: Iterable[PageFigures]) -> Table:
    """Ours on every page with words, by level, mode and dpi; and what was made up."""
    rows = []
    groups = [
        *with_total(grouped(with_words(pages), lambda p: p.level)),
        *grouped(with_words(pages), lambda p: f"{p.level}, {p.mode} {p.dpi}"),
    ]
    for name, some in groups:
        mine = ours(some)
        extra = sum(max(p.told - p.ours - p.by_hand_read, 0) for p in some)
        low = sum(1 for page in some if page.ours < 0.9 * page.wanted)
        rows.append(
            [
                name,
                str(len(some)),
                str(mine.wanted),
                share(mine.share),
                share(extra / max(sum(page.told for page in some), 1)),
                share(low / len(some), 3),
            ]
        )
    head = ["", "pages", "words", "recall", "words not on the page"]
    return table([*head, "pages below .90"], rows)


def handwriting(pages: Iterable[PageFigures]) -> Table:
    """Words by hand that were read, and how the mark of handwriting does."""
    written = [page for page in pages if page.content and page.by_hand]
    rows = []
    for name, some in with_total(grouped(written, lambda page: page.level)):
        read = recall((page.by_hand_read, page.by_hand) for page in some)
        mostly = [page for page in some if page.handwritten]
        rows.append(
            [
                name,
                str(len(some)),
                str(read.wanted),
                share(read.share, 3),
                str(len(mostly)),
                _marked(mostly),
                _marked([page for page in some if not page.handwritten]),
            ]
        )
    head = ["level", "pages with handwriting", "words by hand", "read"]
    told = ["mostly by hand: pages", "told so", "others told so"]
    return table([*head, *told], rows)


def _marked(pages: Sequence[PageFigures]) -> str:
    known = [page.told_hand for page in pages if page.told_hand is not None]
    return share(sum(h >= 0.5 for h in known) / len(known), 3) if known else "-"


def readability(pages: Iterable[PageFigures]) -> Table:
    """Predicted share of right words beside the true one, by bin of the prediction."""
    edges = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)
    known = [page for page in with_words(pages) if page.told_removed is None]
    rows = []
    for low, high in itertools.pairwise(edges):
        some = [page for page in known if low <= page.readable < high]
        if some:
            seen = Counter[str]()
            for page in some:
                seen["words"] += sum(pair[0] for pair in page.trust.values())
                seen["right"] += sum(pair[1] for pair in page.trust.values())
            rows.append(
                [
                    f"{low:g} to {min(high, 1):g}",
                    str(len(some)),
                    share(sum(page.readable for page in some) / len(some), 3),
                    share(seen["right"] / max(seen["words"], 1), 3),
                    share(ours(some).share, 3),
                    str(sum(page.again for page in some)),
                ]
            )
    head = ["predicted", "pages", "mean predicted", "words right", "recall"]
    head.append("offered for rescan")
    return table(head, rows)


def confidence(pages: Iterable[PageFigures]) -> Table:
    """Words right by bin of confidence, a column a level; words in brackets."""
    counted: dict[str, Counter[tuple[int, str]]] = defaultdict(Counter)
    for page in pages:
        for at, (seen, right) in page.trust.items():
            counted[page.level].update({(at, "seen"): seen, (at, "right"): right})
    levels = [level for level in LEVELS if level in counted]
    rows = []
    for at in reversed(range(BINS)):
        cells = []
        for level in levels:
            seen = counted[level][at, "seen"]
            right = counted[level][at, "right"]
            cells.append(f"{share(right / seen, 3)} ({seen})" if seen else "-")
        rows.append([f"{at / BINS:.2f} to {(at + 1) / BINS:.2f}", *cells])
    return table(["confidence", *levels], rows if levels else [])
