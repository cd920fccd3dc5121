"""Types that a model never saw: does it know that it does not know them?

``python -m benchmarks.documents.unknown FOLDER --reports CSV --forms JSONL --charts
JSONL...`` trains five models on what the shipped one learned from, each without every
fifth type, and puts them in FOLDER, so that each type is held out once. ``chartfiler
bench documents --unknown FOLDER/*`` then asks each of the true documents.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.documents.recut import Run, copied
from benchmarks.documents.scores import auroc
from benchmarks.type_samples import SHIPPED
from pipeline import artefact
from pipeline.classify.text_model import TextModel, load_model
from pipeline.classify.train import Material, Sources, fitted, material_of
from pipeline.document import DocumentType
from pipeline.index.decoder import FOLLOWING_PAGE, LEAST_TYPE, log_sum
from pipeline.index.typenumbers import TypeNumbers
from pipeline.page import Page
from pipeline.site import open_site

GROUPS = 5
SURE = 0.8  # [filing] type_at_least of config/pipeline.toml


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--reports", type=Path)
    parser.add_argument("--forms", type=Path)
    parser.add_argument("--charts", type=Path, nargs="+", default=[])
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sources = Sources(given.reports, given.forms, tuple(given.charts))
    material, _ = material_of(sources, given.seed)
    for group in range(GROUPS):
        made = _without(material, group)
        artefact.write(given.out / f"without-{group + 1}", made)


def _without(material: Material, group: int) -> artefact.Artefact:
    """The shipped model's other parts, with types learned from all but a fifth."""
    shipped = artefact.read(SHIPPED)
    kept = [i for i in range(len(material.types)) if i % GROUPS != group]
    model = fitted(material, np.flatnonzero(np.isin(material.columns, kept)))
    numbers: dict[str, Any] = {
        "weights": model.weights[:, kept].astype(np.float16),
        "intercept": model.intercept[kept],
        "idf": model.vocabulary.idf.astype(np.float16),
    }
    manifest = {k: v for k, v in shipped.manifest.items() if k != "files"}
    manifest["types"] = [material.types[i] for i in kept]
    terms = {**shipped.lists, "terms": list(model.vocabulary.columns)}
    return artefact.Artefact(manifest, {**shipped.arrays, **numbers}, terms)


# --- asked -------------------------------------------------------------------------


def unknown_types(
    models: Sequence[Path], runs: Sequence[Run], work: Path
) -> dict[str, Any]:
    """For each model: what it lacks, how it parts it from the rest, what it forces."""
    documents = [
        document
        for at, run in enumerate(runs)
        for document in true_documents(run, work / f"unknown {at}")
    ]
    rows = []
    for folder in sorted(models):
        model = load_model(folder)
        said = [opinion(model, pages) for _, pages in documents]
        unknown = [kind not in model.types for kind, _ in documents]
        rows.append(
            {
                "lacks": sorted({k for k, _ in documents if k not in model.types}),
                "unknown": sum(unknown),
                "documents": len(documents),
                "auroc": auroc([one.strange for one in said], unknown),
                "forced": _sure(said, unknown, of=True),
                "known": _sure(said, unknown, of=False),
            }
        )
    return {"rows": rows}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a model makes of one document; both numbers are probabilities 0..1.

    ``sure`` is that of the best type, ``strange`` that of no type that it knows.
    """

    type: DocumentType
    sure: float
    strange: float


def opinion(model: TextModel, pages: Sequence[Page]) -> Opinion:
    """The document's pages weighed as the cut of a batch weighs them."""
    numbers = TypeNumbers(model.types, model.type_scores(pages))
    strange = numbers.strange(0, len(pages) - 1)
    weights = np.full(len(pages), FOLLOWING_PAGE)
    weights[0] = 1.0
    scores = weights @ np.maximum(numbers.among_known(), LEAST_TYPE)
    shares = np.exp(scores - log_sum(scores[None, :])[0])
    best = int(shares.argmax())
    return Opinion(model.types[best], float(shares[best]) * (1 - strange), strange)


def _sure(said: Sequence[Opinion], unknown: Sequence[bool], *, of: bool) -> float:
    """Of the unknown or the known, the share whose type would be filed as it is."""
    some = [o for o, u in zip(said, unknown, strict=True) if u is of]
    return sum(o.sure >= SURE for o in some) / max(len(some), 1)


def true_documents(run: Run, work: Path) -> Iterator[tuple[str, list[Page]]]:
    """The type and the recognised pages of every true document."""
    catalogue = open_site(copied(run.data, work)).catalogue
    truths = {(truth.source, truth.page): truth for truth in run.charts.truths}
    found: dict[str, tuple[str, list[Page]]] = {}
    lines = [line for line in catalogue.ledger() if line.number]
    for line in sorted(lines, key=lambda line: (line.batch, line.number)):
        truth = truths.get((line.source, line.page))
        if truth is None or not truth.document or line.first_batch:
            continue
        pages = catalogue.pages(line.batch, (line.number,))
        own = found.setdefault(truth.document, (truth.type or "", []))
        own[1].extend(pages)
    return (document for document in found.values() if document[1])


if __name__ == "__main__":
    main()
