"""How many fields of data entry are read right, on charts of the tune split.

`python -m benchmarks.entry_fields --seed 1 --papers 8 [--level typical] [--misses]`

So many papers of each type with a form are printed, scanned at one level, recognised,
and read by config/entry_fields.toml. The truth is what the press was told to print.
Counted are fields whose value stands in print; those written by hand apart. A cell of a
table counts as a field; rows are matched by what they share. Synthetic paper.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing as mp
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random

import cv2

from benchmarks.charts.content import Content, Part
from benchmarks.charts.deck import Deck
from benchmarks.charts.desk import Desk, Wish
from benchmarks.charts.kinds import Level, Order, Scan, Side
from benchmarks.charts.people import make_register
from benchmarks.charts.press import Press, worded
from benchmarks.charts.scanner import scan
from benchmarks.charts.splits import read_texts
from pipeline.document import DocumentType
from pipeline.entries import EntryField, EntryForm, EntryTable, Proposal, same
from pipeline.index.cluerules import ClueRules
from pipeline.index.entryreading import normal, proposals_of
from pipeline.ocr.read import read_page
from pipeline.page import Page, PageImage
from pipeline.settings import entry_forms
from pipeline.site import settings_of
from pipeline.wiring import engine_of, index_rules

WORKERS = 2
_SCANS = (("grey", 200), ("grey", 300), ("bitonal", 300), ("colour", 200))
# labels of the press for what index reads as a clue, by the section's own label
_CLUES = {
    "Address": {"name": ("Name", "Patient name (last, first)"),
                "address": ("Address", "Street address"),
                "phone": ("Home phone", "Telephone"), "sex": ("Sex", "Gender"),
                "ssn4": ("SSN", "Social security no.")},
    "Guarantor": {"guarantor": ("Guarantor", "Guarantor name")},
    "Contact": {"contact": ("Contact", "Name"),
                "contact_phone": ("Phone", "Telephone")},
    "Subscriber": {"subscriber": ("Subscriber", "Policy holder")},
}  # fmt: skip
_KNOWN_BY = {
    "Address": ("Address", "Street address"),
    "Guarantor": ("Guarantor", "Guarantor name", "Guarantor phone"),
    "Contact": ("Relationship", "Relation"),
    "Subscriber": ("Subscriber", "Policy holder"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One field of the truth: where it belongs, and its value in normal form."""

    one: EntryField
    row: int
    value: str = field(repr=False)
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Task:
    """One printed paper, to be scanned and read."""

    order: Order
    sides: tuple[Side, ...] = field(repr=False)
    level: Level


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--papers", type=int, default=8, help="of each type")
    parser.add_argument("--level", choices=["clean", "typical", "poor"])
    parser.add_argument("--misses", action="store_true", help="tell what went wrong")
    given = parser.parse_args()
    level: Level = given.level or "typical"
    with Press() as press:
        orders = list(ordered(given.seed, given.papers))
        sides = press.print(orders)
    tasks = [Task(o, tuple(s), level) for o, s in zip(orders, sides, strict=True)]
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    with mp.get_context("spawn").Pool(WORKERS) as pool:
        for kind, counts, misses in pool.imap(measured, tasks):
            tally[kind] += counts
            tally["all"] += counts
            if given.misses:
                print(kind, *misses, sep="\n  ", flush=True)
    print("| type | fields | right | other | not read | beforehand | right of them |")
    print("|---|---|---|---|---|---|---|")
    every = tally.pop("all")
    for kind, counts in (*tally.items(), ("all", every)):
        print(row_of(kind, counts))
    print(f"by hand, apart: {every['hand right']} of {every['hand']} right;")
    print(f"read where the paper has nothing: {every['extra']}")


