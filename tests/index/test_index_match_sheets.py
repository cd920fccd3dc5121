"""Blanks, separators and covers are set aside; a labelled clinical page never is."""

from dataclasses import replace

import pytest
from index_people import clue, page_of

from pipeline.index.sheets import sort_sheets
from pipeline.page import Box, Mark

LONG = [" ".join(["word"] * 10)] * 6


def cover(page, mrn="1"):
    return clue("cover patient", mrn, page, by="code128")


def sort(pages, *clues):
    by_page = {p.number: tuple(c for c in clues if c.page == p.number) for p in pages}
    return sort_sheets(pages, by_page, 40)


def test_kinds():
    pages = [
        page_of(1, "COVER"),
        page_of(2, "SEPARATOR SHEET"),
        page_of(3, blank=True),
        page_of(4, *LONG),
        page_of(5, "BATCH"),
        page_of(6, "CODE"),
    ]
    found = sort(
        pages,
        cover(1),
        clue("separator", "separator", 2, by="patch"),
        clue("batch", "B7", 5),
        clue("doctype", "x", 6),
    )
    assert found.removed == (
        (1, "cover"),
        (2, "separator"),
        (3, "blank"),
        (5, "separator"),
        (6, "cover"),
    )
    assert [p.number for p in found.content] == [4]


def test_a_label_on_a_clinical_page_is_no_cover():
    found = sort([page_of(1, *LONG), page_of(2, *LONG)], cover(1))
    assert found.removed == ()
    assert found.covers[2] == ()


def test_an_unread_page_is_kept():
    unread = page_of(1, troubles=("engine timed out",), blank=True)
    assert sort([unread], cover(1)).content == (unread,)


def test_a_blank_with_a_mark_or_a_clue_is_kept():
    marked = page_of(1, marks=[("code39", "X")], blank=True)
    told = page_of(2, blank=True)
    assert sort([marked, told], clue("mrn", "1", 2)).removed == ()


def test_a_cover_holds_until_the_next_one_a_doctype_for_one_document():
    pages = [page_of(n, *([] if n in (1, 2, 5, 7) else LONG)) for n in range(1, 9)]
    kind = clue("doctype", "consult", 2, by="code128")
    mark = clue("separator", "separator", 5, by="patch")
    found = sort(pages, cover(1), kind, mark, cover(7, "2"))
    assert found.begins == {3, 6, 8}
    assert {n: c[0].value for n, c in found.covers.items()} == {
        3: "1",
        4: "1",
        6: "1",
        8: "2",
    }
    assert [n for n, c in found.doctypes.items() if c] == [3]


def test_patch_two_begins_a_document_on_its_own_page():
    new = clue("separator", "new document", 2, by="patch")
    found = sort([page_of(1, *LONG), page_of(2)], new)
    assert found.removed == ()
    assert found.begins == {2}


def test_a_blank_begins_nothing():
    pages = [page_of(1, *LONG), page_of(2, blank=True), page_of(3, *LONG)]
    assert sort(pages).begins == frozenset()


@pytest.mark.parametrize("field", ["doctype", "batch", "separator"])
@pytest.mark.parametrize("said", ["mrn", "name", "born"])
def test_a_short_form_with_a_code_and_a_patient_is_content(field, said):
    form = page_of(1, "PROGRESS NOTES")
    found = sort([form], clue(field, "x", by="code128"), clue(said, "1"))
    assert found.content == (form,)
    assert found.removed == ()


@pytest.mark.parametrize(("number", "kept"), [("1", False), ("2", True)])
def test_a_cover_may_print_its_own_patient_only(number, kept):
    sheet = page_of(1, "COVER")
    found = sort([sheet], cover(1), clue("mrn", number), clue("name", "DOE|JOHN||"))
    assert bool(found.content) is kept


def test_a_clinicians_name_makes_no_form_of_a_sheet():
    sheet = page_of(1, "LAB")
    doctor = clue("name", "DOE|JOHN||", role="clinician")
    assert sort([sheet], clue("doctype", "lab"), doctor).removed == ((1, "cover"),)


@pytest.mark.parametrize(("ink", "kept"), [(0.06, False), (0.061, True)])
def test_a_form_full_of_handwriting_is_no_cover(ink, kept):
    form = page_of(1, "PROGRESS NOTES")
    form = replace(form, quality=replace(form.quality, ink=ink))
    assert bool(sort([form], clue("doctype", "x", by="code128")).content) is kept


@pytest.mark.parametrize(("on_bars", "kept"), [(True, False), (False, True)])
def test_bars_that_were_read_as_words_as_well_make_no_form_of_a_cover(on_bars, kept):
    """A cover of 43 words, most of them bars, left the cover before it in force.

    A bad scan of a form with a PATIENT bar has as many words, but not on the bar.
    """
    bar = Box(150, 380, 1850, 390) if on_bars else Box(150, 3100, 1850, 3110)
    sheet = page_of(1, "DOCUMENT COVER SHEET", "PATIENT 22222222")
    bars = page_of(1, "", "", " ".join(["ET"] * 18), " ".join(["ET"] * 18))
    noise = [replace(word, confidence=0.2) for word in bars.words]
    marks = (Mark("code128", "PATIENT 22222222", bar),)
    sheet = replace(sheet, words=(*sheet.words, *noise), marks=marks)
    assert bool(sort([sheet], cover(1)).content) is kept


