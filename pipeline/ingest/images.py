"""Image files -> sides. Runs in a pool process: received bytes are decoded here."""

from __future__ import annotations

import mmap
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from PIL import Image, UnidentifiedImageError

from pipeline.errors import OverLimit, UnreadableFile, UnsupportedFile
from pipeline.ingest import tiff
from pipeline.ingest.damage import BROKEN
from pipeline.ingest.grey import page_image
from pipeline.ingest.kinds import Kind
from pipeline.ingest.limits import Limits
from pipeline.page import PageImage

_PLUGINS: dict[Kind, str] = {
    "tiff": "TIFF",
    "jpeg": "JPEG",
    "png": "PNG",
    "jp2": "JPEG2000",
    "bmp": "BMP",
    "webp": "WEBP",
}
_ONE_PICTURE = ("png", "webp")  # where a second frame is an animation
_BROKEN: tuple[type[Exception], ...] = (
    *BROKEN,
    tiff.BrokenTiff,
    UnidentifiedImageError,
)


def count_images(path: Path, kind: Kind, limits: Limits) -> int:
    """Sides of an image file; a single picture is decoded coarsely to find damage."""
    with _named_damage():
        if kind == "tiff":
            return _count_tiff(path, limits)
        with Image.open(path, formats=[_PLUGINS[kind]]) as image:
            limits.check_size(*image.size)
            if kind in _ONE_PICTURE and getattr(image, "n_frames", 1) > 1:
                raise UnsupportedFile("a moving picture is no scan: send the pages")
            image.draft("L", (image.width // 8, image.height // 8))
            image.load()
        return 1


def image_page(path: Path, kind: Kind, page: int, limits: Limits) -> PageImage:
    """One side; of a TIFF only its own directory and strips are read."""
    with _named_damage():
        if kind == "tiff":
            return _tiff_page(path, page, limits)
        if page != 1:
            raise UnreadableFile(f"page {page} of a file of one page")
        with Image.open(path, formats=[_PLUGINS[kind]]) as image:
            limits.check_size(*image.size)
            return page_image(image)


def _count_tiff(path: Path, limits: Limits) -> int:
    with path.open("rb") as file:
        count = len(tiff.sides(file, limits.pages))
    limits.check_pages(count)
    if not count:
        raise UnreadableFile("the file holds no page: scan the sheets again")
    return count


def _tiff_page(path: Path, page: int, limits: Limits) -> PageImage:
    """The page's directory is made the first one, so that no other is looked at."""
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as data,
    ):
        here = tiff.side(file, page, limits.pages)
        if here is None:
            raise UnreadableFile(f"there is no page {page}: the file has fewer")
        limits.check_size(here.width, here.height)
        at, form = tiff.offset_at(file)
        struct.pack_into(form, data, at, here.offset)
        try:
            return _decoded(_Readable(data, file), limits)
        except _BROKEN as error:  # libtiff opens none whose first directory is damaged
            try:
                return _decoded(_Readable(data), limits)
            except MemoryError:  # all pages at once are too many
                raise error from None


def _decoded(stack: _Readable, limits: Limits) -> PageImage:
    with Image.open(cast("IO[bytes]", stack), formats=["TIFF"]) as image:
        limits.check_size(*image.size)
        return page_image(image)


class _Readable:
    """The part of a file that Pillow uses; its first directory is the page's.

    Through the descriptor libtiff reads the strips of the directory that Pillow found;
    without one it is given the bytes of all pages.
    """

    def __init__(self, data: mmap.mmap, file: IO[bytes] | None = None) -> None:
        self.read, self.seek, self.tell = data.read, data.seek, data.tell
        if file:
            self.fileno = file.fileno
        data.seek(0)


@contextmanager
def _named_damage() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's remarks on odd tags help nobody
        try:
            yield
        except (Image.DecompressionBombError, MemoryError):
            raise OverLimit(
                "the picture is too large to open: scan it at a lower resolution"
            ) from None
        except _BROKEN as error:
            raise UnreadableFile(
                f"the picture is truncated or damaged ({type(error).__name__}):"
                " scan the sheet again"
            ) from None
