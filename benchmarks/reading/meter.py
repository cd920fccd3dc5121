"""A command run under watch: seconds, CPU, memory, and who else used the machine."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.siteruns import descendants

_LOOK = 0.3  # seconds between two looks at the memory of its processes
_CHILD = b"pipeline.process"  # in the command line of a reading process


@dataclass(frozen=True, slots=True)
class Metered:
    """What a command took with all its processes.

    ``started`` is seconds since the epoch; ``reader_mb`` the most that one reading
    process held, 0 where there was none; ``others`` the share of all cores that went
    to programs that have nothing to do with it.
    """

    code: int
    started: float
    wall: float
    cpu: float
    reader_mb: float
    others: float

    @property
    def busy(self) -> float:
        """The share of all cores that the command kept busy, 0..1."""
        return self.cpu / (self.wall * (os.cpu_count() or 1))


def metered(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> Metered:
    """Runs the command to its end; what it says goes to ``log``."""
    before, started, clock = _machine_cpu(), time.time(), time.monotonic()
    with log.open("ab") as said:
        process = subprocess.Popen(
            command,
            stdout=said,
            stderr=said,
            env={**os.environ, **(environment or {})},
        )
        memory = _Memory(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - clock
    cpu = used.ru_utime + used.ru_stime
    others = (_machine_cpu() - before - cpu) / (wall * (os.cpu_count() or 1))
    return Metered(
        process.returncode, started, wall, cpu, memory.most(), max(others, 0.0)
    )


class _Memory:
    """The peak of each reading process, looked up as long as they live."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._most = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, name="memory")
        self._thread.start()

    def most(self) -> float:
        self._stop.set()
        self._thread.join()
        return self._most

    def _look(self) -> None:
        while not self._stop.wait(_LOOK):
            try:
                peaks = [_peak(pid) for pid in descendants(self._pid)]
            except OSError:  # one ended while it was looked at
                continue
            self._most = max([self._most, *peaks])


def _peak(pid: int) -> float:
    """VmHWM in MB of a reading process, 0 of any other."""
    about = Path(f"/proc/{pid}")
    if _CHILD not in (about / "cmdline").read_bytes():
        return 0.0
    lines = (about / "status").read_text().splitlines()
    peak = next((line for line in lines if line.startswith("VmHWM")), "VmHWM 0 kB")
    return int(peak.split()[1]) / 1024


def _machine_cpu() -> float:
    """Seconds that all cores have worked since the start, idle and waiting left out."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    user, nice, system, _idle, _wait, irq, softirq, steal = map(int, fields)
    ticks = user + nice + system + irq + softirq + steal
    return ticks / os.sysconf("SC_CLK_TCK")
