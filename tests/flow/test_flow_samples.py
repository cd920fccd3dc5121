"""What becomes of the sample scans: against their truth, page by page."""

import json

import pikepdf
import pytest

from benchmarks.score import read, score
from benchmarks.siteruns import SAMPLES, wrongs
from pipeline.commands.pages import page_rows
from pipeline.site import open_site

pytestmark = pytest.mark.slow
TRUTH = {(row["source"], row["page"]): row for row in read(SAMPLES / "truth.jsonl")}
REASONS = {  # the trap of a page -> a reason that its reviewer must be told
    "foreign page": "another patient's paper inside a chart",
    "not in index": "no patient of the index fits",
    "twins": "two patients fit",
}


@pytest.fixture(scope="module")
def rows(undisturbed):
    return list(page_rows(open_site(undisturbed.data)))


def test_every_page_is_accounted_for(undisturbed, rows):
    assert wrongs(undisturbed.data, undisturbed.outcomes) == []
    assert {(row["source"], row["page"]) for row in rows} == set(TRUTH)


def test_no_page_lies_in_a_wrong_patients_record(rows):
    told = score(TRUTH.values(), rows)
    assert told.wrong_patient == ()
    assert told.wrong_turn == ()
    assert told.wrong_removed == ()


def test_most_pages_need_no_clerk(rows):
    told = score(TRUTH.values(), rows)
    assert told.filed >= 0.75 * told.pages
    assert len(told.wrong_type) <= 2
    assert len(told.wrong_cut) <= 2


@pytest.mark.parametrize("trap", REASONS)
def test_the_traps_are_in_review_with_the_true_reason(rows, trap):
    places = {place for place, true in TRUTH.items() if true["trap"] == trap}
    told = [row for row in rows if (row["source"], row["page"]) in places]
    assert len(told) == len(places) > 0
    for row in told:
        assert row["disposition"] == "review"
        assert REASONS[trap] in row["reasons"]


def test_every_filed_pdf_is_searchable_and_names_no_one(undisturbed):
    site = open_site(undisturbed.data)
    people = json.dumps([row["name"] for row in TRUTH.values() if row["name"]])
    for line in site.catalogue.ledger():
        if line.filed and line.document_page == 1:
            with site.objects.local(line.filed.key) as path, pikepdf.open(path) as pdf:
                assert pdf.Root.Metadata is not None
                assert "/Font" in pdf.pages[0].Resources
            metadata = json.dumps(site.objects.metadata(line.filed.key))
            assert line.document in metadata
            assert not any(
                word in metadata for word in people.split('"') if len(word) > 5
            )
