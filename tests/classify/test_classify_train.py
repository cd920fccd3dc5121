"""Training on invented forms: it learns, repeats itself, and forgets people."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from classify_papers import page, write_forms

from pipeline.classify.corpus import fold_of, names_in, read_charts, read_forms, without
from pipeline.classify.gaps import gaps_of
from pipeline.classify.printing import cut_short, misread, print_report, stamped
from pipeline.classify.reports import Report
from pipeline.classify.text_model import TextModel, load_model
from pipeline.classify.train import Sources, TrainingReport, train
from pipeline.document import DocumentType
from pipeline.errors import ModelTampered, SettingsError
from pipeline.index.typed import typed_page

_TODAY = dt.date(2026, 11, 23)
_SENTINEL = "Qqvzxwanda"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> TrainingReport:
    folder = tmp_path_factory.mktemp("train")
    forms = write_forms(folder / "forms.jsonl", name=_SENTINEL)
    return train(Sources(forms=forms), folder / "types", 1, today=_TODAY)


@pytest.fixture(scope="module")
def model(trained: TrainingReport) -> TextModel:
    return load_model(trained.folder)


def test_it_learns(trained: TrainingReport, model: TextModel) -> None:
    assert model.name == trained.name == "types 2026-11-23"
    assert model.types == ("discharge_summary", "laboratory_report", "operative_note")
    assert trained.types_measured["forms"].accuracy == 1
    assert trained.starts_measured.accuracy > 0.9
    rows = (
        "General Hospital",
        "OPERATIVE REPORT",
        "Preoperative diagnosis: hernia",
        "Procedure: repair under general anesthesia",
        "The incision was made and the fascia divided",
    )
    (scores,) = model.type_scores([page(1, *rows, tall=1)])
    assert model.types[int(scores.argmax())] == "operative_note"


def test_same_seed_same_bytes(trained: TrainingReport, tmp_path: Path) -> None:
    forms = write_forms(tmp_path / "forms.jsonl", name=_SENTINEL)
    again = train(Sources(forms=forms), tmp_path / "again", 1, today=_TODAY)
    for file in trained.folder.iterdir():
        assert file.read_bytes() == (again.folder / file.name).read_bytes()


def test_no_name_in_the_model(trained: TrainingReport) -> None:
    """Neither one person's own words, nor a name that many papers print."""
    terms = json.loads((trained.folder / "terms.json").read_text())
    learned = [*terms["terms"], *terms["openings"]]
    for piece in ("qqv", "vzx", "qwy", "zzl", "brzy", "kov", "xanth", "ulrik"):
        assert not [term for term in learned if piece in term]
    for file in trained.folder.iterdir():
        assert _SENTINEL.lower().encode() not in file.read_bytes().lower()


def test_manifest_tells_where_it_comes_from(trained: TrainingReport) -> None:
    manifest = json.loads((trained.folder / "manifest.json").read_text())
    assert (manifest["seed"], manifest["date"]) == (1, "2026-11-23")
    assert set(manifest["sources"]) == {"forms"}
    assert manifest["training"]["forms"]["licence"]
    assert sum(manifest["training"]["forms"]["pages by type"].values()) == trained.pages
    assert manifest["measured"]["types"]["forms"]["accuracy"] == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [("types", ["a"]), ("starts", []), ("types", None), ("types", 7)],
)
def test_a_manifest_of_another_model(
    trained: TrainingReport, tmp_path: Path, key: str, value: object
) -> None:
    for file in trained.folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {key: value}))
    with pytest.raises(ModelTampered, match="does not fit"):
        load_model(tmp_path)


def test_reports_are_learned_beside_forms(tmp_path: Path) -> None:
    reports = tmp_path / "reports.csv"
    rows = [
        f"Letters,Letter,Dear Doctor thank you for sending your patient {w} to us"
        for w in "abcdefghijkl"
    ]
    header = "medical_specialty,sample_name,transcription"
    reports.write_text("\n".join([header, *rows]))
    forms = write_forms(tmp_path / "forms.jsonl", houses=6)
    said: list[str] = []
    made = train(
        Sources(reports, forms), tmp_path / "m", 2, today=_TODAY, say=said.append
    )
    assert "letter" in made.types
    assert set(made.types_measured) >= {"reports", "forms"}
    assert (said[0].split()[0], said[-1].split()[0]) == ("reading", "fitting")


