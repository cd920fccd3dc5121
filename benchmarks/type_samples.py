"""The shipped type model on the sample scans: `python -m benchmarks.type_samples`.

Reads tests/samples with their recorded recognition and prints, over the pages that are
part of a document, how many types and how many document starts are right, and each
page that is not. The model is never tuned on them; but the houses that printed them
are among those that wrote its training forms.
"""

from __future__ import annotations

import argparse
from itertools import groupby
from pathlib import Path

import numpy as np

from benchmarks.samplepages import SAMPLES, SamplePage, sample_pages
from pipeline.classify.measure import measure
from pipeline.classify.model import Scores
from pipeline.classify.text_model import TextModel, load_model
from pipeline.ocr.read import read_page
from pipeline.ocr.remembered import Recorded

SHIPPED = Path(__file__).parent.parent / "models" / "types"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    given = parser.parse_args()
    model = load_model(given.model)
    engine = Recorded(given.samples / "recognition.jsonl.gz")
    pages = sample_pages(given.samples)
    batches = [
        list(batch) for _, batch in groupby(pages, lambda s: s.source.partition("/")[0])
    ]
    scores, truth, right_starts = [], [], 0
    for batch in batches:
        kept = [sample for sample in batch if not sample.truth["removed_as"]]
        found, starts = score(kept, model, engine)
        scores += list(found)
        truth += [model.types.index(sample.truth["type"]) for sample in kept]
        right_starts += starts
    print(f"{len(truth)} pages, {right_starts} starts right; types:")
    print(measure(np.array(scores), np.array(truth)).as_row())


def score(
    batch: list[SamplePage], model: TextModel, engine: Recorded
) -> tuple[Scores, int]:
    """Type scores of a batch's pages, and how many starts are right; prints faults."""
    pages = [read_page(s.image, i, engine) for i, s in enumerate(batch, 1)]
    types, starts = model.type_scores(pages), model.start_scores(pages)
    begins = [sample.truth["document_page"] == 1 for sample in batch]
    for sample, row, odds, begin in zip(batch, types, starts, begins, strict=True):
        best = model.types[int(row.argmax())]
        if best != sample.truth["type"] or (odds > 0) != begin:
            print(
                f"{sample.source} page {sample.page}: {sample.truth['type']} read as"
                f" {best} ({np.exp(row.max()):.3f}), start log-odds {odds:.1f},"
                f" {'begins' if begin else 'goes on'}"
            )
    return types, int(((starts > 0) == begins).sum())


if __name__ == "__main__":
    main()
