"""Modes on their journey, checks from the command line, and the report."""

import json
import shutil

import pytest

from pipeline.commands import certify
from pipeline.commands.user import clerk_name
from pipeline.document import Decision, DocumentId
from pipeline.review.modes import LANE, SHADOW
from pipeline.review.splits import split_of
from tests.commands.conftest import ANNA, BERTA, NOBODY, Pool, paper, tools_of

SHADOW_MODE = '[filing]\nmode = "shadow"\n'
ALL_DRAWN = "[filing]\nqa_share = 1.0\n"
KIND = "discharge_summary"


def rows(house):
    return [json.loads(line) for line in house.run("pages").splitlines()]


def only(house):
    return rows(house)[0]["document"]


@pytest.fixture
def shadowed(house):
    """One page of Anna's that would be filed, in shadow mode."""
    house.override(SHADOW_MODE)
    house.scan("a.pdf", paper(ANNA))
    house.run("process", house.folder / "scans")
    return house


@pytest.fixture
def filed(house):
    """One page of Anna's that was filed, and drawn for a check."""
    house.override(ALL_DRAWN)
    house.scan("a.pdf", paper(ANNA))
    house.run("process", house.folder / "scans")
    return house


def status(house):
    return json.loads(house.run("status", "--json"))


def test_in_shadow_mode_everything_waits_and_is_kept_to_compare(shadowed):
    [row] = rows(shadowed)
    assert (row["disposition"], row["reasons"]) == ("review", [SHADOW])
    [answer] = shadowed.site.checks.answers()
    assert answer.rung is not None
    assert (answer.filed, answer.blind, answer.mode) == (False, True, "shadow")
    assert shadowed.site.people.get(answer.patient).mrn == ANNA


def test_a_clerk_s_answer_in_shadow_mode_is_a_verified_page(shadowed):
    site = shadowed.site
    owner = site.people.mrn_owner(ANNA)
    decision = Decision(owner, KIND, None, None, clerk_name())
    site.catalogue.answer(DocumentId(only(shadowed)), decision)
    shadowed.scan("b.pdf", paper(BERTA))
    shadowed.run("process", shadowed.folder / "scans")
    told = status(shadowed)
    assert (told["mode"], told["counted_pages"], told["counted_errors"]) == (
        "shadow", 1, 0,
    )  # fmt: skip
    assert told["days_to_supervised"] == 2994
    assert any(row["disposition"] == "filed" for row in rows(shadowed))


def test_where_clerk_and_machine_differ_a_second_person_answers(shadowed):
    document = only(shadowed)
    berta = ("--patient", BERTA, "--type", KIND)
    told = shadowed.run("check", document, *berta, "--by", "ada")
    assert "a second person" in told
    assert status(shadowed)["counted_errors"] == 1
    again = shadowed.run("check", document, *berta, "--by", "ada", code=2)
    assert "answered this document before" in again
    told = shadowed.run("check", document, *berta, "--by", "bob")
    assert "the machine was wrong" in told


def test_a_blind_answer_says_whose(shadowed):
    document = only(shadowed)
    assert "--nobody" in shadowed.run("check", document, code=2)
    assert "--nobody" in shadowed.run("check", document, "--patient", "7", code=2)
    wrong_type = ("--patient", ANNA, "--type", "nonsense")
    assert "names no document type" in shadowed.run(
        "check", document, *wrong_type, code=2
    )
    assert "nothing is known" in shadowed.run("check", "x", "--nobody", code=2)
    assert "a second person" in shadowed.run("check", document, "--nobody")


def test_supervised_filing_without_a_certificate_is_marked(filed):
    told = status(filed)
    assert (told["mode"], told["certificate"]) == ("supervised", None)
    assert told["uncertified_documents"] == 1
    shown = filed.run("status")
    assert "1 documents were filed uncertified" in shown
    assert "1 in 1,000 opens supervised filing: 0 of 2,995" in shown


def test_automatic_filing_is_refused_without_a_certificate(house):
    house.override('[filing]\nmode = "automatic"\n')
    house.scan("a.pdf", paper(ANNA))
    told = house.run("process", house.folder / "scans", code=3)
    assert "mode = automatic needs this site's own certificate" in told
    assert "chartfiler certify" in told
    assert json.loads(house.run("status", "--json"))["certified"] is False


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[filing]\nmode = "bold"\n', "mode is one of shadow, supervised, automatic"),
        ("[filing]\nqa_share = 2.0\n", "qa_share lies between 0 and 1"),
        ("[certificate]\nladder = [[0.9, 1.0], [0.99, 1.0]]\n", "ladder goes from"),
        ("[certificate]\nladder = [[0.9]]\n", "pairs"),
    ],
)
def test_settings_fail_loudly(house, text, says):
    house.override(text)
    assert says in house.run("status", code=3)


def test_the_sample_is_checked_by_who_did_not_file_it(filed):
    document = only(filed)
    [listed] = map(json.loads, filed.run("qa", "list", "--json").splitlines())
    assert listed["document"] == document
    assert document in filed.run("qa", "list")
    assert document in filed.run("qa", "next", "--by", "ada")
    anna = ("--patient", ANNA, "--type", KIND)
    told = filed.run("qa", "answer", document, *anna, "--by", "ada")
    assert "two blind answers agree" in told
    assert "the sample is checked" in filed.run("qa", "list")
    assert "nothing of the sample waits" in filed.run("qa", "next", "--by", "bob")
    assert status(filed)["counted_pages"] == 1


