"""What becomes of the sample scans: against their truth, page by page."""

import json
import subprocess

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


def test_every_filed_pdf_is_searchable(undisturbed):
    site = open_site(undisturbed.data)
    looked_at = 0
    for line in site.catalogue.ledger():
        if line.filed and line.document_page == 1:
            [read] = site.catalogue.pages(line.batch, (line.number,))
            surest = {w.text for w in read.words if w.confidence > 0.95}
            with site.objects.local(line.filed.key) as path:
                found = set(words_of(path))
            assert len(surest & found) >= 0.95 * len(surest)
            looked_at += len(surest)
    assert looked_at > 1000


def test_no_objects_metadata_names_anyone(undisturbed):
    site = open_site(undisturbed.data)
    names = {part for row in TRUTH.values() for part in (row["name"] or "").split()}
    for line in site.catalogue.ledger():
        if line.filed:
            metadata = json.dumps(site.objects.metadata(line.filed.key)).lower()
            assert line.document in metadata
            assert not [n for n in names if len(n) > 3 and n.lower() in metadata]


def words_of(pdf) -> list[str]:
    """The words of the first page, as poppler finds them."""
    command = ["pdftotext", "-l", "1", str(pdf), "-"]
    return subprocess.run(command, capture_output=True, text=True).stdout.split()
