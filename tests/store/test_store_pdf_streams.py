"""What the scanner wrote goes into the filed PDF as it is, or pixel for pixel."""

from __future__ import annotations

import io
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pdf_pages as made
import pikepdf
import pikepdf.pdfa
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, TiffImagePlugin

from pipeline.store.pdf import PdfPage, filed_pdf
from pipeline.store.pdf_jp2 import is_plain_jp2
from pipeline.store.pdf_png import png_image, png_of

OPENED = ExitStack()


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    OPENED.close()


def filed(path: Path, page: int = 1) -> tuple[pikepdf.Stream, bytes, str]:
    """The filed image, its raw bytes, and the file's remark about it."""
    pdf = filed_pdf([PdfPage(path, page, made.read())], made.FACTS)
    opened = OPENED.enter_context(pikepdf.open(io.BytesIO(pdf)))
    report = pikepdf.pdfa.validate_written(io.BytesIO(pdf), "2b")
    assert all("JPEG 2000" in finding.message for finding in report.findings)
    image = opened.pages[0].Resources.XObject.I0
    remark = opened.open_metadata().get("dc:description", "as scanned")
    return image, image.read_raw_bytes(), str(remark).split(",")[0].split(" of ")[0]


def pixels(image: pikepdf.Stream) -> np.ndarray:
    return np.asarray(pikepdf.PdfImage(image).as_pil_image().convert("RGB"))


def same(path: Path, image: pikepdf.Stream, frame: int = 0) -> None:
    with Image.open(path) as source:
        source.seek(frame)
        assert (pixels(image) == np.asarray(source.convert("RGB"))).all()


def strip_of(path: Path, frame: int = 0) -> bytes:
    with Image.open(path) as image:
        assert isinstance(image, TiffImagePlugin.TiffImageFile)
        image.seek(frame)
        (offset,), (count,) = image.tag_v2[273], image.tag_v2[279]
        return path.read_bytes()[offset : offset + count]


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_as_it_is(mode: str, progressive: bool, tmp_path: Path) -> None:
    path = tmp_path / "p.jpg"
    made.upright(mode)[0].save(path, progressive=progressive)
    image, raw, how = filed(path)
    assert (raw, how) == (path.read_bytes(), "as scanned")
    same(path, image)


@pytest.mark.parametrize("photometric", [0, 1])
def test_a_g4_strip_as_it_is(photometric: int, tmp_path: Path) -> None:
    path, image = tmp_path / "p.tif", made.upright("1")[0]
    tags = {262: photometric, 278: image.height}
    image.save(path, compression="group4", tiffinfo=tags)
    held, raw, how = filed(path)
    assert (raw, how) == (strip_of(path), "as scanned")
    same(path, held)


def test_g4_with_its_bits_the_other_way_round(tmp_path: Path) -> None:
    path, image = tmp_path / "p.tif", made.upright("1")[0]
    image.save(path, compression="group4", tiffinfo={266: 2, 278: image.height})
    with Image.open(path) as tiff:
        assert tiff.tag_v2.get(266) == 2
    same(path, filed(path)[0])


@pytest.mark.parametrize(
    ("compression", "rows"),
    [("group4", 100), ("group3", 1100), ("tiff_lzw", 1100), ("packbits", 1100)],
)
def test_other_bilevel_tiffs_pixel_for_pixel(
    compression: str, rows: int, tmp_path: Path
) -> None:
    path, image = tmp_path / "p.tif", made.upright("1")[0]
    image.save(path, compression=compression, tiffinfo={278: rows})
    held, _, how = filed(path)
    assert how == "Held in another encoding"
    assert held.Filter == Name.CCITTFaxDecode
    same(path, held)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_jpeg_strip_with_its_tables(mode: str, tmp_path: Path) -> None:
    path, image = tmp_path / "p.tif", made.upright(mode)[0].crop((0, 0, 480, 480))
    image.save(path, compression="jpeg", quality=90, tiffinfo={278: 480})
    held, _, how = filed(path)
    assert (how, held.Filter) == ("as scanned", Name.DCTDecode)
    same(path, held)


