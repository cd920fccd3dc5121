"""Our side: a charts folder through ``chartfiler process``, and what it told."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks.charts.kinds import PageTruth
from benchmarks.reading.choose import unit_of
from benchmarks.reading.figures import PageFigures, Told, figures
from benchmarks.reading.meter import Metered, metered
from benchmarks.reading.spent import Spent, environment, spent
from benchmarks.reading.truths import Charts
from benchmarks.siteruns import CHARTFILER
from pipeline.page import Page
from pipeline.site import Site, open_site
from pipeline.store.catalogue import LedgerLine


@dataclass(frozen=True, slots=True)
class Journey:
    """The figures of every page, and what the command took."""

    data: Path
    pages: tuple[PageFigures, ...] = field(repr=False)
    took: Metered
    spent: Spent

    @property
    def a_second(self) -> float:
        return len(self.pages) / self.took.wall


def journey(charts: Charts, chosen: set[str], work: Path) -> Journey:
    """In a fresh data folder under ``work``: import, process, and look it all up."""
    data, log = work / "data", work / "journey.log"
    for old in (data, work / "probe", work / "text", work / "inbox"):
        shutil.rmtree(old, ignore_errors=True)
    log.unlink(missing_ok=True)
    prepare(charts.folder, data, log)
    inbox = chosen_inbox(charts, chosen, work)
    took = run(data, log, "process", str(inbox), probe=work / "probe")
    run(data, log, "pages", "--text", str(work / "text"))
    truths = [truth for truth in charts.truths if unit_of(truth.source) in chosen]
    pages = tuple(told_of(open_site(data), truths, work / "text"))
    costs = spent(work / "probe", took.started, took.cpu)
    return Journey(data, pages, took, costs)


def prepare(folder: Path, data: Path, log: Path) -> None:
    """A data folder that knows the people of ``folder``, as far as it tells them."""
    (data / "config").mkdir(parents=True, mode=0o700)
    data.chmod(0o700)
    if (folder / "identity.toml").exists():
        shutil.copy(folder / "identity.toml", data / "config")
    for what in ("patients", "encounters"):
        if (folder / f"{what}.csv").exists():
            run(data, log, what, "import", str(folder / f"{what}.csv"))


def run(data: Path, log: Path, *words: str, probe: Path | None = None) -> Metered:
    """One command on the data folder; raises SystemExit where it fails."""
    print(f"chartfiler {' '.join(words)} ...", file=sys.stderr)
    command = [*CHARTFILER, "--data", str(data), *words]
    took = metered(command, log, environment(probe) if probe else None)
    if took.code:
        raise SystemExit(f"chartfiler {words[0]} failed ({took.code}): see {log}")
    return took


def chosen_inbox(charts: Charts, chosen: set[str], work: Path) -> Path:
    """The folder to be processed: all of it, or links to the chosen units."""
    if chosen == {unit_of(truth.source) for truth in charts.truths}:
        return charts.inbox
    inbox = work / "inbox"
    inbox.mkdir(parents=True)
    for entry in sorted(charts.inbox.iterdir()):
        if entry.is_dir() and entry.name in chosen:
            shutil.copytree(entry, inbox / entry.name)
        elif entry.is_file() and any(_belongs(entry, name) for name in chosen):
            shutil.copy2(entry, inbox / entry.name)
    return inbox


def _belongs(entry: Path, name: str) -> bool:
    """A file, or the sidecar that lies beside it."""
    return entry.name == name or entry.stem in (name, Path(name).stem)


def told_of(
    site: Site, truths: Iterable[PageTruth], texts: Path
) -> Iterable[PageFigures]:
    """Each page's figures; one that is nowhere in the books counts as unread."""
    lines = {(line.source, line.page): line for line in site.catalogue.ledger()}
    for truth in track(list(truths), "looking up pages", console=Console(stderr=True)):
        line = lines.get((truth.source, truth.page))
        yield figures(truth, told(site, line, text_of(texts, truth)))


def told(site: Site, line: LedgerLine | None, text: str) -> Told:
    found: tuple[Page, ...] = ()
    if line and line.number:
        batch = line.first_batch or line.batch
        found = site.catalogue.pages(batch, (line.number,))
    return Told(line, found[0] if found else None, text)


def text_of(texts: Path, truth: PageTruth) -> str:
    file = texts / f"{truth.source.replace('/', '__')}.{truth.page}.txt"
    return file.read_text("utf-8") if file.exists() else ""
