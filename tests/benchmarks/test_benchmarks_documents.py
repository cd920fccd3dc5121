"""The bench of documents: what it counts, and what it prints."""

import dataclasses
import json
import sys
from random import Random

import numpy as np
import pytest

from benchmarks.charts.kinds import PageTruth, PrintedWord
from benchmarks.documents import curve, report, scores, tables
from benchmarks.documents.__main__ import main
from benchmarks.documents.papers import (
    batches_of,
    gaps_of,
    papers_of,
    right_through,
    told_papers,
)
from benchmarks.documents.printed import read, seen_lines
from benchmarks.documents.printed_days import prints_day
from benchmarks.documents.recut import Run, rows_of
from benchmarks.documents.rows import Told, loaded, row_of, save
from benchmarks.documents.unknown import true_documents, unknown_types
from benchmarks.reading.truths import charts_in
from benchmarks.type_samples import SHIPPED
from tests.builders import cut_of, empty_books, receive

# --- days ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Seen 04/03/2013 at noon",
        "4/3/13",
        "Date: April 3, 2013",
        "03 APR 2013",
        "3-Apr-13",
        "2013-04-03",
        "04-03-2013",
    ],
)
def test_a_day_is_printed_in_any_way_of_an_office(text):
    assert prints_day("2013-04-03", text)


@pytest.mark.parametrize("text", ["14/3/13", "04/03/20135", "04/30/2013", ""])
def test_another_day_is_none(text):
    assert not prints_day("2013-04-03", text)
    assert not prints_day(None, "04/03/2013")


# --- papers and gaps -----------------------------------------------------------------


def row(page, document, told, *, kind="letter", says=None, level="clean", **more):
    true = PageTruth(
        "chart_1.pdf",
        page,
        "tune",
        level,
        "grey",
        300,
        document=document,
        type=kind if document else None,
        service_date="2013-04-03",
        text="Seen 04/03/2013 at the clinic",
        removed_as=None if document else "blank",
    )
    facts = {"sure": 0.9, "date": "2013-04-03"} | more
    said = Told("b", page, told, type=says or kind, **facts)
    return row_of("run", true, said if told else dataclasses.replace(said, type=None))


def test_a_whole_document_and_one_that_was_cut():
    rows = [row(1, "a", "x"), row(2, "a", "x"), row(3, "b", "y"), row(4, "b", "z")]
    first, second = papers_of(rows)
    assert (first.whole, second.whole) == (True, False)
    assert (first.typed, first.sure, first.date_told) == ("letter", 0.9, "2013-04-03")
    found = scores.whole([first, second], sum(told_papers(rows).values()))
    assert (found.there, found.told, found.right) == (2, 3, 1)
    assert found.f1 == pytest.approx(2 / 5)


def test_a_blank_side_in_a_document_leaves_it_whole_but_not_its_stream():
    rows = [row(1, "a", "x"), row(2, None, "x"), row(3, "a", "x")]
    (paper,) = papers_of(rows)
    assert paper.whole
    assert not right_through(rows)
    assert right_through([rows[0], dataclasses.replace(rows[1], told=Told("b", 2))])


def test_a_document_that_was_set_aside_is_of_no_type():
    (paper,) = papers_of([row(1, "a", None)])
    assert (paper.typed, paper.sure, paper.whole) == ("nothing", 0.0, False)


def test_gaps_are_between_content_pages_of_one_batch():
    rows = [row(1, "a", "x"), row(2, None, None), row(3, "a", "y"), row(4, "b", "y")]
    assert [(gap.begins, gap.told) for gap in gaps_of(rows)] == [
        (False, True),
        (True, False),
    ]
    edges = scores.boundaries(gaps_of(rows))
    assert (edges.precision, edges.recall, edges.f1) == (0, 0, 0)
    other = dataclasses.replace(rows[3], told=Told("other", 1, "y"))
    assert len(batches_of([*rows[:3], other])) == 2


# --- figures -------------------------------------------------------------------------


def test_types_right_and_how_many_can_be_accepted():
    told = [("a", "a", 0.9), ("a", "a", 0.8), ("b", "a", 0.7), ("b", "b", 0.6)]
    found = scores.typed(told)
    assert found.accuracy == 0.75
    assert found.coverage_1 == 0.5
    assert found.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)


def test_ties_are_accepted_together():
    sure, right = np.array([0.9, 0.9]), np.array([True, False])
    assert scores.coverage(sure, right, 0.01) == 0


def test_dates_count_where_they_are_printed():
    rows = [
        row(1, "a", "x"),
        row(2, "b", "y", date="2013-04-04"),
        row(3, "c", "z", date=None),
        dataclasses.replace(row(4, "d", "w"), date_printed=False),
    ]
    found = scores.dated(papers_of(rows))
    assert found.count == 3
    assert (found.right, found.wrong, found.none) == pytest.approx((1 / 3,) * 3)


def test_the_unknown_are_parted_from_the_known():
    assert scores.auroc([0.1, 0.2, 0.9], [False, False, True]) == 1
    assert np.isnan(scores.auroc([0.1], [False]))


# --- what is printed -----------------------------------------------------------------


def some_results(tmp_path, **more):
    rows = [
        row(1, "a", "x"),
        row(2, "b", "x", kind="referral", says="letter", level="poor"),
        row(3, None, None),
    ]
    results = {"machine": dict.fromkeys(_FACTS, "?"), "runs": ["r"], "model": "m"}
    save(tmp_path / "b.json", results | more, rows)
    return json.loads((tmp_path / "b.json").read_text()), rows


