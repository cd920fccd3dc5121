"""The supervisor's figures are counted from what really happened."""

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.overview import DAYS, overview
from pipeline.review.second_key import Trial
from pipeline.users import User
from pipeline.vigilance import Vigilance
from pipeline.work import Work
from tests.commands.conftest import ANNA, BERTA, NOBODY, paper


@pytest.fixture
def worked(house):
    """Two filed by rules (both drawn), two asked, of which a clerk answered one."""
    house.override("[filing]\nqa_share = 1.0\n")
    for name, text in (
        ("a.pdf", paper(ANNA)),
        ("b.pdf", paper(BERTA)),
        ("c.pdf", NOBODY),
        ("d.pdf", NOBODY.replace("PAUL", "PETER")),
    ):
        house.scan(name, text)
    house.run("process", house.folder / "scans")
    return house


def now_of(house):
    return overview(house.site, dt.datetime.now(dt.UTC))


def of_patient(house, mrn):
    site = house.site
    [one] = site.catalogue.of_patient(site.people.mrn_owner(mrn))
    return one.document


def test_days_share_ages_sources_and_what_the_sample_found(worked):
    now = now_of(worked)
    assert len(now.days) == DAYS
    today = now.days[-1]
    assert (today.by_rules, today.by_clerks, today.asked) == (2, 0, 2)
    assert now.share == 0.5
    assert now.ages[0] == ("under an hour", 2)
    assert now.waiting == 2
    assert now.oldest is not None
    [source] = now.sources
    assert (source.pages, source.rate.checked) == (4, 0)
    assert (now.mode, now.due) == ("supervised", 2)
    assert now.certified.startswith("uncertified")
    assert now.uncertified == 2

    anna, berta = of_patient(worked, ANNA), of_patient(worked, BERTA)
    worked.run("check", anna, "--patient", ANNA, "--by", "ada")
    for person in ("ada", "ben"):
        worked.run("check", berta, "--patient", ANNA, "--by", person)
    now = now_of(worked)
    assert (now.sample.checked, now.sample.wrong, now.due) == (2, 1, 0)
    assert 0.5 < now.sample.most < 1.0
    assert now.held
    assert now.sources[0].rate.wrong == 1


def test_a_clerk_s_answers_and_what_others_found_and_corrections(worked):
    site = worked.site
    waiting = next(iter(site.catalogue.waiting()))
    document = waiting.reading.document.id
    decision = site.catalogue.filed(of_patient(worked, ANNA)).decision
    site.catalogue.answer(document, replace(decision, by="clerk ada"))
    with Work(site) as work:
        work.tick()
    worked.run("check", document, "--patient", BERTA, "--by", "ben")
    now = now_of(worked)
    [ada] = now.people
    assert (ada.name, ada.pace.answers) == ("clerk ada", 1)
    assert (ada.rate.checked, ada.rate.wrong) == (1, 1)
    assert now.days[-1].by_clerks == 1
    document = of_patient(worked, BERTA)
    worked.run("correct", document, "--type", "letter", "--reason", "it is one")
    assert now_of(worked).corrected == 1
    assert [one.by for one in worked.site.catalogue.corrections(document)]


def test_a_new_clerk_s_answers_wait_for_another_and_are_counted(worked):
    site = worked.site
    site.users.add(User("root", ("administrator",)), "clerk root")
    site.users.add(User("ada", ("clerk",)), "clerk root")
    document = next(iter(site.catalogue.waiting())).reading.document.id
    decision = site.catalogue.filed(of_patient(worked, ANNA)).decision
    site.vigilance.keep(document, "clerk ada", "twin", "missed")
    for by, filed in (("clerk ada", False), ("clerk ben", True)):
        site.catalogue.answer(document, replace(decision, by=by))
        with Work(site) as work:
            work.tick()
        assert bool(site.catalogue.filed(document)) is filed
    now = now_of(worked)
    ada, ben = sorted(now.people, key=lambda person: person.name)
    assert ada.trial == Trial(run=1, longest=1)
    assert ben.trial is None  # no account: whoever works at the machine
    assert (ada.pace.caught, now.pace.caught) == (Vigilance(missed=1),) * 2
    assert (ada.pace.answers, ben.pace.answers, now.pace.answers) == (1, 1, 2)
    assert (now.second.documents, now.second.new, now.second.risky) == (1, 1, 0)
    told = " ".join(worked.run("users", "list").split())
    assert "new: 1 of 100 right in a row" in told
