"""``train`` and ``doctor``: the models and the machine."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from typer import Exit

from pipeline.checkup import examine
from pipeline.classify.train import Sources
from pipeline.classify.train import train as fit_model
from pipeline.errors import SettingsError
from pipeline.index.roletraining import train_roles as fit_roles


def doctor(data: Path, out: Console, *, as_json: bool) -> None:
    """Every check with its result; exits 3 when one of them failed."""
    found = list(examine(data))
    if as_json:
        told = [{"check": c.name, "ok": c.ok, "says": c.says} for c in found]
        out.file.write(json.dumps(told) + "\n")
    else:
        for check in found:
            mark = "[green]ok [/green]" if check.ok else "[red]bad[/red]"
            out.print(f"{mark} {check.name:<12} {check.says}", highlight=False)
    if not all(check.ok for check in found):
        raise Exit(SettingsError.exit_code)


def train(files: Sequence[Path | None], into: Path, seed: int, out: Console) -> None:
    """Fit a type model, measure it on pages it did not learn from, and write it.

    ``files``: reports, forms (None for none of them), then charts.
    """
    reports, forms, *charts = files
    sources = Sources(reports, forms, tuple(path for path in charts if path))
    with out.status("training") as status:
        report = fit_model(
            sources,
            into,
            seed,
            today=dt.datetime.now(dt.UTC).date(),
            say=status.update,
        )
    out.print(
        f"{report.name}: {len(report.types)} types from {report.pages} pages, "
        f"{report.seconds:.0f} s, in {report.folder}",
        highlight=False,
    )
    if report.refused:
        out.print(
            f"  refused {report.refused} report texts kept for closing figures",
            highlight=False,
        )
    for source, measured in report.types_measured.items():
        out.print(
            f"  held-out {source:<24} accuracy {measured.accuracy:.3f}, "
            f"macro-F1 {measured.macro_f1:.3f}",
            highlight=False,
        )


def train_roles(pages: Path, into: Path, seed: int, out: Console) -> None:
    """Fit the model of names and roles, measure it on kept-back pages, write it."""
    with out.status("training") as status:
        today = dt.datetime.now(dt.UTC).date()
        report = fit_roles(pages, into, seed, today, status.update)
    out.print(
        f"{report.name}: from {report.pages} pages, {report.seconds:.0f} s, "
        f"in {report.folder}",
        highlight=False,
    )
    for role, measured in report.measured.items():
        out.print(
            f"  held-out {role:<24} precision {measured['precision']:.3f}, "
            f"recall {measured['recall']:.3f}",
            highlight=False,
        )
