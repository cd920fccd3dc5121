"""``train`` and ``doctor``: the model and the machine."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console
from typer import Exit

from pipeline.checkup import examine
from pipeline.errors import SettingsError


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
