"""What is true of the measured pages, read from a charts folder or from the samples."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path

from benchmarks.charts.inbox import pairs_of
from benchmarks.charts.kinds import PageTruth

_KNOWN = {field.name for field in fields(PageTruth)}
_OF_SAMPLES = {"split": "tune", "level": "typical", "mode": "grey", "dpi": 300}


@dataclass(frozen=True, slots=True)
class Charts:
    """A folder as benchmarks.charts makes it: inbox/, truth.jsonl, the people."""

    folder: Path
    truths: tuple[PageTruth, ...] = field(repr=False)

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def of_tune(self) -> bool:
        """Whether single pages may be looked at; those of the report split never."""
        return all(truth.split != "report" for truth in self.truths)


def charts_in(folder: Path) -> Charts:
    """Raises SystemExit where the folder is no charts folder."""
    lines = folder / "truth.jsonl"
    if not lines.is_file() or not (folder / "inbox").is_dir():
        raise SystemExit(
            "no inbox/ and truth.jsonl there: make them with "
            "python -m benchmarks.charts OUT --split tune --seed 1 --pages 300"
        )
    rows = lines.read_text("utf-8").splitlines()
    return Charts(folder, tuple(truth_of(row) for row in rows if row))


def truth_of(line: str) -> PageTruth:
    """One line; the samples of tests/ lack what a scan was, and take their usual."""
    row = _OF_SAMPLES | json.loads(line)
    row |= pairs_of(row)
    return PageTruth(**{key: row[key] for key in row if key in _KNOWN})
