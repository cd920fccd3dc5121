"""The sample scans of tests/samples, page by page, each with its truth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.ingest.formats import count_pages, page_image
from pipeline.ingest.limits import Limits
from pipeline.page import PageImage

SAMPLES = Path(__file__).parent.parent / "tests" / "samples"


@dataclass(frozen=True)
class SamplePage:
    """One side, and what truth.jsonl says of it."""

    source: str
    page: int
    image: PageImage
    truth: dict[str, Any]


def sample_pages(folder: Path = SAMPLES) -> Iterator[SamplePage]:
    """Every side of every sample, in the order of truth.jsonl.

    Raises ValueError where truth.jsonl and the files do not hold the same pages.
    """
    truths = [
        json.loads(line)
        for line in (folder / "truth.jsonl").read_text().splitlines()
        if line
    ]
    counted: dict[str, int] = {}
    for truth in truths:
        path = folder / "inbox" / truth["source"]
        if truth["source"] not in counted:
            counted[truth["source"]] = count_pages(path, Limits(), path.suffix)
        image = page_image(path, truth["page"], Limits())
        yield SamplePage(truth["source"], truth["page"], image, truth)
    if sum(counted.values()) != len(truths):
        raise ValueError("truth.jsonl does not list every page of its files")
