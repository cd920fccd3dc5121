"""Whose paper is filed: python -m benchmarks.filing CHARTS:DATA... [--to FILE].

CHARTS is a folder of benchmarks.charts, DATA the data folder in which it was processed.
Its pages are cut, matched and decided anew by the present code; nothing is recognised
again. Told, level by level: what was filed, right and wrong, of all content and of what
a person could file; vetoes, encounters, and why the others wait. A person could file a
document whose patient is in the index and which bears the patient's surname, number or
encounter number on some page, in print, by hand or as a barcode. It is sound if it
bears two of whole name, number, encounter number and birth date, and was not laid into
another one's chart or labelled as another's.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.charts.kinds import PageTruth
from benchmarks.documents.printed_days import prints_day
from benchmarks.documents.recut import Nobody, copied
from benchmarks.reading.machine import CHECKOUT, machine
from benchmarks.reading.truths import charts_in
from pipeline.document import BatchId, Decision, Reading, Review
from pipeline.flow import Tools, index_batch
from pipeline.index.numbers import normalise
from pipeline.review.certificate import Checked, upper_bound
from pipeline.review.rules import decide
from pipeline.site import Site, open_site
from pipeline.wiring import tools_of

_WORK = CHECKOUT / "build" / "bench-filing"
_LEVELS = ("clean", "typical", "poor", "all")
_SPOILT = frozenset({"wrong sticker", "foreign page", "not in index"})
_STRAYS = _SPOILT | {"twins", "junior and senior", "mother and newborn"}
_VETO = re.compile(r"an identifier belongs to another|page \d+ seems to be someone")


@dataclass(frozen=True, slots=True)
class Settled:
    """One document of the machine's, what was decided, and its pages' truths."""

    reading: Reading
    outcome: Decision | Review
    mrn: str = field(repr=False)  # of whom it was filed under, "" for nobody
    pages: tuple[PageTruth, ...] = field(repr=False)

    @property
    def vetoed(self) -> bool:
        doubts = self.outcome.reasons if isinstance(self.outcome, Review) else ()
        return any(_VETO.match(doubt.reason) for doubt in doubts)


def settled_in(charts: Path, data: Path) -> Iterator[Settled]:
    """Every document of content, in the books' order."""
    truths = {(t.source, t.page): t for t in charts_in(charts).truths}
    site = open_site(copied(data, _WORK))
    tools = tools_of(site, Nobody())
    places: dict[BatchId, dict[int, PageTruth]] = defaultdict(dict)
    for line in site.catalogue.ledger():
        if line.number and line.first_batch is None:
            places[line.batch][line.number] = truths[line.source, line.page]
    for batch, pages in places.items():
        yield from _of_batch(batch, pages, site, tools)


def _of_batch(
    batch: BatchId, pages: dict[int, PageTruth], site: Site, tools: Tools
) -> Iterator[Settled]:
    for reading in index_batch(batch, tools).readings:
        content = tuple(
            pages[number]
            for number in reading.document.pages
            if pages[number].removed_as is None
        )
        outcome = decide(reading, tools.rules)
        mrn = site.mrn_of(outcome.patient) if isinstance(outcome, Decision) else ""
        if content:
            yield Settled(reading, outcome, mrn, content)


def _borne(pages: Sequence[PageTruth]) -> frozenset[str]:
    """What the true document bears of its patient: "surname", "name", "mrn"..."""
    first = pages[0]
    if not first.in_index or not first.name:
        return frozenset()
    told = " ".join(f"{p.text} {p.handwritten}" for p in pages)
    told += " ".join(text for p in pages for _, text in p.codes)
    digits, words = normalise(told), told.upper()
    given, *_, family = first.name.upper().split()
    found = {"surname"} if re.search(rf"\b{re.escape(family)}\b", words) else set()
    if found and re.search(rf"\b{re.escape(given)}\b", words):
        found.add("name")
    for kind, number in (("mrn", first.mrn), ("encounter", first.encounter)):
        if number and normalise(number) in digits:
            found.add(kind)
    if prints_day(first.birth_date, told):
        found.add("birth date")
    return frozenset(found)


