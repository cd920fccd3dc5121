"""Writes training text for names and roles.

`python -m benchmarks.roles OUT.jsonl --pages N --seed S`

One JSON object a page: source, split, text (columns three blanks apart), names as
[start, end, role] in characters of the text, subject as FAMILY|GIVEN. Houses, names and
sentences of the splits train, tune and report are disjoint; tune and report have a
quarter of N pages each.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from benchmarks.roles.names import Split
from benchmarks.roles.pages import pages_of


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--pages", type=int, default=3000, help="pages to learn from")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    wanted: dict[Split, int] = {
        "train": given.pages,
        "tune": given.pages // 4,
        "report": given.pages // 4,
    }
    with given.out.open("w", encoding="utf-8") as out:
        for split, count in wanted.items():
            for page in pages_of(split, count, given.seed):
                out.write(json.dumps(asdict(page), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
