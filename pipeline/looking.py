"""One side of a received file, opened and looked at quickly, in a pool process."""

from __future__ import annotations

from pathlib import Path

from pipeline.ingest.formats import page_image
from pipeline.ingest.limits import Limits
from pipeline.ocr.firstlook import first_look
from pipeline.page import PageLook


def look_at(path: Path, page: int, number: int, limits: Limits) -> PageLook:
    """Side ``page`` of the file, page ``number`` of its batch; raises InputError."""
    return first_look(page_image(path, page, limits), number)
