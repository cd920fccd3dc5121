"""``verified import``: what a site's own audit found, one person's word a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from pipeline.certifying import check_all
from pipeline.checks import Check, answered_last
from pipeline.commands.checking import Said, check_of
from pipeline.commands.importing import import_rows
from pipeline.document import DocumentId
from pipeline.errors import InputError
from pipeline.lists import BadRow, Unfit, needed_in, read_list, rows_of
from pipeline.site import Site

NEEDED = ("document", "mrn", "by")
KNOWN = (*NEEDED, "type")
NOBODY = "nobody"  # as an MRN: of nobody in the index
UNKNOWN = "document: none that the machine decided; chartfiler pages tells the ids"


@dataclass(frozen=True, slots=True)
class VerifiedRow:
    """A document as an auditor found it."""

    line: int
    document: str
    said: Said = field(repr=False)


def import_verified(site: Site, file: Path, out: Console) -> None:
    """Keep every good row as a check; name the bad ones by line."""

    def keep(rows: list[VerifiedRow]) -> list[BadRow]:
        bad: list[BadRow] = []
        good: list[tuple[int, Check]] = []
        now = dt.datetime.now(dt.UTC)
        for row in rows:
            if answered_last(site.checks.answers_of(DocumentId(row.document))) is None:
                bad.append(BadRow(row.line, UNKNOWN))  # never by what stands there
                continue
            try:
                good.append((row.line, check_of(site, row.document, row.said, now)))
            except InputError as error:
                bad.append(BadRow(row.line, str(error)))
        refused = check_all(site, [one for _, one in good])
        lines = (line for line, _ in good)
        told = zip(lines, refused, strict=True)
        bad += [BadRow(line, reason) for line, reason in told if reason]
        return sorted(bad, key=lambda one: one.line)

    import_rows(read_list(file, _rows), keep, "checks", out)


def _rows(lines: Iterable[str]) -> Iterator[VerifiedRow | BadRow]:
    for line, row in rows_of(lines, NEEDED, KNOWN):
        try:
            document, mrn, by = (needed_in(row, column) for column in NEEDED)
        except Unfit as unfit:
            yield BadRow(line, str(unfit))
            continue
        whose = None if mrn.lower() == NOBODY else mrn
        yield VerifiedRow(line, document, Said(whose, row["type"] or None, None, by))
