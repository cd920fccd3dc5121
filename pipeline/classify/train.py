"""Training the type model: `chartfiler train`.

Folds hold out whole houses of forms and whole reports, never single pages. What is
measured is measured on them, and the temperature is chosen on them; the shipped
weights are then fitted on everything. Report texts of the report split, on which the
closing figures are measured (heldout.py), are refused: left out, counted and told.
Same input and seed, same bytes.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline import artefact
from pipeline.classify import gaps, heldout, starts
from pipeline.classify.corpus import (
    TrainingPage,
    fold_of,
    names_in,
    read_charts,
    read_forms,
    without,
)
from pipeline.classify.features import terms
from pipeline.classify.fit import (
    KEPT,
    Column,
    Counted,
    Fitted,
    choose_temperature,
    count,
    fit,
    likelihood,
)
from pipeline.classify.measure import Measured, measure
from pipeline.classify.model import Scores
from pipeline.classify.printing import cut_short, misread, print_report, stamped
from pipeline.classify.reports import Report, read_reports
from pipeline.classify.strange import Strangeness
from pipeline.classify.text_model import StartWeights
from pipeline.classify.unseen import Known, learn_strangeness
from pipeline.document import DocumentType
from pipeline.errors import SettingsError

FOLDS = 3
NOISY = 0.05  # characters read wrong in the noisy measurement
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a training made and how good it is on pages that it did not learn from."""

    name: str
    folder: Path
    types: tuple[DocumentType, ...]
    pages: int
    refused: int  # report texts that are kept for closing figures
    types_measured: Mapping[str, Measured]  # by source, and at NOISY
    starts_measured: gaps.CutsMeasured
    unknown_auroc: float  # of pages of whole types held out; nan where too few types
    seconds: float


@dataclass(frozen=True, slots=True)
class Material:
    """Pages with their terms counted, their type, person and fold by number."""

    pages: list[TrainingPage] = field(repr=False)
    counted: Counted = field(repr=False)
    types: tuple[DocumentType, ...]
    columns: Column  # the type of each page
    people: Column
    folds: Column


@dataclass(frozen=True, slots=True)
class Sources:
    """The files to learn from: transcribed reports, written forms, train charts."""

    reports: Path | None = None
    forms: Path | None = None
    charts: tuple[Path, ...] = ()

    def hashes(self) -> dict[str, str]:
        """SHA-256 of each file, by what it is."""
        named = {"reports": self.reports, "forms": self.forms}
        named |= {f"charts {i}": path for i, path in enumerate(self.charts, 1)}
        return {
            name: artefact.sha256(path.read_bytes())
            for name, path in named.items()
            if path
        }


def train(
    sources: Sources,
    out: Path,
    seed: int,
    *,
    today: dt.date,
    command: str = "chartfiler train",
    say: Say = lambda _: None,
) -> TrainingReport:
    """Learn from reports and forms, and put the model in ``out``.

    ``today`` becomes part of the model's name; ``say`` is told what is being done.
    Raises SettingsError where there is too little to learn from.
    """
    began = time.monotonic()
    say("reading and printing the training pages")
    material, refused = material_of(sources, seed)
    if refused:
        say(f"refusing {refused} texts of the report split")
    say(f"measuring {len(material.pages)} pages on {FOLDS} folds")
    held = _hold_out(material, seed)
    say("learning where documents begin")
    starting, cuts = _starts(material, held, seed)
    say("learning what no known type looks like")
    strange, parted = _strange(material)
    say("fitting the model on everything")
    final = fitted(material, np.arange(len(material.pages)))
    report = TrainingReport(
        name=f"types {today.isoformat()}",
        folder=out,
        types=material.types,
        pages=len(material.pages),
        refused=refused,
        types_measured=_measured(material, held),
        starts_measured=cuts,
        unknown_auroc=parted,
        seconds=time.monotonic() - began,
    )
    manifest = _manifest(material, report, seed, command)
    numbers = _numbers(final, held.temperature, starting, strange)
    known = list(final.vocabulary.columns)
    lists = {"terms": known, "openings": list(starting.openings)}
    manifest |= {"sources": sources.hashes()}
    artefact.write(out, artefact.Artefact(manifest, numbers, lists))
    return report


