"""Texts that are kept for closing figures never reach a fit."""

import datetime as dt
import json
from itertools import count, islice
from pathlib import Path

import pytest
from classify_papers import write_forms

from pipeline.classify.corpus import read_forms
from pipeline.classify.heldout import split_of
from pipeline.classify.train import Sources, train
from pipeline.errors import SettingsError

_TODAY = dt.date(2026, 11, 24)


def letters(split: str, word: str, number: int) -> list[str]:
    """So many letters of that split, each with the word."""
    said = (
        f"Dear Doctor thank you for sending your patient on day {n} to {word} us"
        for n in count()
    )
    return list(islice((text for text in said if split_of(text) == split), number))


def write_reports(path: Path, texts: list[str]) -> Path:
    rows = [f"Letters,Letter,{text}" for text in texts]
    path.write_text("\n".join(["medical_specialty,sample_name,transcription", *rows]))
    return path


def test_setting_a_text_otherwise_keeps_its_split() -> None:
    texts = letters("report", "see", 4) + letters("tune", "see", 4)
    for text in texts:
        again = text.upper().replace(" ", ",\n  ")
        assert split_of(again) == split_of(text)


def test_a_fifth_is_for_closing_figures_and_a_fifth_for_tuning() -> None:
    found = [split_of(f"report number {n}") for n in range(4000)]
    assert 0.17 < found.count("report") / 4000 < 0.23
    assert 0.17 < found.count("tune") / 4000 < 0.23


def test_train_refuses_texts_of_the_report_split(tmp_path: Path) -> None:
    texts = letters("train", "quimplard", 12) + letters("report", "zorbulate", 9)
    reports = write_reports(tmp_path / "reports.csv", texts)
    forms = write_forms(tmp_path / "forms.jsonl", houses=6)
    said: list[str] = []
    made = train(
        Sources(reports, forms), tmp_path / "m", 2, today=_TODAY, say=said.append
    )
    assert made.refused == 9
    assert any("9 texts of the report split" in line for line in said)
    assert made.types_measured["reports"].pages == 12
    learned = (tmp_path / "m" / "terms.json").read_text()
    assert "quimplard" in learned
    assert "zorbu" not in learned
    manifest = json.loads((tmp_path / "m" / "manifest.json").read_text())
    assert manifest["refused"]["report texts"] == 9


def test_nothing_but_report_texts_teaches_nothing(tmp_path: Path) -> None:
    reports = write_reports(tmp_path / "r.csv", letters("report", "zorbulate", 9))
    with pytest.raises(SettingsError, match="fewer than 2 types"):
        train(Sources(reports), tmp_path / "m", 2, today=_TODAY)


def test_forms_of_the_report_split_are_refused(tmp_path: Path) -> None:
    row = {"type": "letter", "lines": [["Dear Doctor", 1.0]], "split": "report"}
    page = row | {"page": 1, "layout": "a/b", "group": "g"}
    (tmp_path / "forms.jsonl").write_text(json.dumps(page))
    with pytest.raises(SettingsError, match="report split"):
        read_forms(tmp_path / "forms.jsonl")
