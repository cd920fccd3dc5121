"""A received file -> how many sides, and each side in grey.

Runs only in pool processes, under memory and time limits: whatever is wrong with the
bytes, an InputError says so, or the process dies and takes only its own page along.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pipeline.errors import UnreadableFile
from pipeline.ingest.images import count_images, image_page
from pipeline.ingest.kinds import HEAD, Kind, checked_kind
from pipeline.ingest.limits import Limits
from pipeline.ingest.pdf import count_pdf, pdf_page, why_drawn
from pipeline.page import PageImage

PageSource = Literal["taken", "rendered"]


def count_pages(path: Path, limits: Limits, suffix: str = "") -> int:
    """Sides of a file; ``suffix`` of its received name (".pdf"), if it had one.

    Raises UnreadableFile (empty, truncated, not what its name says), EncryptedFile,
    UnsupportedFile, OverLimit. Nothing is decoded but single pictures.
    """
    limits.check_bytes(path.stat().st_size)
    kind = _kind(path, suffix)
    return (
        count_pdf(path, limits) if kind == "pdf" else count_images(path, kind, limits)
    )


def page_image(path: Path, page: int, limits: Limits) -> PageImage:
    """Side ``page``, from 1, as a viewer shows it: after /Rotate, EXIF, TIFF turns.

    Raises InputError for this page only; the others may be fine.
    """
    if page < 1:
        raise UnreadableFile(f"there is no page {page}: pages count from 1")
    kind = _kind(path, "")
    if kind == "pdf":
        return pdf_page(path, page, limits)
    return image_page(path, kind, page, limits)


def page_source(path: Path, page: int) -> PageSource:
    """Whether page_image gives the scan's own pixels, or a rendering.

    A page of an image file is always taken.
    """
    return "rendered" if why_rendered(path, page) else "taken"


def why_rendered(path: Path, page: int) -> str:
    """What of this page is no scan ("visible text", "a clip" ...); "" if it is one."""
    return why_drawn(path, page) if _kind(path, "") == "pdf" else ""


def _kind(path: Path, suffix: str) -> Kind:
    with path.open("rb") as file:
        return checked_kind(file.read(HEAD), suffix)
