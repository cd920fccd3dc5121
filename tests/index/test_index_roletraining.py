"""Training learns from whose names are marked, the same for the same seed."""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.roles.names import mark, unmark
from benchmarks.roles.pages import pages_of
from pipeline.errors import UnreadableFile
from pipeline.index.roles import load_roles
from pipeline.index.roletraining import lesson_of, read_lessons, train_roles

TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    pages = [*pages_of("train", 30, 1), *pages_of("report", 6, 1)]
    file = tmp_path / "roles.jsonl"
    file.write_text("\n".join(json.dumps(asdict(page)) for page in pages) + "\n")
    return file


def test_a_model_is_trained_written_and_read(written: Path, tmp_path: Path) -> None:
    told: list[str] = []
    report = train_roles(written, tmp_path / "m", 1, TODAY, told.append)
    assert report.pages == 30
    assert len(told) == 6
    assert set(report.measured) == {"subject", "clinician", "other"}
    assert load_roles(tmp_path / "m").name == "roles 2026-11-23"
    again = train_roles(written, tmp_path / "n", 1, TODAY, told.append)
    assert again.measured == report.measured
    one, two = (tmp_path / f / "numbers.npz" for f in "mn")
    assert one.read_bytes() == two.read_bytes()


def test_a_bad_line_is_told_by_number_only(tmp_path: Path) -> None:
    file = tmp_path / "roles.jsonl"
    file.write_text('{"split": "train", "text": "SENTINEL-NAME"}\n')
    with pytest.raises(UnreadableFile, match="line 1") as told:
        list(read_lessons(file))
    assert "SENTINEL" not in str(told.value)


def test_a_lesson_knows_its_names() -> None:
    text = "Seen by Jane A. Doe.\nDOE, JOHN   12/3"
    lesson = lesson_of("train", text, [(8, 19, "clinician"), (21, 30, "subject")])
    assert sorted(lesson.roles.values()) == ["clinician", "subject"]


def test_marks_survive_printing() -> None:
    text, names = unmark(f"a {mark('Jane Doe', 'other').upper()} b")
    assert text == "a JANE DOE b"
    assert names == [(2, 10, "other")]
    assert unmark(mark("Jane\nDoe", "other"))[1] == []


def test_splits_share_no_name_and_no_house() -> None:
    held = {
        split: [page for page in pages_of(split, 40, 3)]
        for split in ("train", "tune", "report")
    }
    names = {
        split: {
            w
            for page in pages
            for a, b, _ in page.names
            for w in page.text[a:b].split()
            if len(w) > 4
        }
        for split, pages in held.items()
    }
    houses = {s: {p.source for p in pages} - {"prose"} for s, pages in held.items()}
    for one, two in (("train", "tune"), ("train", "report"), ("tune", "report")):
        assert not houses[one] & houses[two]
        assert len(names[one] & names[two]) <= 3  # slips of recognition, made-up words
