"""Measures clues on the recorded sample scans: `python -m benchmarks.clue_recall`.

For mrn, name and birth date a page counts as printed when the truth's text bears the
value (of the page's subject); found when a subject's clue has it. Every other subject's
clue of the field is wrong; so is the number of another house, taken for the subject's.
"""

import argparse
import csv
import datetime as dt
import time
from collections import Counter
from pathlib import Path

from benchmarks.samplepages import SAMPLES, SamplePage, sample_pages
from pipeline.errors import UnreadableFile
from pipeline.finding import Clue
from pipeline.index.cluerules import ClueRules
from pipeline.index.clues import clues_of
from pipeline.index.names import fold, name_from_value
from pipeline.index.numbers import learn_format
from pipeline.index.roles import load_roles
from pipeline.index.service import Paper, service_dates
from pipeline.ocr.read import read_page
from pipeline.ocr.remembered import Recorded
from pipeline.page import Page

_OURS = (
    "Eastvale Regional Hospital", "Port Hadley Medical Center", "St. Brannoc Hospital",
    "Larch Hill Family Practice", "New Arden Surgical & Specialty Clinics",
    "Cobbs Landing Community Hospital", "Tamarack Diagnostic Services",
    "Ridgeway Health Network",
)  # fmt: skip
_FIELDS = ("mrn", "name", "born")
_RECEIVED = dt.date(2014, 12, 31)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--roles", type=Path, help="models/roles; none: rules alone")
    given = parser.parse_args()
    rules, counts, spent = _rules(given.roles), Counter[tuple[str, str]](), 0.0
    documents: dict[str, list[tuple[SamplePage, tuple[Clue, ...]]]] = {}
    pages = _pages()
    for sample, page in pages:
        start = time.process_time()
        clues = clues_of(page, rules)
        spent += time.process_time() - start
        misses = [m for f in _FIELDS for m in _score(f, sample, clues, counts)]
        if given.misses and misses:
            print(sample.source, sample.page, *misses)
        if sample.truth["document"]:
            documents.setdefault(str(sample.truth["document"]), []).append(
                (sample, clues)
            )
    for name, parts in documents.items():
        outcome = _score_date(parts)
        counts["service date", outcome] += 1
        if given.misses and outcome != "found":
            print("service date", name, parts[0][0].truth["type"], outcome)
    for field in (*_FIELDS, "service date"):
        print(field, {k[1]: n for k, n in sorted(counts.items()) if k[0] == field})
    print(f"{1000 * spent / len(pages):.1f} ms a page")


def _rules(model: Path | None) -> ClueRules:
    with (SAMPLES / "patients.csv").open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))
    return ClueRules(
        _RECEIVED,
        learn_format(person["mrn"] for person in people),
        authorities=_OURS,
        given_names=frozenset(fold(person["first_name"]) for person in people),
        people=load_roles(model) if model else None,
    )


def _pages() -> list[tuple[SamplePage, Page]]:
    """The recorded pages; one that is not in the recording is named and left out."""
    engine, found = Recorded(SAMPLES / "recognition.jsonl.gz"), []
    for sample in sample_pages():
        try:
            page = read_page(sample.image, sample.page, engine)
        except UnreadableFile:
            print("not recorded:", sample.source, sample.page)
            continue
        found.append((sample, page))
    return found


def _score(
    field: str,
    sample: SamplePage,
    clues: tuple[Clue, ...],
    counts: Counter[tuple[str, str]],
) -> list[str]:
    truth, text = sample.truth, str(sample.truth["text"])
    own = [c for c in clues if c.field == field and c.role == "subject"]
    right = [c for c in own if _agrees(c, truth)]
    printed = bool(right) or _printed(field, truth, text)
    counts[field, "printed"] += printed
    counts[field, "found"] += bool(right)
    counts[field, "clues right"] += len(right)
    counts[field, "clues wrong"] += len(own) - len(right)
    missed = [f"missed {field}"] if printed and not right else []
    return missed + [f"wrong {field}: {c.text}" for c in own if c not in right]


def _agrees(clue: Clue, truth: dict[str, object]) -> bool:
    if clue.field == "mrn":
        return clue.value == truth["mrn"]
    if clue.field == "born":
        return clue.value == truth["birth_date"]
    name, words = name_from_value(clue.value), fold(str(truth["name"])).split()
    return fold(name.family) in " ".join(words) and fold(name.given)[:1] == words[0][:1]


def _printed(field: str, truth: dict[str, object], text: str) -> bool:
    if field == "mrn":
        return bool(truth["mrn"]) and str(truth["mrn"]) in text
    head = "\n".join(text.split("\n")[:14]).upper()
    if field == "name":
        words = fold(str(truth["name"])).split()
        return bool(words) and words[-1] in fold(head) and words[0] in fold(head)
    return "DOB" in head or "BIRTH" in head or "BORN" in head


def _score_date(parts: list[tuple[SamplePage, tuple[Clue, ...]]]) -> str:
    truth = parts[0][0].truth
    clues = [c for _, page in parts for c in page]
    found = service_dates(clues, Paper(_RECEIVED, str(truth["type"])))
    if not truth["service_date"]:
        return "found" if not found else "invented"
    if not found:
        return "none"
    day = found[0].value.isoformat()
    return "found" if day == truth["service_date"] else "wrong"


if __name__ == "__main__":
    main()