def material_of(sources: Sources, seed: int) -> tuple[Material, int]:
    """The pages to learn from, counted; and how many report texts are refused.

    Raises SettingsError where there is too little to learn from.
    """
    learned, refused = _learnable(sources.reports)
    return _prepare(_gather(learned, sources, seed)), refused


def _learnable(reports: Path | None) -> tuple[list[Report], int]:
    """Reports that may be learned, and how many are refused."""
    found = list(read_reports(reports)) if reports else []
    learned = [one for one in found if heldout.split_of(one.text) != "report"]
    return learned, len(found) - len(learned)


def _gather(reports: list[Report], sources: Sources, seed: int) -> list[TrainingPage]:
    pages = list(_all_pages(reports, sources, _dice(seed)))
    names = names_in(pages)
    pages = [without(names, page) for page in pages]
    if len({page.type for page in pages}) < FEWEST_TYPES:
        raise SettingsError(
            f"fewer than {FEWEST_TYPES} types of paper to learn from; give --reports or"
            " --forms (see `chartfiler train --help`)"
        )
    return pages


FEWEST_TYPES = 2


def _dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311 (repeatable, and nothing secret)


def _all_pages(
    reports: list[Report], sources: Sources, rng: Random
) -> Iterator[TrainingPage]:
    for report in reports:
        yield from (stamped(page, rng) for page in print_report(report, rng))
    for page in read_forms(sources.forms) if sources.forms else ():
        yield from (stamped(each, rng) for each in cut_short(page, rng))
    for path in sources.charts:
        yield from read_charts(path)


def _prepare(pages: list[TrainingPage]) -> Material:
    types = tuple(sorted({page.type for page in pages}))
    people = {p: i for i, p in enumerate(dict.fromkeys(page.person for page in pages))}
    return Material(
        pages=pages,
        counted=count([terms(page.lines) for page in pages]),
        types=types,
        columns=np.array([types.index(page.type) for page in pages]),
        people=np.array([people[page.person] for page in pages]),
        folds=np.array([fold_of(page, FOLDS) for page in pages]),
    )


