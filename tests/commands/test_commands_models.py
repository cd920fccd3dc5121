"""``train`` at a site and ``models``: proposed, listed, promoted, taken back."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import wiring, work
from pipeline.commands.user import clerk_name
from tests.commands.conftest import House
from tests.learning.verified_site import new_site, taught


@pytest.fixture(scope="module")
def schooled(tmp_path_factory):
    """A data folder in which clerks have typed enough to learn from; not to change."""
    data = tmp_path_factory.mktemp("models") / "data"
    taught(new_site(data), each=5, frozen=1)
    return data


@pytest.fixture
def school(bare, schooled) -> House:
    shutil.copytree(schooled, bare.data)
    return bare


@pytest.fixture(scope="module")
def learned(tmp_path_factory) -> Path:
    """Where the first trained school's data are kept, for the next to be copied."""
    return tmp_path_factory.mktemp("learned") / "data"


@pytest.fixture
def trained(bare, schooled, learned) -> House:
    """The school after ``train``."""
    if learned.exists():
        shutil.copytree(learned, bare.data)
    else:
        shutil.copytree(schooled, bare.data)
        bare.run("train")
        shutil.copytree(bare.data, learned)
    return bare


def listed(house: House) -> dict[str, dict]:
    told = json.loads(house.run("models", "list", "--json"))
    return {row["name"]: row for row in told}


def live(house: House) -> list[str]:
    return [name for name, row in listed(house).items() if row["live"]]


def test_without_answers_there_is_nothing_to_learn(bare):
    assert "train again from 10 on" in bare.run("train", code=2)


def test_the_shipped_model_is_live_at_first(bare):
    assert live(bare) == ["shipped"]
    assert "live" in bare.run("models", "list")
    assert "none before it" in bare.run("models", "rollback", code=2)


@pytest.mark.parametrize("name", ["types-1", "..", "../models", "shipped"])
def test_only_a_model_of_the_site_can_be_promoted(bare, name):
    assert "models list" in bare.run("models", "promote", name, code=2)


def test_a_model_is_proposed_promoted_and_taken_back(school):
    told = school.run("train")
    assert "types-1: learned from 15 verified documents (15 pages)" in told
    assert "on 3 frozen documents: accuracy 1.000 (live: 0." in told
    assert "report.md" in told
    assert live(school) == ["shipped"]

    told = school.run("models", "promote", "types-1")
    assert "types-1 is live" in told
    assert "not typed again" in told
    assert live(school) == ["types-1"]
    assert "types-1, as their manifests say" in school.run("doctor")
    row = listed(school)["types-1"]
    assert (row["documents"], row["accuracy"]) == (15, 1.0)
    assert row["accuracy_of_live"] < 0.5
    assert "types-1" in school.run("models", "list")

    assert "the shipped model is live again" in school.run("models", "rollback")
    assert live(school) == ["shipped"]


def test_who_did_it_is_in_the_audit_trail(trained):
    trained.run("models", "promote", "types-1")
    trained.run("models", "rollback")
    with trained.site.catalogue.database.reading() as rows:
        told = rows.exec_driver_sql("SELECT who, did FROM audit ORDER BY seq").all()
    acts = ["trained model", "promoted model", "took back model"]
    assert [tuple(line) for line in told[-3:]] == [(clerk_name(), act) for act in acts]


def test_a_changed_model_is_listed_as_such_and_not_promoted(trained):
    file = trained.data / "models" / "types-1" / "terms.json"
    file.write_bytes(file.read_bytes() + b" ")
    assert "refused" in listed(trained)["types-1"]["why"]
    assert "terms.json" in trained.run("doctor", code=3).replace("\n", "")
    assert "models rollback" in trained.run("models", "promote", "types-1", code=3)
    assert live(trained) == ["shipped"]


def test_without_frozen_documents_nothing_is_compared(school):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.learning.split_of", lambda _: "train")
        assert "not compared" in school.run("train")
    assert listed(school)["types-1"]["accuracy"] is None


# --- at the running service


def turn(worker: work.Work) -> str:
    """One tick that looks for another model; the name of what the next batch gets."""
    worker._looked = -work._LOOK
    worker.tick()
    return worker._jobs.tools.types.name


@pytest.fixture
def running(trained, monkeypatch):
    monkeypatch.setattr(work, "tools_of", wiring.tools_of)
    with work.Work(trained.site) as worker:
        worker.tick()
        yield worker


def test_the_next_batch_gets_what_was_promoted_or_returned_to(trained, running):
    shipped = turn(running)
    trained.run("models", "promote", "types-1")
    assert turn(running).startswith("types-1 ")
    assert running._weighing._tools is running._jobs.tools
    trained.run("models", "rollback")
    assert turn(running) == shipped


def test_a_promoted_model_that_was_changed_is_not_taken_up(trained, running, caplog):
    shipped = turn(running)
    trained.run("models", "promote", "types-1")
    file = trained.data / "models" / "types-1" / "terms.json"
    file.write_bytes(file.read_bytes() + b" ")
    assert turn(running) == shipped
    assert "is not taken up" in caplog.text


def test_a_model_that_voids_the_certificate_is_not_taken_up(trained, running):
    """As at a start: automatic is refused, and the model before works on."""
    shipped = turn(running)
    trained.run("models", "promote", "types-1")
    site = running.site
    filing = replace(site.settings.filing, mode="automatic")
    running.site = replace(site, settings=replace(site.settings, filing=filing))
    assert turn(running) == shipped
