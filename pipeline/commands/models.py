"""``train`` at a site, and ``models``: models are proposed, promoted, taken back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from pipeline import artefact
from pipeline.commands.user import clerk_name
from pipeline.errors import InputError, ModelTampered
from pipeline.learning import Proposal
from pipeline.learning import propose as propose_model
from pipeline.site import Site
from pipeline.wiring import shipped_types, site_types

_WHEN = (
    "a watch, process or serve that runs takes it from its next batch on; what waits"
    " for a clerk is not typed again"
)


def propose(site: Site, out: Console) -> None:
    """Fit a model to what clerks have said, compare it, and put it beside the live."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=out, transient=True, disable=not out.is_terminal
    ) as bar:
        shown = bar.add_task("reading", total=None)

        def tick(what: str, done: int, of: int) -> None:
            bar.update(shown, description=what, completed=done, total=of)

        made = propose_model(site, clerk_name(), dt.datetime.now(dt.UTC), tick)
    counts = made.documents
    out.print(
        f"{made.name}: learned from {counts['train']} verified documents"
        f" ({made.pages} pages), {made.own} types of this site's own",
        highlight=False,
    )
    if counts["frozen"]:
        old, new = made.champion.measured(), made.challenger.measured()
        out.print(
            f"  on {counts['frozen']} frozen documents: accuracy {new.accuracy:.3f}"
            f" (live: {old.accuracy:.3f}), macro-F1 {new.macro_f1:.3f}"
            f" (live: {old.macro_f1:.3f})",
            highlight=False,
        )
        out.print(f"  where documents begin: {cuts_told(made)}", highlight=False)
    else:
        out.print("  not compared: no verified document lies in the frozen set yet")
    out.print(
        f"  read {made.folder / artefact.REPORT}, then: chartfiler models promote"
        f" {made.name}",
        highlight=False,
        soft_wrap=True,
    )


def cuts_told(made: Proposal) -> str:
    """What was learned of cuts, and what it does to the frozen batches."""
    if not made.lessons.moved:
        return "as before, too little was learned from clerks' cuts"
    old, new = made.cuts
    return (
        f"boundary F1 {new.boundary_f1:.3f} (live: {old.boundary_f1:.3f}),"
        f" whole documents {new.document_f1:.3f} (live: {old.document_f1:.3f})"
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One model of DATA/models as the list shows it; ``why`` it cannot be used."""

    name: str
    live: bool
    made: str = ""
    documents: int = 0
    accuracy: float | None = None
    accuracy_of_live: float | None = None
    why: str = ""


def show(site: Site, out: Console, *, as_json: bool) -> None:
    """Every model of the data folder, and the shipped one, which is always there."""
    standing = site.catalogue.promotions()
    live = standing[-1].name if standing else "shipped"
    rows = [_Row("shipped", live == "shipped"), *_rows(site.data / "models", live)]
    if as_json:
        keys = _Row.__slots__
        told = [{key: getattr(row, key) for key in keys} for row in rows]
        out.file.write(json.dumps(told) + "\n")
        return
    table = Table("model", "", "made", "documents", "accuracy", "of the live one then")
    for row in rows:
        table.add_row(
            row.name,
            "live" if row.live else "",
            row.why or row.made,
            str(row.documents or ""),
            _figure(row.accuracy),
            _figure(row.accuracy_of_live),
        )
    out.print(table)


def _figure(share: float | None) -> str:
    return "" if share is None else f"{share:.3f}"


def _rows(folder: Path, live: str) -> Iterator[_Row]:
    if not folder.exists():
        return
    found = [p for p in folder.glob("types-[0-9]*") if p.is_dir()]
    for path in sorted(found, key=lambda p: (len(p.name), p.name)):
        try:
            about = artefact.read(path).manifest
            measured = about["measured"]
            yield _Row(
                path.name,
                path.name == live,
                str(about["made"])[:16].replace("T", " "),
                int(about["verified"]["documents"]["train"]),
                measured["this"]["accuracy"] if measured else None,
                measured["live"]["accuracy"] if measured else None,
            )
        except (ModelTampered, KeyError, TypeError, ValueError):
            yield _Row(path.name, path.name == live, why="changed: it will be refused")


def promote(site: Site, name: str, out: Console) -> None:
    """Make it the live model, if it is whole and over the shipped model of today."""
    if name != Path(name).name or not (site.data / "models" / name).is_dir():
        raise InputError("this site has no model of that name: chartfiler models list")
    model, manifest = site_types(site.data, name, shipped_types(site.settings.models))
    site.catalogue.promote(name, manifest, clerk_name())
    out.print(f"{name} is live: {_WHEN}", highlight=False, soft_wrap=True)
    if not model.checked:
        out.print("  it knows no type of this site's own", highlight=False)


def take_back(site: Site, out: Console) -> None:
    """Return to the model before, whatever is wrong with the live one."""
    try:
        site.catalogue.take_back(clerk_name())
    except KeyError:
        raise InputError(
            "the shipped model is live: there is none before it to return to"
        ) from None
    standing = site.catalogue.promotions()
    name = standing[-1].name if standing else "the shipped model"
    out.print(f"{name} is live again: {_WHEN}", highlight=False, soft_wrap=True)
