"""Every format, colour and turn becomes the grey page that a viewer shows."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from ingest_making import corner, encoded, sheet, write
from PIL import Image, ImageOps

from pipeline.errors import UnreadableFile
from pipeline.ingest.formats import count_pages, page_image, page_source
from pipeline.ingest.grey import believed_dpi, grey
from pipeline.ingest.limits import Limits

LIMITS = Limits()
EXACT = [
    ("a.tif", "TIFF", "1", {"compression": "group4"}),
    ("a.tif", "TIFF", "1", {"compression": "group3"}),
    ("a.tif", "TIFF", "L", {"compression": "tiff_lzw"}),
    ("a.tif", "TIFF", "L", {"compression": "tiff_adobe_deflate"}),
    ("a.tif", "TIFF", "L", {"compression": "packbits"}),
    ("a.tiff", "TIFF", "RGB", {}),
    ("a.tif", "TIFF", "L", {"big_tiff": True}),
    ("a.png", "PNG", "L", {}),
    ("a.png", "PNG", "1", {}),
    ("a.png", "PNG", "P", {}),
    ("a.png", "PNG", "RGBA", {}),
    ("a.bmp", "BMP", "RGB", {}),
    ("a.bmp", "BMP", "1", {}),
    ("a.jp2", "JPEG2000", "L", {}),
    ("a.j2k", "JPEG2000", "RGB", {"no_jp2": True}),
    ("a.webp", "WEBP", "RGB", {"lossless": True}),
]
NEAR = [
    ("a.jpg", "JPEG", "L", {"quality": 95}),
    ("a.jpg", "JPEG", "RGB", {"quality": 95}),
    ("a.jpg", "JPEG", "CMYK", {"quality": 95}),
    ("a.tif", "TIFF", "RGB", {"compression": "jpeg", "quality": 95}),
    ("a.tif", "TIFF", "CMYK", {}),
    ("a.tif", "TIFF", "LAB", {}),
]


@pytest.mark.parametrize(("name", "form", "mode", "options"), EXACT + NEAR)
def test_round_trip(
    tmp_path: Path, name: str, form: str, mode: str, options: dict[str, object]
) -> None:
    image = sheet(mode="L" if mode == "LAB" else mode)
    expected = np.asarray(image.convert("RGB").convert("L"), dtype=int)
    if mode == "LAB":
        samples = [image, Image.new("L", image.size, 0), Image.new("L", image.size, 0)]
        image = Image.merge("LAB", samples)
    data = encoded(image, form, dpi=(200, 200), **options)
    path = write(tmp_path / name, data)
    assert count_pages(path, LIMITS, path.suffix) == 1
    page = page_image(path, 1, LIMITS)
    assert page.pixels.dtype == np.uint8
    assert page.pixels.shape == (440, 340)
    worst = np.abs(page.pixels.astype(int) - expected).max()
    assert worst <= (90 if (name, form, mode, options) in NEAR else 1)
    assert np.abs(page.pixels.astype(int) - expected).mean() < 3
    assert page_source(path, 1) == "taken"


@pytest.mark.parametrize(("name", "form"), [("a.png", "PNG"), ("a.tif", "TIFF")])
def test_16_bits(tmp_path: Path, name: str, form: str) -> None:
    grey = np.asarray(sheet(), dtype=np.uint16)
    path = write(tmp_path / name, encoded(Image.fromarray(grey * 257), form))
    assert np.array_equal(page_image(path, 1, LIMITS).pixels, grey)


def test_16_bits_where_white_is_zero(tmp_path: Path) -> None:
    grey = np.asarray(sheet(), dtype=np.uint16)
    data = min_is_white(encoded(Image.fromarray((255 - grey) * 257), "TIFF"))
    path = write(tmp_path / "a.tif", data)
    assert np.array_equal(page_image(path, 1, LIMITS).pixels, grey)


def test_a_jpeg_is_decoded_without_its_colours() -> None:
    """In half the time, and to the same grey."""
    shades = np.random.default_rng(7).integers(0, 256, (44, 34, 3), np.uint8)
    page = Image.fromarray(shades).resize((340, 440))
    with Image.open(io.BytesIO(encoded(page, "JPEG", quality=90))) as image:
        seen = grey(image)
        assert image.mode == "L"
    with Image.open(io.BytesIO(encoded(page, "JPEG", quality=90))) as image:
        every = np.asarray(image.convert("RGB").convert("L"), np.int16)
    assert np.abs(seen - every).mean() < 0.5


def test_float_samples(tmp_path: Path) -> None:
    grey = np.asarray(sheet(), dtype=np.float32) / 255
    path = write(tmp_path / "a.tif", encoded(Image.fromarray(grey), "TIFF"))
    assert np.abs(page_image(path, 1, LIMITS).pixels - grey * 255).max() <= 1


def min_is_white(data: bytes) -> bytes:
    tag = b"\x06\x01\x03\x00\x01\x00\x00\x00\x01"
    assert data.count(tag) == 1
    return data.replace(tag, tag[:-1] + b"\x00")


@pytest.mark.parametrize("mode", ["1", "L"])
def test_white_is_zero(tmp_path: Path, mode: str) -> None:
    black_on_white = ImageOps.invert(sheet().convert("L")).convert(mode)
    data = min_is_white(encoded(black_on_white, "TIFF"))
    page = page_image(write(tmp_path / "a.tif", data), 1, LIMITS)
    assert page.pixels[200, 5] == 255
    assert page.pixels[20, 20] == 0


def test_transparent_is_white_paper(tmp_path: Path) -> None:
    image = Image.new("RGBA", (100, 140), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (10, 10, 30, 30))
    page = page_image(write(tmp_path / "a.png", encoded(image, "PNG")), 1, LIMITS)
    assert page.pixels[100, 80] == 255
    assert page.pixels[20, 20] == 0


@pytest.mark.parametrize(
    ("orientation", "where"),
    [
        (1, "top left"),
        (2, "top right"),
        (3, "bottom right"),
        (4, "bottom left"),
        (5, "top left"),
        (6, "top right"),
        (7, "bottom right"),
        (8, "bottom left"),
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "TIFF", "PNG", "WEBP"])
def test_orientation(tmp_path: Path, form: str, orientation: int, where: str) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    options = {"tiffinfo": {274: orientation}} if form == "TIFF" else {"exif": exif}
    suffix = {"JPEG": ".jpg", "TIFF": ".tif", "PNG": ".png", "WEBP": ".webp"}[form]
    path = write(tmp_path / f"a{suffix}", encoded(sheet(), form, **options))
    pixels = page_image(path, 1, LIMITS).pixels
    assert pixels.shape == ((340, 440) if orientation > 4 else (440, 340))
    assert corner(pixels) == where


def pages_tiff(*modes: str, **options: object) -> bytes:
    first, *rest = [sheet(300 + 10 * at, mode=mode) for at, mode in enumerate(modes)]
    return encoded(first, "TIFF", save_all=True, append_images=rest, **options)


def test_multi_page_tiff(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", pages_tiff("1", "1", "1", compression="group4"))
    assert count_pages(path, LIMITS) == 3
    widths = [page_image(path, n, LIMITS).pixels.shape[1] for n in (3, 1, 2)]
    assert widths == [320, 300, 310]
    for page in (0, 4):
        with pytest.raises(UnreadableFile):
            page_image(path, page, LIMITS)


def test_a_damaged_page_costs_only_itself(tmp_path: Path) -> None:
    data = bytearray(pages_tiff("L", "L", "L", compression="tiff_lzw"))
    with Image.open(write(tmp_path / "good.tif", bytes(data))) as image:
        offset, length = image.tag_v2[273][0], image.tag_v2[279][0]
    data[offset : offset + length] = b"\x17" * length
    path = write(tmp_path / "a.tif", bytes(data))
    assert count_pages(path, LIMITS) == 3
    with pytest.raises(UnreadableFile):
        page_image(path, 1, LIMITS)
    assert corner(page_image(path, 2, LIMITS).pixels) == "top left"


def test_a_page_is_read_without_the_bytes_of_the_others(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    sides = [
        Image.fromarray(rng.integers(0, 256, (900, 700), np.uint8)) for _ in range(12)
    ]
    held = io.BytesIO()
    options = {"compression": "tiff_lzw", "save_all": True}
    sides[0].save(held, "TIFF", append_images=sides[1:], **options)
    path = write(tmp_path / "stack.tif", held.getvalue())
    tracemalloc.start()
    try:
        read = page_image(path, 12, Limits())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert np.array_equal(read.pixels, np.asarray(sides[11]))
    assert peak < path.stat().st_size / 4


def test_an_unknown_first_page_does_not_hide_the_second(tmp_path: Path) -> None:
    data = bytearray(pages_tiff("L", "L", compression="tiff_lzw"))
    at = data.index(b"\x03\x01\x03\x00")  # the compression tag of the first page
    data[at + 8 : at + 10] = (0x7777).to_bytes(2, "little")
    path = write(tmp_path / "a.tif", bytes(data))
    with pytest.raises(UnreadableFile):
        page_image(path, 1, LIMITS)
    assert page_image(path, 2, LIMITS).pixels.shape == (440, 310)


@pytest.mark.parametrize("tag", [b"\x01\x01", b"\x11\x01"])  # height, strips
def test_a_broken_first_directory_costs_only_its_page(
    tmp_path: Path, tag: bytes
) -> None:
    data = bytearray(pages_tiff("L", "L", compression="tiff_lzw"))
    start = int.from_bytes(data[4:8], "little")
    at = data.index(tag, start + 2)
    data[at : at + 2] = (60_001).to_bytes(2, "little")
    path = write(tmp_path / "a.tif", bytes(data))
    with pytest.raises(UnreadableFile):
        page_image(path, 1, LIMITS)
    assert page_image(path, 2, LIMITS).pixels.shape == (440, 310)


def test_a_thumbnail_is_no_page(tmp_path: Path) -> None:
    first, second = sheet(), sheet(100, 140)
    second.encoderinfo = {"tiffinfo": {254: 1}}
    data = encoded(first, "TIFF", save_all=True, append_images=[second])
    path = write(tmp_path / "a.tif", data)
    assert count_pages(path, LIMITS) == 1
    with pytest.raises(UnreadableFile):
        page_image(path, 2, LIMITS)


def test_a_file_of_nothing_but_thumbnails_keeps_them(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", encoded(sheet(), "TIFF", tiffinfo={254: 1}))
    assert count_pages(path, LIMITS) == 1
    assert page_image(path, 1, LIMITS).pixels.shape == (440, 340)


def test_a_fax_gets_square_pixels(tmp_path: Path) -> None:
    image = sheet(1728, 1078, "1")
    data = encoded(image, "TIFF", compression="group3", dpi=(204, 98))
    page = page_image(write(tmp_path / "fax.tif", data), 1, LIMITS)
    assert page.pixels.shape == (2244, 1728)
    assert page.dpi == 204


@pytest.mark.parametrize(
    ("stated", "size", "believed"),
    [
        (300, (2550, 3300), 300),
        (200, (1700, 2200), 200),
        (72, (2550, 3300), 300),  # a sheet of 35 inches is a lie
        (96, (1275, 1650), 150),
        (0, (1700, 2200), 200),
        (0, (300, 200), 300),  # no letter page at all
        (0, (754, 1000), 91),  # a form scanned coarsely, that keeps no resolution
        (1, (2550, 3300), 300),
        (100, (850, 1100), 100),
        (72, (612, 792), 72),
        (200, (1700, 9000), 200),  # a strip
        (99999, (2550, 3300), 300),
    ],
)
def test_believed_dpi(stated: float, size: tuple[int, int], believed: int) -> None:
    assert believed_dpi(stated, *size) == believed


def test_dpi_survives(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jpg", encoded(sheet(), "JPEG", dpi=(150, 150)))
    assert page_image(path, 1, LIMITS).dpi == 150
