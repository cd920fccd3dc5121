"""What the type model makes of scans that this project did not make.

`python -m benchmarks.type_foreign DIR`, where DIR holds scanned forms annotated in the
way of FUNSD (JSON with words and boxes): none is of one of our types, so that every
sure answer is a mistake. `--data FOLDER` lists the documents of a worked data folder
instead, one line each, to be looked at one by one: `chartfiler --data FOLDER process
../shared/data/medical-scans ../shared/data/docling-scanned` makes it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.documents.recut import copied
from benchmarks.documents.unknown import SURE, opinion
from benchmarks.type_samples import SHIPPED
from pipeline.classify.text_model import TextModel, load_model
from pipeline.document import Cut
from pipeline.page import Box, Page, Quality, Word
from pipeline.site import open_site

_REJECTED = 0.5  # probability of an unknown type
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
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--data", type=Path, help="a worked data folder")
    parser.add_argument("--model", type=Path, default=SHIPPED)
    given = parser.parse_args()
    model = load_model(given.model)
    if given.folder:
        pages = list(read(given.folder))
        sure = np.exp(model.type_scores(pages).max(axis=1))
        print(f"{len(pages)} forms; the best type's probability:")
        for share in (50, 90, 95, 100):
            print(f"  {share} % of them at most {np.percentile(sure, share):.3f}")
        print(f"  {(sure >= SURE).sum()} at least {SURE}")
    if given.data:
        for line in listed(given.data, model):
            print(line)


def listed(data: Path, model: TextModel) -> Iterator[str]:
    """A row for every document of the folder's cut, typed anew; then the sums."""
    sums: Counter[str] = Counter()
    yield "| file | pages | words | best type | probability | of no known type | says |"
    yield "|---|---|---|---|---|---|---|"
    with tempfile.TemporaryDirectory() as work:
        catalogue = open_site(copied(data, Path(work))).catalogue
        lines = {(line.batch, line.number): line for line in catalogue.ledger()}
        for batch in sorted({batch for batch, number in lines if number}):
            for reading in (catalogue.cut(batch) or Cut(())).readings:
                numbers = reading.document.pages
                told = judged(model, catalogue.pages(batch, numbers))
                sums[told.rpartition("| ")[2].strip(" |")] += 1
                source = lines[batch, numbers[0]].source
                yield f"| {source} | {len(numbers)} | {told}"
    yield ", ".join(f"{count} {what}" for what, count in sorted(sums.items()))


def judged(model: TextModel, pages: Sequence[Page]) -> str:
    """Words, best type, its probability, that of an unknown type, and in a word."""
    said = opinion(model, pages)
    word = "rejected" if said.strange >= _REJECTED else "unsure"
    word = "sure" if said.sure >= SURE else word
    words = sum(len(page.words) for page in pages)
    return f"{words} | {said.type} | {said.sure:.2f} | {said.strange:.2f} | {word} |"


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
