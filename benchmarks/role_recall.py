"""Measures the patient's name by rules alone and with the trained role model.

`python -m benchmarks.role_recall [--pages N] [--seed S] [--split report] [--model DIR]`

Pages are those of benchmarks/roles whose houses, names and sentences the model never
saw. A page counts as bearing the name where the patient is named in one of its rows;
found when a subject's name clue agrees in family name and first letter. Every other
subject's name clue is wrong.
"""

import argparse
import datetime as dt
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.roles.names import Split
from benchmarks.roles.pages import RolePage, pages_of
from pipeline.index.cluerules import ClueRules
from pipeline.index.clues import clues_of
from pipeline.index.names import fold, name_from_value
from pipeline.index.numbers import MrnFormat
from pipeline.index.roles import load_roles
from pipeline.index.typed import typed_page

MODEL = Path(__file__).parent.parent / "models" / "roles"
RULES = ClueRules(dt.date(2014, 12, 31), MrnFormat((8,), "", "none"))
Tally = Counter[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--split", choices=("tune", "report"), default="report")
    parser.add_argument("--model", type=Path, default=MODEL)
    given = parser.parse_args()
    split: Split = given.split
    pages = list(pages_of(split, given.pages, given.seed))
    start = time.perf_counter()
    model = load_roles(given.model)
    print(f"{model.name}, made ready in {time.perf_counter() - start:.2f} s")
    ways = {"rules alone": RULES, "with the model": replace(RULES, people=model)}
    for source in ("prose", "forms"):
        some = [page for page in pages if page.source.startswith(source)]
        for way, rules in ways.items():
            tally, spent = score(some, rules)
            print(f"{source}, {way}: {sentence(tally)}, {spent:.1f} ms a page")
        print(f"{source}, what the model did: {changes(some, *ways.values())}")


def score(pages: Sequence[RolePage], rules: ClueRules) -> tuple[Tally, float]:
    """Counts over the pages, and CPU milliseconds a page."""
    tally, spent = Tally(), 0.0
    for page in pages:
        sheet = typed_page(page.text)
        start = time.process_time()
        clues = clues_of(sheet, rules)
        spent += time.process_time() - start
        own = [c.value for c in clues if c.field == "name" and c.role == "subject"]
        right = [value for value in own if _agrees(value, page.subject)]
        named = any(role == "subject" for _, _, role in page.names)
        tally.update(
            pages=1,
            bearing=named or bool(right),
            found=bool(right),
            right=len(right),
            wrong=len(own) - len(right),
        )
    return tally, 1000 * spent / max(len(pages), 1)


def changes(pages: Sequence[RolePage], alone: ClueRules, both: ClueRules) -> str:
    """How many names the model added and took back, and how many of them rightly."""
    tally = Counter[tuple[str, bool]]()
    for page in pages:
        before, after = (_own(page, rules) for rules in (alone, both))
        for value in after - before:
            tally["added", _agrees(value, page.subject)] += 1
        for value in before - after:
            tally["taken back", not _agrees(value, page.subject)] += 1
    return ", ".join(
        f"{what} {tally[what, True]} rightly and {tally[what, False]} wrongly"
        for what in ("added", "taken back")
    )


def _own(page: RolePage, rules: ClueRules) -> frozenset[str]:
    clues = clues_of(typed_page(page.text), rules)
    own = (c for c in clues if c.field == "name" and c.role == "subject")
    return frozenset(clue.value for clue in own)


def sentence(tally: Tally) -> str:
    """Recall and precision with their counts."""
    clues = tally["right"] + tally["wrong"]
    return (
        f"recall {_share(tally['found'], tally['bearing'])}, "
        f"precision {_share(tally['right'], clues)}"
    )


def _share(part: int, whole: int) -> str:
    return f"{part / max(whole, 1):.3f} ({part}/{whole})"


def _agrees(value: str, subject: str) -> bool:
    name, (family, given) = name_from_value(value), subject.split("|")
    told: Iterable[tuple[str, str]] = (
        (name.family, family),
        (name.given[:1], given[:1]),
    )
    return all(fold(one) == fold(two) for one, two in told)


if __name__ == "__main__":
    main()
