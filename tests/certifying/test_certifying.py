"""A site earns its certificate, loses it, and earns it again by a replay."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import insert

from pipeline import certifying
from pipeline.checks import EVERY_LANE, Check, Lane, LaneEvent
from pipeline.document import BatchId, DocumentId, PatientId
from pipeline.errors import InputError, SettingsError
from pipeline.review.ladder import AUTOMATIC, SUPERVISED
from pipeline.review.lanes import MISFILED, standing
from pipeline.review.splits import split_of
from pipeline.sample import Sample
from pipeline.site import open_site
from pipeline.store import check_rows
from pipeline.store.check_schema import machine_answer
from pipeline.store.packing import MACHINE
from pipeline.wiring import oversight_of
from tests.builders import LETTER, cut_of, decision_of, filed_of, receive
from tests.review.answered import ANSWER

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
ANNA, BERTA = PatientId("1"), PatientId("2")
LANE = Lane("scan", LETTER)
CONFIG = """
[filing]
qa_share = 1.0
[certificate]
page_a_batch = false
icc = 0.0
"""
FEW = 60


def open_with(data, *, mode="supervised", batch="b1", pages=FEW):
    """A site with one batch of documents of one page."""
    (data / "config").mkdir(parents=True)
    text = CONFIG.replace("[filing]", f'[filing]\nmode = "{mode}"')
    (data / "config/pipeline.toml").write_text(text)
    site = open_site(data)
    receive(site.catalogue, batch, pages)
    documents = [(n,) for n in range(1, pages + 1)]
    site.catalogue.keep_cut(BatchId(batch), cut_of(batch, *documents))
    return site


@pytest.fixture
def site(tmp_path):
    site = open_with(tmp_path / "data")
    yield site
    site.catalogue.close()


def said_of(site, number, batch="b1", **changed):
    """The machine's answer about the n-th document, by today's versions."""
    oversight = oversight_of(site)
    same = {
        "document": DocumentId(f"{batch}-{number}"),
        "batch": BatchId(batch),
        "pages": (number,),
        "own_pages": (number,),
        "type": LETTER,
        "lane": LANE,
        "plan": oversight.plan.hash,
        "versions": oversight.versions(site.settings.filing),
        "filed": True,
        "blind": False,
    }
    return replace(ANSWER, **(same | changed))


def answer(site, number, batch="b1", **changed):
    said = said_of(site, number, batch, **changed)
    site.checks.keep_answer(said)
    return said


def say(document, patient, by="ada", why="qa"):
    return Check(DocumentId(document), patient, LETTER, None, by, why, NOW)


def fill(site, count):
    """So many clean pages in one transaction: thousands of syncs take half a minute."""
    first = said_of(site, 1)
    with site.catalogue.database.writing() as rows:
        for number in range(1, count + 1):
            document = DocumentId(f"b1-{number}")
            said = replace(first, document=document, pages=(number,), own_pages=())
            values = {"document": document, "at": NOW, "answer": MACHINE.text(said)}
            rows.execute(insert(machine_answer).values(values))
            check_rows.keep_check(rows, say(document, ANNA))


@pytest.fixture(scope="module")
def certified(tmp_path_factory):
    """2,995 clean pages, and their certificate."""
    site = open_with(tmp_path_factory.mktemp("certified") / "data", pages=2995)
    fill(site, 2995)
    certifying.certify(site, "clerk ada", NOW)
    yield site
    site.catalogue.close()


def test_a_new_folder_has_none(site):
    found = oversight_of(site).standing(site.settings.filing)
    assert "none yet" in found.why
    assert certifying.forecast(site, certifying.look(site, "ada", NOW)) == {
        AUTOMATIC: None,
        SUPERVISED: None,
    }


def test_too_few_pages_show_nothing_but_are_a_look(site):
    fill(site, FEW)
    shown = certifying.certify(site, "ada", NOW)
    assert shown.certificate.rungs == ()
    assert certifying.look(site, "ada", NOW).facts["looks_before"] == 1
    assert not oversight_of(site).standing(site.settings.filing).holds(SUPERVISED)
    days = certifying.forecast(site, certifying.look(site, "ada", NOW))
    assert days == {SUPERVISED: 49, AUTOMATIC: 499}


def test_enough_pages_open_supervised_and_not_automatic(certified):
    oversight, filing = oversight_of(certified), certified.settings.filing
    found = oversight.standing(filing)
    assert found.rate == SUPERVISED
    assert found.certificate.stations == ("scan",)
    assert found.certificate.forms == (LETTER,)
    oversight.admit(filing)
    with pytest.raises(SettingsError, match="certificate of 1 wrong page in 10,000"):
        oversight.admit(replace(filing, mode="automatic"))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"type_at_least": 0.5}, "rules"),
        ({"name": "another"}, "rules"),
        ({"patient_at_least": 0.5}, "no rung"),
    ],
)
def test_another_rule_voids_it(certified, changed, says):
    found = oversight_of(certified).standing(
        replace(certified.settings.filing, **changed)
    )
    assert found.certificate is None
    assert says in found.why


def test_another_model_or_engine_voids_it(certified):
    oversight = oversight_of(certified)
    for name in ("models", "engine"):
        other = replace(oversight, **{name: "another"})
        assert name in other.standing(certified.settings.filing).why


def test_an_open_type_more_or_another_mode_does_not(certified):
    rules = replace(certified.settings.filing, open_types=frozenset({LETTER}))
    rules = replace(rules, mode="shadow", qa_share=0.5)
    assert oversight_of(certified).standing(rules).holds(SUPERVISED)


def test_answers_under_another_ladder_do_not_count(site):
    said = answer(site, 1)
    site.checks.keep_answer(replace(said, document=DocumentId("b1-2"), plan="other"))
    for document in ("b1-1", "b1-2"):
        site.checks.keep_check(say(document, ANNA))
    assert certifying.look(site, "ada", NOW).facts["documents"] == 1


def test_who_filed_it_does_not_check_it_and_nobody_twice(site):
    answer(site, 1)
    certifying.check(site, say("b1-1", ANNA))
    with pytest.raises(InputError, match="answered this document before"):
        certifying.check(site, say("b1-1", ANNA))
    with pytest.raises(InputError, match="nothing is known"):
        certifying.check(site, say("b1-2", ANNA))


def test_a_confirmed_misfile_closes_its_lane(site):
    answer(site, 1)
    assert certifying.check(site, say("b1-1", BERTA)).open
    assert not site.checks.events()
    assert certifying.check(site, say("b1-1", BERTA, "bob")).wrong_patient
    last = standing(site.checks.events())
    assert last[LANE].did == "closed"
    assert last[LANE].reason == MISFILED


def misfile(site, number, **changed):
    """A drawn document that two people find in a wrong record."""
    answer(site, number, **changed)
    certifying.check(site, say(f"b1-{number}", BERTA))
    certifying.check(site, say(f"b1-{number}", BERTA, "bob"))


def test_misfiles_of_one_lane_close_that_lane_only(site):
    for number in range(1, 4):
        misfile(site, number)
    assert [lane for lane in standing(site.checks.events())] == [LANE]


def test_a_sample_that_breaks_the_bound_in_two_lanes_closes_all(site):
    for number in range(1, 4):
        misfile(site, number, lane=Lane("scan", f"form {number}"))
    assert standing(site.checks.events())[EVERY_LANE].did == "closed"


@pytest.mark.parametrize("lane", [LANE, EVERY_LANE])
def test_what_a_person_knew_who_opened_a_lane_closes_it_no_more(site, lane):
    for number in range(1, 4):
        misfile(site, number)
    misfile(site, 4, lane=Lane("other", LETTER))
    opened = ANSWER.at + dt.timedelta(hours=1)
    site.checks.keep_event(LaneEvent(EVERY_LANE, "opened", "", "clerk eve", opened))
    site.checks.keep_event(LaneEvent(lane, "opened", "", "clerk eve", opened))
    later = opened + dt.timedelta(hours=1)
    answer(site, 5, at=later)
    assert not certifying.check(site, say("b1-5", ANNA)).open
    assert {e.did for e in standing(site.checks.events()).values()} == {"opened"}
    misfile(site, 6, at=later)
    assert standing(site.checks.events())[LANE].did == "closed"
    assert standing(site.checks.events())[EVERY_LANE].did == "opened"


def test_a_drawn_document_waits_for_who_did_not_have_it_in_hand(site):
    books, sample = site.catalogue, Sample(site)
    for number in (1, 2):
        kept = answer(site, number)
        books.file(filed_of(kept.document, decision_of(by="rules 1")))
    answer(site, 3, filed=False)
    one, two, three = (DocumentId(f"b1-{n}") for n in (1, 2, 3))
    certifying.check(site, say(one, BERTA, "clerk ada"))
    certifying.check(site, say(two, ANNA, "clerk ada"))  # as the machine: settled
    for by in ("clerk ada", "clerk bob"):
        waits = [told.document for told in sample.waiting(by)]
        assert waits == ([one] if by == "clerk bob" else [])
        every = (one, two, three, DocumentId("b1-4"), DocumentId("none"))
        assert [id_ for id_ in every if sample.waits(id_, by)] == waits


def test_what_the_machine_did_not_file_closes_nothing(site):
    said = answer(site, 1)
    site.checks.keep_answer(replace(said, document=DocumentId("b1-2"), filed=False))
    certifying.check(site, say("b1-2", BERTA))
    certifying.check(site, say("b1-2", BERTA, "bob"))
    assert not site.checks.events()


def test_merged_records_are_one_person_for_a_check(site, monkeypatch):
    kept = answer(site, 1)
    one = type("Person", (), {"id": kept.patient})
    monkeypatch.setattr(type(site.people), "get", lambda self, patient: one)
    assert not certifying.check(site, say("b1-1", BERTA)).open


def test_a_replay_counts_only_for_batches_that_taught_nothing(tmp_path):
    names = {split_of(BatchId(f"b{n}")): f"b{n}" for n in range(1, 20)}
    for split in ("train", "frozen", "certificate"):
        batch = names[split]
        site = open_with(tmp_path / split, batch=batch, pages=1)
        first = answer(site, 1, batch)
        assert certifying.look(site, "ada", NOW).proof.unseen == 1
        later = _later(site, replace(first, replayed=True))
        counted = list(certifying._counting(site, later))
        assert bool(counted) == (split == "certificate")
        site.catalogue.close()


def _later(site, answer):
    """Another machine, which has answered anew."""
    oversight = replace(oversight_of(site), models="new")
    versions = oversight.versions(site.settings.filing)
    site.checks.keep_answer(replace(answer, versions=versions))
    return oversight
