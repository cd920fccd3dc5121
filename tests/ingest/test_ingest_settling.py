"""When a file has stopped growing, and whether it has its end."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from ingest_making import encoded, scan_pdf, sheet, write
from PIL import Image

from pipeline.ingest.settling import Settling, being_written, entries, opened
from pipeline.ingest.tiff import BrokenTiff, directories
from pipeline.ingest.trailers import shape

PAGE = sheet()
WHOLE = {
    "pdf": scan_pdf(encoded(PAGE, "JPEG")),
    "jpeg": encoded(PAGE, "JPEG"),
    "png": encoded(PAGE, "PNG"),
    "tiff": encoded(PAGE, "TIFF", compression="tiff_lzw"),
    "big tiff": encoded(PAGE, "TIFF", big_tiff=True),
    "jp2": encoded(PAGE, "JPEG2000"),
    "j2k": encoded(PAGE, "JPEG2000", no_jp2=True),
    "bmp": encoded(PAGE, "BMP"),
    "webp": encoded(PAGE, "WEBP"),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_whole_and_cut(kind: str) -> None:
    data = WHOLE[kind]
    whole = shape(io.BytesIO(data))
    assert whole.whole
    assert whole.kind == {"big tiff": "tiff", "j2k": "jp2"}.get(kind, kind)
    assert whole.single == (kind != "pdf")
    for length in (len(data) // 2, len(data) * 9 // 10, len(data) - 20):
        assert not shape(io.BytesIO(data[:length])).whole, length


@pytest.mark.parametrize("kind", ["pdf", "jpeg", "png", "bmp", "webp"])
def test_junk_behind_the_end_is_forgiven(kind: str) -> None:
    assert shape(io.BytesIO(WHOLE[kind] + b"\0" * 500)).whole


def test_a_tiff_of_many_pages() -> None:
    data = encoded(PAGE, "TIFF", save_all=True, append_images=[PAGE, PAGE])
    found = shape(io.BytesIO(data))
    assert found.many
    assert not found.single
    assert not shape(io.BytesIO(data[:-10])).whole


def test_a_circle_of_directories_ends() -> None:
    data = bytearray(encoded(Image.new("1", (8, 8)), "TIFF"))
    (only,) = directories(io.BytesIO(data), 9)
    count = int.from_bytes(data[only.offset : only.offset + 2], "little")
    at = only.offset + 2 + 12 * count
    data[at : at + 4] = only.offset.to_bytes(4, "little")
    with pytest.raises(BrokenTiff):
        list(directories(io.BytesIO(data), 9))
    assert not shape(io.BytesIO(data)).whole


def test_zeros_are_room_for_what_comes() -> None:
    assert not shape(io.BytesIO(bytes(5000))).whole
    assert shape(io.BytesIO(b"words")).whole


def test_jp2_boxes() -> None:
    data = WHOLE["jp2"]
    xml = (20).to_bytes(4, "big") + b"xml <?xml?>   "
    assert shape(io.BytesIO(data + xml.ljust(20))).whole
    assert not shape(io.BytesIO(data[:12] + b"\0\0\0\2jp2c" + bytes(30))).whole
    at = data.index(b"jp2c") - 4
    open_end = data[:at] + bytes(4) + data[at + 4 :]
    assert shape(io.BytesIO(open_end)).whole
    assert not shape(io.BytesIO(open_end[:-30])).whole
    large = data[:at] + (1).to_bytes(4, "big") + b"jp2c"
    large += (len(data) - at + 8).to_bytes(8, "big") + data[at + 8 :]
    assert shape(io.BytesIO(large)).whole


def look(settling: Settling, root: Path, now: float) -> dict[str, bool]:
    return {r.seen.name: r.settled for r in settling.look(entries(root), now)}


def test_rest_is_measured_by_our_clock(tmp_path: Path) -> None:
    settling = Settling(tmp_path, settle=5)
    path = write(tmp_path / "a.png", WHOLE["png"][:100])
    os.utime(path, (1, 1))
    assert look(settling, tmp_path, 0) == {"a.png": False}
    assert look(settling, tmp_path, 5) == {"a.png": False}, "it has no end yet"
    write(path, WHOLE["png"])
    assert look(settling, tmp_path, 6) == {"a.png": False}
    assert look(settling, tmp_path, 10) == {"a.png": False}
    assert look(settling, tmp_path, 11) == {"a.png": True}


def test_same_size_and_another_time_is_a_change(tmp_path: Path) -> None:
    settling = Settling(tmp_path, settle=5)
    path = write(tmp_path / "a.png", WHOLE["png"])
    look(settling, tmp_path, 0)
    os.utime(path, (7, 7))
    assert look(settling, tmp_path, 5) == {"a.png": False}


def test_an_open_writer_is_waited_for(tmp_path: Path) -> None:
    path = write(tmp_path / "a.png", WHOLE["png"])
    settling = Settling(tmp_path, settle=0)
    with path.open("ab"):
        assert being_written(path)
        assert look(settling, tmp_path, 9) == {"a.png": False}
    assert not being_written(path)
    assert look(settling, tmp_path, 9) == {"a.png": True}


def test_nothing_is_followed(tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    secret = write(tmp_path / "secret.png", WHOLE["png"])
    write(inbox / "a.png", WHOLE["png"])
    (inbox / "link.png").symlink_to(secret)
    (inbox / "folder").symlink_to(tmp_path)
    os.mkfifo(inbox / "pipe.png")
    found = {seen.name: seen.regular for seen in entries(inbox)}
    assert found == {
        "a.png": True,
        "link.png": False,
        "folder": False,
        "pipe.png": False,
    }
    for name in ("link.png", "pipe.png", "folder"):
        with pytest.raises(OSError), opened(inbox / name):
            pass


def test_names_that_say_not_yet(tmp_path: Path) -> None:
    for name in (".a.pdf", "a.pdf.part", "B.TMP", "~$a.doc", ".work/a.pdf", "ok.pdf"):
        write(tmp_path / name, b"x")
    assert [seen.name for seen in entries(tmp_path)] == ["ok.pdf"]


def test_a_folder_that_is_gone_has_nothing(tmp_path: Path) -> None:
    assert entries(tmp_path / "gone") == ()
