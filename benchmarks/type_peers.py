"""The type model beside peers: `python -m benchmarks.type_peers mtsamples-train.csv`.

Whole transcribed reports with exactly one of the collection's own 12 document labels,
body text only, five random folds; one row for each model: accuracy, macro-F1, seconds
to train a fold, milliseconds for a report.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import numpy as np
import spacy
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from spacy.training import Example
from spacy.util import fix_random_seed  # type: ignore[attr-defined]  # not in __all__

from pipeline.classify.features import Line, terms
from pipeline.classify.fit import count, fit

LABELS = (
    "Surgery",
    "Consult - History and Phy.",
    "Radiology",
    "SOAP / Chart / Progress Notes",
    "Discharge Summary",
    "Emergency Room Reports",
    "Letters",
    "Office Notes",
    "Psychiatry / Psychology",
    "Autopsy",
    "Lab Medicine - Pathology",
    "IME-QME-Work Comp etc.",
)
Guess = Callable[[Sequence[str]], NDArray[np.int_]]
Learn = Callable[[list[str], NDArray[np.int_]], Guess]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("reports", type=Path)
    parser.add_argument("--spacy-epochs", type=int, default=0, help="0 leaves it out")
    given = parser.parse_args()
    texts, truth = read(given.reports)
    peers: dict[str, Learn] = {"ours": ours, "word 1-2 TF-IDF, linear SVC": plain_svc}
    if given.spacy_epochs:
        peers["spaCy textcat BOW"] = lambda x, y: spacy_bow(x, y, given.spacy_epochs)
    print(f"{len(texts)} reports, {len(set(truth.tolist()))} labels, five folds")
    for name, learn in peers.items():
        print(name, compare(learn, texts, truth))


def read(path: Path) -> tuple[list[str], NDArray[np.int_]]:
    """Distinct texts that have exactly one of LABELS, and its number."""
    found: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            own = [x for x in row["medical_specialty"].split("|") if x in LABELS]
            if len(own) == 1:
                found.setdefault(row["transcription"], LABELS.index(own[0]))
    return list(found), np.array(list(found.values()))


def compare(learn: Learn, texts: list[str], truth: NDArray[np.int_]) -> str:
    """The figures of one model over five folds."""
    guessed = np.zeros_like(truth)
    learning = guessing = 0.0
    for train, test in KFold(5, shuffle=True, random_state=1).split(texts, truth):
        began = time.perf_counter()
        guess = learn([texts[i] for i in train], truth[train])
        learned = time.perf_counter()
        guessed[test] = guess([texts[i] for i in test])
        learning += (learned - began) / 5
        guessing += time.perf_counter() - learned
    return (
        f"accuracy {accuracy_score(truth, guessed):.3f}"
        f" macro-F1 {f1_score(truth, guessed, average='macro'):.3f}"
        f" {learning:.1f} s/fold {1000 * guessing / len(texts):.1f} ms/report"
    )


def ours(texts: list[str], truth: NDArray[np.int_]) -> Guess:
    """The features and fit of pipeline/classify, without any printed title."""
    counted = count([_terms(text) for text in texts])
    each = np.arange(len(texts))
    model = fit(counted, each, truth, each, len(LABELS))

    def guess(more: Sequence[str]) -> NDArray[np.int_]:
        matrix = count([_terms(text) for text in more], counted.terms).matrix
        found: NDArray[np.int_] = model.margins(matrix).argmax(axis=1)
        return found

    return guess


def _terms(text: str) -> dict[str, int]:
    return terms([Line(row) for row in text.splitlines()])


def plain_svc(texts: list[str], truth: NDArray[np.int_]) -> Guess:
    """What a textbook does: scikit-learn's own vectoriser and classifier."""
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        LinearSVC(C=0.5, class_weight="balanced", random_state=0),
    ).fit(texts, truth)

    def guess(more: Sequence[str]) -> NDArray[np.int_]:
        found: NDArray[np.int_] = model.predict(more)
        return found

    return guess


def spacy_bow(texts: list[str], truth: NDArray[np.int_], epochs: int) -> Guess:
    """SpaCy's bag-of-words text categoriser, first 4000 characters of a report."""
    fix_random_seed(1)
    nlp = spacy.blank("en")
    nlp.add_pipe("textcat", config=_BOW)
    examples = [
        Example.from_dict(
            nlp.make_doc(text[:4000]),
            {"cats": {x: float(i == kind) for i, x in enumerate(LABELS)}},
        )
        for text, kind in zip(texts, truth.tolist(), strict=True)
    ]
    trainer = nlp.initialize(lambda: examples)
    rng = Random(1)
    for _ in range(epochs):
        rng.shuffle(examples)
        for start in range(0, len(examples), 16):
            nlp.update(examples[start : start + 16], sgd=trainer)

    def guess(more: Sequence[str]) -> NDArray[np.int_]:
        docs = nlp.pipe(text[:4000] for text in more)
        return np.array(
            [LABELS.index(max(d.cats, key=lambda k: d.cats[k])) for d in docs]
        )

    return guess


_BOW = {
    "model": {
        "@architectures": "spacy.TextCatBOW.v3",
        "exclusive_classes": True,
        "ngram_size": 2,
        "no_output_layer": False,
        "length": 262144,
    }
}


if __name__ == "__main__":
    main()
