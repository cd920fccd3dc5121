"""The filed page shows what the source's page showed, and its words where they were."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import math
import subprocess
from pathlib import Path

import pdf_pages as made
import pikepdf
import pikepdf.pdfa
import pytest
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name
from PIL import Image

from pipeline.ingest.formats import page_image
from pipeline.ingest.limits import Limits
from pipeline.page import Box, Page, QuarterTurn, Word
from pipeline.store import pdf as filing
from pipeline.store.pdf import PdfPage, filed_pdf


def opened(pdf: bytes) -> pikepdf.Pdf:
    report = pikepdf.pdfa.validate_written(io.BytesIO(pdf), "2b")
    assert not report.findings
    return pikepdf.open(io.BytesIO(pdf))


def as_read(path: Path, words: tuple[Word, ...] = (), turn: QuarterTurn = 0) -> PdfPage:
    """The page with the size and resolution that reading finds."""
    image = page_image(path, 1, Limits())
    height, width = image.pixels.shape
    size = (height, width) if turn in (90, 270) else (width, height)
    return PdfPage(
        path, 1, dataclasses.replace(made.read(words, turn, size), dpi=image.dpi)
    )


def changed(path: Path, **keys: object) -> Path:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for key, value in keys.items():
            pdf.pages[0].obj[f"/{key}"] = value
        pdf.save(path)
    return path


# --- crops, strips, turns -------------------------------------------------------


@pytest.mark.parametrize("rotate", [0, 90])
@pytest.mark.parametrize("turn", made.TURNS)
def test_a_crop_is_kept_as_one_and_the_whole_stream_stays(
    turn: QuarterTurn, rotate: int, tmp_path: Path
) -> None:
    image, words = made.upright()
    lying = made.turned(image, (turn + rotate) % 360)
    path = made.one_image_pdf(tmp_path / "p.pdf", lying, rotate=rotate)
    with pikepdf.open(path) as source:
        whole = source.pages[0].Resources.XObject.Im0.read_bytes()
        left, bottom, right, top = (float(v) for v in source.pages[0].mediabox)
    box = [left + 36, bottom + 36, right - 36, top - 36]
    page = as_read(changed(path, CropBox=Array(box)), turn=turn)
    shifted = tuple(moved(word, -50, -50) for word in words)
    page = dataclasses.replace(page, read=dataclasses.replace(page.read, words=shifted))
    pdf = filed_pdf([page], made.FACTS)
    seen = made.SIZE[0] - 100, made.SIZE[1] - 100
    with opened(pdf) as filed:
        held = filed.pages[0].Resources.XObject.I0
        assert held.read_bytes() == whole
        crop, media = filed.pages[0].cropbox, filed.pages[0].mediabox
        assert [float(v) for v in crop] == [0, 0, *(side * 0.72 for side in seen)]
        assert [float(v) for v in media] == pytest.approx(
            [-36, -36, 576, 756], abs=0.01
        )
    shown = cropped_view(pdf)
    assert shown.size == seen
    expected = image.crop((50, 50, made.SIZE[0] - 50, made.SIZE[1] - 50))
    assert made.difference(shown, expected) < 2
    found = dict(made.found_words(pdf))
    for word in shifted:
        off = abs(found[word.text].left - 50 - word.box.left)  # of the MediaBox
        assert off < 2 or abs(found[word.text].left - word.box.left) < 2


def moved(word: Word, x: float, y: float) -> Word:
    b = word.box
    box = Box(b.left + x, b.top + y, b.right + x, b.bottom + y)
    return dataclasses.replace(word, box=box)


def cropped_view(pdf: bytes) -> Image.Image:
    command = ["pdftoppm", "-cropbox", "-r", str(made.DPI), "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def strips_pdf(path: Path, image: Image.Image, rows: int) -> list[str]:
    """The page in strips of ``rows``; the digests of their streams."""
    width, height = (side * 72 / made.DPI for side in image.size)
    digests: list[str] = []
    with pikepdf.Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(width, height))
        held, content = Dictionary(), ""
        for number, top in enumerate(range(0, image.height, rows)):
            strip = image.crop((0, top, image.width, min(top + rows, image.height)))
            data = io.BytesIO()
            strip.save(data, "JPEG", quality=95)
            digests.append(hashlib.sha256(data.getvalue()).hexdigest())
            held[f"/S{number}"] = pdf.make_stream(
                data.getvalue(),
                Type=Name.XObject,
                Subtype=Name.Image,
                Width=strip.width,
                Height=strip.height,
                BitsPerComponent=8,
                ColorSpace=Name.DeviceGray,
                Filter=Name.DCTDecode,
            )
            up = height - (top + strip.height) * 0.72
            content += f"q {width} 0 0 {strip.height * 0.72} 0 {up} cm /S{number} Do Q "
        page.obj.Resources = Dictionary(XObject=held)
        page.obj.Contents = pdf.make_stream(content.encode())
        pdf.save(path)
    return digests


@pytest.mark.parametrize("turn", [0, 90])
def test_strips_of_a_scan_go_in_as_they_are(turn: QuarterTurn, tmp_path: Path) -> None:
    image, words = made.upright()
    digests = strips_pdf(tmp_path / "p.pdf", made.turned(image, turn), 300)
    pdf = filed_pdf([as_read(tmp_path / "p.pdf", words, turn)], made.FACTS)
    with opened(pdf) as filed:
        held = filed.pages[0].Resources.XObject
        raw = [held[f"/I{n}"].read_raw_bytes() for n in range(len(digests))]
        assert [hashlib.sha256(data).hexdigest() for data in raw] == digests
        assert "dc:description" not in filed.open_metadata()
    assert made.difference(made.rendered(pdf), image) < 2
    assert {text for text, _ in made.found_words(pdf)} == {w.text for w in words}


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_clerk_s_turn_is_the_viewer_s_and_leaves_scan_and_words(
    turn: QuarterTurn, tmp_path: Path
) -> None:
    """Words that were read on a lying page stay on the ink that they were read from."""
    image, words = made.upright()
    path = made.one_image_pdf(tmp_path / "lying.pdf", made.turned(image, turn))
    page = as_read(path, words)
    plain = filed_pdf([page], made.FACTS)
    stood = filed_pdf([dataclasses.replace(page, turn=turn)], made.FACTS)
    with opened(plain) as one, opened(stood) as other:
        assert (one.pages[0].get("/Rotate"), other.pages[0].Rotate) == (None, turn)
        first, second = (
            pdf.pages[0].obj.Resources.XObject["/I0"].read_raw_bytes()
            for pdf in (one, other)
        )
        assert first == second
        contents = [pdf.pages[0].Contents.read_bytes() for pdf in (one, other)]
        assert contents[0] == contents[1]
    assert made.difference(made.rendered(stood), image) < 2


def test_a_mixed_page_of_a_turned_pdf_is_not_squeezed(tmp_path: Path) -> None:
    lying = made.turned(made.upright()[0], 90)
    path = made.one_image_pdf(
        tmp_path / "p.pdf", lying, rotate=90, content="0 0 9 9 re f"
    )
    with opened(filed_pdf([as_read(path)], made.FACTS)) as filed:
        held = filed.pages[0].Resources.XObject.I0
        assert (int(held.Width), int(held.Height)) == (2550, 3300)


def test_another_s_hidden_text_stays_behind(tmp_path: Path) -> None:
    hidden = "BT /F1 12 Tf 3 Tr 50 50 Td (somebody else) Tj ET"
    image, words = made.upright()
    path = made.one_image_pdf(tmp_path / "p.pdf", image, content=hidden)
    pdf = filed_pdf([as_read(path, words)], made.FACTS)
    assert {text for text, _ in made.found_words(pdf)} == {w.text for w in words}


# --- what is carried is what came -----------------------------------------------


def test_a_stream_that_is_not_written_as_received_is_not_passed_off_as_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.upright()[0].save(tmp_path / "p.jpg", quality=90)
    good = filed_pdf([PdfPage(tmp_path / "p.jpg", 1, made.read())], made.FACTS)
    as_received = filing._as_received

    def spoilt(saved: Path, scans: object) -> bool:
        with pikepdf.open(saved, allow_overwriting_input=True) as pdf:
            image = pdf.pages[0].Resources.XObject.I0
            if image.get("/Filter") == Name.DCTDecode:
                image.write(image.read_raw_bytes() + b"\0", filter=Name.DCTDecode)
            pdf.save(saved)
        return as_received(saved, scans)

    monkeypatch.setattr(filing, "_as_received", spoilt)
    pdf = filed_pdf([PdfPage(tmp_path / "p.jpg", 1, made.read())], made.FACTS)
    with opened(good) as filed:
        assert "dc:description" not in filed.open_metadata()
    with opened(pdf) as filed:
        assert "another encoding" in str(filed.open_metadata()["dc:description"])
        assert filed.pages[0].Resources.XObject.I0.Filter == Name.FlateDecode


# --- finding the way ------------------------------------------------------------


def test_bookmarks_and_labels_name_type_date_and_source(tmp_path: Path) -> None:
    made.upright()[0].save(tmp_path / "p.jpg")
    pages = [PdfPage(tmp_path / "p.jpg", 1, made.read())] * 2
    with opened(filed_pdf(pages, made.FACTS)) as filed:
        with filed.open_outline() as outline:
            (whole,) = outline.root
            assert whole.title == f"{made.FACTS.title} 2013-04-03"
            assert [page.title for page in whole.children] == ["Page 1", "Page 2"]
        assert [page.label for page in filed.pages] == ["b-7 p. 3", "b-7 p. 4"]
        assert filed.Root.ViewerPreferences.DisplayDocTitle is True


@pytest.mark.parametrize(
    ("form", "options", "inches"),
    [
        ("JPEG", {"dpi": (100, 100)}, (8.5, 11)),
        ("TIFF", {"tiffinfo": {296: 3, 282: 100 / 2.54, 283: 100 / 2.54}}, (8.5, 11)),
        ("PNG", {"dpi": (100, 100)}, (8.5, 11)),
        ("JPEG", {}, (8.5, 11)),  # says nothing
        ("JPEG", {"dpi": (96, 96)}, (8.854, 11.458)),  # believed up to A3
        ("JPEG", {"dpi": (72, 72)}, (8.5, 11)),
        ("JPEG", {"dpi": (1, 1)}, (8.5, 11)),
    ],
)
def test_the_filed_sheet_has_the_size_of_the_paper(
    form: str, options: dict[str, object], inches: tuple[float, float], tmp_path: Path
) -> None:
    path = tmp_path / f"p.{form.lower()}"
    made.upright()[0].save(path, form, **options)
    with opened(filed_pdf([as_read(path)], made.FACTS)) as filed:
        box = [float(side) / 72 for side in filed.pages[0].mediabox[2:]]
    assert box == pytest.approx(inches, abs=0.01)


# --- words ----------------------------------------------------------------------

PROSE = (
    "The patient was seen on rounds; she slept well and has no complaint today but"
    " for a dry cough – chest clear, “heart regular”, abdomen soft, no edema."
)


def columns(skew: float, dpi: int = 200) -> Page:
    """Two columns of text, read one after the other; boxes as an engine gives them."""
    slope, scale = math.tan(math.radians(skew)), dpi / 72
    words: list[Word] = []
    for column in (60, 330):
        x, line = column, 0
        for text in PROSE.split() * 8:
            width = 5 * len(text)
            if x + width > column + 220:
                x, line = column, line + 1
            low = any(c in "gjpqy,;“" for c in text)
            base = 90 + 14 * line + slope * (x - 306)
            top = base - (8 if any(c in "bdfhklt“T" for c in text) else 5)
            box = (x, top, x + width, base + (2 if low else 0))
            box = Box(*(side * scale for side in box))
            words.append(Word(text, box, 0.9, line + (100 if column > 100 else 0)))
            x += width + 4
    page = made.read(tuple(words), 0, (round(612 * scale), round(792 * scale)))
    quality = dataclasses.replace(page.quality, skew=skew)
    return dataclasses.replace(page, dpi=dpi, quality=quality)


@pytest.mark.parametrize("skew", [0.0, 1.5, -2.5])
def test_text_in_columns_comes_back_in_order_and_in_place(
    skew: float, tmp_path: Path
) -> None:
    path = tmp_path / "p.png"
    Image.new("1", (170, 220), 1).save(path)
    page = columns(skew)
    pdf = filed_pdf([PdfPage(path, 1, page)], made.FACTS)
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True)
    wanted = [word.text for word in page.words]
    assert in_order(wanted, done.stdout.decode().split()) >= 0.985 * len(wanted)
    found = made.found_words(pdf)
    for word in page.words:
        assert (
            min(off(word.box, box, page.dpi) for t, box in found if t == word.text) < 2
        )


def off(word: Box, found: Box, dpi: int) -> float:
    """In points; found words are in px at the tests' own resolution."""
    sides = ("left", "top", "right", "bottom")
    return max(
        abs(getattr(word, s) * 72 / dpi - getattr(found, s) * 72 / made.DPI)
        for s in sides
    )


