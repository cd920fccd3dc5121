"""What a person wants to see after a run: outcomes, evidence, and what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.commands.pages import again
from pipeline.document import DocumentType, Reading
from pipeline.finding import Evidence
from pipeline.site import Site
from pipeline.store.catalogue import Disposition, LedgerLine

FEW = 3  # reasons shown in a table; the clerk's page shows all
WORTH_TELLING = 0.5  # bits
WIDEST = 26  # letters of a type's title


def show_outcomes(site: Site, console: Console) -> None:
    """Batches, documents, types, patients, where filed and why; then what waits."""
    lines = list(site.catalogue.ledger())
    console.print(_filed(site, lines))
    if waiting := _waiting(site, lines):
        console.print(waiting)
    if aside := _aside(lines):
        console.print(aside)
    if poor := _poor(lines):
        console.print(poor)


def count_dispositions(lines: Iterable[LedgerLine]) -> str:
    """Say it in one line: 52 filed, 9 in review, 6 set aside, 1 rejected."""
    counts = Counter(line.disposition for line in lines)
    words: tuple[tuple[Disposition | None, str], ...] = (
        ("filed", "filed"),
        ("review", "in review"),
        ("removed", "set aside"),
        ("rejected", "rejected"),
        (None, "still at work"),
    )
    return ", ".join(f"{counts[key]} {word}" for key, word in words if counts[key])


def deciding_bits(reading: Reading | None) -> str:
    """The evidence that decided, strongest first: "mrn +26, birth date +13"."""
    if reading is None or not reading.patients:
        return ""
    evidence = reading.patients[0].evidence
    shown = sorted(
        (e for e in evidence if e.source != "prior" and abs(e.weight) >= WORTH_TELLING),
        key=_heaviest_first,
    )
    return ", ".join(f"{e.source} {e.weight:+.0f}" for e in shown[:FEW])


def _heaviest_first(evidence: Evidence) -> float:
    return -abs(evidence.weight)


def _documents(lines: Sequence[LedgerLine]) -> list[list[LedgerLine]]:
    own = [line for line in lines if line.document and not line.duplicate_of]
    own.sort(key=lambda line: (_place(line), line.batch, line.number))
    return [list(pages) for _, pages in groupby(own, key=lambda line: line.document)]


def _filed(site: Site, lines: Sequence[LedgerLine]) -> Table:
    table = Table(title="Filed", title_justify="left", box=SIMPLE)
    for column in ("pages", "type", "patient", "date", "object"):
        table.add_column(column, no_wrap=True)
    table.add_column("evidence in bits")  # what gives way: a number that is cut is none
    filed = [pages for pages in _documents(lines) if pages[0].filed]
    for source, documents in groupby(filed, key=_source):
        table.add_row(f"[bold]{escape(source)}[/bold]")
        for pages in documents:
            _add_filed(table, site, pages)
    return table


def _add_filed(table: Table, site: Site, pages: Sequence[LedgerLine]) -> None:
    first = pages[0]
    if first.decision and first.filed:
        date = first.decision.date
        table.add_row(
            _numbers(pages),
            _title(site, first.decision.type),
            site.mrn_of(first.decision.patient),
            date.isoformat() if date else "undated",
            first.filed.key[:8],
            deciding_bits(first.reading),
        )


def _waiting(site: Site, lines: Sequence[LedgerLine]) -> Table | None:
    table = Table(title="Waits for a clerk", title_justify="left", box=SIMPLE)
    for column in ("file", "pages", "probably", "perhaps", "why"):
        table.add_column(column, no_wrap=column != "why")
    for pages in _documents(lines):
        first = pages[0]
        if first.disposition == "review" and first.reading:
            types, patients = first.reading.types, first.reading.patients
            table.add_row(
                escape(_source(pages)),
                _numbers(pages),
                _title(site, types[0].value) if types else "?",
                site.mrn_of(patients[0].value.id) if patients else "?",
                "\n".join(first.reasons[:FEW]),
            )
    return table if table.row_count else None


def _aside(lines: Sequence[LedgerLine]) -> Table | None:
    title = "Set aside, kept and listed"
    table = Table(title=title, title_justify="left", box=SIMPLE)
    for column in ("file", "page", "as", "why"):
        table.add_column(column)
    for line in lines:
        if line.disposition in ("removed", "rejected"):
            table.add_row(
                escape(line.source),
                str(line.page),
                line.removed_as or "rejected",
                "; ".join(line.reasons),
            )
    return table if table.row_count else None


def _poor(lines: Sequence[LedgerLine]) -> Table | None:
    table = Table(title="Worth another scan", title_justify="left", box=SIMPLE)
    for column in ("file", "page", "why"):
        table.add_column(column)
    for line in lines:
        if (why := again(line)) and not line.duplicate_of:
            table.add_row(escape(line.source), str(line.page), ", ".join(why))
    return table if table.row_count else None


def _source(pages: Sequence[LedgerLine]) -> str:
    return _place(pages[0])


def _place(line: LedgerLine) -> str:
    """The file a page came in, or the folder of single pages."""
    folder, slash, _ = line.source.rpartition("/")
    return folder + slash if slash else line.source


def _numbers(pages: Sequence[LedgerLine]) -> str:
    numbers = [line.number for line in pages]
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"


def _title(site: Site, key: DocumentType) -> str:
    known = site.type_facts.get(key)
    title = known.title if known else key
    return title if len(title) <= WIDEST else f"{title[: WIDEST - 1]}…"
