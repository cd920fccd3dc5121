"""Many colour pages do not weigh on the process that files them."""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pdf_pages as made
import pikepdf
import pytest
from PIL import Image

from pipeline.errors import StoreUnavailable
from pipeline.store import pdf_images
from pipeline.store.pdf import PdfPage, filed_pdf, write_pdf

PAGES, SIZE = 10, (1400, 2000)
RAW = 3 * SIZE[0] * SIZE[1]  # bytes of a page
PEAK = """
import resource, sys, pathlib
import test_store_pdf_images as t
from pipeline.store.pdf import write_pdf

def peak():
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

folder = pathlib.Path(sys.argv[1])
pages = t.pages_in(folder)
write_pdf(pages[:1], t.made.FACTS, folder / "one.pdf")
one = peak()
write_pdf(pages, t.made.FACTS, folder / "all.pdf")
print(peak() - one)
"""


def pages_in(folder: Path) -> list[PdfPage]:
    return [PdfPage(folder / f"{n}.png", 1, made.read(size=SIZE)) for n in range(PAGES)]


def test_a_stack_of_large_pages_is_not_held_in_memory(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (SIZE[1], SIZE[0], 3), np.uint8)
    for number in range(PAGES):
        page = Image.fromarray(np.roll(noise, number))
        page.save(tmp_path / f"{number}.png", compress_level=0)
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(tmp_path)],
        cwd=Path(__file__).parent,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    assert (tmp_path / "all.pdf").stat().st_size > PAGES * RAW
    assert int(done.stdout) < PAGES * RAW / 2
    assert sorted(path.suffix for path in tmp_path.iterdir()) == sorted(
        [".pdf"] * 2 + [".png"] * PAGES
    )


def test_what_went_to_disk_is_what_would_have_been_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = made.upright("RGB")[0]
    image.save(tmp_path / "p.jpg")
    image.save(tmp_path / "p.png")
    path = made.one_image_pdf(tmp_path / "p", image)
    pages = [
        PdfPage(each, 1, made.read())
        for each in (tmp_path / "p.jpg", path, tmp_path / "p.png", path)
    ]
    held = filed_pdf(pages, made.FACTS)
    monkeypatch.setattr(pdf_images, "_MOST", 0)
    monkeypatch.setattr(pdf_images, "_SHARE", 4)
    stored = filed_pdf(pages, made.FACTS)
    assert streams(stored) == streams(held)
    assert stored == filed_pdf(pages, made.FACTS)


def streams(pdf: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as filed:
        return [page.Resources.XObject.I0.read_raw_bytes() for page in filed.pages]


def test_a_full_disk_is_not_the_paper_s_fault(tmp_path: Path) -> None:
    made.upright()[0].save(tmp_path / "p.jpg")
    page = PdfPage(tmp_path / "p.jpg", 1, made.read())
    with pytest.raises(StoreUnavailable, match="make room"):
        write_pdf([page], made.FACTS, Path("/dev/full"))