def fitted(material: Material, rows: Column) -> Fitted:
    """The linear model of these rows; types without a row among them never win."""
    return fit(
        material.counted,
        rows,
        material.columns[rows],
        material.people[rows],
        len(material.types),
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """What models that never saw a page's house or report say of it."""

    scores: Scores = field(repr=False)  # natural log probabilities
    noisy: Scores = field(repr=False)  # the same pages misread
    temperature: float


def _hold_out(material: Material, seed: int) -> _Held:
    """Every page scored by the model of the folds without it."""
    shape = len(material.pages), len(material.types)
    margins, noisy = np.zeros(shape), np.zeros(shape)
    words, noisy_words = np.zeros(shape[0], np.int_), np.zeros(shape[0], np.int_)
    poor = _misread_counts(material, seed)
    for fold in range(FOLDS):
        out = np.flatnonzero(material.folds == fold)
        if not len(out):
            continue
        model = fitted(material, np.flatnonzero(material.folds != fold))
        for matrix, scored, known in (
            (material.counted.matrix, margins, words),
            (poor, noisy, noisy_words),
        ):
            scored[out] = model.margins(matrix[out])
            known[out] = model.words(matrix[out])
    weight = _even_sources(material.pages)
    chosen = choose_temperature(margins, words, material.columns, weight)
    return _Held(
        likelihood(margins, words, chosen),
        likelihood(noisy, noisy_words, chosen),
        chosen,
    )


def _strange(material: Material) -> tuple[Strangeness, float]:
    """How low the best margin of an unknown type is, from whole types held out."""

    def margins(train: Column, asked: Column) -> Scores:
        return fitted(material, train).margins(material.counted.matrix[asked])

    weight = _even_sources(material.pages)
    return learn_strangeness(Known(material.columns, material.folds, weight), margins)


def _misread_counts(material: Material, seed: int) -> sparse.csr_matrix:
    """The pages counted again as a poor scan would read them, in the same columns."""
    rng = _dice(seed + 1)
    poor = [terms(misread(page.lines, NOISY, rng)) for page in material.pages]
    return count(poor, material.counted.terms).matrix


def _even_sources(pages: list[TrainingPage]) -> NDArray[np.float64]:
    """Weights that let each source count the same, however many pages it has."""
    having = Counter(page.source for page in pages)
    return np.array([len(pages) / having[page.source] for page in pages])


def _starts(
    material: Material, held: _Held, seed: int
) -> tuple[StartWeights, gaps.CutsMeasured]:
    """Weights of the gaps from all folds, and their figures from folds held out."""
    by_fold = []
    for fold in range(FOLDS):
        own = set(np.flatnonzero(material.folds == fold).tolist())
        pages = material.pages
        openings = gaps.learn_openings([p for i, p in enumerate(pages) if i not in own])
        rng = _dice(seed + fold)
        by_fold.append(gaps.gaps_of(pages, own, held.scores, openings, rng))
    tested, learned = by_fold[0], gaps.joined(by_fold[1:])
    measured = gaps.measure_cuts(tested, gaps.learn_starts(learned, {}))
    everything = gaps.learn_openings(material.pages)
    return gaps.learn_starts(gaps.joined(by_fold), everything), measured


def _measured(material: Material, held: _Held) -> dict[str, Measured]:
    found: dict[str, Measured] = {}
    sources = np.array([page.source for page in material.pages])
    for source in sorted(set(sources.tolist())):
        own = np.flatnonzero(sources == source)
        truth = material.columns[own]
        found[source] = measure(held.scores[own], truth)
        found[f"{source}, misread"] = measure(held.noisy[own], truth)
    return found


_LICENCES = {
    "reports": "MTSamples transcribed reports (public sample reports of mtsamples.com);"
    " texts are not part of the model",
    "forms": "written by this project's benchmarks/forms; same licence as the project",
    "charts": "printed by this project's benchmarks/charts, train split; same licence"
    " as the project; the report texts in it as above",
}


def _manifest(
    material: Material, report: TrainingReport, seed: int, command: str
) -> dict[str, object]:
    """Who the model is, what it learned from and how good it was."""
    pages = material.pages
    return {
        "name": report.name,
        "date": report.name.rpartition(" ")[2],
        "command": command,
        "seed": seed,
        "types": list(material.types),
        "features": {
            "terms": "w: words and word pairs, c: characters 3-5, t: title zone",
            "at most": KEPT,
            "model": "linear SVM, one against the rest; one temperature",
        },
        "starts": list(starts.FEATURES),
        "training": {
            source: {
                "licence": _LICENCES[source],
                "pages": sum(n for (s, _), n in counts.items() if s == source),
                "pages by type": {t: n for (s, t), n in counts.items() if s == source},
            }
            for counts in [Counter((p.source, p.type) for p in pages)]
            for source in sorted({s for s, _ in counts})
        },
        "refused": {"report texts": report.refused, "rule": heldout.RULE},
        "measured": {
            "how": f"{FOLDS} folds that hold out whole houses of forms and whole"
            f" reports; misread: {NOISY:.0%} of characters wrong; coverage_1: share of"
            " pages that can be accepted with 1 % of them wrong",
            "types": {k: v.as_row() for k, v in report.types_measured.items()},
            "starts": report.starts_measured.as_row(),
            "auroc of pages of types held out": _rounded(report.unknown_auroc),
        },
    }


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)


def _numbers(
    model: Fitted, temperature: float, starting: StartWeights, strange: Strangeness
) -> dict[str, NDArray[np.float64] | NDArray[np.float16]]:
    return {
        "weights": model.weights.astype(np.float16),
        "intercept": model.intercept,
        "idf": model.vocabulary.idf.astype(np.float16),
        "temperature": np.array(temperature),
        "start_weights": starting.weights,
        "start_intercept": np.array(starting.intercept),
        "openings": np.array(list(starting.openings.values())),
        "strange": np.array([strange.weight, strange.intercept]),
    }
