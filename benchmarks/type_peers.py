"""The type model beside peers: `python -m benchmarks.type_peers mtsamples-train.csv`.

Whole transcribed reports, each text once, with exactly one of the collection's own 12
document labels, labels of at least 10 texts, body text only; five stratified folds for
each seed, the same for every model. A row for each model: accuracy, macro-F1, both with
95 % intervals of a bootstrap over texts, the difference to ours of the same resamples,
seconds to train a fold, milliseconds for a report. With --spacy-epochs spaCy's
categoriser stands beside it, alone and averaged with ours.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np
import spacy
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
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
FEWEST = 10  # texts of a label
_DRAWS = 400
_SHARP = 4.0  # what makes a margin a probability
Scores = NDArray[np.float64]
Guess = Callable[[Sequence[str]], Scores]  # (texts, labels that occur), by label
Learn = Callable[[list[str], NDArray[np.int_]], Guess]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("reports", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--spacy-epochs", type=int, default=0, help="0 leaves it out")
    given = parser.parse_args()
    texts, truth = read(given.reports)
    peers: dict[str, Learn] = {
        "ours": ours,
        "word 1-2 TF-IDF, linear SVC": word_svc,
        "char_wb 3-5 TF-IDF, linear SVC": char_svc,
    }
    if given.spacy_epochs:
        peers["spaCy textcat BOW"] = lambda x, y: spacy_bow(x, y, given.spacy_epochs)
    kinds = len(set(truth.tolist()))
    print(f"{len(texts)} reports, {kinds} labels, five folds x {given.seeds} seeds")
    print("| | accuracy | macro-F1 | ours better by | s/fold | ms/report |")
    print("|---|---|---|---|---|---|")
    found: dict[str, Guessed] = {}
    for name, learn in peers.items():
        found[name] = guessed(learn, texts, truth, given.seeds)
        print(told(name, found[name], found["ours"], truth), flush=True)
    if given.spacy_epochs:
        both = together(found["ours"], found["spaCy textcat BOW"], np.unique(truth))
        print(told("ours and spaCy, averaged", both, found["ours"], truth))


def read(path: Path) -> tuple[list[str], NDArray[np.int_]]:
    """Distinct texts that have exactly one of LABELS, and its number."""
    found: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            own = [x for x in row["medical_specialty"].split("|") if x in LABELS]
            if len(own) == 1:
                found.setdefault(row["transcription"], LABELS.index(own[0]))
    having = Counter(found.values())
    kept = {text: kind for text, kind in found.items() if having[kind] >= FEWEST}
    return list(kept), np.array(list(kept.values()))


@dataclass(frozen=True, slots=True)
class Guessed:
    """What each seed's folds said of the texts that they held out.

    ``scores`` (seeds, texts, labels that occur), ``labels`` (seeds, texts).
    """

    scores: Scores = field(repr=False)
    labels: NDArray[np.int_] = field(repr=False)
    learning: float  # seconds for a fold
    guessing: float  # milliseconds for a text


def guessed(
    learn: Learn, texts: list[str], truth: NDArray[np.int_], seeds: int
) -> Guessed:
    """What one model says of every text, held out once by each seed."""
    kinds = np.unique(truth)
    scores = np.zeros((seeds, len(texts), len(kinds)))
    learning = guessing = 0.0
    for seed in range(seeds):
        folds = StratifiedKFold(5, shuffle=True, random_state=seed + 1)
        for train, test in folds.split(texts, truth):
            began = time.perf_counter()
            guess = learn([texts[i] for i in train], truth[train])
            learned = time.perf_counter()
            scores[seed, test] = guess([texts[i] for i in test])
            learning += (learned - began) / (5 * seeds)
            guessing += time.perf_counter() - learned
    labels = kinds[scores.argmax(axis=2)]
    return Guessed(scores, labels, learning, 1000 * guessing / labels.size)


def together(ours_: Guessed, theirs: Guessed, kinds: NDArray[np.int_]) -> Guessed:
    """The mean of both probabilities; ours from margins, theirs as they are."""
    odds = np.exp(_SHARP * ours_.scores)
    mean = odds / odds.sum(axis=2, keepdims=True) + theirs.scores
    return Guessed(
        mean,
        kinds[mean.argmax(axis=2)],
        ours_.learning + theirs.learning,
        ours_.guessing + theirs.guessing,
    )


def told(name: str, found: Guessed, ours_: Guessed, truth: NDArray[np.int_]) -> str:
    """One row; accuracies and macro-F1 are means over the seeds."""
    rng = np.random.default_rng(1)
    draws = [rng.integers(0, len(truth), len(truth)) for _ in range(_DRAWS)]
    every = np.arange(len(truth))
    cells = []
    ahead = []
    for score in (accuracy, macro_f1):
        own = np.array([score(found.labels[:, d], truth[d]) for d in draws])
        mine = np.array([score(ours_.labels[:, d], truth[d]) for d in draws])
        cells.append(f"{score(found.labels[:, every], truth):.3f} ({_span(own)})")
        ahead.append(_span(mine - own))
    better = "" if found is ours_ else f"{ahead[0]}; {ahead[1]}"
    return (
        f"| {name} | {cells[0]} | {cells[1]} | {better} |"
        f" {found.learning:.1f} | {found.guessing:.1f} |"
    )


def _span(values: NDArray[np.float64]) -> str:
    low, high = np.percentile(values, [2.5, 97.5])
    return f"{low:.3f} to {high:.3f}"


def accuracy(labels: NDArray[np.int_], truth: NDArray[np.int_]) -> float:
    """Mean over seeds."""
    return float((labels == truth).mean())


def macro_f1(labels: NDArray[np.int_], truth: NDArray[np.int_]) -> float:
    """Mean over seeds of the mean F1 of the labels that occur in the truth."""
    kinds = np.unique(truth)
    each = []
    for row in labels:
        hits = np.bincount(truth[row == truth], minlength=len(LABELS))[kinds]
        there = np.bincount(truth, minlength=len(LABELS))[kinds]
        said = np.bincount(row, minlength=len(LABELS))[kinds]
        each.append(float(np.mean(2 * hits / (there + said))))
    return float(np.mean(each))


def ours(texts: list[str], truth: NDArray[np.int_]) -> Guess:
    """The features and fit of pipeline/classify, without any printed title."""
    counted = count([_terms(text) for text in texts])
    each = np.arange(len(texts))
    model = fit(counted, each, truth, each, len(LABELS))

    def guess(more: Sequence[str]) -> Scores:
        matrix = count([_terms(text) for text in more], counted.terms).matrix
        return model.margins(matrix)[:, np.unique(truth)]

    return guess


def _terms(text: str) -> dict[str, int]:
    return terms([Line(row) for row in text.splitlines()])


def word_svc(texts: list[str], truth: NDArray[np.int_]) -> Guess:
    """What a textbook does: scikit-learn's own vectoriser and classifier."""
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        LinearSVC(C=0.5, class_weight="balanced", random_state=0),
    ).fit(texts, truth)

    def guess(more: Sequence[str]) -> Scores:
        found: Scores = model.decision_function(more)
        return found

    return guess


def char_svc(texts: list[str], truth: NDArray[np.int_]) -> Guess:
    """Characters within words, as in the peer's own tables."""
    model = make_pipeline(
        TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2
        ),
        LinearSVC(C=0.5, class_weight="balanced", random_state=0),
    ).fit(texts, truth)

    def guess(more: Sequence[str]) -> Scores:
        found: Scores = model.decision_function(more)
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

    def guess(more: Sequence[str]) -> Scores:
        docs = nlp.pipe(text[:4000] for text in more)
        kinds = [LABELS[i] for i in np.unique(truth)]
        return np.array([[d.cats[kind] for kind in kinds] for d in docs])

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
