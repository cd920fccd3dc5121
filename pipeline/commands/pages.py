"""``chartfiler pages``: one line a source page, the contract that other tools read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.document import (
    DocumentType,
    Patient,
    PatientId,
    Reading,
    TypeFacts,
    is_held,
)
from pipeline.finding import Finding
from pipeline.site import Site
from pipeline.store.catalogue import LedgerLine

Row = dict[str, Any]
HELD = "held: not in the index"
NONE_SURE: Row = {"patient": None, "type": None, "boundary": None}


@dataclass(frozen=True, slots=True)
class Suggested:
    """The best the machine has for a page, or what was decided; None: nothing."""

    patient: PatientId | None
    type: DocumentType | None
    encounter: str | None
    date: str | None


def page_rows(site: Site) -> Iterator[Row]:
    """The lines of ``pages --format jsonl``, ordered by file and page (DESIGN.md).

    A file that came more than once: in the order of arrival.
    """
    mrns: dict[PatientId, str] = {}

    def mrn_of(patient: PatientId) -> str:
        if patient not in mrns:
            mrns[patient] = site.mrn_of(patient)
        return mrns[patient]

    types = site.type_facts.now()
    rows = (page_row(line, types, mrn_of) for line in site.catalogue.ledger())
    yield from sorted(rows, key=lambda row: (row["source"], row["page"]))


def page_row(
    line: LedgerLine,
    types: Mapping[DocumentType, TypeFacts],
    mrn_of: Callable[[PatientId], str],
) -> Row:
    """One ledger line in the contract's words."""
    said = _suggested(line)
    known = types.get(said.type) if said.type else None
    mrn = mrn_of(said.patient) if said.patient else None
    held = mrn is not None and mrn == said.patient and is_held(said.patient)
    return {
        "source": line.source,
        "page": line.page,
        "disposition": line.disposition,
        "removed_as": line.removed_as,
        "duplicate_of": line.duplicate_of,
        "document": line.document,
        "document_page": line.document_page,
        "document_type": known.loinc if known else None,
        "local_type": said.type,
        "mrn": None if held else mrn,
        "encounter": said.encounter,
        "service_date": said.date,
        "rotation": line.rotation,
        "confidence": _confidence(line, said),
        "reasons": [*line.reasons, *((HELD,) if held else ())],
        "quality": _quality(line),
    }


def again(line: LedgerLine) -> tuple[str, ...]:
    """Why this page should be scanned again; a clerk's "best possible" ends it."""
    at_rest = line.disposition in ("removed", "rejected")
    if line.quality is None or line.best_scan or at_rest:
        return ()
    return line.quality.again


def _quality(line: LedgerLine) -> Row | None:
    """Of the scan; null for a page that was not read."""
    found = line.quality
    if found is None:
        return None
    return {
        "dpi": found.dpi,
        "declared_dpi": found.declared or None,
        "readable": round(found.readable, 3),
        "handwriting": round(found.handwriting, 3),
        "searchable": not found.by_hand,
        "faults": list(found.faults),
        "scan_again": list(again(line)),
        "best_possible": line.best_scan,
    }


def write_texts(site: Site, folder: Path) -> int:
    """Each page's recognised text as ``<source>.<page>.txt``; how many were written.

    A second copy of the same bytes gets the first one's text under its own name. What
    has a name that is taken is called ``<source>.<page>-2.txt`` and so on.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = Counter[str]()
    for line in site.catalogue.ledger():
        if line.page and line.number:
            batch = line.first_batch or line.batch
            for page in site.catalogue.pages(batch, (line.number,)):
                name = f"{line.source.replace('/', '__')}.{line.page}"
                names[name] += 1
                more = f"-{names[name]}" if names[name] > 1 else ""
                _write(folder / f"{name}{more}.txt", page.text + "\n")
    return names.total()


def _write(path: Path, text: str) -> None:
    """For the owner's eyes only, whatever the umask is."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)


def _suggested(line: LedgerLine) -> Suggested:
    if line.decision:
        date = line.decision.date
        return Suggested(
            line.decision.patient,
            line.decision.type,
            line.decision.encounter,
            date.isoformat() if date else None,
        )
    if line.reading is None or line.disposition in ("removed", "rejected"):
        return Suggested(None, None, None, None)
    return _best(line.reading)


def _best(reading: Reading) -> Suggested:
    return Suggested(
        reading.patients[0].value.id if reading.patients else None,
        reading.types[0].value if reading.types else None,
        reading.encounters[0].value.number if reading.encounters else None,
        reading.dates[0].value.isoformat() if reading.dates else None,
    )


def _confidence(line: LedgerLine, said: Suggested) -> Row:
    """What the machine gave for the values told; null for what it never suggested."""
    reading = line.reading
    if reading is None or line.disposition in ("removed", "rejected"):
        return dict(NONE_SURE)
    return {
        "patient": _of_patient(reading.patients, said.patient),
        "type": next(
            (round(f.confidence, 6) for f in reading.types if f.value == said.type),
            None,
        ),
        "boundary": round(reading.boundary, 6),
    }


def _of_patient(
    patients: tuple[Finding[Patient], ...], said: PatientId | None
) -> float | None:
    return next((round(f.confidence, 6) for f in patients if f.value.id == said), None)
