"""Small invented papers for the tests of this room."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.page import Box, Page, Quality, Word

_QUALITY = Quality(0.05, False, 300, 50.0, 2.0, 0.0, 0.9)


def page(number: int, *rows: str, tall: int | None = 0) -> Page:
    """A page of rows, 30 px each on a sheet of 60 rows; row ``tall`` is larger."""
    words = [
        Word(
            text,
            Box(100 + 90 * k, 50 * i, 180 + 90 * k, 50 * i + (48 if i == tall else 30)),
            0.9,
            i,
        )
        for i, row in enumerate(rows)
        for k, text in enumerate(row.split())
    ]
    return Page(number, (2550, 3000), tuple(words), (), 300, 0, _QUALITY, "test 1")


_SAID = {
    "operative_note": (
        "OPERATIVE REPORT",
        "Preoperative diagnosis: appendicitis",
        "Postoperative diagnosis: the same",
        "Procedure: appendectomy under general anesthesia",
        "Incision was made and the fascia divided",
    ),
    "discharge_summary": (
        "DISCHARGE SUMMARY",
        "Date of admission and date of discharge",
        "Hospital course: improved on antibiotics",
        "Discharge diagnosis: pneumonia",
        "Disposition: home with follow up in clinic",
    ),
    "laboratory_report": (
        "LABORATORY REPORT",
        "Specimen collected and received",
        "Sodium potassium chloride reference range",
        "Hemoglobin hematocrit platelets flag",
        "Result verified by the laboratory director",
    ),
}


def write_forms(path: Path, *, houses: int = 9, pages: int = 2, name: str = "") -> Path:
    """Forms of three types in some houses; one person of many is called ``name``."""
    rows = []
    for house in range(houses):
        for kind, said in _SAID.items():
            for person in range(3):
                whose = f"p{house}-{person}"
                head = [[f"House {house} Hospital", 1.4]]
                if whose == "p1-1" and name:
                    head += [[f"{name} was seen, {name} agrees", 1.0]] * 6
                head += [[f"Patient: {_NAMES[person]}", 1.0]]
                first = [*head, [said[0], 1.6], *([t, 1.0] for t in said[1:])]
                last = [[f"{said[0]} continued", 1.0], *([t, 1.0] for t in said[2:])]
                last += [["Electronically signed by the author", 1.0]]
                for number, lines in enumerate([first, last][:pages], 1):
                    count = [[f"Page {number} of {pages}", 0.9]] * (person % 2)
                    rows.append(
                        {
                            "type": kind,
                            "layout": f"h{house}/{kind}",
                            "group": whose,
                            "lines": lines + count,
                            "page": number,
                            "pages": pages,
                        }
                    )
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


_NAMES = ("Qwyzzle, Vlod", "Brzykovan, Ignat", "Xanthrop, Ulrika")
