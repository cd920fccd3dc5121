"""A document's scans while its PDF is made: on disk as soon as they are many.

Thirty colour pages are two hundred megabytes, more than a reading process has to spare,
and pikepdf holds a stream that it was given, or took from another file, until it saves.
What is saved and opened again lies in the file.
"""

from __future__ import annotations

import dataclasses
import io
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pikepdf
from pikepdf import AccessMode, Array, Pdf, Stream, StreamDecodeLevel

from pipeline.errors import StoreUnavailable
from pipeline.store.pdf_scan import Scan
from pipeline.store.temporary import NO_ROOM, temporary_file

if TYPE_CHECKING:
    from typing_extensions import Buffer

_MOST = 24_000_000  # bytes that are held
_SHARE = 8  # or this part of what is on disk: each time, all of it is written again


class Images:
    """The PDF under construction, and the scans that were added to it, in order.

    ``pdf`` is another one after each ``add``: what is not of its scans is lost.
    """

    def __init__(self) -> None:
        self.pdf = Pdf.new()
        self.scans: list[Scan] = []
        self._file = ExitStack()
        self._held = self._stored = 0  # bytes

    def close(self) -> None:
        """The PDF and its scans are gone."""
        self.pdf.close()
        self._file.close()

    def add(self, scan: Scan) -> None:
        """One more side; raises StoreUnavailable if the disk has no room for it."""
        self.scans.append(scan)
        self._held += sum(
            len(piece.image.get_raw_stream_buffer()) for piece in scan.pieces
        )
        if self._held > max(_MOST, self._stored // _SHARE):
            self._to_disk()

    def _to_disk(self) -> None:
        every = [piece.image for scan in self.scans for piece in scan.pieces]
        self.pdf.Root.Held = Array(every)
        with ExitStack() as file:
            path = file.enter_context(temporary_file())
            save(
                self.pdf,
                path,
                compress_streams=False,
                stream_decode_level=StreamDecodeLevel.none,
            )
            self.pdf.close()
            self.pdf = pikepdf.open(path, access_mode=AccessMode.stream)
            if "/ID" in self.pdf.trailer:  # drawn by lot
                del self.pdf.trailer["/ID"]
            self._file.close()
            self._file = file.pop_all()
        self._held, self._stored = 0, self._held + self._stored
        images = (cast("Stream", image) for image in self.pdf.Root.Held)
        self.scans = [
            dataclasses.replace(
                scan,
                pieces=tuple(
                    dataclasses.replace(piece, image=next(images))
                    for piece in scan.pieces
                ),
            )
            for scan in self.scans
        ]
        del self.pdf.Root.Held


def save(pdf: Pdf, to: Path, **how: Any) -> None:  # noqa: ANN401 - pikepdf's own
    """Write it; raises StoreUnavailable if the disk has no room for it."""
    try:
        with to.open("wb") as file:
            written = _Written(file)
            pdf.save(cast("BinaryIO", written), **how)
    except OSError:  # the rest of it, as the file is closed
        raise StoreUnavailable(NO_ROOM) from None
    if written.full:
        raise StoreUnavailable(NO_ROOM)


class _Written(io.RawIOBase):
    """A file that says only afterwards that the disk was full: qpdf dies of it."""

    def __init__(self, file: BinaryIO) -> None:
        self.full = False
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        """How much is said to be written: all of it."""
        try:
            self._file.write(data)
        except OSError:
            self.full = True
        return memoryview(data).nbytes