def test_a_page_of_a_tiff_is_not_its_thumbnail(tmp_path: Path) -> None:
    image, path = made.upright("1")[0], tmp_path / "p.tif"
    frames = [image.resize((85, 110)), image, image.transpose(3)]
    for number, frame in enumerate(frames):
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags[278] = frame.height
        tags[254] = 1 if number == 0 else 0
        frame.encoderinfo = {"tiffinfo": tags, "compression": "group4"}
    whole = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(whole) as writer:
        for number, frame in enumerate(frames):
            tags = {278: frame.height, 254: 1 if number == 0 else 0}
            frame.save(writer, "TIFF", compression="group4", tiffinfo=tags)
            writer.newFrame()
    path.write_bytes(whole.getvalue())
    for page in (1, 2):
        same(path, filed(path, page)[0], frame=page)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_png_data_as_it_is(mode: str, tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    made.upright("RGB")[0].convert(mode).save(path)
    held, raw, how = filed(path)
    png = png_image(path.read_bytes())
    assert png is not None
    assert (raw, how) == (png.data, "as scanned")
    same(path, held)


def test_sixteen_bits_of_grey(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    grey = np.linspace(0, 65535, 850 * 1100).reshape(1100, 850).astype(np.uint16)
    Image.fromarray(grey).save(path)
    assert filed(path)[0].BitsPerComponent == 16
    Image.fromarray(grey).save(tmp_path / "p.tif", compression="tiff_lzw")
    held, _, how = filed(tmp_path / "p.tif")
    assert (how, held.BitsPerComponent) == ("Held in another encoding", 16)
    rows = np.frombuffer(held.read_bytes(), ">u2").reshape(1100, 850)
    assert (rows == grey).all()


@pytest.mark.parametrize("name", ["p.bmp", "p.webp"])
def test_what_no_pdf_holds_pixel_for_pixel(name: str, tmp_path: Path) -> None:
    made.upright("RGB")[0].save(tmp_path / name)
    held, _, how = filed(tmp_path / name)
    assert how == "Held in another encoding"
    same(tmp_path / name, held)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_what_shows_through_is_white(mode: str, tmp_path: Path) -> None:
    clear = Image.new(mode, made.SIZE)
    clear.save(tmp_path / "p.png")
    assert (pixels(filed(tmp_path / "p.png")[0]) == 255).all()


def test_cmyk_is_held_as_it_is_shown(tmp_path: Path) -> None:
    made.upright("RGB")[0].convert("CMYK").save(tmp_path / "p.jpg", quality=95)
    held, _, how = filed(tmp_path / "p.jpg")
    assert (how, held.ColorSpace) == ("Held in another encoding", Name.DeviceRGB)
    off = np.abs(pixels(held).astype(int) - np.asarray(made.upright("RGB")[0]))
    assert off.mean() < 4


def test_jpeg_2000_as_it_is_unless_odd(tmp_path: Path) -> None:
    for mode in ("L", "RGB"):
        path = tmp_path / "p.jp2"
        made.upright(mode)[0].save(path)
        image, raw, how = filed(path)
        assert (raw, how) == (path.read_bytes(), "as scanned")
        assert image.Filter == Name.JPXDecode
    for name, mode in (("p.j2k", "L"), ("p.jp2", "RGBA"), ("q.jp2", "LA")):
        made.upright("RGB")[0].convert(mode).save(tmp_path / name)
        assert not is_plain_jp2((tmp_path / name).read_bytes())
        assert filed(tmp_path / name)[2] == "Held in another encoding"


# --- PDFs -----------------------------------------------------------------------


def changed(path: Path, **keys: object) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        image = pdf.pages[0].Resources.XObject.Im0
        for key, value in keys.items():
            image[f"/{key}"] = value
        pdf.save(
            path,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            compress_streams=False,
        )


def with_data(path: Path, data: bytes, filters: object, **keys: object) -> Path:
    made.one_image_pdf(path, made.upright()[0])
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].Resources.XObject.Im0.write(data, filter=filters)
        pdf.save(
            path,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            compress_streams=False,
        )
    changed(path, **keys)
    return path


def test_a_pdf_s_jpeg_with_its_profile_and_without_its_trinkets(
    tmp_path: Path,
) -> None:
    jpeg = io.BytesIO()
    made.upright("RGB")[0].save(jpeg, "JPEG")
    trinkets = {"Interpolate": True, "Intent": Name.Perceptual, "Name": Name.Im0}
    path = with_data(
        tmp_path / "p.pdf",
        jpeg.getvalue(),
        Name.DCTDecode,
        ColorSpace=Name.DeviceRGB,
        **trinkets,
    )
    image, raw, how = filed(path)
    assert (raw, how) == (jpeg.getvalue(), "as scanned")
    assert "/Interpolate" not in image


def test_jbig2_with_its_globals(tmp_path: Path) -> None:
    path = with_data(tmp_path / "p.pdf", b"page segments", Name.JBIG2Decode)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        image = pdf.pages[0].Resources.XObject.Im0
        image.BitsPerComponent = 1
        shared = pdf.make_stream(b"shared symbols")
        image.DecodeParms = Dictionary(JBIG2Globals=shared)
        pdf.save(path)
    image, raw, how = filed(path)
    assert (raw, how) == (b"page segments", "as scanned")
    assert image.DecodeParms.JBIG2Globals.read_bytes() == b"shared symbols"


def test_lzw_becomes_flate(tmp_path: Path) -> None:
    clear, end = "100000000", "100000001"
    grey = made.upright()[0].resize((60, 80))
    bits = "".join(clear + f"{byte:09b}" for byte in grey.tobytes()) + end
    data = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8))
    path = with_data(tmp_path / "p.pdf", data, Name.LZWDecode, Width=60, Height=80)
    image, _, how = filed(path)
    assert (how, image.Filter) == ("Held in another encoding", Name.FlateDecode)
    assert image.read_bytes() == grey.tobytes()


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_grain_is_counted_and_print_is_searched(mode: str, tmp_path: Path) -> None:
    """Either way the pixels come back; noise that is searched takes more room."""
    chance = np.random.default_rng(6)
    print_ = np.tile(chance.integers(0, 2, (22, 17), np.uint8) * 200, (25, 25))
    noise = chance.normal(200, 9, (*print_.shape, 3)).astype(np.uint8)
    page, grained = (Image.fromarray(p).convert(mode) for p in (print_, noise))
    for scan, counted in ((page, False), (grained, True)):
        scan.save(tmp_path / "p.tif", compression="tiff_lzw")
        image, _, how = filed(tmp_path / "p.tif")
        assert how == "Held in another encoding"
        same(tmp_path / "p.tif", image)
        kept = zlib.decompress(png_of(scan).data)
        assert (set(kept[:: len(kept) // scan.height]) == {1}) is counted
    searched = io.BytesIO()
    grained.save(searched, "PNG", compress_level=2)
    assert len(png_of(grained).data) < len(searched.getvalue())


def test_grain_is_counted_without_holding_the_page_four_times() -> None:
    noise = np.random.default_rng(7).normal(200, 9, (1500, 1200, 3)).astype(np.uint8)
    scan = Image.fromarray(noise)
    tracemalloc.start()
    try:
        png_of(scan)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1.5 * noise.nbytes


def test_a_black_stencil_is_a_black_and_white_image(tmp_path: Path) -> None:
    bilevel = made.upright("1")[0]
    path = with_data(
        tmp_path / "p.pdf", bilevel.tobytes(), None, ImageMask=True, BitsPerComponent=1
    )
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        del pdf.pages[0].Resources.XObject.Im0.ColorSpace
        pdf.save(path)
    image, _, _ = filed(path)
    assert "/ImageMask" not in image
    assert (pixels(image) == np.asarray(bilevel.convert("RGB"))).all()


def test_what_pdfa_forbids_is_rendered(tmp_path: Path) -> None:
    path = made.one_image_pdf(tmp_path / "p.pdf", made.upright()[0])
    changed(path, ColorSpace=Name.DeviceCMYK, Width=425, Height=550)
    image, _, how = filed(path)
    assert how == "Renderings"
    assert (int(image.Width), int(image.Height)) == made.SIZE


def test_a_profile_is_carried_along_and_a_broken_one_replaced(tmp_path: Path) -> None:
    from PIL import ImageCms

    path = made.one_image_pdf(tmp_path / "p.pdf", made.upright("RGB")[0])
    good = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile, expected in ((good, "as scanned"), (b"no profile", "Renderings")):
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            held = pdf.make_stream(profile, N=3)
            space = Array([Name.ICCBased, pdf.make_indirect(held)])
            pdf.pages[0].Resources.XObject.Im0.ColorSpace = space
            pdf.save(path)
        assert filed(path)[2] == expected


def test_a_colour_page_of_type_is_rendered_in_colour(tmp_path: Path) -> None:
    path = made.one_image_pdf(
        tmp_path / "p.pdf", made.upright("L")[0], content="1 0 0 rg 20 20 90 90 re f"
    )
    image, _, how = filed(path)
    assert (how, image.ColorSpace) == ("Renderings", Name.DeviceRGB)
    made.one_image_pdf(path, made.upright("L")[0], content="0 g 20 20 90 90 re f")
    assert filed(path)[0].ColorSpace == Name.DeviceGray


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x09IDATxx"]
)
def test_a_png_cut_off_says_so(data: bytes) -> None:
    with pytest.raises(ValueError, match="PNG"):
        png_image(data)


def test_odd_boxes_are_no_plain_jpeg_2000() -> None:
    start = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
    for rest in (b"", b"\x00\x00\x00\x01jp2h" + b"\xff" * 8, b"\x00\x00\x00\x00jp2h"):
        assert not is_plain_jp2(start + rest)
