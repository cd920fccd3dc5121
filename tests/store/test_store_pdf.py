"""The filed PDF: upright, searchable, archival, and the same to the byte."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pdf_pages as made
import pikepdf
import pikepdf.pdfa
import pytest
from pdf2image.exceptions import PDFPopplerTimeoutError
from PIL import Image

from pipeline.errors import OverLimit, UnreadableFile
from pipeline.page import QuarterTurn
from pipeline.store.pdf import PdfPage, filed_pdf

KINDS = ("jpeg", "colour jpeg", "g4", "lzw", "png", "colour png", "pdf", "jp2")


def held(kind: str, turn: QuarterTurn, folder: Path) -> PdfPage:
    mode = "RGB" if "colour" in kind else "1" if kind in ("g4", "lzw") else "L"
    image, words = made.upright(mode)
    lying, path = made.turned(image, turn), folder / kind
    match kind:
        case "jpeg" | "colour jpeg":
            lying.save(path, "JPEG", quality=90)
        case "g4":
            one_strip = {278: lying.height}
            lying.save(path, "TIFF", compression="group4", tiffinfo=one_strip)
        case "lzw":
            lying.save(path, "TIFF", compression="tiff_lzw")
        case "jp2":
            lying.save(path, "JPEG2000")
        case "pdf":
            made.one_image_pdf(path, lying)
        case _:
            lying.save(path, "PNG")
    return PdfPage(path, 1, made.read(words, turn))


def passes(pdf: bytes) -> None:
    report = pikepdf.pdfa.validate_written(io.BytesIO(pdf), "2b")
    blind = [f for f in report.findings if "JPEG 2000" not in f.message]
    assert not blind, blind
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.check_pdf_syntax() == []


EVERY_TURN = [(k, t) for k in ("jpeg", "g4", "pdf", "colour png") for t in made.TURNS]
ONE_TURN = [(k, 90) for k in ("colour jpeg", "lzw", "png", "jp2")]


@pytest.mark.parametrize(("kind", "turn"), EVERY_TURN + ONE_TURN)
def test_is_upright_searchable_and_archival(
    kind: str, turn: QuarterTurn, tmp_path: Path
) -> None:
    page = held(kind, turn, tmp_path)
    pdf = filed_pdf([page], made.FACTS)
    passes(pdf)
    image, words = made.upright("RGB")
    shown = made.rendered(pdf)
    assert shown.size == made.SIZE
    assert made.difference(shown, image) < 6
    found = dict(made.found_words(pdf))
    assert set(found) == {word.text for word in words}
    for word in words:
        for side in ("left", "top", "right", "bottom"):
            off = getattr(found[word.text], side) - getattr(word.box, side)
            assert abs(off) * 72 / made.DPI < 2, (side, word.text)  # points


def test_same_arguments_make_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    pages = [held(kind, 90, tmp_path) for kind in KINDS]
    code = (
        "import sys, pathlib, test_store_pdf as t;"
        "from pipeline.store.pdf import filed_pdf;"
        "p = [t.held(k, 90, pathlib.Path(sys.argv[1])) for k in t.KINDS];"
        "sys.stdout.buffer.write(filed_pdf(p, t.made.FACTS))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=Path(__file__).parent,
        capture_output=True,
        check=True,
    )
    assert done.stdout == filed_pdf(pages, made.FACTS)


def test_facts_stand_in_the_xmp_and_nothing_of_the_clock(tmp_path: Path) -> None:
    path = made.one_image_pdf(tmp_path / "p", made.upright()[0], content="0 0 9 9 re f")
    pages = [held("jpeg", 0, tmp_path), held("lzw", 0, tmp_path)]
    pages.append(PdfPage(path, 1, made.read()))
    with pikepdf.open(io.BytesIO(filed_pdf(pages, made.FACTS))) as pdf:
        told = pdf.open_metadata()
        assert told["dc:identifier"] == told["xmpMM:DocumentID"] == "d-1"
        assert told["xmpMM:VersionID"] == "1"
        assert told["dc:type"] == {"discharge_summary", "LOINC 18842-5"}
        assert told["dc:subject"] == {"patient 00123456"}
        assert told["dc:date"] == ["2013-04-03"]
        assert told["dc:source"] == "batch b-7 pages 3 4"
        assert told["dc:description"] == (
            "Held in another encoding, pixel for pixel, pages: 2."
            " Renderings of a source that is more than a scan, pages: 3."
        )
        assert (
            told["xmp:CreateDate"] == told["xmp:ModifyDate"] == "2026-11-01T12:30:00Z"
        )
        assert "/Info" not in pdf.trailer
        assert told["dc:title"] == made.FACTS.title


def test_facts_and_pages_do_not_show_the_patient() -> None:
    assert "00123456" not in repr(made.FACTS)
    assert "2013" not in repr(made.FACTS)


def test_a_source_turned_by_its_viewer_and_by_us(tmp_path: Path) -> None:
    image, words = made.upright()
    for rotate, turn in ((90, 90), (270, 0), (180, 270), (90, 270)):
        whole = (rotate + turn) % 360
        path = made.one_image_pdf(
            tmp_path / "p.pdf", made.turned(image, whole), rotate=rotate
        )
        pdf = filed_pdf([PdfPage(path, 1, made.read(words, turn))], made.FACTS)
        assert made.difference(made.rendered(pdf), image) < 2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_that_says_how_it_was_held(orientation: int, tmp_path: Path) -> None:
    image, _ = made.upright()
    exif = Image.Exif()
    exif[0x0112] = orientation
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # PIL's names of transposes
    raw = image.transpose(undo[orientation]) if orientation > 1 else image
    raw.save(tmp_path / "p.jpg", exif=exif, quality=95)
    raw.convert("1").save(
        tmp_path / "p.tif",
        compression="group4",
        tiffinfo={274: orientation, 278: raw.height},
    )
    raw.convert("1").save(
        tmp_path / "q.tif", compression="tiff_lzw", tiffinfo={274: orientation}
    )
    for name in ("p.jpg", "p.tif", "q.tif"):
        pdf = filed_pdf([PdfPage(tmp_path / name, 1, made.read())], made.FACTS)
        assert made.difference(made.rendered(pdf), image) < 6, name


def test_fax_lines_of_two_resolutions_fill_their_sheet(tmp_path: Path) -> None:
    image, words = made.upright("1")
    squeezed = image.resize((made.SIZE[0], made.SIZE[1] // 2))
    squeezed.save(tmp_path / "fax.tif", compression="group4", dpi=(100, 50))
    pdf = filed_pdf([PdfPage(tmp_path / "fax.tif", 1, made.read(words))], made.FACTS)
    assert made.difference(made.rendered(pdf), image) < 12


def test_words_that_no_font_can_hold_are_left_out(tmp_path: Path) -> None:
    from pipeline.page import Box, Word

    page = held("png", 0, tmp_path)
    box = Box(10, 10, 90, 40)
    odd = (
        Word("\x00\x1b", box, 0.5),
        Word("", box, 0.5),
        Word("flat", Box(10, 10, 10, 40), 0.5),
        Word("a\ud800b\U0001f600", box, 0.5),
    )
    pdf = filed_pdf([PdfPage(page.path, 1, made.read(odd))], made.FACTS)
    passes(pdf)
    assert [text for text, _ in made.found_words(pdf)] == ["ab\U0001f600"]


def test_no_words_no_size_no_dpi_still_makes_a_page(tmp_path: Path) -> None:
    import dataclasses

    page = held("g4", 90, tmp_path)
    bare = dataclasses.replace(made.read((), 90, (0, 0)), dpi=0)
    pdf = filed_pdf([PdfPage(page.path, 1, bare)], made.FACTS)
    passes(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert [float(v) for v in opened.pages[0].mediabox] == [0, 0, 204, 264]


def test_an_undated_document_has_no_date(tmp_path: Path) -> None:
    import dataclasses

    facts = dataclasses.replace(made.FACTS, service_date=None)
    pdf = filed_pdf([held("jpeg", 0, tmp_path)], facts)
    passes(pdf)
    assert b"dc:date" not in pdf


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 nothing", b"nothing"])
def test_a_damaged_original_is_named_by_document_only(
    data: bytes, tmp_path: Path
) -> None:
    (tmp_path / "DOE-JANE.pdf").write_bytes(data)
    page = PdfPage(tmp_path / "DOE-JANE.pdf", 1, made.read())
    with pytest.raises(UnreadableFile, match="d-1") as caught:
        filed_pdf([page], made.FACTS)
    assert "DOE" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_page_that_takes_too_long_to_draw_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_slow(*_: object, **__: object) -> None:
        raise PDFPopplerTimeoutError

    monkeypatch.setattr("pdf2image.convert_from_path", too_slow)
    path = made.one_image_pdf(tmp_path / "p", made.upright()[0], content="0 0 9 9 re f")
    with pytest.raises(OverLimit, match="d-1"):
        filed_pdf([PdfPage(path, 1, made.read())], made.FACTS)


def test_a_pool_process_loads_no_database() -> None:
    code = "import pipeline.store.pdf, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert not {"sqlalchemy", "minio", "spacy", "sklearn", "dbos"} & set(
        done.stdout.split()
    )
