"""The figures of filed PDFs count what they say they count."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from benchmarks.filed import in_order, lines, measured, offs, scans
from pipeline.page import Box, Page, PageImage, Quality, QuarterTurn, Word


class OneLine:
    """An engine that reads the same three words everywhere."""

    name = "one line"

    def read(
        self, image: PageImage, lines: tuple[Box, ...] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        return tuple(
            Word(text, Box(100 + 90 * n, 100, 180 + 90 * n, 120), 0.9)
            for n, text in enumerate(("one", "two", "three"))
        )

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:
        return 0, 99.0


def test_order_counts_and_distance_is_of_the_worst_side() -> None:
    assert in_order(["a", "b", "c"], ["b", "x", "c", "a"]) == 2
    quality = Quality(0.1, False, 144, 9.0, 1.0, 0.0, 0.9)
    words = (Word("a", Box(20, 20, 40, 40), 0.9), Word("lost", Box(0, 0, 2, 2), 0.9))
    page = Page(1, (100, 100), words, (), 144, 0, quality, "none")
    found = [("a", Box(10, 10, 20, 23)), ("a", Box(50, 50, 60, 60))]
    assert list(offs(page, found)) == [3]


def test_a_scan_is_measured_from_file_to_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks import filed

    def read(image: PageImage, number: int, engine: OneLine) -> Page:
        height, width = image.pixels.shape
        quality = Quality(0.1, False, image.dpi, 9.0, 1.0, 0.0, 0.9)
        words, size = engine.read(image), (width, height)
        return Page(number, size, words, (), image.dpi, 0, quality, engine.name)

    monkeypatch.setattr(filed, "read_page", read)
    Image.new("L", (850, 1100), 255).save(tmp_path / "a.png", dpi=(100, 100))
    (tmp_path / "notes.txt").write_text("no scan")
    (path,) = scans([tmp_path])
    file = measured(path, 3, OneLine())
    assert (file.pages, file.words, file.found, file.orders) == (1, 3, 3, (3, 3, 3))
    assert max(file.offs) < 2
    assert file.findings == file.rendered == ()
    table = list(lines([file]))
    assert [row.split()[:4] for row in table[1:]] == [
        ["a.png", "1", "3", "1.0000"],
        ["all", "1", "3", "1.0000"],
    ]
