"""``why``: the evidence about one document, as its clerk sees it."""

from __future__ import annotations

import json

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.commands.user import clerk_name
from pipeline.document import DocumentId, Patient, Reading
from pipeline.errors import InputError
from pipeline.finding import Finding
from pipeline.review.identifiers import (
    IdentifierRow,
    Lookalike,
    alerts_in,
    identifier_rows,
    lookalikes,
    total,
)
from pipeline.review.modes import is_blind
from pipeline.site import Site


def show(site: Site, document: str, out: Console, *, as_json: bool) -> None:
    """Print the identifiers of its best patient, and who looks like that one."""
    reading, reasons = _asked_or_read(site, DocumentId(document))
    site.catalogue.audit(clerk_name(), "viewed evidence", document)
    best = reading.patients[0] if reading.patients else None
    rows = identifier_rows(reading, best) if best else ()
    alike = _alike(site, best) if best else ()
    if as_json:
        told = {
            "document": document,
            "reasons": list(reasons),
            "mrn": best.value.mrn if best else None,
            "confidence": best.confidence if best else None,
            "bits": round(total(rows), 2),
            "rows": [_row(row) for row in rows],
            "alerts": [{"kind": a.kind, "mrn": a.other.mrn} for a in alike],
        }
        out.file.write(json.dumps(told, ensure_ascii=False) + "\n")
        return
    for reason in reasons:
        out.print(f"waits: {escape(reason)}", highlight=False)
    if best is None:
        out.print("nobody of the index fits what was read")
        return
    out.print(_table(best, rows))
    for one in alike:
        out.print(f"[red]{escape(_warning(one))}[/red]", highlight=False)


def _asked_or_read(site: Site, document: DocumentId) -> tuple[Reading, tuple[str, ...]]:
    waiting = site.catalogue.asked(document)
    if waiting is not None:
        if is_blind(waiting.review):
            raise InputError(
                f"{document} waits for a blind answer: until it has one, what the"
                " machine found is shown to nobody"
            )
        reasons = tuple(doubt.reason for doubt in waiting.review.reasons)
        return waiting.reading, reasons
    try:
        return site.catalogue.reading(document), ()
    except KeyError:
        raise InputError(
            f"no document has the id {document}; chartfiler pages lists them"
        ) from None


def _alike(site: Site, best: Finding[Patient]) -> tuple[Lookalike, ...]:
    def with_mrn(mrn: str) -> Patient | None:
        owner = site.people.mrn_owner(mrn)
        return site.people.get(owner) if owner else None

    held = site.alerts.of(best.value.id) or ()
    return lookalikes(best.value, (*alerts_in(best.evidence), *held), with_mrn)


def _row(row: IdentifierRow) -> dict[str, object]:
    box = row.box
    return {
        "what": row.name,
        "read": row.read,
        "index": row.held,
        "says": row.says,
        "bits": round(row.weight, 2),
        "page": row.page,
        "box": [box.left, box.top, box.right, box.bottom] if box else None,
        "exact": row.exact,
        "vetoes": row.vetoes,
    }


def _table(best: Finding[Patient], rows: tuple[IdentifierRow, ...]) -> Table:
    table = Table("", "read", "index", "", "bits", "page", box=SIMPLE)
    table.title = f"MRN {escape(best.value.mrn)}, {best.confidence:.4%}"
    for row in rows:
        says: str = "someone else's" if row.vetoes else row.says
        if row.says == "agree" and not row.exact:
            says = "agree, not to the letter"
        table.add_row(
            row.name,
            escape(row.read),
            escape(row.held),
            says,
            f"{row.weight:+.1f}" if row.says != "unread" else "",
            str(row.page or ""),
            style="red" if row.says == "differ" else "",
        )
    table.add_row("in all", "", "", "", f"{total(rows):+.1f}", "", style="bold")
    return table


def _warning(one: Lookalike) -> str:
    """Who it is, and what tells the two apart, in one line."""
    told = "; ".join(f"{what} {ours}, not {theirs}" for what, ours, theirs in one.apart)
    return f"{one.kind}: MRN {one.other.mrn} ({told or 'alike in everything'})"
