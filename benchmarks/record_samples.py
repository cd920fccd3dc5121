"""Record the recognition of all sample scans: python -m benchmarks.record_samples.

Writes tests/samples/recognition.jsonl.gz, the memory of pipeline.ocr.remembered, and
prints how well each class of page was read. Run it again whenever the samples, the
steps before recognition or the engine change; the same pages make the same bytes.
"""

from __future__ import annotations

import collections
import re
import time
from collections.abc import Iterable

from benchmarks.samplepages import SAMPLES, SamplePage, sample_pages
from pipeline.ocr.linewise import LinewiseEngine
from pipeline.ocr.read import read_page
from pipeline.ocr.remembered import Recorded, Recording
from pipeline.page import Page

RECORDED = SAMPLES / "recognition.jsonl.gz"


def recall(page: Page, truth: str) -> tuple[int, int]:
    """How many of the truth's words were read, in any order, and how many it has."""
    want, got = (
        collections.Counter(re.findall(r"\w+", text.lower()))
        for text in (truth, page.text)
    )
    return (want & got).total(), want.total()


def kind_of(sample: SamplePage) -> str:
    name = sample.source.split("/")[0]
    return f"{name} {sample.truth['removed_as'] or ''}".strip()


def report(done: Iterable[tuple[SamplePage, Page, float]]) -> None:
    """Prints a line for each class, and one for each page that was not read well."""
    words: dict[str, list[tuple[int, int]]] = collections.defaultdict(list)
    seconds: dict[str, list[float]] = collections.defaultdict(list)
    faults: list[str] = []
    for sample, page, took in done:
        read, wanted = recall(page, sample.truth["text"])
        words[kind_of(sample)].append((read, wanted))
        seconds[kind_of(sample)].append(took)
        where = f"{sample.source} page {sample.page}"
        if page.rotation != sample.truth["rotation"]:
            faults.append(f"{where}: turn {page.rotation}")
        if page.quality.blank != (sample.truth["removed_as"] == "blank"):
            faults.append(f"{where}: blank {page.quality.blank}")
        if wanted and read / wanted < 0.9:
            faults.append(f"{where}: recall {read / wanted:.3f}")
    print("class, pages, word recall, CPU s a page")
    for kind, counts in words.items():
        read, wanted = (sum(column) for column in zip(*counts, strict=True))
        share = f"{read / wanted:.4f}" if wanted else "-"
        mean = sum(seconds[kind]) / len(counts)
        print(f"{kind:30} {len(counts):3} {share:>7} {mean:6.2f}")
    print("\n".join(faults) or "no faults")


def timed(sample: SamplePage, engine: Recorded | Recording) -> tuple[Page, float]:
    start = time.process_time()
    page = read_page(sample.image, sample.page, engine)
    return page, time.process_time() - start


def main() -> None:
    recording = Recording(LinewiseEngine())
    done = [(sample, *timed(sample, recording)) for sample in sample_pages()]
    recording.save(RECORDED)
    report(done)
    again = Recorded(RECORDED)
    took = [(page, *timed(sample, again)) for sample, page, _ in done]
    wrong = sum(old.words != new.words for old, new, _ in took)
    mean = sum(seconds for *_, seconds in took) / len(took)
    print(f"read again from the record: {wrong} pages differ, {mean:.3f} CPU s a page")
    print(f"{RECORDED.name}: {RECORDED.stat().st_size} bytes")


if __name__ == "__main__":
    main()
