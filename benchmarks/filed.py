"""What a filed PDF keeps: python -m benchmarks.filed FILE_OR_FOLDER ... [--pages N].

Reads scans (PDF, TIFF, JPEG, PNG), files each as a document would be, and measures the
result with other people's programs: how much of the recognised text poppler's
``pdftotext`` gives back in reading order (the longest common subsequence of words over
the recognised words; plain and ``-layout`` sort a page anew by its geometry, ``-raw``
keeps the order of the file, as Chromium's viewer does), how far its boxes lie from the
recognised ones, what qpdf and pikepdf's PDF/A check find, and what filing costs in CPU
and bytes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import os
import re
import statistics
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pikepdf
import pikepdf.pdfa
from rapidfuzz.distance import LCSseq

from pipeline.document import BatchId, DocumentId, DocumentType
from pipeline.errors import InputError
from pipeline.ingest.formats import count_pages, page_image, why_rendered
from pipeline.ingest.kinds import SUFFIXES
from pipeline.ingest.limits import Limits
from pipeline.ocr.engine import OcrEngine
from pipeline.ocr.linewise import LinewiseEngine
from pipeline.ocr.read import read_page
from pipeline.page import Box, Page
from pipeline.store.pdf import PdfFacts, PdfPage, filed_pdf

_POINTS = 72
_NEAR = 2.0  # points: a selection that looks right
_LIMITS = Limits()
_MODES: dict[str, tuple[str, ...]] = {
    "plain": (),
    "layout": ("-layout",),
    "raw": ("-raw",),
}
_WORD = re.compile(
    r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>'
)


@dataclass(frozen=True, slots=True)
class FiledFile:
    """What became of the pages of one file; ``over`` is bytes beyond its images."""

    name: str
    pages: int
    words: int
    found: int  # plain pdftotext, in any order
    orders: tuple[int, ...]  # in order, by each of _MODES
    offs: tuple[float, ...]  # points, the worst side of each word found
    cpu: float  # seconds
    over: int
    rendered: tuple[str, ...]  # why
    findings: tuple[str, ...]


def in_order(words: Sequence[str], found: Sequence[str]) -> int:
    """How many of the recognised words come back in their order."""
    return int(LCSseq.similarity(words, found))


def offs(page: Page, found: Iterable[tuple[str, Box]]) -> Iterator[float]:
    """For each recognised word that is found: how far its box is off, in points."""
    places = defaultdict(list)
    for text, box in found:
        places[text].append(box)
    scale = _POINTS / page.dpi
    for word in page.words:
        sides = [edge * scale for edge in _sides(word.box)]
        near = (
            max(abs(a - b) for a, b in zip(sides, _sides(box), strict=True))
            for box in places.get(word.text, ())
        )
        if (least := min(near, default=None)) is not None:
            yield least


def measured(path: Path, pages: int, engine: OcrEngine) -> FiledFile:
    """The first ``pages`` pages of one file, filed as one document."""
    count = min(count_pages(path, _LIMITS, path.suffix), pages)
    read = [
        PdfPage(path, n, read_page(page_image(path, n, _LIMITS), n, engine))
        for n in range(1, count + 1)
    ]
    before, begun = os.times(), time.process_time()
    pdf = filed_pdf(read, _facts(count))
    after = os.times()
    cpu = time.process_time() - begun
    cpu += sum(after[2:4]) - sum(before[2:4])  # poppler's, where it had to draw
    found, orders, off = 0, [0] * len(_MODES), list[float]()
    for number, page in enumerate(read, start=1):
        words = [word.text for word in page.read.words]
        texts = [told(pdf, number, *mode).split() for mode in _MODES.values()]
        found += (Counter(words) & Counter(texts[0])).total()
        here = (in_order(words, text) for text in texts)
        orders = [sum(pair) for pair in zip(orders, here, strict=True)]
        off += offs(page.read, boxes(pdf, number))
    whys = (why_rendered(path, page.page) for page in read)
    return FiledFile(
        path.name,
        count,
        sum(len(page.read.words) for page in read),
        found,
        tuple(orders),
        tuple(off),
        cpu,
        len(pdf) - _image_bytes(pdf),
        tuple(why for why in whys if why),
        tuple(_findings(pdf)),
    )


def told(pdf: bytes, page: int, *options: str) -> str:
    """What pdftotext reads on one page."""
    only = ["-f", str(page), "-l", str(page)]
    command = ["pdftotext", *options, *only, "-", "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def boxes(pdf: bytes, page: int) -> list[tuple[str, Box]]:
    """The words that pdftotext finds on one page, in points."""
    return [
        (unescape(text), Box(*(float(value) for value in box)))
        for *box, text in _WORD.findall(told(pdf, page, "-bbox"))
    ]


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def _image_bytes(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return sum(
            len(image.read_raw_bytes())
            for page in opened.pages
            for image in page.get_images().values()
        )


def _findings(pdf: bytes) -> Iterator[str]:
    """Of the PDF/A-2b check, which never looks into JPEG 2000, and of qpdf's."""
    for finding in pikepdf.pdfa.validate_written(io.BytesIO(pdf), "2b").findings:
        if "JPEG 2000" not in finding.message:
            yield finding.message
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        yield from opened.check_pdf_syntax()


def _facts(pages: int) -> PdfFacts:
    return PdfFacts(
        DocumentId("bench"),
        DocumentType("letter"),
        "",
        "Bench",
        "0",
        dt.date(2026, 1, 2),
        dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
        BatchId("bench"),
        tuple(range(1, pages + 1)),
    )


# --- the table ----------------------------------------------------------------------


def lines(files: Sequence[FiledFile]) -> Iterator[str]:
    """A row a file, and all of them together."""
    yield (
        f"{'file':30} {'pages':>5} {'words':>6} {'found':>6}"
        f" {' '.join(f'{mode:>6}' for mode in _MODES)} {'2 pt':>6}"
        f" {'worst':>6} {'ms/page':>8} {'kB over':>8}  rendered, findings"
    )
    for file in files:
        yield _line(file.name, [file])
    yield _line("all", files)


def _line(name: str, files: Sequence[FiledFile]) -> str:
    pages, words = sum(f.pages for f in files), sum(f.words for f in files)
    orders = [sum(kept) for kept in zip(*(f.orders for f in files), strict=True)]
    off = [value for f in files for value in f.offs]
    near = _share(sum(value <= _NEAR for value in off), words)
    remarks = sorted({r for f in files for r in (*f.rendered, *f.findings)})
    return (
        f"{name[:30]:30} {pages:5} {words:6}"
        f" {_share(sum(f.found for f in files), words):>6}"
        f" {' '.join(f'{_share(kept, words):>6}' for kept in orders)}"
        f" {near:>6} {max(off, default=0):6.1f}"
        f" {1000 * sum(f.cpu for f in files) / max(pages, 1):8.1f}"
        f" {statistics.mean(f.over / max(f.pages, 1) for f in files) / 1000:8.1f}"
        f"  {'; '.join(remarks)}"
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else "-"


def main(paths: Sequence[Path], pages: int) -> None:
    engine = LinewiseEngine()
    files: list[FiledFile] = []
    for path in scans(paths):
        try:
            files.append(measured(path, pages, engine))
        except InputError as error:
            print(f"{path.name}: {error}")
    if files:
        print("\n".join(lines(files)))


def scans(paths: Iterable[Path]) -> Iterator[Path]:
    """The files meant, by what their names end in."""
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (p for p in inside if p.suffix.lower() in SUFFIXES)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=3, help="of each file at most")
    given = parser.parse_args()
    main(given.paths, given.pages)
