"""A site's own audit comes in as checks."""

import json

import pytest

from pipeline.commands.verified import UNKNOWN
from tests.commands.conftest import ANNA, BERTA, paper


@pytest.fixture
def filed(house):
    """One page of Anna's that was filed, and drawn for a check."""
    house.override("[filing]\nqa_share = 1.0\n")
    house.scan("a.pdf", paper(ANNA))
    house.run("process", house.folder / "scans")
    return house


def audit(house, *rows, header="document,mrn,by,type"):
    [page] = map(json.loads, house.run("pages").splitlines())
    lines = [row.replace("DOC", page["document"]) for row in rows]
    file = house.folder / "audit.csv"
    file.write_text("\n".join((header, *lines)) + "\n")
    return house.run("verified", "import", file)


def test_an_audit_that_agrees_verifies_the_page_and_a_repeat_adds_nothing(filed):
    told = audit(filed, f"DOC,{ANNA},ada,discharge_summary")
    assert "1 checks imported, 0 rows refused" in told
    assert "the sample is checked" in filed.run("qa", "list")
    assert "0 checks imported, 1 rows refused" in audit(filed, f"DOC,{ANNA},ada,")
    [checks] = filed.site.checks.checks().values()
    assert [(one.by, one.why) for one in checks] == [("clerk ada", "qa")]


@pytest.mark.parametrize("other", [BERTA, "nobody"])
def test_two_who_find_somebody_else_close_the_lane_once(filed, other):
    audit(filed, f"DOC,{other},ada,", f"DOC,{other},bob,")
    closed = [str(one.lane) for one in filed.site.checks.events()]
    assert closed == ["process/discharge_summary"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (f"Jane Doe,{ANNA},ada,", UNKNOWN),
        ("DOC,99999999,ada,", "no patient of the index has that MRN"),
        ("DOC,,ada,", "mrn: empty"),
        (f"DOC,{ANNA},,", "by: empty"),
        (f"DOC,{ANNA},ada,strange", "--type names no document type"),
    ],
)
def test_a_bad_row_is_told_by_line_and_keeps_nothing(filed, row, says):
    told = audit(filed, row)
    assert f"line 2: {says}" in told
    assert "Jane" not in told
    assert not filed.site.checks.checks()
