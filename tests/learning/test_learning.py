"""From clerks' answers to a proposed model, promoted, refused and taken back."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline import artefact, wiring
from pipeline.classify.site_model import SiteModel
from pipeline.document import BatchId, Review
from pipeline.errors import InputError, ModelTampered, SettingsError
from pipeline.finding import Finding
from pipeline.index.typed import typed_page
from pipeline.learning import Proposal, document_score, propose
from pipeline.review.rules import decide
from pipeline.settings import document_types
from pipeline.site import Site, open_site
from pipeline.wiring import (
    filing_rules,
    live_types,
    shipped_types,
    site_types,
    tools_of,
)
from tests.builders import NOON
from tests.flow.papers import FakePool
from tests.learning.verified_site import (
    CLERK,
    NORTH,
    REFERRAL,
    SAID,
    SENTINEL,
    SOUTH,
    batches,
    new_site,
    taught,
    verify,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Proposal]:
    """A taught site and what was proposed there; not to be changed."""
    site = taught(new_site(tmp_path_factory.mktemp("learning") / "data"))
    for id_ in batches("certificate", 3):
        verify(site, id_, NORTH, 900)
    for number, id_ in enumerate(batches("train", 8, first=5000)):
        verify(site, id_, SOUTH, 950 + number, by="rules 1")
    return site, propose(site, CLERK, NOON)


@pytest.fixture
def site(made: tuple[Site, Proposal], tmp_path: Path) -> Site:
    """A copy of it, with the proposal."""
    shutil.copytree(made[0].data, tmp_path / "data")
    return open_site(tmp_path / "data")


def manifest_of(site: Site, name: str = "types-1") -> str:
    return artefact.sha256((site.data / "models" / name / "manifest.json").read_bytes())


def promoted(site: Site) -> Site:
    site.catalogue.promote("types-1", manifest_of(site), CLERK)
    return site


def live(site: Site):
    return live_types(site, shipped_types(site.settings.models))


# --- what is proposed


def test_only_clerks_words_of_the_train_split_are_learned(made):
    proposal = made[1]
    assert proposal.documents == {"train": 24, "frozen": 6, "certificate": 3}
    assert (proposal.pages, proposal.own) == (24, 2)
    assert proposal.name == proposal.folder.name == "types-1"


def test_the_proposal_beats_the_live_model_on_the_frozen_set(made):
    old, new = made[1].champion, made[1].challenger
    assert len(new.truth) == len(old.truth) == 6
    assert new.measured().accuracy == 1
    assert old.measured().accuracy < 0.5  # the shipped model knows no local type


def test_a_proposal_changes_nothing(made):
    site = made[0]
    assert site.catalogue.promotions() == ()
    assert not isinstance(live(site), SiteModel)


def test_the_manifest_tells_where_it_comes_from(made):
    site, proposal = made
    told = json.loads((proposal.folder / "manifest.json").read_text())
    assert (told["by"], told["verified"]["documents"]["train"]) == (CLERK, 24)
    assert "sha256 of the batch id" in told["verified"]["rule"]
    assert told["base"]["manifest"] == shipped_types(site.settings.models).manifest
    assert told["measured"]["this"]["accuracy"] == 1


def test_form_numbers_of_several_patients_are_learned_with_their_types(made):
    told = json.loads((made[1].folder / "manifest.json").read_text())
    assert set(told["forms"]) == {"NC507", "SH22"}  # nothing of one patient's number
    assert told["forms"]["NC507"] == {NORTH: 8}
    assert told["learned"]["form numbers"] == len(told["forms"])


def test_a_promoted_model_s_form_numbers_reach_the_index(site):
    tools = tools_of(promoted(site), FakePool())
    assert tools.identity.forms["NC507"] == {NORTH: 8}


def test_the_report_has_its_parts(made):
    told = artefact.read(made[1].folder).report
    for part in (
        "| accuracy |", "| coverage at 0.5% wrong |", "| coverage at 1.0% wrong |",
        "(ECE)", "## Types", "## Taken for another", "## Probabilities",
        f"| {NORTH} | 2 |", "not yet: 0 of",
    ):  # fmt: skip
        assert part in told


def test_nothing_of_a_person_is_in_any_byte_of_it(made):
    """Every patient is of the same family, so that many patients share the name."""
    files = {file.name: file.read_bytes() for file in made[1].folder.iterdir()}
    assert set(files) == {"manifest.json", "numbers.npz", "terms.json", "report.md"}
    with np.load(io.BytesIO(files["numbers.npz"])) as arrays:
        files |= {name: arrays[name].tobytes() for name in arrays.files}
    for data in files.values():
        low = data.lower()
        assert SENTINEL.lower().encode() not in low
        assert b"3141" not in low
        assert b"1961" not in low
    terms = json.loads(files["terms.json"])["terms"]
    assert "t:north clinic" in terms
    for piece in ("qqv", "vzx", "zyx", "yxw", "brz", "rzyk", "ulri", "xant", "3"):
        assert not [term for term in terms if piece in term]


def test_too_few_answers_say_when_to_come_back(tmp_path):
    site = new_site(tmp_path / "data")
    for number, id_ in enumerate(batches("train", 9)):
        verify(site, id_, NORTH, number)
    with pytest.raises(InputError, match="train again from 10"):
        propose(site, CLERK, NOON)
    assert not (site.data / "models").exists()


def test_ten_answers_about_one_patient_teach_nothing(tmp_path):
    site = new_site(tmp_path / "data")
    for id_ in batches("train", 10):
        verify(site, id_, NORTH, 1)
    with pytest.raises(InputError, match="when more is verified"):
        propose(site, CLERK, NOON)


def test_without_frozen_documents_it_says_so(tmp_path):
    site = taught(new_site(tmp_path / "data"), each=5, frozen=0)
    told: list[tuple[str, int, int]] = []
    proposal = propose(site, CLERK, NOON, lambda *far: told.append(far))
    assert "not measured" in artefact.read(proposal.folder).report
    assert {what for what, _, _ in told} == {"reading", "learning"}
    assert proposal.own == 2


def test_each_proposal_has_its_own_folder(site):
    (site.data / "models" / "types-1-kept").mkdir()
    assert propose(site, CLERK, NOON).name == "types-2"


def test_a_document_is_scored_as_index_scores_it():
    pages = np.log([[0.5, 0.5], [0.9, 0.1], [1.0, 1e-30]])
    found = document_score(pages)
    assert found[0] == pytest.approx(np.log(0.5) + 0.5 * np.log(0.9))
    assert found[1] == pytest.approx(np.log(0.5) + 0.5 * np.log(0.1) - 4.6)


# --- what is live


def test_a_promoted_model_is_what_the_journey_uses(site):
    model = live(promoted(site))
    assert isinstance(model, SiteModel)
    pages = [typed_page(SAID[kind]) for kind in (NORTH, SOUTH, REFERRAL)]
    best = [model.types[i] for i in model.type_scores(pages).argmax(axis=1)]
    assert best == [NORTH, SOUTH, REFERRAL]


def test_taken_back_the_shipped_model_is_live(site):
    promoted(site).catalogue.take_back(CLERK)
    assert not isinstance(live(site), SiteModel)


@pytest.mark.parametrize("name", ["numbers.npz", "terms.json", "report.md"])
def test_a_live_model_that_was_changed_is_refused(site, name):
    promoted(site)
    file = site.data / "models" / "types-1" / name
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(SettingsError, match="models rollback"):
        live(site)


def test_a_live_model_with_another_manifest_is_refused(site):
    """Even one that is whole in itself: what was promoted is what was looked at."""
    promoted(site)
    path = site.data / "models" / "types-1" / "manifest.json"
    told = json.loads(path.read_text())
    told["checked"] = [[NORTH, 100_000, 0]]
    path.write_text(json.dumps(told))
    with pytest.raises(ModelTampered, match="not the one that was promoted"):
        live(site)


def test_a_live_model_that_is_gone_is_refused(site):
    promoted(site)
    shutil.rmtree(site.data / "models")
    with pytest.raises(ModelTampered, match="models rollback"):
        live(site)


def test_a_new_shipped_model_asks_for_a_new_training(site, tmp_path, monkeypatch):
    promoted(site)
    shutil.copytree(wiring.MODELS, tmp_path / "models")
    path = tmp_path / "models" / "types" / "manifest.json"
    path.write_text(path.read_text() + " ")
    monkeypatch.setattr(wiring, "MODELS", tmp_path / "models")
    with pytest.raises(SettingsError, match="another shipped model"):
        live(site)


# --- what is open


def test_the_journey_gets_the_live_model_and_asks_about_a_closed_type(site):
    tools = tools_of(promoted(site), FakePool())
    assert tools.types.name == f"types-1 {NOON:%Y-%m-%d}"
    [reading] = site.catalogue.cut(BatchId(batches("train", 1)[0])).readings
    sure = replace(reading, types=(Finding(NORTH, 1.0, (), "test"),))
    review = decide(sure, tools.rules)
    assert isinstance(review, Review)
    assert "type not yet certified" in [doubt.reason for doubt in review.reasons]


def test_shipped_types_are_open_and_own_ones_are_not(site):
    rules = filing_rules(site.settings.filing, site.type_facts, live(promoted(site)))
    assert rules.open_types == frozenset(document_types())
    shipped = filing_rules(site.settings.filing, site.type_facts)
    assert shipped.open_types == rules.open_types


@pytest.mark.parametrize(
    ("counts", "line", "opened"),
    [
        ((299, 0), 0.8, True),
        ((298, 0), 0.8, False),
        ((299, 1), 0.8, False),
        ((473, 1), 0.8, True),
        ((299, 0), 0.9, False),  # counted at another threshold
    ],
)
def test_an_own_type_is_open_from_its_bound_on(site, counts, line, opened):
    model, _ = site_types(site.data, "types-1", shipped_types(site.settings.models))
    model = replace(model, checked={NORTH: counts}, line=line)
    rules = filing_rules(site.settings.filing, site.type_facts, model)
    assert (NORTH in rules.open_types) == opened
    assert SOUTH not in rules.open_types


def test_a_type_that_is_given_no_more_is_not_open(site):
    facts = {k: v for k, v in site.type_facts.items() if k != REFERRAL}
    rules = filing_rules(site.settings.filing, facts)
    assert rules.open_types == frozenset(document_types()) - {REFERRAL}
