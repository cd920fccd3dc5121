"""``correct``: moved, retracted, filed again; each with its reason."""

import json

import pytest

from pipeline.commands.user import clerk_name
from tests.commands.conftest import ANNA, BERTA, NOBODY, paper

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
