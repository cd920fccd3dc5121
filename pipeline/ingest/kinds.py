"""Which format a file holds, told by its first bytes and never by its name."""

from __future__ import annotations

from typing import Literal

from pipeline.errors import UnreadableFile, UnsupportedFile

Kind = Literal["pdf", "tiff", "jpeg", "png", "jp2", "bmp", "webp"]

HEAD = 1024  # bytes that kind_of wants to see: a PDF header may have junk before it
SUFFIXES: dict[str, Kind] = {
    ".pdf": "pdf",
    ".tif": "tiff",
    ".tiff": "tiff",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".jpe": "jpeg",
    ".png": "png",
    ".jp2": "jp2",
    ".j2k": "jp2",
    ".j2c": "jp2",
    ".jpf": "jp2",
    ".jpx": "jp2",
    ".bmp": "bmp",
    ".webp": "webp",
}
_OTHERS = (
    ".csv .doc .docx .gif .heic .htm .html .json .odt .ppt .pptx .rtf .txt .xls .xlsx"
    " .xml .zip"
)
OTHER_SUFFIXES = frozenset(_OTHERS.split())  # they deny that the file is a scan
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "jp2"),
    (b"\xff\x4f\xff\x51", "jp2"),
)
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)  # the sizes a BMP's header may state


def kind_of(head: bytes) -> Kind | None:
    """The format that begins with these bytes (HEAD of them); None if we take none."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    return "pdf" if b"%PDF-" in head[:HEAD] else None


def checked_kind(head: bytes, suffix: str = "") -> Kind:
    """The format; ``suffix`` (".pdf", or "" when there is no name) must not deny it.

    Raises UnreadableFile for no bytes or a name that lies, UnsupportedFile else.
    """
    if not head:
        raise UnreadableFile("the file is empty: scan the sheets again")
    kind = kind_of(head)
    suffix = suffix.lower()
    if kind is None and suffix in SUFFIXES:
        raise UnreadableFile(
            "the file is not what its name says: scan the sheets again"
        )
    if kind is None:
        raise UnsupportedFile(
            "not a format we take: send PDF, TIFF, JPEG, PNG, JPEG 2000, BMP or WebP"
        )
    if suffix in OTHER_SUFFIXES or SUFFIXES.get(suffix, kind) != kind:
        raise UnreadableFile(
            "the file is not what its name says: give it the suffix of its content"
        )
    return kind
