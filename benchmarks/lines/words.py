"""Words of the trade, and which are names: writes models/words.

    pip download --no-deps --no-binary :all: names==0.3.0 && tar xzf names-0.3.0.tar.gz
    python -m benchmarks.lines.words --names names-0.3.0/names

Words are those of the report texts of the charts generator's train split and of the
titles of ICD-10-CM, as far as they are written in small letters; what begins a title
and Synthea's drugs as well, unless it is a name. Names are all of the census of 1990.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from benchmarks.charts.splits import DEFAULT_REPORTS, read_texts
from pipeline.artefact import Artefact, write
from pipeline.ocr.net.lexicon import MODEL, NAMES, WORDS
from pipeline.ocr.net.traineddata import trained
from pipeline.ocr.tesseract import tessdata_folder

_TITLES = DEFAULT_REPORTS.parents[1] / "icd10cm" / "icd10cm-order-Jan-2021.txt"
_DRUGS = DEFAULT_REPORTS.parents[1] / "synthea"  # medications.csv, in any folder
_TITLE = 77  # the column of a row where the long title begins
_RUNS = re.compile(r"[^\W\d_]{4,}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reports", type=Path, default=DEFAULT_REPORTS)
    parser.add_argument("--titles", type=Path, default=_TITLES)
    parser.add_argument("--drugs", type=Path, default=_DRUGS)
    parser.add_argument("--names", type=Path, required=True, help="the census's lists")
    given = parser.parse_args()
    network = trained(tessdata_folder() / "eng.traineddata")
    characters = set(network.characters)
    names = set(_of_people(given.names))
    found = {*_in_reports(given.reports), *_in_titles(given.titles)}
    found |= {*_first_of_titles(given.titles), *_drugs(given.drugs)} - names
    words = sorted(word for word in found if set(word) <= characters)
    day = f"{dt.datetime.now(dt.UTC).date()}"
    facts = {
        "name": f"words {day}",
        "date": day,
        "command": "python -m benchmarks.lines.words --names names-0.3.0/names",
        "from": "reports of the train split (mtsamples), titles of ICD-10-CM 2021, "
        "drugs of Synthea, names of the census of 1990",
    }
    write(MODEL, Artefact(facts, {}, {WORDS: words, NAMES: sorted(names)}))
    print(f"{len(words)} words and {len(names)} names: {MODEL}")


def _in_reports(path: Path) -> Iterator[str]:
    """What some report of the train split writes in small letters."""
    for some in read_texts(path, "train", Random(0)).by_type.values():
        yield from _small(some)


def _in_titles(path: Path) -> Iterator[str]:
    yield from _small(
        row[_TITLE:] for row in path.read_text("utf-8", "replace").splitlines()
    )


def _first_of_titles(path: Path) -> Iterator[str]:
    """What begins a title, in small letters."""
    for row in path.read_text("utf-8", "replace").splitlines():
        yield from (
            run.lower() for run in _RUNS.findall(row[_TITLE:].partition(" ")[0])
        )


def _drugs(folder: Path) -> Iterator[str]:
    """What Synthea's patients take, in small letters."""
    for path in sorted(folder.rglob("medications.csv")):
        with path.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                yield from (run.lower() for run in _RUNS.findall(row["DESCRIPTION"]))


def _of_people(folder: Path) -> Iterator[str]:
    """In small letters; a row each, the name first."""
    for path in sorted(folder.glob("dist.*")):
        for row in path.read_text("ascii").splitlines():
            yield row.partition(" ")[0].lower()


def _small(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (run for run in _RUNS.findall(text) if run.islower())


if __name__ == "__main__":
    main()
