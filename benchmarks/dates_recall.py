"""Measures service dates after real recognition, on a charts folder already processed.

`python -m benchmarks.dates_recall DATA CHARTS [DATA CHARTS ...] [--misses] [--typed]
[--thresholds]`

DATA is the data folder into which `chartfiler process CHARTS/inbox` read the pages.
Clues and dates are found anew by the rules as they are now, over the truth's documents
and types (with --typed over the types that the model gives), with the encounters of the
truth's patient. A document counts as printing its date where the date stands, in some
form, among the truth's printed words; by hand where it stands only in handwriting.
--thresholds tells what `[filing] date_at_least` would leave undated at several values.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.charts.kinds import PageTruth
from benchmarks.reading.truths import charts_in
from pipeline.document import BatchId, Encounter
from pipeline.finding import Clue, Finding
from pipeline.index.cluerules import ClueRules
from pipeline.index.clues import clues_of
from pipeline.index.service import End, Paper, service_dates, stay_dates
from pipeline.page import Page
from pipeline.site import Site, open_site
from pipeline.wiring import index_rules, models_of

_THRESHOLDS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
_ABOUT_STAYS = {"discharge_summary", "face_sheet"}
_MACHINES = re.compile(r"(?i)fax|print|received|scanned|filed|reviewed|run date")


@dataclass(frozen=True, slots=True)
class Dated:
    """One document of the truth: its pages as read, and what it is about."""

    name: str
    truths: tuple[PageTruth, ...] = field(repr=False)
    pages: tuple[Page, ...] = field(repr=False)
    stays: tuple[Encounter, ...] = field(repr=False)
    kind: str

    @property
    def day(self) -> dt.date:
        return dt.date.fromisoformat(self.truths[0].service_date or "")

    def paper(self, rules: ClueRules) -> Paper:
        """What the index knows; nothing of a patient whom it does not hold."""
        born = dt.date.fromisoformat(self.truths[0].birth_date or "")
        known = born if self.truths[0].in_index else None
        return Paper(rules.received, self.kind, known, self.stays, rules.date_order)

    @property
    def told(self) -> str:
        """Where its date stands: "printed", "by hand" or "nowhere"."""
        if stands(self.day, "\n".join(truth.text for truth in self.truths)):
            return "printed"
        by_hand = "\n".join(truth.handwritten for truth in self.truths)
        return "by hand" if stands(self.day, by_hand) else "nowhere"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", metavar="DATA CHARTS")
    parser.add_argument("--misses", action="store_true", help="name what went wrong")
    parser.add_argument("--typed", action="store_true", help="types by the model")
    about = "dates by date_at_least"
    parser.add_argument("--thresholds", action="store_true", help=about)
    given = parser.parse_args()
    tally: Counter[tuple[str, ...]] = Counter()
    sure: list[tuple[str, float, bool]] = []
    for data, charts in zip(given.folders[::2], given.folders[1::2], strict=True):
        site = open_site(data)
        for one, rules in documents(site, charts, typed=given.typed):
            clues = tuple(c for page in one.pages for c in clues_of(page, rules))
            found = service_dates(clues, one.paper(rules))
            outcome = judged(one, found)
            tally.update(counted(one, outcome))
            best = found[0].confidence if found else -1.0
            sure.append((one.told, best, outcome == "right"))
            tally.update(ends(one, clues, one.paper(rules)))
            if given.misses and one.told == "printed" and outcome != "right":
                print(*missed(one, outcome, found, clues), sep="\n  ")
    for line in (*table(tally), *(by_threshold(sure) if given.thresholds else ())):
        print(line)


def documents(
    site: Site, charts: Path, *, typed: bool
) -> Iterator[tuple[Dated, ClueRules]]:
    """The truth's documents whose pages the data folder holds, with the rules."""
    types, roles = models_of(site.settings.models)
    rules = index_rules(site.data, site.people).clues
    for batch, read in _pages(site).items():
        received = site.catalogue.batch(batch).received.date()
        told = ClueRules(
            received, rules.mrn, rules.date_order, rules.authorities, rules.labels,
            rules.roles, rules.barcodes, rules.given_names, roles,
        )  # fmt: skip
        for name, truths in _truths(charts, {source for source, _ in read}).items():
            pages = [read[at] for t in truths if (at := (t.source, t.page)) in read]
            if len(pages) < len(truths):
                continue  # a sheet fed twice, or a page that could not be read
            kind = truths[0].type or ""
            if typed:
                kind = types.types[int(types.type_scores(pages[:1])[0].argmax())]
            owner = site.people.mrn_owner(truths[0].mrn or "")
            stays = site.people.encounters(owner) if owner else ()
            yield Dated(name, tuple(truths), tuple(pages), stays, kind), told


def _pages(site: Site) -> dict[BatchId, dict[tuple[str, int], Page]]:
    found: dict[BatchId, dict[tuple[str, int], Page]] = defaultdict(dict)
    lines = [line for line in site.catalogue.ledger() if line.number]
    for batch, some in itertools.groupby(lines, key=lambda line: line.batch):
        places = {line.number: (line.source, line.page) for line in some}
        for page in site.catalogue.pages(batch):
            if page.number in places:
                found[batch][places[page.number]] = page
    return found


def _truths(charts: Path, sources: set[str]) -> dict[str, list[PageTruth]]:
    found: dict[str, list[PageTruth]] = defaultdict(list)
    for truth in charts_in(charts).truths:
        wanted = truth.document and truth.service_date and not truth.removed_as
        if wanted and truth.source in sources and not truth.duplicate_of:
            found[truth.document or ""].append(truth)
    for truths in found.values():
        truths.sort(key=lambda truth: truth.document_page or 0)
    return found


