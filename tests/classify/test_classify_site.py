"""A site's model: few examples, several types like one shipped type, nobody's name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from site_papers import (
    LETTER,
    NORTH,
    REFERRAL,
    SHIPPED,
    SOUTH,
    lines,
    papers,
    site,
)

from pipeline import artefact
from pipeline.classify.corpus import TrainingPage
from pipeline.classify.features import Line
from pipeline.classify.model import Undecided
from pipeline.classify.site_fit import fit_site, learnable
from pipeline.classify.site_model import (
    SiteWeights,
    as_arrays,
    load_site_model,
    mixed,
)
from pipeline.classify.site_privacy import nameless
from pipeline.classify.site_terms import site_terms
from pipeline.errors import ModelTampered, SettingsError

PAGES = [*papers(NORTH, 12), *papers(SOUTH, 12), *papers(REFERRAL, 12)]


@pytest.fixture(scope="module")
def learned() -> SiteWeights:
    return fit_site(site(*PAGES))


def guess(model: SiteWeights, said: tuple[Line, ...], base=(0.9, 0.05, 0.05)) -> str:
    near = model.near(model.vocabulary.weigh(site_terms(said)))[None, :]
    voices = model.trust, model.pull
    scores = mixed(np.log([base]), model.said, near, voices)
    assert np.exp(scores).sum() == pytest.approx(1)
    return model.types[int(scores.argmax())]


def test_two_types_like_one_shipped_type_are_told_apart(learned):
    assert learned.types == (*SHIPPED, NORTH, SOUTH)
    assert guess(learned, lines(NORTH)) == NORTH
    assert guess(learned, lines(SOUTH)) == SOUTH
    assert guess(learned, lines(REFERRAL), (0.05, 0.9, 0.05)) == REFERRAL


def test_a_page_unlike_any_verified_one_stays_with_the_shipped_model(learned):
    other = (Line("Surgery of the knee"), Line("The joint was opened and closed"))
    assert guess(learned, other, (0.02, 0.02, 0.96)) == "operative_note"
    assert guess(learned, other) == LETTER


def test_what_is_of_no_known_type_stays_so_unless_the_site_knows_it(learned):
    def known(said: tuple[Line, ...]) -> float:
        near = learned.near(learned.vocabulary.weigh(site_terms(said)))[None, :]
        voices = learned.trust, learned.pull
        base = np.log([[0.03, 0.01, 0.01]])
        return float(np.exp(mixed(base, learned.said, near, voices)).sum())

    assert known((Line("Parking permit"), Line("Valid on level three"))) < 0.2
    assert known(lines(NORTH)) > 0.5


def test_a_local_type_like_no_shipped_one_is_learned_too():
    model = fit_site(site(*PAGES, likes=False))
    assert guess(model, lines(SOUTH)) == SOUTH


def test_a_type_needs_five_documents_of_three_patients():
    few = [*papers(NORTH, 4), *papers(SOUTH, 9, people=2), *papers(REFERRAL, 5)]
    assert learnable(few) == {REFERRAL}
    model = fit_site(site(*few, *papers(REFERRAL, 12)))
    assert model.types == SHIPPED


def test_only_terms_of_three_patients_stay():
    rare = [replace(p, person=f"person {i}") for i, p in enumerate(PAGES)]
    told = [
        replace(p, lines=(*p.lines, Line("Quetzalcoatl")), person=f"q{i % 2}")
        for i, p in enumerate(rare[:8])
    ]
    model = fit_site(site(*told, *rare[8:]))
    assert not [t for t in model.vocabulary.columns if "quetz" in t]
    three = [replace(p, person=f"q{i % 3}") for i, p in enumerate(told)]
    model = fit_site(site(*three, *rare[8:]))
    assert "w:quetzalcoatl" in model.vocabulary.columns


def test_the_words_on_top_count_for_themselves():
    said = [Line("Dept. of Urology"), *[Line("text")] * 7, Line("Urology below")]
    found = site_terms(said)
    assert (found["h:urology"], found["w:urology"], found["h:below"]) == (1, 2, 0)
    assert found["h:of urology"] == 1


def test_nothing_is_learned_where_patients_share_nothing():
    alone = [replace(page, person="one") for page in PAGES]
    with pytest.raises(ValueError, match="enough patients"):
        fit_site(site(*alone))


def test_same_pages_same_weights(learned):
    again = fit_site(site(*PAGES))
    assert (again.weights == learned.weights).all()
    assert (again.trust, again.pull) == (learned.trust, learned.pull)


def test_how_far_it_is_is_told():
    told: list[tuple[int, int]] = []
    fit_site(site(*PAGES), lambda done, of: told.append((done, of)))
    assert told[-1] == (36, 36)


# --- people


def page_saying(*rows: str) -> TrainingPage:
    return replace(PAGES[0], lines=tuple(Line(row) for row in rows))


@pytest.mark.parametrize(
    ("row", "left"),
    [
        ("Patient Name: DOE, JANE Q MRN 1", "Patient Name: ,  Q MRN 1"),
        ("Jane's wound; Doe-Smith", " wound; -Smith"),
        ("Doe’s, döe and DOE", ",  and "),
        ("doesn't end in a name: Does", "doesn't end in a name: Does"),
    ],
)
def test_names_of_the_index_are_blotted(row, left):
    [page] = nameless([page_saying(row)], ["Doe Jane"])
    assert page.lines[0].text == left


def test_names_where_names_stand_are_blotted_as_well():
    [page] = nameless([page_saying("Seen by Dr. Zwingli today")], [])
    assert "Zwingli" not in page.lines[0].text


# --- on disk


def written(model: SiteWeights, folder: Path, **about: object) -> Path:
    manifest = {
        "name": "types-1 2026-11-26",
        "types": list(model.types),
        "base": {"name": "undecided 1", "manifest": "abc"},
        "checked": [[NORTH, 299, 0]],
        "line": 0.8,
        "forms": {"HB1042": {NORTH: 7}},
    }
    made = artefact.Artefact(
        manifest | about,
        as_arrays(model),
        {"terms": list(model.vocabulary.columns)},
        "# types-1",
    )
    artefact.write(folder, made)
    return folder


BASE = Undecided(SHIPPED)


def test_it_reads_back_as_it_was(learned, tmp_path):
    model = load_site_model(written(learned, tmp_path), BASE, "abc")
    assert model.name == "types-1 2026-11-26"
    assert model.types == learned.types
    assert (model.checked, model.line) == ({NORTH: (299, 0)}, 0.8)
    assert model.forms == {"HB1042": {NORTH: 7}}
    assert np.abs(model.site.weights - learned.weights).max() < 0.001
    assert guess(model.site, lines(SOUTH)) == SOUTH


def test_a_model_of_before_form_numbers_is_loaded(learned, tmp_path):
    old = written(learned, tmp_path)
    manifest = json.loads((old / "manifest.json").read_text())
    del manifest["forms"]
    (old / "manifest.json").write_text(json.dumps(manifest))
    assert load_site_model(old, BASE, "abc").forms == {}


def test_another_shipped_model_is_refused(learned, tmp_path):
    with pytest.raises(SettingsError, match="models rollback"):
        load_site_model(written(learned, tmp_path), BASE, "another")


@pytest.mark.parametrize("name", ["manifest.json", "numbers.npz", "terms.json"])
def test_what_does_not_match_its_manifest_is_refused(learned, tmp_path, name):
    file = written(learned, tmp_path) / name
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(ModelTampered, match="models rollback"):
        load_site_model(tmp_path, BASE, "abc")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("types", ["letter"]),
        ("types", None),
        ("checked", [[NORTH]]),
        ("line", "x"),
        ("forms", ["HB1042"]),
        ("forms", {"HB1042": {NORTH: "many"}}),
    ],
)
def test_a_manifest_of_another_model_is_refused(learned, tmp_path, key, value):
    with pytest.raises(ModelTampered, match="does not fit"):
        load_site_model(written(learned, tmp_path, **{key: value}), BASE, "abc")


def test_more_shipped_types_than_it_knows_are_refused(learned, tmp_path):
    more = Undecided((*SHIPPED, NORTH))
    with pytest.raises(ModelTampered, match="does not fit"):
        load_site_model(written(learned, tmp_path), more, "abc")


def test_the_report_is_vouched_for_too(learned, tmp_path):
    written(learned, tmp_path)
    assert artefact.read(tmp_path).report == "# types-1"
    (tmp_path / "report.md").write_text("# better")
    with pytest.raises(ModelTampered, match=r"report\.md"):
        artefact.read(tmp_path)
    (tmp_path / "report.md").unlink()
    with pytest.raises(ModelTampered, match=r"report\.md"):
        artefact.read(tmp_path)


def test_a_report_that_the_manifest_does_not_name(learned, tmp_path):
    written(learned, tmp_path)
    path = tmp_path / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["files"]["report.md"]
    path.write_text(json.dumps(manifest))
    with pytest.raises(ModelTampered, match="1 files too many"):
        artefact.read(tmp_path)