def ordered(seed: int, papers: int) -> Iterator[Order]:
    """So many papers of each type with a form, of one sheet."""
    desk = Desk(
        name="entry", split="tune", seed=seed,
        register=make_register("tune", seed), deck=Deck(Random(f"deck/{seed}")),
        texts=read_texts(None, "tune", Random(seed)), rng=Random(f"entry/{seed}"),
        mode="grey", dpi=300, level="typical",
    )  # fmt: skip
    people = desk.register.crowd
    for form in entry_forms().forms:
        for kind in form.types:
            for _ in range(papers):
                item = desk.paper(Wish(desk.rng.choice(people), kind=kind))
                yield replace(item.order, length=1)


def measured(task: Task) -> tuple[str, Counter[str], list[str]]:
    """What became of each field of one paper."""
    order = task.order
    form = entry_forms().of(DocumentType(order.kind))
    if form is None:
        raise ValueError(order.kind)
    rules = replace(index_rules().clues, received=dt.date(2024, 6, 1))
    told = list(truth_of(worded(order)[0], order, form, task.sides, rules))
    read = proposals_of(recognised(task), form, rules)
    counts: Counter[str] = Counter()
    misses = []
    sure = entry_forms().prefill_at_least
    for one, proposal in matched(told, read, form):
        right = proposal is not None and same(proposal.value, one.value)
        if one.by_hand:
            counts.update(hand=1, **{"hand right": int(right)})
            continue
        counts.update(fields=1, right=int(right), lost=int(proposal is None))
        if proposal and proposal.probability >= sure:
            counts.update(sure=1, **{"sure right": int(right)})
        if not right:
            got = proposal.value if proposal else "-"
            misses.append(f"{one.one.key}.{one.row}: {one.value!r} read {got!r}")
    places = {(one.one.key, one.row) for one in told}
    counts["extra"] = sum(not p.row and p.place not in places for p in read)
    return order.kind, counts, misses


def recognised(task: Task) -> list[Page]:
    """The sides of a paper, scanned and read."""
    engine = engine_of(settings_of().reading)
    rng = Random(f"{task.order.seed}/scan")
    mode, dpi = rng.choice(_SCANS)
    pages = []
    for n, side in enumerate(task.sides, 1):
        way = Scan(task.level, mode, dpi, f"{task.order.seed}/{n}")  # type: ignore[arg-type]  # a Mode
        pixels = scan(side.pixels(dpi), way).pixels
        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim > 2 else pixels
        image = PageImage(grey, dpi)  # type: ignore[arg-type]  # cv2 keeps uint8
        pages.append(read_page(image, n, engine))
    return pages


# --- what is true ------------------------------------------------------------------


def truth_of(
    content: Content,
    order: Order,
    form: EntryForm,
    sides: Sequence[Side],
    rules: ClueRules,
) -> Iterator[Told]:
    """Every field of the form that the paper says, once."""
    seen: set[str] = set()
    for one, row, said in said_in(content, order, form):
        value = normal(one.shape, said, rules)
        if not value or (not row and one.key in seen):
            continue
        seen.add(one.key)
        hand = by_hand(said, sides)
        if hand is not None:
            yield Told(one, row, value, hand)


def said_in(
    content: Content, order: Order, form: EntryForm
) -> Iterator[tuple[EntryField, int, str]]:
    lead = Part("", "fields", content.fields)
    for part in (lead, *content.parts):
        if part.shape == "fields":
            yield from _fields_in(part, form)
        if part.shape == "table":
            yield from _cells_in(part, form)
        if part.shape == "ticks":
            yield from _ticks_in(part, form)
    own = {one.key: one for one in form.fields if one.clue and one.role == "subject"}
    shows = content.shows
    if shows.born and "born" in own:
        yield own["born"], 0, order.case.patient.birth_date.isoformat()
    if shows.number and "mrn" in own:
        yield own["mrn"], 0, order.case.patient.mrn
    if shows.name and "declarant" in own:
        yield own["declarant"], 0, shows.name


