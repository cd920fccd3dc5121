"""Writes training text for types.

`python -m benchmarks.forms OUT.jsonl --per-type N --seed S`

One JSON object per page: type, layout, group, lines as [text, relative height], page
(1-based) and pages. Papers of one type never share a seed; a group is one patient with
one author, so that a split by group keeps a person's papers together.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from benchmarks.forms.facilities import FACILITIES, OUTSIDE
from benchmarks.forms.paper import Paper, Showing
from benchmarks.forms.people import make_name, make_person
from benchmarks.forms.writing import TEMPLATES, VARIANTS, Order, make_case, write

_GROUPS = 240
_SHOWING: tuple[Showing, ...] = ("full", "full", "name", "page", "none")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--per-type", type=int, default=100, help="pages of each type")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with given.out.open("w", encoding="utf-8") as out:
        for kind in TEMPLATES:
            for page in pages_of(kind, given.per_type, given.seed):
                out.write(json.dumps(page, ensure_ascii=False) + "\n")


def pages_of(kind: str, count: int, seed: int) -> Iterator[dict[str, object]]:
    """The first `count` pages of the type's endless row of papers."""
    written = 0
    for number in range(count):
        paper, group = _paper(kind, number, seed)
        for i, rows in enumerate(paper.pages, 1):
            if written == count:
                return
            written += 1
            yield {
                "type": kind,
                "layout": paper.layout,
                "group": group,
                "lines": [[row.text, row.height] for row in rows if row.text],
                "page": i,
                "pages": len(paper.pages),
            }


def _paper(kind: str, number: int, seed: int) -> tuple[Paper, str]:
    rng = Random(f"{seed}/{kind}/{number}")
    group = rng.randrange(_GROUPS)
    own = Random(f"{seed}/group/{group}")
    houses = FACILITIES if rng.random() < 0.85 else OUTSIDE
    patient = make_person(own, 1 if kind == "immunization_record" else 19)
    case = make_case(rng, patient, rng.choice(houses))
    case = replace(case, doctor=make_name(own))
    order = Order(
        kind, case, rng.randrange(VARIANTS), continuation=rng.choice(_SHOWING)
    )
    return write(order, rng), f"g{seed}-{group:03d}"


if __name__ == "__main__":
    main()