def _could(pages: Sequence[PageTruth]) -> tuple[str, ...]:
    """Whether a person could file it, and whether the paper alone says so twice."""
    borne = _borne(pages)
    if not borne & {"surname", "mrn", "encounter"}:
        return ()
    twice = len(borne - {"surname"}) > 1
    laid = not any(page.trap in _STRAYS for page in pages)
    return ("fileable", "sound") if twice and laid else ("fileable",)


def figures(documents: Sequence[Settled]) -> dict[str, Counter[str]]:
    """Pages and documents counted, by level and all together."""
    whole: dict[tuple[str, str], list[PageTruth]] = defaultdict(list)
    for one in documents:
        for page in one.pages:
            whole[_paper(page)].append(page)
    could = {key: _could(pages) for key, pages in whole.items()}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in documents:
        for page in one.pages:
            told = tuple(_of_page(one, page, could[_paper(page)]))
            for level in (page.level, "all"):
                counts[level].update(told)
        clean = not any(p.trap in _SPOILT for p in one.pages)
        single = len({p.document for p in one.pages}) == 1
        if clean and single and one.pages[0].in_index:
            for level in (one.pages[0].level, "all"):
                counts[level].update(["correct documents"])
                counts[level].update(["false vetoes"] * one.vetoed)
    return counts


def _paper(page: PageTruth) -> tuple[str, str]:
    """The true document; a folder's pages are files of their own."""
    inbox = page.source.rpartition("/")[0] or page.source
    return inbox, page.document or ""


def _of_page(one: Settled, page: PageTruth, could: tuple[str, ...]) -> Iterator[str]:
    yield "content"
    filed = isinstance(one.outcome, Decision)
    for kind in could:
        yield kind
        if filed:
            yield f"{kind} filed"
    if not isinstance(one.outcome, Decision):
        return
    yield "filed"
    if normalise(one.mrn) != normalise(page.mrn or "-"):
        yield "wrong"
    if page.trap == "wrong sticker":
        yield "filed with a wrong sticker"
    if one.outcome.encounter:
        yield "encounters"
        if one.outcome.encounter == page.encounter:
            yield "encounters right"


def _part(some: int, of: int) -> str:
    return f"{some} of {of} ({some / max(of, 1):.3f})"


def section(documents: Sequence[Settled]) -> str:
    """The tables, as docs/measures.md has them."""
    counts = figures(documents)
    rows = [
        "|  | content pages | filed | wrong patient | at most (95 %) |"
        " of fileable filed | of sound filed | false vetoes | encounters right |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for level in _LEVELS:
        n = counts[level]
        filed, wrong = n["filed"], n["wrong"]
        bound = upper_bound(Checked(filed, wrong))
        parts = [_part(n[f"{kind} filed"], n[kind]) for kind in ("fileable", "sound")]
        rows.append(
            f"| {level} | {n['content']} | {filed} | {wrong} | {bound:.2g} |"
            f" {parts[0]} | {parts[1]} |"
            f" {n['false vetoes']} of {n['correct documents']} |"
            f" {n['encounters right']} of {n['encounters']} |"
        )
    why: Counter[str] = Counter()
    for one in documents:
        if isinstance(one.outcome, Review) and one.pages[0].in_index:
            said = {re.sub(r"\d+", "N", d.reason) for d in one.outcome.reasons}
            why.update(dict.fromkeys(said, len(one.pages)))
    waits = "; ".join(f"{reason} {count}" for reason, count in why.most_common(8))
    stickers = counts["all"]["filed with a wrong sticker"]
    told = f"Pages of people in the index that wait, by reason: {waits}."
    return "\n".join(
        [*rows, "", told, f"Filed pages with a wrong sticker: {stickers}."]
    )


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.filing", description=__doc__)
    parser.add_argument("pairs", nargs="+", metavar="CHARTS:DATA")
    parser.add_argument("--to", type=Path, help="write it there as well")
    asked = parser.parse_args()
    documents: list[Settled] = []
    for pair in asked.pairs:
        charts, _, data = pair.partition(":")
        documents += settled_in(Path(charts), Path(data))
        print(pair, len(documents), "documents so far", file=sys.stderr)
    this = machine()
    run = f"commit {this['commit']}, {this['date']}, {this['processor']}"
    told = f"{section(documents)}\n\nCut anew from stored recognition; {run}."
    print(told)
    if asked.to:
        asked.to.write_text(told + "\n", "utf-8")


if __name__ == "__main__":
    main()