def _fields_in(part: Part, form: EntryForm) -> Iterator[tuple[EntryField, int, str]]:
    labels = {label for label, *_ in part.items}
    clues = {
        label: key
        for section, fields in _CLUES.items()
        if labels.intersection(_KNOWN_BY[section])
        for key, some in fields.items()
        for label in some
    }
    for label, value in (item[:2] for item in part.items):
        for one in form.fields:
            plain = {said.casefold() for said in one.labels} if not one.clue else set()
            if label.casefold() in plain or clues.get(label) == one.key:
                yield one, 0, _said(one, value)


def _said(one: EntryField, value: str) -> str:
    """A dependent's number, or who somebody is, stands behind a name."""
    return value.partition(" (")[0] if one.shape == "name" else value.strip("$")


def _cells_in(part: Part, form: EntryForm) -> Iterator[tuple[EntryField, int, str]]:
    for table in form.tables:
        columns = [_column(table, name) for name in part.columns]
        if columns[:1] != [table.columns[0]]:
            continue
        for n, row in enumerate(part.items, 1):
            for column, cell in zip(columns, row, strict=False):
                if column is not None and cell not in ("", "-"):
                    yield column, n, cell


def _column(table: EntryTable, name: str) -> EntryField | None:
    for column in table.columns:
        if name.casefold() in {label.casefold() for label in column.labels}:
            return column
    return None


def _ticks_in(part: Part, form: EntryForm) -> Iterator[tuple[EntryField, int, str]]:
    ticked = [text for text, on in (item[:2] for item in part.items) if on]
    for one in form.fields:
        chosen = [choice for choice in one.choices if choice in ticked]
        if len(chosen) == 1:
            yield one, 0, chosen[0]


def by_hand(said: str, sides: Sequence[Side]) -> bool | None:
    """Whether it is written; None where it stands nowhere, as what a house leaves out.

    A value that this bench puts in another form (a birth date) counts as printed.
    """
    wanted = said.split()
    for side in sides:
        texts = [word.text for word in side.words]
        for at in range(len(texts) - len(wanted) + 1):
            if texts[at : at + len(wanted)] == wanted:
                return any(word.hand for word in side.words[at : at + len(wanted)])
    return False if said[:4].isdigit() or len(wanted) == 1 else None


# --- what was read -----------------------------------------------------------------


def matched(
    told: Sequence[Told], read: Sequence[Proposal], form: EntryForm
) -> Iterator[tuple[Told, Proposal | None]]:
    """Each field of the truth with what was read for it."""
    by_place = {one.place: one for one in read}
    for one in told:
        if not one.row:
            yield one, by_place.get((one.one.key, 0))
    for table in form.tables:
        yield from _rows_matched(table, told, read)


def _rows_matched(
    table: EntryTable, told: Sequence[Told], read: Sequence[Proposal]
) -> Iterator[tuple[Told, Proposal | None]]:
    keys = {column.key for column in table.columns}
    wanted: dict[int, list[Told]] = defaultdict(list)
    got: dict[int, dict[str, Proposal]] = defaultdict(dict)
    for one in told:
        if one.row and one.one.key in keys:
            wanted[one.row].append(one)
    for proposal in read:
        if proposal.field in keys:
            got[proposal.row][proposal.field] = proposal
    for row in wanted.values():
        best = max(got, key=lambda n: _alike(row, got[n]), default=0)
        found = got.pop(best) if best and _alike(row, got[best]) else {}
        for one in row:
            yield one, found.get(one.one.key)


def _alike(row: Sequence[Told], read: dict[str, Proposal]) -> int:
    return sum(
        one.one.key in read and same(read[one.one.key].value, one.value) for one in row
    )


def row_of(kind: str, counts: Counter[str]) -> str:
    fields = counts["fields"] or 1
    other = counts["fields"] - counts["right"] - counts["lost"]
    sure = counts["sure"]
    cells = (
        kind.replace("_", " "), counts["fields"], _share(counts["right"], fields),
        _share(other, fields), _share(counts["lost"], fields), _share(sure, fields),
        _share(counts["sure right"], sure or 1),
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}"


if __name__ == "__main__":
    main()
