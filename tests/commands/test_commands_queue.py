"""``queue``: an appointment list, and the work list made anew."""

import pytest

from pipeline.store.worklist import Place, Wanted
from tests.commands.conftest import ANNA, BERTA, NOBODY

TORN = "DISCHARGE SUMMARY\nMRN: {}\nDate of Service: 05/06/2013\n"


@pytest.fixture
def waits(house):
    """One that waits of nobody, one of Berta's, in this order."""
    house.scan("a.pdf", NOBODY)
    house.run("process", house.folder / "scans")
    house.scan("b.pdf", TORN.format(BERTA))
    house.run("process", house.folder / "scans")
    assert len(places(house)) == 2
    return house


def places(house):
    return [item.place for item in house.site.worklist.items(Wanted(), 9)]


def test_paper_of_who_comes_soon_goes_first(waits, tmp_path):
    first, second = waits.site.worklist.items(Wanted(), 9)
    file = tmp_path / "list.csv"
    file.write_text(f"mrn,date\n{BERTA},2026-11-27\n999,2026-11-27\n{ANNA},soon\n")
    told = waits.run("queue", "appointments", file)
    assert "1 appointments imported, 2 rows refused" in told
    assert "line 3" in told
    assert "999" not in told
    assert "line 4: date: write it as 2026-11-27" in told
    now = waits.site.worklist.items(Wanted(), 9)
    assert [item.waiting for item in now] == [second.waiting, first.waiting]
    assert places(waits) == [Place.APPOINTMENT, Place.AGE]
    file.write_text("mrn,date\n")
    waits.run("queue", "appointments", file)
    assert places(waits) == [Place.AGE, Place.AGE]


def test_the_list_is_made_anew(waits):
    assert "2 documents on the work list" in waits.run("queue", "rebuild")
    assert "every page accounted for" in waits.run("verify")
