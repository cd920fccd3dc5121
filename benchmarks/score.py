"""How right a run was: ``chartfiler pages`` beside the truth of its scans.

``python -m benchmarks.score TRUTH.jsonl PAGES.jsonl`` prints counts over pages, never
a page's text. A page in a wrong patient's record is the one figure that must be 0.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of pages, and the (source, page) of each that was told wrong."""

    pages: int
    filed: int
    review: int
    wrong_patient: tuple[tuple[str, int], ...]
    wrong_type: tuple[tuple[str, int], ...]
    wrong_cut: tuple[tuple[str, int], ...]
    wrong_date: tuple[tuple[str, int], ...]
    wrong_turn: tuple[tuple[str, int], ...]
    wrong_removed: tuple[tuple[str, int], ...]

    def lines(self) -> list[str]:
        told = [f"{self.pages} pages: {self.filed} filed, {self.review} in review"]
        for name in ("patient", "type", "cut", "date", "turn", "removed"):
            wrong = getattr(self, f"wrong_{name}")
            places = ", ".join(f"{source} {page}" for source, page in wrong)
            told.append(f"wrong {name:<8} {len(wrong):>3}  {places}")
        return told


def score(truth: Iterable[Row], pages: Iterable[Row]) -> Score:
    """Filed pages are judged by patient, type, cut and date; all pages by the turn.

    A cut is wrong where a page is called the first of its document and is not, or the
    other way round.
    """
    told = {(row["source"], row["page"]): row for row in pages}
    pairs = [(true, told[true["source"], true["page"]]) for true in truth]
    filed = [(t, p) for t, p in pairs if p["disposition"] == "filed"]

    def wrong(some: list[tuple[Row, Row]], mine: str, yours: str) -> Any:  # noqa: ANN401 - places
        return _places(t for t, p in some if t[mine] != p[yours])

    return Score(
        pages=len(pairs),
        filed=len(filed),
        review=sum(p["disposition"] == "review" for _, p in pairs),
        wrong_patient=_places(t for t, p in filed if _holder(t) != p["mrn"]),
        wrong_type=wrong(filed, "type", "local_type"),
        wrong_cut=_places(
            t
            for t, p in filed
            if (t["document_page"] == 1) != (p["document_page"] == 1)
        ),
        wrong_date=_places(
            t
            for t, p in filed
            if t["service_date"] and t["service_date"] != p["service_date"]
        ),
        wrong_turn=wrong(
            [(t, p) for t, p in pairs if not t["removed_as"]], "rotation", "rotation"
        ),
        wrong_removed=wrong(pairs, "removed_as", "removed_as"),
    )


def _holder(true: Row) -> str | None:
    """The MRN in whose chart the page belongs; None where the index has nobody."""
    return true["mrn"] if true["in_index"] else None


def _places(rows: Iterable[Row]) -> tuple[tuple[str, int], ...]:
    return tuple((row["source"], row["page"]) for row in rows)


def read(file: Path) -> list[Row]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    for line in score(*(read(Path(name)) for name in sys.argv[1:3])).lines():
        print(line)