def test_too_little_to_learn_from(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--reports"):
        train(Sources(), tmp_path, 1, today=_TODAY)


@pytest.mark.parametrize("row", ["{", "[]", '{"type": "letter"}'])
def test_a_forms_file_that_is_none(tmp_path: Path, row: str) -> None:
    (tmp_path / "forms.jsonl").write_text(row)
    with pytest.raises(SettingsError, match="line 1"):
        read_forms(tmp_path / "forms.jsonl")


def chart_row(page: int, document: str = "d1", **more: object) -> dict[str, object]:
    said = [["General Hospital", 1.4, 0.05], [f"Page {page} of 2", 1.0, 0.9]]
    row = {"split": "train", "type": "letter", "house": "h1", "person": _SENTINEL}
    row |= {"batch": "b", "document": document, "page": page, "lines": said}
    return row | more


def write_charts(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_charts_are_learned_in_the_order_of_the_feeder(tmp_path: Path) -> None:
    rows = [chart_row(1), chart_row(2), chart_row(1, "d2"), chart_row(2, "d2")]
    pages = read_charts(write_charts(tmp_path / "c.jsonl", *rows))
    assert [(p.document, p.page, p.batch) for p in pages][2] == ("d2", 1, "b")
    assert pages[0].lines[0].height == 1.4
    scores = np.log(np.full((4, 2), 0.5))
    found = gaps_of(pages, {1, 2, 3}, scores, {}, Random(1))
    assert found.begins.tolist() == [False, True, False]
    assert found.fed.all()
    assert len(gaps_of(pages, {2}, scores, {}, Random(1)).begins) == 1


@pytest.mark.parametrize("split", ["tune", "report"])
def test_charts_of_another_split_are_refused(tmp_path: Path, split: str) -> None:
    path = write_charts(tmp_path / "c.jsonl", chart_row(1, split=split))
    with pytest.raises(SettingsError, match="not of the train split"):
        read_charts(path)


def test_a_charts_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"split": "train"}')
    with pytest.raises(SettingsError, match="line 1"):
        read_charts(tmp_path / "c.jsonl")


def test_charts_and_forms_train_together(tmp_path: Path) -> None:
    forms = write_forms(tmp_path / "forms.jsonl", houses=6)
    rows = [
        chart_row(page, f"d{n}", house=f"h{n}", person=f"p{n}")
        for n in range(12)
        for page in (1, 2)
    ]
    charts = write_charts(tmp_path / "c.jsonl", *rows)
    made = train(Sources(None, forms, (charts,)), tmp_path / "m", 1, today=_TODAY)
    assert "letter" in made.types
    assert "charts" in made.types_measured
    manifest = json.loads((tmp_path / "m" / "manifest.json").read_text())
    assert set(manifest["sources"]) == {"forms", "charts 1"}
    assert _SENTINEL not in (tmp_path / "m" / "manifest.json").read_text()


def test_a_house_is_held_out_whole(tmp_path: Path) -> None:
    pages = read_forms(write_forms(tmp_path / "forms.jsonl"))
    folds: dict[str, set[int]] = {}
    for each in pages:
        folds.setdefault(each.group, set()).add(fold_of(each, 3))
    assert all(len(found) == 1 for found in folds.values())
    assert len({f for found in folds.values() for f in found}) == 3


def test_names_are_blotted_out(tmp_path: Path) -> None:
    pages = read_forms(write_forms(tmp_path / "forms.jsonl"))
    names = names_in(pages)
    assert {"qwyzzle", "vlod", "xanthrop"} <= names
    assert not {"patient", "hospital", "diagnosis", "admission"} & names
    blotted = [line.text for p in pages for line in without(names, p).lines]
    assert not [text for text in blotted if "Qwyzzle" in text]


def test_a_report_is_printed_without_losing_a_word() -> None:
    text = "\n".join(f"The {n}th sentence of a long report." for n in range(300))
    report = Report(DocumentType("operative_note"), text, "g")
    for seed in range(8):
        pages = list(print_report(report, Random(seed)))
        printed = " ".join(line.text for p in pages for line in p.lines)
        assert all(f"{n}th" in printed for n in range(300))
        assert [p.page for p in pages] == list(range(1, len(pages) + 1))
        assert len(pages) > 4
        assert all(0 <= line.place <= 1 for p in pages for line in p.lines)


def test_a_long_form_may_be_set_on_two_pages(tmp_path: Path) -> None:
    (first, *_) = read_forms(write_forms(tmp_path / "forms.jsonl"))
    long = replace(first, lines=first.lines * 5)
    cut = [list(cut_short(long, Random(seed))) for seed in range(12)]
    assert {len(pages) for pages in cut} == {1, 2}
    assert all([p.page for p in pages] == [1, 2][: len(pages)] for pages in cut)
    assert list(cut_short(first, Random(3))) == [first]


def test_a_stamp_is_added_now_and_then(tmp_path: Path) -> None:
    (first, *_) = read_forms(write_forms(tmp_path / "forms.jsonl"))
    found = [stamped(first, Random(seed)).lines for seed in range(40)]
    assert {len(lines) - len(first.lines) for lines in found} == {0, 1}
    assert all(lines[-len(first.lines) :] == first.lines for lines in found)


def test_misreading_spoils_the_share_asked_for(tmp_path: Path) -> None:
    lines = read_forms(write_forms(tmp_path / "forms.jsonl"))[0].lines
    assert misread(lines, 0.0, Random(1)) == lines
    text = "".join(line.text for line in lines * 20)
    poor = "".join(line.text for line in misread(lines * 20, 0.1, Random(1)))
    assert 0.9 * len(text) < len(poor) < len(text)


def test_scores_are_log_probabilities(model: TextModel) -> None:
    some = [page(1, "OPERATIVE REPORT", "fascia divided"), page(2)]
    scores = model.type_scores(some)
    assert np.exp(scores).sum(axis=1) == pytest.approx(1)
    assert np.ptp(scores[1]) == 0
    assert model.start_scores([]).shape == (0,)


def test_a_dirty_back_changes_nothing_for_the_page_after_it(model: TextModel) -> None:
    front, after = (
        typed_page("Progress Note\nPage 1 of 2", 1),
        typed_page("Page 2 of 2", 3),
    )
    back = typed_page("ee De a\n~ Ft", 2, confidence=0.2)
    with_it = model.start_scores([front, back, after])
    assert with_it[1] == 0
    assert with_it[2] == model.start_scores([front, after])[1]
