"""Real scans through both programs: words where the truth is known, else agreement."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.reading.choose import Run
from benchmarks.reading.figures import told_readable
from benchmarks.reading.journey import prepare, run
from benchmarks.reading.peer import PageKey, peered, stacked
from benchmarks.reading.real_codes import code_figures, code_tables
from benchmarks.reading.real_sets import RealScan, real_scans
from benchmarks.reading.tables import Table, share, table
from benchmarks.reading.words import hits, words_of
from pipeline.site import Site, open_site
from pipeline.store.catalogue import LedgerLine

_LETTERS, _TWICE = 4, 2  # a known word has at least so many letters


@dataclass(frozen=True, slots=True)
class RealPage:
    """One page in counts of words; ``wanted`` is 0 where no truth is known.

    ``ours_known`` and ``theirs_known`` count words of four letters or more that stand
    in other medical reports as well.
    """

    set: str
    file: str
    page: int
    wanted: int
    ours_right: int
    theirs_right: int
    ours: int
    theirs: int
    common: int
    ours_known: int
    theirs_known: int
    readable: float
    turn: int | None
    skew: float


def real_figures(data: Path, program: Path | None, work: Path) -> dict[str, Any]:
    """Every page of every set that is there, and the barcodes."""
    shutil.rmtree(work, ignore_errors=True)
    inbox = work / "inbox"
    inbox.mkdir(parents=True)
    scans = {_put(scan, inbox): scan for scan in real_scans(data, work)}
    ours_took, site, texts = _journey(inbox, work)
    lines = [ln for ln in site.catalogue.ledger() if ln.page and ln.number]
    ours = {(ln.source, ln.page): _text(texts, ln) for ln in lines}
    theirs: Mapping[PageKey, str] = {}
    results: dict[str, Any] = {"ours": ours_took | {"pages": len(lines)}}
    if program:
        stacks = stacked(inbox, _runs(lines), work / "stacks")
        told = peered(program, stacks, work)
        theirs = told.texts
        results["theirs"] = {
            "version": told.version,
            "wall": told.wall,
            "cpu": told.cpu,
            "pages": len(theirs),
            "refused": told.refused,
        }
    known = _english(data)
    pages = [
        _page(scans[line.source], line, (ours, theirs), site, known)
        for line in lines
        if line.source in scans
    ]
    results["pages"] = [asdict(page) for page in pages]
    results["rejected"] = len(scans) - len({line.source for line in lines})
    results["codes"] = code_figures(data / "barcodes")
    return results


def _put(scan: RealScan, inbox: Path) -> str:
    """A copy under a name of its own; its set and a number, in the order of sets."""
    number = len(list(inbox.iterdir()))
    name = (
        f"{scan.set.replace(' ', '_')}_{number:04}_{scan.file.stem}{scan.file.suffix}"
    )
    if scan.file.suffix in (".pbm", ".pgm", ".ppm"):
        name = str(Path(name).with_suffix(".png"))
        with Image.open(scan.file) as opened:
            opened.save(inbox / name, dpi=(300, 300))
    else:
        shutil.copyfile(scan.file, inbox / name)
    return name


def _journey(inbox: Path, work: Path) -> tuple[dict[str, float], Site, Path]:
    data, log = work / "data", work / "journey.log"
    prepare(work, data, log)
    took = run(data, log, "process", str(inbox))
    run(data, log, "pages", "--text", str(work / "text"))
    return {"wall": took.wall, "cpu": took.cpu}, open_site(data), work / "text"


def _text(texts: Path, line: LedgerLine) -> str:
    return (texts / f"{line.source}.{line.page}.txt").read_text("utf-8")


def _runs(lines: Sequence[LedgerLine]) -> list[Run]:
    pages: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        pages[line.source].append(line.page)
    return [Run(source, tuple(sorted(some))) for source, some in pages.items()]


def _page(
    scan: RealScan,
    line: LedgerLine,
    told: tuple[Mapping[PageKey, str], Mapping[PageKey, str]],
    site: Site,
    known: frozenset[str],
) -> RealPage:
    ours, theirs = (some.get((line.source, line.page), "") for some in told)
    truth = scan.truth or ""
    batch = line.first_batch or line.batch
    page = site.catalogue.pages(batch, (line.number,))[0]
    return RealPage(
        set=scan.set,
        file=scan.file.name,
        page=line.page,
        wanted=words_of(truth).total(),
        ours_right=hits(ours, truth),
        theirs_right=hits(theirs, truth),
        ours=words_of(ours).total(),
        theirs=words_of(theirs).total(),
        common=hits(ours, theirs),
        ours_known=_known(ours, known),
        theirs_known=_known(theirs, known),
        readable=told_readable(page),
        turn=page.rotation,
        skew=page.quality.skew,
    )


def _known(text: str, known: frozenset[str]) -> int:
    found = words_of(text)
    long = {word: count for word, count in found.items() if len(word) >= _LETTERS}
    return sum(count for word, count in long.items() if word in known)


def _english(data: Path) -> frozenset[str]:
    """What stands in medical reports more than twice; none where they are not there."""
    file = data / "mtsamples" / "mtsamples-train.csv"
    if not file.exists():
        return frozenset()
    counted = words_of(file.read_text("utf-8", "replace"))
    return frozenset(word for word, count in counted.items() if count > _TWICE)


# --- the tables --------------------------------------------------------------------


def real_section(results: dict[str, Any]) -> Table:
    pages = [RealPage(**row) for row in results["pages"]]
    ours, theirs = results["ours"], results.get("theirs")
    said = f"{ours['pages']} pages in {ours['wall']:.0f} s"
    if theirs:
        said += (
            f"; {theirs['version']}: {theirs['pages']} pages in {theirs['wall']:.0f} s"
        )
        said += f", {theirs['refused']} refused"
    return [
        "### Real scans",
        "",
        f"{said}. Files that we refused: {results['rejected']}.",
        "",
        *_with_truth([page for page in pages if page.wanted]),
        *_without([page for page in pages if not page.wanted]),
        *code_tables(results["codes"]),
    ]


def _with_truth(pages: Iterable[RealPage]) -> Table:
    rows = []
    for name, some in _by_set(pages):
        wanted = sum(page.wanted for page in some)
        mine = sum(page.ours_right for page in some)
        peer = sum(page.theirs_right for page in some)
        rows.append(
            [
                name,
                str(len(some)),
                str(wanted),
                share(mine / wanted, 3),
                share(peer / wanted, 3),
                f"{(wanted - mine) / max(wanted - peer, 1):.2f}",
                share(mine / max(sum(page.ours for page in some), 1), 3),
                share(peer / max(sum(page.theirs for page in some), 1), 3),
            ]
        )
    head = ["set", "pages", "words", "recall", "OCRmyPDF's", "missed, ours / theirs"]
    return table([*head, "precision", "OCRmyPDF's"], rows)


def _without(pages: Iterable[RealPage]) -> Table:
    """Known words, see RealPage, tell who read more of a page."""
    rows = []
    for name, some in _by_set(pages):
        total = Counter[str]()
        for page in some:
            total.update(
                ours=page.ours,
                theirs=page.theirs,
                common=page.common,
                ours_known=page.ours_known,
                theirs_known=page.theirs_known,
            )
        readable = sum(page.readable for page in some) / len(some)
        rows.append(
            [
                name,
                str(len(some)),
                str(total["ours"]),
                str(total["theirs"]),
                str(total["common"]),
                str(total["ours_known"]),
                str(total["theirs_known"]),
                share(readable, 2),
            ]
        )
    head = ["no truth known", "pages", "words", "OCRmyPDF's", "in both"]
    return table([*head, "known words", "OCRmyPDF's", "readability"], rows)


def _by_set(pages: Iterable[RealPage]) -> list[tuple[str, list[RealPage]]]:
    found: dict[str, list[RealPage]] = defaultdict(list)
    for page in pages:
        found[page.set].append(page)
    return list(found.items())
