"""What every TypeModel promises, over every implementation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.classify.corpus import TrainingPage
from pipeline.classify.features import lines_of
from pipeline.classify.model import TypeModel, Undecided
from pipeline.classify.site_fit import SitePages, fit_site
from pipeline.classify.site_model import SiteModel
from pipeline.classify.text_model import load_model
from pipeline.document import DocumentType
from pipeline.page import Box, Page, Quality, Word

_MODELS = Path(__file__).parents[2] / "models"
_QUALITY = Quality(0.05, False, 300, 50.0, 2.0, 0.0, 0.9)


def _page(number: int, *rows: str) -> Page:
    words = tuple(
        Word(text, Box(90 * k, 50 * i, 90 * k + 80, 50 * i + 30), 0.9, i)
        for i, row in enumerate(rows)
        for k, text in enumerate(row.split())
    )
    return Page(number, (2550, 3300), words, (), 300, 0, _QUALITY, "test 1")


PAGES = [
    _page(
        1,
        "RIVER HOSPITAL",
        "OPERATIVE REPORT",
        "Preoperative diagnosis: gallstones",
        "Postoperative diagnosis: the same",
        "Anesthesia: general",
        "An incision was made below the ribs and the fascia divided",
        "Page 1 of 2",
    ),
    _page(2),
    _page(3, "and the skin closed. The patient tolerated this well.", "Page 2 of 2"),
    _page(4, "RIVER HOSPITAL", "LABORATORY REPORT", "Sodium 140 Potassium 4.0"),
]


@pytest.fixture(scope="module", params=["undecided", "types", "site"])
def model(request: pytest.FixtureRequest) -> TypeModel:
    if request.param == "undecided":
        return Undecided((DocumentType("letter"), DocumentType("referral")))
    if request.param == "site":
        return _site_model(load_model(_MODELS / "types"))
    return load_model(_MODELS / request.param)


def _site_model(base: TypeModel) -> SiteModel:
    """Over the shipped one, taught twelve papers, half of them a local type."""
    local = DocumentType("laboratory_report_river")
    pages = [
        TrainingPage(kind, lines_of(page), "site", f"b{n}", f"p{n}", f"d{n}", 1)
        for n in range(6)
        for kind, page in (
            (DocumentType("operative_note"), PAGES[0]),
            (local, PAGES[3]),
        )
    ]
    scores = base.type_scores([PAGES[0], PAGES[3]] * 6)
    site = fit_site(SitePages(pages, scores, base.types))
    return SiteModel("types-1 2026-11-26", base, site)


def test_it_has_a_name_with_a_version_and_distinct_types(model: TypeModel) -> None:
    assert len(model.name.split()) == 2
    assert len(set(model.types)) == len(model.types) > 1


def test_type_scores_are_log_probabilities(model: TypeModel) -> None:
    scores = model.type_scores(PAGES)
    assert scores.shape == (4, len(model.types))
    assert scores.dtype == np.float64
    assert (np.exp(scores).sum(axis=1) <= 1 + 1e-9).all()
    assert np.exp(scores[1]).sum() == pytest.approx(1)  # what says nothing is flat
    assert np.isfinite(scores).all()


def test_a_page_that_says_nothing_is_flat(model: TypeModel) -> None:
    assert np.ptp(model.type_scores(PAGES)[1]) == 0


def test_start_scores_are_finite_and_the_first_is_certain(model: TypeModel) -> None:
    odds = model.start_scores(PAGES)
    assert odds.shape == (4,)
    assert np.isfinite(odds).all()
    assert odds[0] >= 10


def test_no_pages_no_scores(model: TypeModel) -> None:
    assert model.type_scores([]).shape == (0, len(model.types))
    assert model.start_scores([]).shape == (0,)


def test_a_page_is_scored_by_itself_and_always_the_same(model: TypeModel) -> None:
    together = model.type_scores(PAGES)
    for i, one in enumerate(PAGES):
        assert (model.type_scores([one])[0] == together[i]).all()


def test_the_shipped_model_reads_titles_and_counts() -> None:
    shipped = load_model(_MODELS / "types")
    best = [shipped.types[i] for i in shipped.type_scores(PAGES).argmax(axis=1)]
    assert (best[0], best[3]) == ("operative_note", "laboratory_report")
    odds = shipped.start_scores(PAGES)
    assert odds[1] == 0
    assert odds[2] < -1
    assert odds[3] > 1


def test_the_shipped_models_are_small_and_whole() -> None:
    files = [p for p in _MODELS.rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in files) <= 8_000_000
