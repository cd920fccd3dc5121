"""CPU seconds by part, from what the stopwatch of a run wrote down."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROBE = Path(__file__).parent / "probe"
REST = "start-up, queue and rest"


@dataclass(frozen=True, slots=True)
class Spent:
    """``parts`` in CPU seconds of the whole run, the largest first.

    ``first`` is seconds from the command to the first recognition, None without any.
    """

    parts: dict[str, float]
    first: float | None


def environment(folder: Path) -> dict[str, str]:
    """What makes a command and its children write into ``folder``."""
    folder.mkdir(parents=True)
    return {"CHARTFILER_PROBE": str(folder), "PYTHONPATH": str(PROBE)}


def spent(folder: Path, started: float, cpu: float) -> Spent:
    """Of a command that began at ``started`` and took ``cpu`` seconds in all."""
    parts: defaultdict[str, float] = defaultdict(float)
    begun: list[float] = []
    for line in _lines(folder):
        for part, seconds in line.get("cpu", {}).items():
            parts[part] += seconds
        begun += [line["recognises"]] if "recognises" in line else []
    parts[REST] = max(cpu - sum(parts.values()), 0.0)
    largest = sorted(parts.items(), key=lambda item: -item[1])
    return Spent(dict(largest), min(begun) - started if begun else None)


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    """The last line of a process that was killed may be cut short."""
    for file in folder.glob("*.jsonl"):
        for line in file.read_text().splitlines():
            if line.endswith("}"):
                yield json.loads(line)
