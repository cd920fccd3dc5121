"""Every small fault in ``decide`` must be noticed by test_review_rules.py."""

import inspect
import itertools
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.mutants import Mutant, mutants
from pipeline.review import rules
from tests.review import test_review_rules as suite

SOURCE = Path(rules.__file__).read_text("utf-8")

EQUIVALENT = {
    # a group's name only has to differ from the others'
    '"account": "account"',
    '"address": "address"',
    '"phone": "phone"',
    # what is done with a decision is not decide's: test_review_modes.py
    "mode: str",
    "qa_share: float",
}


def cases():
    """Each test of the suite with each of its parameter sets."""
    for name, test in vars(suite).items():
        if name.startswith("test_") and inspect.isfunction(test):
            for arguments in _parameters(test):
                yield test, arguments


def _parameters(test):
    tables = []
    for mark in getattr(test, "pytestmark", ()):
        names, rows = mark.args
        names = (names,) if isinstance(names, str) else names
        tables.append(
            [
                dict(zip(names, row if len(names) > 1 else (row,), strict=True))
                for row in rows
            ]
        )
    for rows in itertools.product(*tables):
        yield {k: v for row in rows for k, v in row.items()}


CASES = list(cases())


def survives(mutant: Mutant, monkeypatch) -> bool:
    changed: dict[str, object] = {"__name__": "pipeline.review.rules"}
    try:
        exec(compile(mutant.tree, "mutant", "exec"), changed)
    except Exception:
        return False
    for name in ("decide", "encounter_rules"):
        monkeypatch.setattr(suite, name, changed[name])
    for test, arguments in CASES:
        try:
            test(**arguments)
        except (Exception, pytest.fail.Exception):
            return False
    return True


def test_the_suite_passes_unchanged():
    original = SimpleNamespace(decide=rules.decide)
    assert original.decide is suite.decide
    for test, arguments in CASES:
        test(**arguments)


def test_every_mutant_of_decide_is_killed(monkeypatch):
    lines = SOURCE.splitlines()
    told = []
    count = 0
    for mutant in mutants(SOURCE):
        count += 1
        if survives(mutant, monkeypatch):
            line = lines[int(mutant.says.split()[1].rstrip(":")) - 1].strip()
            if not any(known in line for known in EQUIVALENT):
                told.append(f"{mutant.says}  [{line}]")
    assert count > 50
    assert not told, "\n" + "\n".join(told)
