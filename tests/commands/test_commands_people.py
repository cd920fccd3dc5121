"""``patients`` and ``encounters`` as a user meets them."""

import json
import os

import pytest

from tests.commands.conftest import ANNA, NOBODY, paper

HEADER = "mrn,last_name,first_name,birth_date,merged_into\n"


@pytest.fixture
def listed(bare):
    def write(text: str, header: str = HEADER):
        path = bare.folder / "list.csv"
        path.write_text(header + text)
        return path

    return write


def test_good_rows_come_in_and_bad_ones_are_told_by_line(bare, listed):
    told = bare.run(
        "patients",
        "import",
        listed("1,DOE,JANE,1961-03-04,\n2,ROE,,1961-03-04,\n3,POE,EDGAR,4.3.1961,\n"),
    )
    assert "rows refused" in told
    assert "line 4: birth_date" in told
    assert "POE" not in told
    assert not told.startswith("\n")


def test_a_second_import_of_the_same_list_changes_nothing(bare, listed):
    path = listed("1,DOE,JANE,1961-03-04,\n")
    assert bare.run("patients", "import", path) == bare.run("patients", "import", path)
    found = bare.run("patients", "find", "doe", "--json").splitlines()
    assert len(found) == 1


def test_a_merged_number_leads_to_the_surviving_one(bare, listed):
    path = listed("7,DOE,JANE,1961-03-04,9\n9,DOE,JANE,1961-03-04,\n")
    bare.run("patients", "import", path)
    [told] = map(json.loads, bare.run("patients", "find", "7", "--json").splitlines())
    assert told["mrn"] == "9"


def test_many_bad_rows_are_not_all_told(bare, listed):
    rows = "".join(f"{n},DOE,JANE,never,\n" for n in range(30))
    told = bare.run("patients", "import", listed(rows))
    assert "0 patients imported, 30 rows refused" in told
    assert "and 10 more" in told


def test_find_shows_a_name_with_brackets_as_it_is(bare, listed):
    bare.run("patients", "import", listed("1,DOE [/red],JANE,1961-03-04,\n"))
    assert "[/red]" in bare.run("patients", "find", "jane")
    assert "nobody found" in bare.run("patients", "find", "zzz")


@pytest.mark.parametrize("what", ["patients", "encounters"])
def test_what_is_no_list_is_told_in_a_sentence(bare, what):
    bare.folder.joinpath("bytes.csv").write_bytes(b"\xff\xfe\0\0")
    bare.folder.joinpath("other.csv").write_text("a,b\n1,2\n")
    assert "not UTF-8" in bare.run(what, "import", bare.folder / "bytes.csv", code=2)
    assert "no column" in bare.run(what, "import", bare.folder / "other.csv", code=2)
    for missing in (bare.folder, bare.folder / "nowhere"):
        told = bare.run(what, "import", missing, code=2)
        assert "cannot be opened" in told
        assert str(missing) not in told


def test_encounters_of_nobody_are_told_by_line(house):
    path = house.folder / "stays.csv"
    path.write_text(
        "encounter,facility,mrn,class,admit,discharge,service,attending\n"
        "E1,X,10000012,I,2013-05-01,2013-05-09,MED,DR\n"
        "E2,X,77777777,I,2013-05-01,2013-05-09,MED,DR\n"
        "E3,X,10000012,I,soon,,MED,DR\n"
    )
    told = house.run("encounters", "import", path)
    assert "1 encounters imported, 2 rows refused" in told
    assert "line 3: nobody in the index has its MRN" in told
    assert "line 4: admit" in told
    assert "77777777" not in told


TWINS = (
    "mrn,last_name,first_name,birth_date,address\n"
    "10000012,SENTINEL,ANNA,1961-03-04,1 Elm St\n"
    "10000990,SENTINEL,AMY,1961-03-04,1 Elm St\n"
    "30000000,POE,EDGAR,1950-01-01,\n"
)


def test_an_import_tells_who_may_be_taken_for_whom(bare, listed):
    told = bare.run("patients", "import", listed(TWINS, ""))
    assert "2 of 3 patients (66.67%) have a name alert" in told
    assert "above 2%" not in told  # three people say nothing of a rule
    assert json.loads(bare.run("patients", "alerts", "--json")) == {
        "kinds": {"twin": 2}, "alerted": 2, "patients": 3, "share": 0.666667,
    }  # fmt: skip
    assert "twin" in bare.run("patients", "alerts")
    assert "2 of 3 patients" in bare.run("status")
    moved = TWINS.replace("AMY,1961-03-04", "AMY,1962-03-04")
    assert "0 of 3" in bare.run("patients", "import", listed(moved, ""))


def test_above_two_percent_the_widest_kind_is_named(bare, listed):
    rows = "".join(f"{n},FAM{n // 2},G{n},1990-01-01,\n" for n in range(1000, 2000))
    told = bare.run("patients", "import", listed(rows))
    assert "above 2% the rule is wrong for this site; the widest kind is" in told


def test_a_list_says_when_it_was_true(bare, listed):
    path = listed("1,DOE,JANE,1961-03-04,\n")
    assert "the time of this import" in bare.run("patients", "import", path)
    os.utime(path, (0, 0))
    assert "with --as-of 1970-01-01T" in bare.run("patients", "import", path)
    told = bare.run("patients", "import", path, "--as-of", "2020-02-03T04:05")
    assert "true as of 2020-02-03 04:05" in told
    assert "--as-of" not in told
    status = json.loads(bare.run("status", "--json"))
    assert status["index_as_of"].startswith("2020-02-03T")
    assert "days old" in bare.run("status")
    for wrong, why in (("soon", "is a moment like"), ("2999-01-01", "in the future")):
        assert why in bare.run("patients", "import", path, "--as-of", wrong, code=2)
    assert [c.rows for c in bare.site.changes.all()] == [1, 1, 1]
    assert len(bare.site.changes.all()[0].file or "") == 64


def test_who_is_imported_gets_what_waited(house):
    rows = "mrn,last_name,first_name,birth_date\n90000099,NEWMAN,PAUL,1990-01-02\n"
    house.run("process", house.scan("a.pdf", NOBODY))
    assert json.loads(house.run("status", "--json"))["waiting"] == 1
    path = house.folder / "more.csv"
    path.write_text(rows)
    house.run("patients", "import", path)
    assert "1 wait to be weighed again" in house.run("status")
    house.run("process", house.scan("b.pdf", paper(ANNA)))
    told = json.loads(house.run("status", "--json"))
    assert (told["waiting"], told["to_weigh_again"]) == (0, 0)
