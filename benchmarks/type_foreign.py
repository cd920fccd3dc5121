"""How sure the type model is of what is no chart.

`python -m benchmarks.type_foreign DIR`, where DIR holds scanned forms annotated in the
way of FUNSD (JSON with words and boxes). None is of one of our types, so that every
high probability is a mistake.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.type_samples import SHIPPED
from pipeline.classify.text_model import load_model
from pipeline.page import Box, Page, Quality, Word

_QUALITY = Quality(
    ink=0.05,
    blank=False,
    dpi=100,
    sharpness=50.0,
    noise=2.0,
    skew=0.0,
    legibility=0.9,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    given = parser.parse_args()
    pages = list(read(given.folder))
    sure = np.exp(load_model(given.model).type_scores(pages).max(axis=1))
    print(f"{len(pages)} forms; the best type's probability:")
    for share in (50, 90, 95, 100):
        print(f"  {share} % of them at most {np.percentile(sure, share):.3f}")


def read(folder: Path) -> Iterator[Page]:
    """A page for each annotated form, its words in lines from the top."""
    for path in sorted(folder.rglob("*.json")):
        form = json.loads(path.read_text("utf-8")).get("form", [])
        words = [(w["text"], Box(*w["box"])) for b in form for w in b["words"]]
        words.sort(key=lambda word: word[1].top)
        if words:
            yield Page(1, (800, 1000), _in_lines(words), (), 100, 0, _QUALITY, "given")


def _in_lines(words: list[tuple[str, Box]]) -> tuple[Word, ...]:
    lines: list[list[tuple[str, Box]]] = []
    for word in words:
        first = lines[-1][0][1] if lines else None
        if first is None or word[1].top > first.top + 0.6 * first.height:
            lines.append([])
        lines[-1].append(word)
    return tuple(
        Word(text, box, 1.0, i)
        for i, line in enumerate(lines)
        for text, box in sorted(line, key=lambda word: word[1].left)
    )


if __name__ == "__main__":
    main()