def stands(day: dt.date, text: str) -> bool:
    """Whether the day stands in the text in one of the usual forms."""
    said = re.sub(r"[\s,.]+", " ", text).lower()
    return any(
        re.search(rf"(?<![\d/-]){re.escape(form)}(?![\d/]|-\d)", said)
        for form in forms(day)
    )


def forms(day: dt.date) -> set[str]:
    """The ways in which American paper prints the day, in lower case."""
    months = {f"{day:%B}", f"{day:%b}"}
    days = {f"{day.day}", f"{day:%d}"}
    years = {f"{day:%Y}", f"{day:%y}", f"'{day:%y}"}
    numbers = {f"{day.month}", f"{day:%m}"}
    made = {f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}"}
    for number, year in itertools.product(days, years):
        for sign, month in itertools.product("/-", numbers):
            made.add(f"{month}{sign}{number}{sign}{year}")
        for month in months:
            made.add(f"{month} {number} {year}")
            made.update(f"{number}{sign}{month}{sign}{year}" for sign in "- ")
    return {form.lower() for form in made}


def judged(one: Dated, found: Sequence[Finding[dt.date]]) -> str:
    """Right, none, or what kind of wrong."""
    if not found:
        return "none"
    day = found[0].value
    if day == one.day:
        return "right"
    if day.isoformat() == one.truths[0].birth_date:
        return "wrong: birth"
    lines = [
        line
        for truth in one.truths
        for line in truth.text.split("\n")
        if stands(day, line)
    ]
    if lines and all(_MACHINES.search(line) for line in lines):
        return "wrong: fax or print"
    printed = any(stands(day, truth.text) for truth in one.truths)
    return "wrong: another printed" if printed else "wrong: misread"


def counted(one: Dated, outcome: str) -> Iterable[tuple[str, ...]]:
    truth = one.truths[0]
    yield one.told, "all", outcome
    if one.told == "printed":
        yield "level", truth.level, outcome
        yield "type", truth.type or "", outcome


def ends(one: Dated, clues: Sequence[Clue], paper: Paper) -> Iterator[tuple[str, ...]]:
    """Admission and discharge of papers about a stay, where they print them."""
    text = "\n".join(truth.text for truth in one.truths)
    stay = next((s for s in one.stays if s.number == one.truths[0].encounter), None)
    if stay is None or one.truths[0].type not in _ABOUT_STAYS:
        return
    days: dict[End, dt.date | None] = {
        "admitted": stay.admit,
        "discharged": stay.discharge,
    }
    for end, day in days.items():
        if day is not None and stands(day, text):
            found = stay_dates(clues, paper, end)
            right = bool(found) and found[0].value == day
            yield "stay", end, "right" if right else "wrong" if found else "none"


def table(tally: Counter[tuple[str, ...]]) -> Iterator[str]:
    """Lines of counts; types worst first."""
    rows: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (group, name, outcome), count in tally.items():
        rows[group, name][outcome] += count
    order = ["printed", "by hand", "nowhere", "stay", "level", "type"]
    for (group, name), counts in sorted(
        rows.items(), key=lambda row: (order.index(row[0][0]), _share(row[1]))
    ):
        total = counts.total()
        if group == "type" and counts["right"] == total:
            continue
        wrong = ", ".join(
            f"{count} {outcome}"
            for outcome, count in sorted(counts.items())
            if outcome != "right"
        )
        share = _share(counts)
        print_name = f"{group}: {name}"
        yield f"{print_name:40} {counts['right']:4} of {total:4} {share:6.1%}  {wrong}"


def by_threshold(sure: Sequence[tuple[str, float, bool]]) -> Iterator[str]:
    """What is dated from each probability on, and how much of it rightly."""
    for told in ("printed", "by hand", "nowhere"):
        own = [(best, right) for one, best, right in sure if one == told]
        for least in _THRESHOLDS if own else ():
            dated = [right for best, right in own if best >= max(least, 0.0)]
            share, right = len(dated) / len(own), sum(dated) / max(len(dated), 1)
            yield (
                f"{told:8} date_at_least {least:4.2f}: dated {share:.3f},"
                f" right {right:.3f}, {len(dated) - sum(dated)} wrong of {len(own)}"
            )


def _share(counts: Counter[str]) -> float:
    return counts["right"] / counts.total()


def missed(
    one: Dated,
    outcome: str,
    found: Sequence[Finding[dt.date]],
    clues: Sequence[Clue],
) -> Iterator[str]:
    """What was right, what was said, and the dates that were found on the paper."""
    truth = one.truths[0]
    yield f"{one.name} {truth.level} {truth.type} {one.day} {outcome}"
    for finding in found[:3]:
        said = "; ".join(
            f"{e.source} {e.weight:+.1f} p{e.page}" for e in finding.evidence
        )
        yield f"{finding.value} {finding.confidence:.3f} {said}"
    for clue in clues:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", clue.value):
            sure = f"{clue.confidence:.2f}"
            yield f"{clue.field}/{clue.role} {clue.value} {clue.text!r} {sure}"
    for at, page in enumerate(one.truths):
        for line in page.text.split("\n"):
            if stands(one.day, line):
                yield f"truth p{at + 1}: {line[:90]}"


if __name__ == "__main__":
    main()
