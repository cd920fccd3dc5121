"""Would the look of a page type what its words do not? Signature, ORB and RANSAC.

`python -m benchmarks.layout_look DATA CHARTS [DATA CHARTS ...]`

Each content page is matched against the pages of all other documents of the folders, as
a site would keep examples of its forms. A signature (where words stand, and how dark
each part of a tiny picture is) names the five likeliest; 300 ORB features at 60 dpi and
a homography by RANSAC verify them: 20 inliers, 3 in 10 of the matched (after
docs/SCIENCE.md 2.3). Told, by level and for pages with few legible words: how many are
typed rightly by their words, by the signature alone, by a verified match, and by words
unless a verified match contradicts; and what a page costs.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.charts.kinds import PageTruth
from benchmarks.documents.recut import Nobody, copied
from benchmarks.form_numbers import read_pages
from pipeline.ingest.formats import page_image
from pipeline.ingest.limits import Limits
from pipeline.page import Page, Pixels
from pipeline.site import open_site
from pipeline.wiring import tools_of

_DPI, _FEATURES = 60, 300
_RATIO, _REPROJECTION = 0.85, 3.0  # of the second-best distance; px
_FEWEST, _SHARE = 20, 0.3
_NEEDED = 8  # matches before a homography is tried
_TRIED = 5  # pages with the likest signature
_GRID = 22, 17  # parts of a page, down and across
_FEW = 40  # legible words
Row = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Look:
    """What of a page is matched; ``words`` is the type that its words alone give."""

    truth: PageTruth
    words: str
    few: bool
    signature: Any = field(repr=False)
    points: Any = field(repr=False)
    descriptors: Any = field(repr=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", metavar="DATA CHARTS")
    given = parser.parse_args()
    spent = [0.0, 0.0]
    looks: list[Look] = []
    for data, charts in zip(given.folders[::2], given.folders[1::2], strict=True):
        looks += _looks(data, charts, spent)
    signatures = np.array([one.signature for one in looks])
    tally: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in looks:
        began = time.process_time()
        found = _told(one, looks, signatures)
        spent[1] += time.process_time() - began
        groups = [one.truth.level, "all", *["few words"] * one.few]
        for group in (*groups, *["wrong by words"] * (one.words != one.truth.type)):
            tally[group].update(found)
    print("| pages | | " + " | ".join(_COLUMNS) + " |")
    print("|---" * (2 + len(_COLUMNS)) + "|")
    for group, counts in sorted(tally.items()):
        row = " | ".join(str(counts[name]) for name in _COLUMNS)
        print(f"| {group} | {counts['pages']} | {row} |")
    told = " and ".join(f"{1000 * some / len(looks):.1f}" for some in spent)
    print(f"\nCPU ms a page, taking the look and matching it: {told}")


_COLUMNS = (
    "another paper of its house and type", "right by words", "right by signature",
    "verified", "right by verified", "right by both",
)  # fmt: skip


def _looks(data: Path, charts: Path, spent: list[float]) -> Iterator[Look]:
    with tempfile.TemporaryDirectory() as work:
        tools = tools_of(open_site(copied(data, Path(work))), Nobody())
        pages = list(read_pages(tools, charts))
        scores = tools.types.type_scores([page for _, page in pages])
        words = [tools.types.types[int(row.argmax())] for row in scores]
    for (truth, page), typed in zip(pages, words, strict=True):
        pixels: Any = page_image(charts / "inbox" / truth.source, truth.page, Limits())
        began = time.process_time()
        described = _described(pixels.pixels, page)
        spent[0] += time.process_time() - began
        yield Look(truth, typed, len(page.legible) < _FEW, *described)


def _described(pixels: Pixels, page: Page) -> tuple[Any, Any, Any]:
    """The signature, and ORB's points and descriptors of the upright page."""
    by = _DPI / page.dpi
    small: Any = cv2.resize(pixels, None, fx=by, fy=by, interpolation=cv2.INTER_AREA)
    small = np.ascontiguousarray(np.rot90(small, -page.rotation // 90))
    points, found = cv2.ORB.create(_FEATURES).detectAndCompute(small, None)
    grid: Any = cv2.resize(255 - small, _GRID[::-1], interpolation=cv2.INTER_AREA)
    stands = np.zeros(_GRID)
    for word in page.legible:
        x = (word.box.left + word.box.right) / 2 / page.size[0]
        y = (word.box.top + word.box.bottom) / 2 / page.size[1]
        down, across = int(y * _GRID[0]), int(x * _GRID[1])
        stands[min(max(down, 0), _GRID[0] - 1), min(max(across, 0), _GRID[1] - 1)] = 1
    parts = [_unit(part.astype(np.float64).ravel()) for part in (grid, stands)]
    places = np.array([point.pt for point in points], np.float32)
    return np.concatenate(parts), places, found


def _unit(part: Row) -> Row:
    level: Row = part - part.mean()
    return level / (np.linalg.norm(level) or 1.0)


def _told(one: Look, looks: Sequence[Look], signatures: Row) -> Counter[str]:
    """Which ways of typing this page are right, each counted once."""
    likeness = signatures @ one.signature
    paper = [look.truth.document == one.truth.document for look in looks]
    likeness[paper] = -np.inf
    likest = [looks[i] for i in np.argsort(-likeness)[:_TRIED]]
    best, inliers = max(
        ((other, _verified(one, other)) for other in likest), key=lambda pair: pair[1]
    )
    kind, verified = one.truth.type, inliers >= _FEWEST
    both = best.truth.type if verified else one.words
    said = {
        "pages": True,
        "another paper of its house and type": any(
            (x.truth.house, x.truth.type) == (one.truth.house, kind)
            for x in looks
            if x.truth.document != one.truth.document
        ),
        "right by words": one.words == kind,
        "right by signature": likest[0].truth.type == kind,
        "verified": verified,
        "right by verified": verified and best.truth.type == kind,
        "right by both": both == kind,
    }
    return Counter(name for name, true in said.items() if true)


def _matched(one: Look, other: Look) -> list[cv2.DMatch]:
    """Features of one page with a clear counterpart on the other."""
    if one.descriptors is None or other.descriptors is None:
        return []
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(
        one.descriptors, other.descriptors, k=2
    )
    return [
        p[0] for p in pairs if len(p) > 1 and p[0].distance < _RATIO * p[1].distance
    ]


def _verified(one: Look, other: Look) -> int:
    """Inliers of the homography from one page to the other; 0 if unverified."""
    good = _matched(one, other)
    if len(good) < _NEEDED:
        return 0
    source = one.points[[m.queryIdx for m in good]]
    target = other.points[[m.trainIdx for m in good]]
    _, inside = cv2.findHomography(source, target, cv2.RANSAC, _REPROJECTION)
    inliers = int(inside.sum()) if inside is not None else 0
    return inliers if inliers >= _SHARE * len(good) else 0


if __name__ == "__main__":
    main()
