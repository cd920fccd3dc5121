"""What is refused, by which error, and what the reason says."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pikepdf
import pytest
from ingest_making import changed_pdf, encoded, scan_pdf, sheet, write

from pipeline.errors import (
    EncryptedFile,
    InputError,
    OverLimit,
    UnreadableFile,
    UnsupportedFile,
)
from pipeline.ingest.formats import count_pages, page_image
from pipeline.ingest.limits import Limits

SMALL = Limits(pages=3, pixels=500_000, bytes=1_000_000, seconds=20)


def png(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and holds nothing of it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + body


def tiff(pages: int) -> bytes:
    rest = [sheet() for _ in range(pages - 1)]
    return encoded(sheet(), "TIFF", save_all=True, append_images=rest)


def locked() -> bytes:
    lock = pikepdf.Encryption(owner="o", user="u", R=6)
    return changed_pdf(scan(), lambda _: None, encryption=lock)


def scan(pages: int = 1) -> bytes:
    return scan_pdf(*[encoded(sheet(), "JPEG")] * pages)


def empty_pdf() -> bytes:
    return changed_pdf(scan(), lambda pdf: pdf.pages.__delitem__(0))


JPEG, PNG = encoded(sheet(), "JPEG"), encoded(sheet(), "PNG")
TABLE = [
    ("a.pdf", b"", UnreadableFile, "empty"),
    ("a.pdf", locked(), EncryptedFile, "password"),
    ("a.pdf", scan()[:-900], UnreadableFile, "truncated"),
    ("a.pdf", scan(4), OverLimit, "limits.pages"),
    ("a.pdf", empty_pdf(), UnreadableFile, "no page"),
    ("a.pdf", b"%PDF-1.7\nnothing\n%%EOF", UnreadableFile, "damaged"),
    ("a.pdf", JPEG, UnreadableFile, "name"),
    ("a.jpg", scan(), UnreadableFile, "name"),
    ("a.JPG", PNG, UnreadableFile, "name"),
    ("a.txt", PNG, UnreadableFile, "name"),
    ("a.png", b"no picture", UnreadableFile, "name"),
    ("a.gif", encoded(sheet(), "GIF"), UnsupportedFile, "format"),
    ("a", b"\0" * 100, UnsupportedFile, "format"),
    ("a.jpg", JPEG[: len(JPEG) // 2], UnreadableFile, "truncated"),
    ("a.png", PNG[: len(PNG) // 2], UnreadableFile, "truncated"),
    ("a.bmp", encoded(sheet(), "BMP")[:5000], UnreadableFile, "truncated"),
    ("a.webp", encoded(sheet(), "WEBP")[:300], UnreadableFile, "truncated"),
    ("a.jp2", encoded(sheet(), "JPEG2000")[:300], UnreadableFile, "truncated"),
    ("a.tif", tiff(2)[:200], UnreadableFile, "truncated"),
    ("a.tif", tiff(4), OverLimit, "limits.pages"),
    ("a.tif", b"II*\0\0\0\0\0", UnreadableFile, "no page"),
    ("a.png", png(1000, 1000), OverLimit, "limits.pixels"),
    ("a.png", png(60_000, 60_000), OverLimit, "too large"),
    ("a.png", PNG + b"\0" * 1_000_000, OverLimit, "limits.bytes"),
    (
        "a.webp",
        encoded(sheet(), "WEBP", save_all=True, append_images=[sheet(mode="1")]),
        UnsupportedFile,
        "moving",
    ),
]


@pytest.mark.parametrize(
    ("name", "data", "error", "word"), TABLE, ids=[f"{r[0]} {r[3]}" for r in TABLE]
)
def test_refused(
    tmp_path: Path, name: str, data: bytes, error: type[InputError], word: str
) -> None:
    path = write(tmp_path / name, data)
    with pytest.raises(error, match=word) as caught:
        count_pages(path, SMALL, path.suffix)
    assert str(tmp_path) not in str(caught.value)
    assert ":" in str(caught.value), "the reason names the next move"


def test_a_stored_original_has_no_name(tmp_path: Path) -> None:
    assert count_pages(write(tmp_path / "0a1b", JPEG), SMALL) == 1
    assert count_pages(write(tmp_path / "a.scan", JPEG), SMALL, ".scan") == 1


def large_tiff() -> bytes:
    rest = [sheet(1000, 1000)]
    options = {"save_all": True, "append_images": rest, "compression": "tiff_lzw"}
    return encoded(sheet(), "TIFF", **options)


def large_pdf() -> bytes:
    return scan_pdf(encoded(sheet(), "JPEG"), encoded(sheet(1000, 1000), "JPEG"))


def poster() -> bytes:
    def grow(pdf: pikepdf.Pdf) -> None:
        pdf.pages[1].Contents = pdf.make_stream(b"0 0 9 9 re f")

    return changed_pdf(large_pdf(), grow)


@pytest.mark.parametrize("data", [large_tiff(), large_pdf(), poster()])
def test_a_page_too_large_costs_only_itself(tmp_path: Path, data: bytes) -> None:
    path = write(tmp_path / "a", data)
    assert count_pages(path, SMALL) == 2
    assert page_image(path, 1, SMALL).pixels.shape == (440, 340)
    with pytest.raises(OverLimit):
        page_image(path, 2, SMALL)


def test_there_is_no_page_0(tmp_path: Path) -> None:
    for name, data in (("a.jpg", JPEG), ("a.pdf", scan())):
        path = write(tmp_path / name, data)
        for page in (-1, 0, 2):
            with pytest.raises(UnreadableFile):
                page_image(path, page, SMALL)


def test_a_drawing_that_takes_too_long(tmp_path: Path) -> None:
    def slow(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        shape = b"".join(b"%d %d l " % (n * 7919 % 250, n % 317) for n in range(900))
        page.Contents = pdf.make_stream(b"0 0 m " + (shape + b"S 0 0 m ") * 30)

    path = write(tmp_path / "a.pdf", changed_pdf(scan(), slow))
    with pytest.raises(OverLimit, match=r"limits\.seconds"):
        page_image(path, 1, Limits(seconds=0))
