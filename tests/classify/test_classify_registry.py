"""A list of local types: each row is taken or told by its line and column."""

import csv
import io
from dataclasses import replace

import pytest

from pipeline.classify.registry import (
    COLUMNS,
    as_row,
    laid_over,
    read_types,
    type_of,
    types_in,
    with_codes,
)
from pipeline.document import DocumentType, TypeFacts
from pipeline.errors import UnreadableFile
from pipeline.lists import BadRow, Fields, Unfit

LAB = TypeFacts(
    DocumentType("laboratory_report"), "11502-2", "Laboratory report", "laboratory",
    ("HIV", "STD"),
)  # fmt: skip
LETTER = TypeFacts(DocumentType("letter"), "51852-2", "Letter", "clinical")
CBC = replace(
    LAB, key=DocumentType("cbc"), title="Blood count", like=LAB.key, local=True
)
KNOWN = {one.key: one for one in (LAB, LETTER, CBC)}
WHOLE = {
    "key": "K-1",
    "title": "Culture",
    "loinc": "18725-2",
    "category": "Labs",
    "retention": "laboratory",
    "flags": "hiv; STD;HIV",
    "priority": "STAT",
    "original_required": "yes",
    "codes": "onbase:LAB 7; Epic:44:71",
    "synonyms": "micro; bug report;",
    "forms": "HB-1042; CMS-1500",
    "like": "Laboratory_Report",
    "retired": "no",
}


def taken(**row):
    return type_of(Fields(row), KNOWN)


def listed(*rows, columns=COLUMNS):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return list(types_in(text.getvalue().splitlines(), KNOWN))


def test_a_whole_row_is_taken_as_it_is_written():
    assert listed(WHOLE) == [
        TypeFacts(
            key=DocumentType("k-1"),
            loinc="18725-2",
            title="Culture",
            retention="laboratory",
            flags=("HIV", "STD"),
            priority="stat",
            category="Labs",
            original_required=True,
            codes=(("epic", "44:71"), ("onbase", "LAB 7")),
            synonyms=("micro", "bug report"),
            forms=("HB-1042", "CMS-1500"),
            like=LAB.key,
            local=True,
        )
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("key", ""),
        ("key", "blood count"),
        ("key", "k" * 65),
        ("key", "-1"),
        ("key", "18725-2"),
        ("title", ""),
        ("loinc", "18725"),
        ("loinc", "18725-3"),
        ("loinc", "18752-2"),
        ("retention", "for ever"),
        ("flags", "HIV;SECRET"),
        ("priority", "urgent"),
        ("original_required", "perhaps"),
        ("encounter", "perhaps"),
        ("codes", "onbase"),
        ("codes", "onbase:"),
        ("codes", "on base:7"),
        ("codes", "epic:1;EPIC:2"),
        ("forms", "HB-1042;no"),
        ("forms", "consent"),
        ("like", "no such type"),
        ("like", "cbc"),
        ("retired", "1"),
    ],
)
def test_one_thing_spoiled_refuses_the_row_by_line_and_column(column, value):
    other = WHOLE | {"key": "k-2"}
    bad, good = listed(WHOLE | {column: value}, other)
    assert isinstance(bad, BadRow)
    assert bad.line == 2
    assert bad.reason.startswith(f"{column}: ")
    assert value not in bad.reason or value in ("", "1", "-1", "cbc")
    assert good.key == "k-2"


@pytest.mark.parametrize("column", ["loinc", "retention"])
def test_what_is_like_nothing_must_say_all_that_counts(column):
    (bad,) = listed(WHOLE | {"like": "", column: ""})
    assert bad.reason == f"{column}: empty"


def test_what_a_row_leaves_empty_comes_from_the_type_it_is_like():
    assert taken(key="cbc", title="Blood count", like="laboratory_report") == CBC
    plain = taken(key="x", title="X", like="laboratory_report", flags="-")
    assert (plain.flags, plain.loinc, plain.codes) == ((), "11502-2", ())


def test_a_column_that_is_not_there_changes_nothing():
    known = dict(KNOWN) | {
        CBC.key: replace(CBC, codes=(("epic", "1"),), retired=True, flags=())
    }
    (row,) = types_in(["key,title", "CBC,Full blood count"], known)
    assert row == replace(known[CBC.key], title="Full blood count")
    (row,) = types_in(["key,codes,retired", "cbc,,"], known)
    assert row == replace(known[CBC.key], codes=(), retired=False)


def test_a_shipped_type_keeps_its_own_and_takes_what_is_the_site_s():
    told = taken(key="letter", codes="epic:1", synonyms="note", retired="yes")
    assert told == replace(
        LETTER, codes=(("epic", "1"),), synonyms=("note",), retired=True
    )
    assert taken(**as_row(LETTER)) == LETTER
    for change in ({"title": "Brief"}, {"priority": "stat"}, {"like": "letter"}):
        with pytest.raises(Unfit, match=f"^{next(iter(change))}: a shipped type keeps"):
            taken(key="letter", **change)


def test_the_site_s_word_lies_over_what_is_shipped_now():
    old = replace(LETTER, title="As it was shipped then", codes=(("epic", "1"),))
    orphan = replace(LETTER, key=DocumentType("memo"))
    types = laid_over({LETTER.key: LETTER}, [old, orphan, CBC])
    assert list(types) == ["letter", "memo", "cbc"]
    assert types[LETTER.key] == replace(LETTER, codes=(("epic", "1"),))
    assert types[orphan.key].local


def test_what_is_listed_can_be_imported_again():
    (whole,) = listed(WHOLE)
    types = [LAB, LETTER, CBC, whole, replace(CBC, key=DocumentType("r"), retired=True)]
    assert listed(*map(as_row, types)) == types


def test_codes_are_added_changed_and_taken_away():
    mapped = with_codes(CBC, [("epic", "1"), ("OnBase", " 2 ")])
    assert mapped.codes == (("epic", "1"), ("onbase", "2"))
    assert with_codes(mapped, [("EPIC", ""), ("onbase", "3")]).codes == (
        ("onbase", "3"),
    )
    with pytest.raises(Unfit):
        with_codes(CBC, [("7", "1")])


def test_a_key_given_twice_and_a_field_too_many_are_refused():
    _, second = listed(WHOLE, WHOLE | {"key": "k-1"})
    assert second == BadRow(3, "key: already given on an earlier line")
    (bad,) = types_in(["key,title", "x,Blood count, old"], KNOWN)
    assert "a field too many" in bad.reason


@pytest.mark.parametrize(
    ("header", "says"),
    [("title,loinc", "no column key"), ("key,flag", "column flag that is not known")],
)
def test_a_header_that_may_lose_something_is_refused(tmp_path, header, says):
    file = tmp_path / "types.csv"
    file.write_text(header + "\nx,y\n")
    with pytest.raises(UnreadableFile, match=says):
        list(read_types(file, KNOWN))
