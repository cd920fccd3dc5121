"""``train`` and ``doctor``: the model and the machine."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console
from typer import Exit

from pipeline.checkup import Finding, examine


def doctor(data: Path, out: Console, *, as_json: bool) -> None:
    """Every check with its result; exits 3 when one of them failed."""
    found: list[Finding] = list(examine(data))
    if as_json:
        told = [{"check": f.check, "ok": f.ok, "says": f.says} for f in found]
        out.file.write(json.dumps(told) + "\n")
    else:
        for finding in found:
            mark = "[green]ok[/green]  " if finding.ok else "[red]bad[/red] "
            out.print(f"{mark} {finding.check:<18} {finding.says}", highlight=False)
    if not all(finding.ok for finding in found):
        raise Exit(3)
