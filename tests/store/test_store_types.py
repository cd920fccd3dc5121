"""The type registry: what holds is the last word, and every word is kept."""

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.document import DocumentType, TypeFacts
from pipeline.store.sql_catalogue import SqlCatalogue
from pipeline.store.type_rows import SqlTypes, TypeChange
from tests.builders import NOON

CBC = TypeFacts(
    key=DocumentType("cbc"),
    loinc="58410-2",
    title="Blood count",
    retention="laboratory",
    flags=("HIV",),
    priority="stat",
    category="Labs",
    original_required=True,
    codes=(("epic", "44:71"),),
    synonyms=("Blutbild",),
    like=DocumentType("laboratory_report"),
    local=True,
)
NOTE = TypeFacts(DocumentType("a-note"), "34109-9", "Note", "clinical", local=True)


@pytest.fixture
def types(books):
    return SqlTypes(books.database, lambda: NOON)


def test_an_empty_registry_says_nothing(types):
    assert (types.current(), types.newest(), types.history(CBC.key)) == ((), 0, ())


def test_what_is_kept_reads_back_equal_and_in_order(types):
    assert types.keep([CBC, NOTE], "imported", "clerk ada") == ("cbc", "a-note")
    assert types.current() == (NOTE, CBC)


def test_only_what_changes_is_written_and_the_history_stays(types, books):
    types.keep([CBC, NOTE], "imported", "clerk ada")
    newest = types.newest()
    assert types.keep([CBC, NOTE], "imported", "clerk ada") == ()
    assert types.newest() == newest
    retired = replace(CBC, retired=True)
    assert types.keep([NOTE, retired], "retired", "clerk bob") == ("cbc",)
    assert types.newest() > newest
    assert types.current() == (NOTE, retired)
    assert types.history(CBC.key) == (
        TypeChange(CBC, "imported", "clerk ada", NOON),
        TypeChange(retired, "retired", "clerk bob", NOON),
    )
    assert books.first_bad_audit_line() is None


def test_the_last_of_two_rows_with_one_key_counts(types):
    assert types.keep([CBC, replace(CBC, title="New")], "imported", "x") == ("cbc",)
    assert [one.title for one in types.current()] == ["New"]


def test_every_change_is_a_line_of_the_audit_trail(types, books):
    types.keep([CBC, NOTE], "imported", "clerk ada")
    with books.database.reading() as rows:
        found = rows.exec_driver_sql("SELECT who, did, what FROM audit ORDER BY seq")
        assert [tuple(line) for line in found] == [
            ("clerk ada", "imported type", "cbc"),
            ("clerk ada", "imported type", "a-note"),
        ]


def test_another_process_sees_a_change(types, tmp_path):
    other = SqlCatalogue(tmp_path / "catalogue.sqlite")
    seen = SqlTypes(other.database)
    assert seen.newest() == 0
    types.keep([CBC], "added", "clerk ada")
    assert seen.newest() == types.newest()
    assert seen.current() == (CBC,)
    assert seen.history(CBC.key)[0].at.tzinfo is dt.UTC
    other.close()
