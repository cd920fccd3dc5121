"""A document that somebody else's sheet parted: one again, or apart for good."""

import pytest
from index_people import page_of
from test_index_match_cut import ANN, BODY, DOE, ROE, cover, cut, header, reasons, told

from pipeline.index.strays import STRAY


@pytest.mark.parametrize("named", [True, False])
def test_a_document_that_a_foreign_page_parts_is_one_again(named):
    pages = [
        page_of(1, *header(DOE)),
        page_of(2, *header(DOE, "Page 1 of 3")),
        page_of(3, *header(ROE, "Page 1 of 1")),
        page_of(4, *(header(DOE, "Page 2 of 3") if named else (*BODY, "Page 2 of 3"))),
        page_of(5, *BODY, "Page 3 of 3"),
    ]
    found = cut(pages, starts=[4, 4, 4, 2, -4])
    whose = DOE.mrn if named else None  # a nameless half might be the sheet's own
    assert told(found) == [((1,), DOE.mrn), ((2, 4, 5), whose), ((3,), None)]
    if not named:
        assert any("lay between" in reason for reason in reasons(found.readings[1]))
    assert reasons(found.readings[2]) == [STRAY]


def test_a_separator_a_cover_and_the_sheets_own_count_part_for_good():
    first = page_of(1, *header(DOE, "Page 1 of 2"))
    last = page_of(9, *BODY, "Page 2 of 2")
    own = [first, page_of(2, *header(ROE, "Page 1 of 2")), last]
    parted = [
        first,
        page_of(2, *header(ROE)),
        page_of(3, marks=[("patch", "T")]),
        last,
    ]
    covered = [first, cover(2, ROE), page_of(3, *header(ROE)), last]
    for pages in (own, parted, covered):
        found = cut(pages, starts=[4] * len(pages))
        assert (1,) in [reading.document.pages for reading in found.readings]


@pytest.mark.parametrize(
    ("count", "patient"),
    [("Page 1 of 3", DOE), ("Page 2 of 4", DOE), ("Page 2 of 3", ANN)],
)
def test_what_does_not_go_on_stays_apart(count, patient):
    pages = [
        page_of(1, *header(DOE, "Page 1 of 3")),
        page_of(2, *header(ROE, "Page 1 of 1")),
        page_of(3, *header(patient, count)),
    ]
    found = cut(pages, starts=[4, 4, 4])
    assert [r.document.pages for r in found.readings] == [(1,), (2,), (3,)]
