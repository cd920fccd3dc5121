"""Clerks' cuts teach where documents begin; what was filed by itself never does."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from pipeline import artefact
from pipeline.boundaries import KnownCut, judge_cut
from pipeline.classify.site_model import load_site_model
from pipeline.classify.site_starts import HELD_FAST, CutsJudged
from pipeline.document import BatchId, DocumentId, ScannedDocument
from pipeline.errors import ModelTampered
from pipeline.index.typed import typed_page
from pipeline.learning import propose
from pipeline.wiring import shipped_types
from tests.builders import NOON, cut_of
from tests.learning.cut_site import packets, pages_of, taught
from tests.learning.verified_site import CLERK, SENTINEL, batches, new_site


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    site = taught(new_site(tmp_path_factory.mktemp("cuts") / "data"))
    for nth, id_ in enumerate(batches("train", 4, first=5000)):
        packets(site, id_, 900 + nth, by="rules 1")
    return site, propose(site, CLERK, NOON)


def test_only_gaps_of_clerks_documents_are_learned(made):
    lessons = made[1].lessons
    assert (lessons.gaps, lessons.begins, lessons.batches) == (12 * 5, 12, 12)
    assert lessons.by_hand == lessons.gaps


def test_the_frozen_batches_are_cut_better(made):
    old, new = made[1].cuts
    assert (new.begins, new.documents) == (3, 6)
    assert old.boundary_f1 < 0.7
    assert old.document_f1 == 0
    assert (new.boundary_f1, new.document_f1) == (1, 1)


def test_the_artefact_holds_numbers_alone(made):
    """The sentinel's family is on every page that was learned from."""
    folder = made[1].folder
    found = artefact.read(folder)
    assert found.arrays["start_weights"].dtype == np.float64
    assert found.arrays["start_weights"].shape == (22,)
    assert set(found.lists) == {"terms"}
    for file in folder.iterdir():
        assert SENTINEL.lower().encode() not in file.read_bytes().lower()


def test_the_manifest_tells_where_the_weights_come_from(made):
    told = json.loads((made[1].folder / "manifest.json").read_text())["cuts"]
    assert (told["gaps"], told["begins"], told["cut by hand"]) == (60, 12, 60)
    assert "none filed by rules" in told["rule"]
    assert told["held"] == made[1].lessons.held


def test_the_report_tells_before_and_after(made):
    told = artefact.read(made[1].folder).report
    assert "## Where documents begin" in told
    assert "| whole-document F1 | 0.000 | 1.000 |" in told


def test_the_promoted_model_cuts_with_its_own_weights(made):
    site, proposal = made
    shipped = shipped_types(site.settings.models)
    model = load_site_model(proposal.folder, shipped.model, shipped.manifest)
    pages = [typed_page(text, n) for n, text in enumerate(pages_of(77), 1)]
    own, theirs = model.start_scores(pages), shipped.model.start_scores(pages)
    assert (own[[1, 2, 4, 5]] < theirs[[1, 2, 4, 5]] - 1).all()
    assert own[3] > 0


@pytest.mark.parametrize("odd", [np.zeros(21), np.full(22, np.nan)])
def test_weights_that_do_not_fit_are_refused(made, tmp_path, odd):
    site, proposal = made
    found = artefact.read(proposal.folder)
    manifest = {k: v for k, v in found.manifest.items() if k != "files"}
    arrays = {**found.arrays, "start_weights": odd}
    artefact.write(tmp_path, replace(found, manifest=manifest, arrays=arrays))
    shipped = shipped_types(site.settings.models)
    with pytest.raises(ModelTampered, match="does not fit"):
        load_site_model(tmp_path, shipped.model, shipped.manifest)


def test_a_few_cuts_move_nothing(tmp_path):
    site = taught(new_site(tmp_path / "data"), each=8, frozen=1)
    proposal = propose(site, CLERK, NOON)
    assert proposal.lessons.held == HELD_FAST
    assert proposal.lessons.moved is None
    assert "start_weights" not in artefact.read(proposal.folder).arrays
    assert proposal.cuts[0].begins == 1


# --- what is known of a gap


def known(*documents):
    made = (
        ScannedDocument(DocumentId(f"d{n}"), BatchId("b"), pages)
        for n, pages in enumerate(documents)
    )
    return KnownCut(BatchId("b"), tuple(made))


@pytest.mark.parametrize(
    ("documents", "gap", "begins"),
    [
        ([(1, 4, 3)], (3, 4), None),  # a better scan of page 2, lent
        ([(1, 2), (3,)], (1, 2), False),
        ([(1, 2), (3,)], (2, 3), True),
        ([(1, 2)], (2, 3), None),  # filed by itself, or waiting
        ([(2, 3)], (1, 2), None),
        ([(1, 2, 5), (3, 4)], (2, 3), True),
        ([(1, 2, 5), (3, 4)], (4, 5), None),  # moved: it follows page 2
        ([(1, 3)], (1, 3), False),  # a blank back between them
    ],
)
def test_a_gap_is_known_where_clerks_answered_both_sides(documents, gap, begins):
    assert known(*documents).begins(*gap) is begins


def test_a_cut_is_judged_on_what_is_known():
    pages = [typed_page("some words" if n != 3 else "", n) for n in range(1, 8)]
    cut = cut_of("b", (1, 2), (4,), (5, 6), (7,))
    found = judge_cut(known((1, 2, 3), (4, 5)), pages, cut)
    assert found == CutsJudged(begins=1, told=2, right=1, documents=2, made=3, whole=1)
    assert found.boundary_f1 == pytest.approx(2 / 3)
    assert found.document_f1 == pytest.approx(2 / 5)