def test_a_sheet_whose_bars_nobody_read_says_what_it_is():
    pages = [
        page_of(1, "COVER"),
        page_of(2, *LONG),
        page_of(3, "PATCH T", "SEPARATOR SHEET", "Do not file."),
        page_of(4, *LONG),
        page_of(5, "DOCUMENT TYPE SHEET", "DOCTYPE consult"),
        page_of(6, *LONG),
        page_of(7, "DOCUMENT COVER SHEET", "PATIENT 22222222"),
        page_of(8, *LONG),
    ]
    for sure, said in ((0.96, "22222222"), (0.89, "")):
        printed = clue("mrn", "22222222", 7, confidence=sure, role="perhaps")
        found = sort(pages, cover(1), printed)
        kinds = [kind for _, kind in found.removed]
        assert kinds == ["cover", "separator", *["cover"] * 2]
        assert found.begins == {2, 4, 6, 8}
        covers = [c[0].value if c else "" for c in found.covers.values()]
        assert covers == [*"111", said]
    two = clue("mrn", "22222222", 7), clue("mrn", "33333333", 7)
    assert sort(pages, cover(1), *two).covers[8] == ()


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("DOCUMENT COVER SHEET", False),
        ("| DOCUMENT COVER SHEET", False),
        ("q DOCUMENT TYPE SHEET", False),
        ("FAX COVER SHEET", True),
        ("Department cover sheet", True),
        ("Assessment cover sheet", True),
        ("Treatment type sheet", True),
        ("Consent document cover sheet", True),
        ("COVER", True),
        ("SHEET", True),
    ],
)
def test_a_cover_whose_bars_were_not_read_says_so_in_its_own_words(line, kept):
    assert bool(sort([page_of(1, line, "PATIENT 22222222")]).content) is kept


def test_a_form_that_speaks_of_separators_is_kept():
    named = page_of(1, "SEPARATOR SHEET", "Jones, Mary")
    wordy = page_of(2, "SEPARATOR SHEET", *LONG)
    assert sort([named, wordy], clue("name", "jones|mary||", 1)).removed == ()


def test_what_recognition_makes_of_bars_does_not_hide_a_sheet():
    """Four patches read as sixteen specks made a separator a document of its own."""
    sheet = page_of(1, "PATCH T", "SEPARATOR SHEET", "Do not file.")
    bars = page_of(1, *["ee De ee Ft"] * 4, confidence=0.2).words
    sheet = replace(sheet, words=(*bars, *sheet.words))
    dark = replace(sheet, quality=replace(sheet.quality, ink=0.064))
    mark = clue("separator", "separator", 1, by="patch")
    assert sort([dark], mark).removed == ((1, "separator"),)


def test_two_patches_on_a_folded_sheet_are_no_form():
    sheet = page_of(1, "PATCH T", "SEPARATOR SHEET")
    dark = replace(sheet, quality=replace(sheet.quality, ink=0.07))
    mark = clue("separator", "separator", 1, by="patch")
    assert sort([dark], mark).removed == ((1, "separator"),)
    unsaid = replace(page_of(2, "Jones, Mary"), quality=dark.quality)
    assert sort([unsaid], replace(mark, page=2)).removed == ()


def bordered(number, *lines, margin=0.01, legible=False):
    """A sheet on whose border recognition saw sixty words."""
    page = page_of(number, *lines)
    left, top = margin * page.size[0], margin * page.size[1]
    dirt = [
        replace(
            page.words[0],
            text="RIE",
            box=Box(left, top + 50 * at, left + 40, top + 50 * at + 20),
            confidence=0.95 if legible else 0.1,
            line=at + 50,
        )
        for at in range(60)
    ]
    return replace(page, words=(*dirt, *page.words))


@pytest.mark.parametrize(
    ("margin", "legible", "kept"),
    [
        (0.01, False, False),
        (0.01, True, True),  # somebody wrote there
        (0.06, False, True),  # a bad scan of a form that bears a code of ours
    ],
)
def test_a_dirty_border_does_not_hide_a_cover(margin, legible, kept):
    """The cover before it vetoed each page that followed."""
    sheet = bordered(3, "DOCUMENT COVER", "x 2", margin=margin, legible=legible)
    pages = [page_of(1, "COVER"), page_of(2, *LONG), sheet, page_of(4, *LONG)]
    found = sort(pages, cover(1), cover(3, "2"))
    assert (3 in [page.number for page in found.content]) == kept
    assert found.covers[2] == (cover(1),)
    assert found.covers[4] == (cover(1) if kept else cover(3, "2"),)