_FACTS = ("command", "date", "commit", "cores", "processor", "memory", "python")


def test_a_section_can_be_made_again_from_its_file(tmp_path, monkeypatch, capsys):
    results, rows = some_results(tmp_path, worst=True)
    assert loaded(results["pages"]) == rows
    section = report.section(results)
    assert "| referral | letter | 1 |" in section
    assert "type; page 1 alone" in section
    monkeypatch.setattr(sys, "argv", ["x", "--again", str(tmp_path / "b.json")])
    main()
    assert capsys.readouterr().out.strip() == section.strip()


def test_unknown_types_are_told(tmp_path):
    group = {"lacks": ["letter"], "unknown": 1, "documents": 9, "auroc": 0.98}
    told = {"rows": [group | {"forced": 0.05, "known": 0.99}]}
    results, _ = some_results(tmp_path, unknown=told)
    assert "| letter | 1 of 9 | 0.980 | .050 | .990 |" in report.section(results)


def test_the_worst_come_surest_first():
    rows = [row(1, "a", "x", says="referral"), row(2, "b", "x", says="referral")]
    worst = tables.ten_worst([dataclasses.replace(rows[0]), rows[1]])
    assert len(worst) == 2
    assert "joined with others" in tables.wrong_with(worst[0])


def test_the_curve_is_a_picture():
    share, risk = scores.risk_coverage(np.array([0.9, 0.5]), np.array([True, False]))
    drawn = curve.svg({"clean": (share, risk)}, "Wrong types")
    assert drawn.startswith("<svg")
    assert drawn.count("<polyline") == 1
    assert report.picture([row(1, "a", "x")]).count("<polyline") == 1


def test_nobody_looks_at_single_pages_of_the_report_split(tmp_path, monkeypatch):
    (tmp_path / "inbox").mkdir()
    true = PageTruth("a.pdf", 1, "report", "clean", "grey", 300)
    line = json.dumps(dataclasses.asdict(true))
    (tmp_path / "truth.jsonl").write_text(line + "\n")
    words = ["x", str(tmp_path), "--data", str(tmp_path), "--worst"]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit, match="nobody looks"):
        main()


# --- charts to learn from ------------------------------------------------------------


def test_printed_words_are_seen_in_lines_and_handwriting_is_garbled():
    words = [
        PrintedWord("right", (100, 10, 140, 20)),
        PrintedWord("left", (10, 11, 50, 21)),
        PrintedWord("below", (10, 40, 50, 60)),
        *(
            PrintedWord("handwriting", (60 + n, 80, 90, 92), hand=True)
            for n in range(9)
        ),
    ]
    lines = seen_lines(words, Random(1))
    assert [line.text for line in lines[:2]] == ["left right", "below"]
    assert lines[1].height > lines[0].height
    assert "handwriting" not in lines[2].text
    assert lines[2].place == pytest.approx(80 / 792)


# --- over a worked data folder -------------------------------------------------------


@pytest.fixture
def worked(tmp_path) -> Run:
    """Three pages of one file, read and cut into two documents."""
    data, charts = tmp_path / "data", tmp_path / "charts"
    data.mkdir()
    books = empty_books(data / "catalogue.sqlite")
    batch = receive(books)
    books.keep_cut(batch, cut_of(batch, (1, 2), (3,)))
    source = next(iter(books.ledger())).source
    (charts / "inbox").mkdir(parents=True)
    truths = [
        PageTruth(
            source, n, "train", "clean", "grey", 300, document=d, document_page=n,
            type="discharge_summary", house="h", name="A B", birth_date="1950-01-01",
        )
        for n, d in ((1, "a"), (2, "a"), (3, "b"))
    ]  # fmt: skip
    lines = [json.dumps(dataclasses.asdict(truth)) for truth in truths]
    (charts / "truth.jsonl").write_text("\n".join(lines))
    return Run(charts_in(charts), data)


def test_the_cut_that_stands_is_measured(worked, tmp_path):
    rows = rows_of(worked, tmp_path / "work")
    assert [(row.told.document, row.told.order) for row in rows] == [
        ("b1-1", 1),
        ("b1-1", 2),
        ("b1-2", 3),
    ]
    assert [paper.whole for paper in papers_of(rows)] == [True, True]
    assert papers_of(rows)[0].typed == "discharge_summary"


def test_a_fresh_cut_leaves_the_folder_as_it_was(worked, tmp_path):
    before = rows_of(worked, tmp_path / "before")
    fresh = dataclasses.replace(worked, fresh=True, types=SHIPPED)
    rows = rows_of(fresh, tmp_path / "work")
    assert {row.told.removed for row in rows} == {"cover"}  # two words and a code
    assert rows_of(worked, tmp_path / "after") == before


def test_read_pages_can_be_learned(worked):
    rows = list(read(worked.charts.folder, worked.data))
    assert [(row["document"], row["page"]) for row in rows][2] == ("charts b", 3)
    assert rows[0]["lines"][0][0] == "Discharge Summary"
    assert rows[0]["split"] == "train"


def test_models_that_lack_types_are_asked_of_the_true_documents(worked, tmp_path):
    documents = list(true_documents(worked, tmp_path / "work"))
    assert [(kind, len(pages)) for kind, pages in documents] == [
        ("discharge_summary", 2),
        ("discharge_summary", 1),
    ]
    told = unknown_types([SHIPPED], [worked], tmp_path / "more")
    assert told["rows"][0]["lacks"] == []
    assert told["rows"][0]["documents"] == 2
