"""Faces lent to train charts: none by which tune or report is judged."""

from __future__ import annotations

import sys

import pytest

from benchmarks.charts.__main__ import main
from benchmarks.charts.borrowed import FACES, borrowing
from benchmarks.charts.houses import HOUSES
from benchmarks.charts.typefaces import family

HOUSE = HOUSES["train"][0]


def test_no_face_of_tune_or_report_is_lent() -> None:
    judged = {house.look.font for s in ("tune", "report") for house in HOUSES[s]}
    held = {h.look.font for h in HOUSES["train"] if h.key == "merrow"}
    assert len(FACES) > 30
    assert not set(FACES) & (judged | held)


def test_documents_are_printed_in_many_faces_each_always_in_its_own() -> None:
    lent = [borrowing(HOUSE, f"seed/{n}") for n in range(4000)]
    assert lent == [borrowing(HOUSE, f"seed/{n}") for n in range(4000)]
    assert {house.look.font for house in lent} > set(FACES) - {HOUSE.look.font}
    assert {house.look.worn for house in lent} == {True, False}
    assert {house.key for house in lent} == {HOUSE.key}


def test_a_face_is_asked_for_by_its_name() -> None:
    for name in FACES:
        assert f"'{name}'" in family(name, worn=False)


@pytest.mark.parametrize("split", ["tune", "report"])
def test_only_train_charts_borrow(monkeypatch, capsys, tmp_path, split: str) -> None:
    given = ["charts", str(tmp_path), "--split", split, "--borrow"]
    monkeypatch.setattr(sys, "argv", given)
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert "only train charts borrow" in capsys.readouterr().err