def in_order(wanted: list[str], found: list[str]) -> int:
    """Length of the longest common subsequence."""
    best = [0] * (len(found) + 1)
    for word in wanted:
        before = best[:]
        for n, other in enumerate(found, start=1):
            best[n] = (
                before[n - 1] + 1 if word == other else max(best[n - 1], before[n])
            )
    return best[-1]


def test_a_word_that_touches_the_next_is_still_a_word(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    Image.new("1", (85, 110), 1).save(path)
    boxes = (Box(90, 96, 170, 115), Box(171, 96, 260, 115))
    words = tuple(Word("venous", box, 0.9) for box in boxes)
    pdf = filed_pdf([PdfPage(path, 1, made.read(words))], made.FACTS)
    assert [text for text, _ in made.found_words(pdf)] == ["venous", "venous"]


def test_each_glyph_has_the_box_that_its_font_names(tmp_path: Path) -> None:
    """PDFium, which is Chromium's viewer, marks found words by these boxes."""
    image, words = made.upright()
    image.save(tmp_path / "p.png")
    pdf = filed_pdf([PdfPage(tmp_path / "p.png", 1, made.read(words))], made.FACTS)
    with opened(pdf) as filed:
        fonts = filed.pages[0].Resources.Font
        assert len(fonts) > 1
        for font in fonts.values():
            cid = font.DescendantFonts[0]
            program = TTFont(io.BytesIO(cid.FontDescriptor.FontFile2.read_bytes()))
            glyph = int.from_bytes(cid.CIDToGIDMap.read_bytes()[2:4])
            box = program["glyf"][program.getGlyphOrder()[glyph]]
            assert box.yMax == int(cid.FontDescriptor.Ascent)
            assert abs(box.yMin - int(cid.FontDescriptor.Descent)) <= 1
            assert (box.xMin, box.xMax) == (0, 500)
