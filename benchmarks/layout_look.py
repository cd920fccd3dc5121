"""Would the look of a page type what its words do not? ORB and RANSAC, measured.

`python -m benchmarks.layout_look DATA CHARTS [DATA CHARTS ...] [--level poor]`

Each content page of the level is matched against the pages of all other documents in
the folder, as a site would keep examples of its forms: 500 ORB features at 100 dpi,
clear nearest neighbours, to the eight likest a homography by RANSAC. A match is
verified from 25 inliers, 3 in 10 of the matched, on (docs/SCIENCE.md 2.3). Told: how
many pages have a verified match, how often the best one is of the right type, and both
of the pages that their words alone type wrongly.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.charts.kinds import PageTruth
from benchmarks.documents.recut import Nobody, copied
from benchmarks.form_numbers import read_pages
from pipeline.ingest.formats import page_image
from pipeline.ingest.limits import Limits
from pipeline.page import Page
from pipeline.site import open_site
from pipeline.wiring import tools_of

_DPI, _FEATURES = 100, 500
_RATIO, _REPROJECTION = 0.85, 3.0  # of the second-best distance; px
_FEWEST, _SHARE = 25, 0.3
_NEEDED = 8  # matches before a homography is tried
_TRIED = 8  # pages with the most matches


@dataclass(frozen=True, slots=True)
class Look:
    """What of a page is matched; ``words`` is the type that its words alone give."""

    truth: PageTruth
    words: str
    points: Any = field(repr=False)
    descriptors: Any = field(repr=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", metavar="DATA CHARTS")
    parser.add_argument("--level", default="poor")
    given = parser.parse_args()
    tally: Counter[str] = Counter()
    for data, charts in zip(given.folders[::2], given.folders[1::2], strict=True):
        looks = _looks(data, charts)
        for one in looks:
            if one.truth.level == given.level:
                tally.update(_judged(one, looks))
    for name, count in sorted(tally.items()):
        print(f"{name:45} {count}")


def _looks(data: Path, charts: Path) -> list[Look]:
    with tempfile.TemporaryDirectory() as work:
        tools = tools_of(open_site(copied(data, Path(work))), Nobody())
        pages = list(read_pages(tools, charts))
        scores = tools.types.type_scores([page for _, page in pages])
        words = [tools.types.types[int(row.argmax())] for row in scores]
    return [
        Look(truth, typed, *_described(charts / "inbox", truth, page))
        for (truth, page), typed in zip(pages, words, strict=True)
    ]


def _described(inbox: Path, truth: PageTruth, page: Page) -> tuple[Any, Any]:
    """ORB's points and descriptors of the upright page at 100 dpi."""
    pixels: Any = page_image(inbox / truth.source, truth.page, Limits()).pixels
    pixels = np.ascontiguousarray(np.rot90(pixels, -page.rotation // 90))
    small = _DPI / page.dpi
    pixels = cv2.resize(pixels, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
    points, found = cv2.ORB.create(_FEATURES).detectAndCompute(pixels, None)
    return np.array([point.pt for point in points], np.float32), found


def _judged(one: Look, looks: Sequence[Look]) -> Counter[str]:
    others = [x for x in looks if x.truth.document != one.truth.document]
    likest = sorted(others, key=lambda other: -len(_matched(one, other)))[:_TRIED]
    best, inliers = max(
        ((other, _verified(one, other)) for other in likest), key=lambda pair: pair[1]
    )
    kin = any(_is_kin(one.truth, other.truth) for other in others)
    wrong = one.words != one.truth.type
    of = ["pages", *["wrong by words"] * wrong]
    found = inliers >= _FEWEST
    right = found and best.truth.type == one.truth.type
    told = Counter[str]()
    for name in of:
        told[f"{name}"] += 1
        told[f"{name}: another paper of its house and type"] += kin
        told[f"{name}: a verified match"] += found
        told[f"{name}: the match's type right"] += right
    return told


def _is_kin(one: PageTruth, other: PageTruth) -> bool:
    return (one.house, one.type) == (other.house, other.type)


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
