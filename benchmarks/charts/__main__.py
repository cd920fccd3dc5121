"""Makes an inbox of scanned charts with exact truth.

`python -m benchmarks.charts OUT --split train|tune|report --seed N --pages N`

OUT/patients.csv and OUT/encounters.csv are for the import, OUT/identity.toml for the
data folder's config, OUT/inbox holds the scans, and OUT/truth.jsonl says what is true
of each page. README.md here has the rest.
"""

import argparse
import functools
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.charts.inbox import write_inbox, write_site
from benchmarks.charts.plan import KINDS, Plan, Request, make_plan
from benchmarks.charts.press import Press
from benchmarks.charts.splits import DEFAULT_REPORTS
from benchmarks.charts.works import WORKERS, produce


def main() -> None:
    given = _arguments()
    reports = given.reports
    if reports is None and DEFAULT_REPORTS.exists():
        reports = DEFAULT_REPORTS
    plan = make_plan(
        Request(
            split=given.split,
            seed=given.seed,
            pages=given.pages,
            level=None if given.level == "mixed" else given.level,
            kinds=KINDS if given.kind == "all" else (given.kind,),
            reports=None if given.own_text else reports,
        )
    )
    if given.plan:
        _tell(plan)
    else:
        press = functools.partial(Press, borrow=given.borrow)
        _make(plan, given.out, given.workers, press, boxes=given.boxes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--split", choices=["train", "tune", "report"], default="tune")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=300, help="of content, about")
    levels = ["clean", "typical", "poor", "mixed"]
    parser.add_argument("--level", choices=levels, default="mixed")
    parser.add_argument("--kind", choices=[*KINDS, "all"], default="all")
    parser.add_argument("--reports", type=Path, help="the MTSamples CSV")
    parser.add_argument("--own-text", action="store_true", help="no report texts")
    parser.add_argument("--boxes", action="store_true", help="where words are printed")
    parser.add_argument(
        "--borrow", action="store_true", help="other faces than the houses', for train"
    )
    parser.add_argument("--plan", action="store_true", help="print counts, no pages")
    parser.add_argument("--workers", type=int, default=WORKERS)
    given = parser.parse_args()
    if given.borrow and given.split != "train":
        parser.error("only train charts borrow faces: tune and report are judged by")
    return given


def _tell(plan: Plan) -> None:
    print(f"about {plan.expected} pages of content")
    for name, counted in plan.counts().items():
        told = ", ".join(f"{key} {n}" for key, n in sorted(counted.items()))
        print(f"{name} ({counted.total()}): {told}")


def _make(
    plan: Plan, out: Path, workers: int, press: Callable[[], Press], *, boxes: bool
) -> None:
    write_site(plan, out)
    began = time.monotonic()
    pages = content = 0
    made = produce(plan.batches, press, workers)
    for done, truths in enumerate(write_inbox(made, out, boxes=boxes), 1):
        pages += len(truths)
        content += sum(truth.removed_as is None for truth in truths)
        took = time.monotonic() - began
        print(
            f"\r{done} of {len(plan.batches)} batches, {content} pages of content,"
            f" {pages} in all, {pages / took:.1f} a second",
            end="", file=sys.stderr, flush=True,
        )  # fmt: skip
    print(file=sys.stderr)


if __name__ == "__main__":
    main()
