"""What is true of each source page: the line that a measurement compares with."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Truth:
    """One source page; `rotation` in degrees clockwise makes it upright for a viewer.

    `mrn` is the surviving number of the patient, None for strangers and removed pages.
    """

    source: str = ""
    page: int = 0
    document: str | None = None
    document_page: int | None = None
    type: str | None = None
    mrn: str | None = None
    in_index: bool = False
    name: str | None = None
    birth_date: str | None = None
    service_date: str | None = None
    encounter: str | None = None
    rotation: int = 0
    removed_as: str | None = None
    trap: str | None = None
    text: str = ""


def write_truth(pages: Iterable[Truth], path: Path) -> None:
    """One JSON object a line, ordered by file and page."""
    ordered = sorted(pages, key=lambda truth: (truth.source, truth.page))
    lines = [json.dumps(asdict(truth), ensure_ascii=False) for truth in ordered]
    path.write_text("\n".join(lines) + "\n", "utf-8")