def test_who_corrected_it_is_refused(filed):
    document = only(filed)
    filed.run("refile", document, "--date", "2013-05-07")
    told = filed.run("qa", "answer", document, "--patient", ANNA, code=2)
    assert "who filed a document does not check it" in told
    assert "nothing of the sample waits for you" in filed.run("qa", "next")


def test_what_was_not_drawn_is_no_answer_to_the_sample(shadowed):
    told = shadowed.run("qa", "answer", only(shadowed), "--nobody", code=2)
    assert "was not drawn" in told


def test_a_report_pauses_the_lane_and_the_next_one_waits_blind(filed):
    told = filed.run("report", only(filed), "--reason", "SENTINEL is not Anna")
    assert f"lane process/{KIND} is paused" in told
    filed.scan("b.pdf", paper(BERTA))
    filed.scan("c.pdf", paper(BERTA, "LETTER"))
    filed.run("process", filed.folder / "scans")
    by_name = {row["source"]: row for row in rows(filed)}
    waits = by_name["b.pdf"]
    assert waits["disposition"] == "review"
    assert waits["reasons"][0].startswith(LANE)
    assert by_name["c.pdf"]["disposition"] == "filed"  # another form, another lane
    shown = filed.run("status") + filed.run("lanes", "list") + json.dumps(status(filed))
    assert "a clerk reported" in shown
    assert "SENTINEL is not Anna" not in shown
    filed.run("lanes", "open", f"process/{KIND}", "--by", "eve")
    assert "opened" in filed.run("lanes", "list", "--json")
    filed.scan("d.pdf", paper(BERTA, more="Again."))
    filed.run("process", filed.folder / "scans")
    assert rows(filed)[-1]["disposition"] == "filed"


def test_a_confirmed_misfile_closes_the_lane_and_names_its_siblings(filed):
    first = only(filed)
    filed.scan("b.pdf", paper(ANNA, "LETTER"))
    filed.run("process", filed.folder / "scans")
    told = filed.run("report", first, "--reason", "wrong chart", "--confirmed")
    assert "is closed" in told
    assert "same number or barcode" in told
    [other] = map(json.loads, filed.run("siblings", first, "--json").splitlines())
    assert other["document"] == rows(filed)[1]["document"]
    assert "all" in filed.run("lanes", "open", "all")
    assert "STATION/TYPE" in filed.run("lanes", "open", "nonsense", code=2)


def test_nothing_to_report_or_to_compare(house):
    assert "no document" in house.run("siblings", "x", code=2)
    assert "is no document" in house.run("report", "x", "--reason", "y", code=2)
    assert "no lane is held back" in house.run("lanes", "list")
    house.scan("a.pdf", NOBODY)
    house.run("process", house.folder / "scans")
    assert "no filed document shares" in house.run("siblings", only(house))


def test_the_report_tells_figures_and_no_patient(filed):
    anna = ("--patient", ANNA, "--type", KIND)
    filed.run("qa", "answer", only(filed), *anna, "--by", "ada")
    into = filed.folder / "certificate.md"
    shown = filed.run("certify", "--out", into)
    text = into.read_text()
    assert text.strip() in shown
    for said in (
        "0.9999 (in use)",
        "95.0000%",
        "100.0%",
        "two printed groups",
        "voids",
    ):
        assert said in text
    assert "SENTINEL" not in text
    assert ANNA not in text
    facts = json.loads(into.with_suffix(".json").read_text())
    assert facts["rungs"][0]["n"] == 1
    assert facts["looks_before"] == 0
    told = filed.run("certify", "--out", filed.folder / "scans", code=2)
    assert "--out cannot be written" in told


@pytest.fixture(scope="module")
def processed(tmp_path_factory):
    """Where the first data folder of ``kept`` is, for the next to be copied."""
    return tmp_path_factory.mktemp("processed") / "data"


@pytest.fixture
def kept(house, processed, monkeypatch):
    """A checked page of a batch that never teaches; commands do without pixels."""
    monkeypatch.setattr(certify, "reader_of", lambda _settings, workers: Pool())
    monkeypatch.setattr(certify, "tools_of", tools_of)
    if processed.exists():
        shutil.rmtree(house.data)
        shutil.copytree(processed, house.data)
    else:
        house.override(ALL_DRAWN)
        for number in range(40):
            house.scan(f"{number}.pdf", paper(ANNA, more=f"Seen {number} times."))
        house.run("process", house.folder / "scans")
        shutil.copytree(house.data, processed)
    answers = house.site.checks.answers()
    one = next(a for a in answers if split_of(a.batch) == "certificate")
    anna = ("--patient", ANNA, "--type", KIND)
    house.run("qa", "answer", one.document, *anna, "--by", "ada")
    return house, one


def test_a_replay_answers_stored_certificate_pages_again(kept):
    house, one = kept
    house.override('[dates]\norder = "dmy"\n', "identity.toml")  # another machine
    assert status(house)["counted_pages"] == 0
    told = house.run("certify", "--replay")
    assert "1 certificate documents answered anew" in told
    assert "1 of 1 documents are replays" in " ".join(told.split())
    first, again = house.site.checks.answers_of(one.document)
    assert (again.replayed, again.pages, again.patient) == (
        True, first.pages, first.patient,
    )  # fmt: skip
    assert first.versions.changed(again.versions) == ("models",)
    assert "1 certificate documents" in house.run("certify", "--replay")  # repeatable
    assert len(house.site.checks.answers_of(one.document)) == 2


def test_another_engine_s_words_are_not_replayed(kept):
    house, _ = kept
    house.override(f'{ALL_DRAWN}[reading]\nengine = "pytesseract"\n')
    told = house.run("certify", "--replay", code=2)
    assert "another engine read the certificate pages" in told
