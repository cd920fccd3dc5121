"""``correct``: moved, retracted, filed again; each with its reason."""

import json

import pytest

from pipeline.commands.user import clerk_name
from tests.commands.conftest import ANNA, BERTA, NOBODY, paper

MORE = (
    "and page two of what was said about her stay, which has no head of its own",
    "and page three of it, whose lower half cannot be read in this scan of it",
)
WHY = ("--reason", "the label is Berta's")


@pytest.fixture
def desk(house):
    house.scan("a.pdf", paper(ANNA))
    house.scan("b.pdf", NOBODY)
    house.run("process", house.folder / "scans")
    return house


def rows(house):
    return [json.loads(line) for line in house.run("pages").splitlines()]


def filed(house):
    return next(row["document"] for row in rows(house) if row["mrn"] == ANNA)


def row_of(house, document):
    return next(row for row in rows(house) if row["document"] == document)


def lanes(house):
    found = house.run("lanes", "list", "--json").splitlines()
    return [json.loads(line)["state"] for line in found]


def test_to_another_patient_closes_the_lane(desk):
    document = filed(desk)
    told = desk.run("correct", document, "--patient", BERTA, *WHY)
    assert f"filed as {document}-v2; {document} is kept, restricted" in told
    assert row_of(desk, document)["mrn"] == BERTA
    [said] = desk.site.catalogue.corrections(document)
    assert (said.reason, said.by) == (WHY[1], clerk_name())
    assert lanes(desk) == ["closed"]
    assert "every page accounted for" in desk.run("verify")


def test_retracted_and_filed_again(desk):
    document = filed(desk)
    told = desk.run("correct", document, "--retract", "--reason", "a menu")
    assert "in no record now" in told
    row = row_of(desk, document)
    assert (row["disposition"], row["reasons"]) == ("rejected", ["a menu"])
    assert lanes(desk) == []
    assert "every page accounted for" in desk.run("verify")
    desk.run("correct", document, "--retract", "--reason", "again", code=2)
    desk.run("correct", document, "--patient", ANNA, "--reason", "no menu")
    assert row_of(desk, document)["mrn"] == ANNA
    assert lanes(desk) == []
    said = ("--retract", "--misfiled", "--reason", "nobody's")
    desk.run("correct", document, *said)
    assert lanes(desk) == ["closed"]


def test_what_cannot_be_done_is_told(desk):
    document = filed(desk)
    for said, why in (
        (("--reason", "x"), "say what changes"),
        (("--reason", " ", "--patient", BERTA), "say why"),
        (("--reason", "x", "--retract", "--patient", BERTA), "stands alone"),
        (("--reason", "x", "--patient", ANNA), "filed just so already"),
    ):
        assert why in desk.run("correct", document, *said, code=2)
    assert len(desk.site.catalogue.versions(document)) == 1
    site = desk.site
    site.catalogue.answer(document, site.catalogue.filed(document).decision)
    told = desk.run("correct", document, "--patient", BERTA, *WHY, code=2)
    assert "being carried out" in told


def waiting(house):
    """The newest document that waits."""
    return [w.reading.document for w in house.site.catalogue.waiting()][-1]


@pytest.fixture
def stapled(desk):
    """Three pages of Anna's in one document."""
    desk.scan("c.pdf", paper(ANNA), *MORE)
    desk.run("process", desk.folder / "scans")
    document = next(r["document"] for r in rows(desk) if r["page"] == 3)
    assert pages_of(desk, document) == (1, 2, 3)
    return desk, document


def pages_of(house, document):
    return house.site.catalogue.reading(document).document.pages


def test_split_and_put_together_again(stapled):
    desk, document = stapled
    told = desk.run("correct", document, "--split-before", "2", "--reason", "stapled")
    assert f"filed as {document}-v2" in told
    assert pages_of(desk, document) == (1,)
    assert waiting(desk).pages == (2, 3)
    assert "every page accounted for" in desk.run("verify")
    desk.run("correct", document, "--pages-back", "--reason", "it was one")
    assert pages_of(desk, document) == (1, 2, 3)
    assert "every page accounted for" in desk.run("verify")


def test_a_better_scan_of_a_page(stapled):
    desk, document = stapled
    desk.scan("again.pdf", f"the second sheet, once more\n{NOBODY}")
    desk.run("process", desk.folder / "scans")
    scan = ("--page", "2", "--scan", f"{waiting(desk).id}:1")
    desk.run("correct", document, *scan, "--reason", "faint")
    assert pages_of(desk, document) == (1, 4, 3)
    assert [r["removed_as"] for r in rows(desk) if r["removed_as"]] == ["replaced"]
    [row] = [r for r in rows(desk) if r["source"].endswith("again.pdf")]
    assert (row["document"], row["document_page"]) == (document, 2)
    assert "every page accounted for" in desk.run("verify")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("--split-before", "1"), "before its second page"),
        (("--split-before", "2", "--pages-back"), "one change of its pages"),
        (("--pages-back",), "no other pages"),
        (("--page", "2"), "which page is the better scan"),
        (("--scan", "nothing"), "which page is the better scan"),
        (("--split-before", "2", "--retract"), "stands alone"),
    ],
)
def test_what_cannot_be_done_to_its_pages_is_told(stapled, said, why):
    desk, document = stapled
    assert why in desk.run("correct", document, *said, "--reason", "x", code=2)
    assert len(desk.site.catalogue.versions(document)) == 1


def test_the_pages_of_what_is_in_no_record_stay(stapled):
    desk, document = stapled
    desk.run("correct", document, "--retract", "--reason", "a menu")
    said = ("--split-before", "2", "--reason", "x")
    assert "file it again first" in desk.run("correct", document, *said, code=2)
