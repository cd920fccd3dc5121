"""Where and when a measure was taken: what stands above every table."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import shlex
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def machine(bench: str = "chartfiler bench reading") -> dict[str, str]:
    """Command, date, commit, cores, processor, memory, Python."""
    command = [bench, *sys.argv[1:]]
    return {
        "command": " ".join([command[0], *map(shlex.quote, command[1:])]),
        "date": f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC",
        "commit": _commit(),
        "cores": str(os.cpu_count()),
        "processor": _first(Path("/proc/cpuinfo"), r"model name\s*: (.*)"),
        "memory": f"{_memory() / 2**30:.0f} GB",
        "python": platform.python_version(),
    }


def heading(facts: dict[str, str]) -> str:
    return (
        f"`{facts['command']}`; {facts['date']}, commit {facts['commit']}; "
        f"{facts['cores']} cores ({facts['processor']}), {facts['memory']}, "
        f"Python {facts['python']}"
    )


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _commit() -> str:
    """With a plus where the working tree has changes."""
    git = ["git", "-C", str(CHECKOUT), "describe", "--always", "--dirty=+"]
    done = subprocess.run(git, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _first(file: Path, pattern: str) -> str:
    found = re.search(pattern, file.read_text()) if file.exists() else None
    return found[1] if found else platform.processor() or "unknown"
