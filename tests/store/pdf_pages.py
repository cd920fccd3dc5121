"""A made page with known words, held in every way a scanner holds one."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
from pathlib import Path
from typing import cast

import numpy as np
import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from pipeline.document import BatchId, DocumentId, DocumentType
from pipeline.page import Box, Page, Quality, QuarterTurn, Word
from pipeline.store.pdf import PdfFacts

DPI = 100
SIZE = (850, 1100)
TEXTS = (("Discharge", 90, 80), ("Summary", 420, 80), ("MRN", 90, 240))
TEXTS += (("00123456", 240, 240), ("naïve—“ﬁx”", 90, 700), ("end.", 640, 1020))
TURNS: tuple[QuarterTurn, ...] = (0, 90, 180, 270)
FACTS = PdfFacts(
    document=DocumentId("d-1"),
    type_key=DocumentType("discharge_summary"),
    loinc="18842-5",
    title="Discharge <summary> & more",
    patient="00123456",
    service_date=dt.date(2013, 4, 3),
    received=dt.datetime(2026, 11, 1, 12, 30, tzinfo=dt.UTC),
    batch=BatchId("b-7"),
    pages=(3, 4),
)


def upright(mode: str = "L") -> tuple[Image.Image, tuple[Word, ...]]:
    """The page as a reader holds it, with the words it says and where."""
    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(44)
    words = []
    for line, (text, x, y) in enumerate(TEXTS):
        draw.text((x, y), text, font=font, fill=(20, 20, 120))
        words.append(
            Word(text, Box(*draw.textbbox((x, y), text, font=font)), 0.9, line)
        )
    draw.rectangle((30, 400, 130, 520), fill=(200, 30, 30))
    draw.polygon([(600, 500), (800, 500), (600, 620)], fill=(0, 0, 0))
    return image.convert(mode), tuple(words)


def read(
    words: tuple[Word, ...] = (), turn: QuarterTurn = 0, size: tuple[int, int] = SIZE
) -> Page:
    quality = Quality(0.1, False, DPI, 9.0, 1.0, 0.0, 0.9)
    return Page(1, size, words, (), DPI, turn, quality, "none")


def turned(image: Image.Image, turn: int) -> Image.Image:
    """How it lies when it takes a clockwise ``turn`` to make it upright."""
    return image.rotate(turn, expand=True)


def one_image_pdf(path: Path, image: Image.Image, **more: object) -> Path:
    """A PDF whose page is one Flate image; ``more`` sets content, rotate, crop."""
    width, height = (side * 72 / DPI for side in image.size)
    with pikepdf.Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(width, height))
        held = pdf.make_stream(
            image.tobytes(),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=image.width,
            Height=image.height,
            BitsPerComponent=8,
            ColorSpace=Name.DeviceRGB if image.mode == "RGB" else Name.DeviceGray,
        )
        page.obj.Resources = Dictionary(
            XObject=Dictionary(Im0=held),
            Font=Dictionary(
                F1=Dictionary(
                    Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica
                )
            ),
        )
        content = f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q {more.get('content', '')}"
        page.obj.Contents = pdf.make_stream(content.encode())
        page.obj.Rotate = cast("int", more.get("rotate", 0))
        pdf.save(path)
    return path


def rendered(pdf: bytes, page: int = 1, dpi: int = DPI) -> Image.Image:
    """What poppler shows."""
    command = ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference in grey levels; the sizes must agree within a pixel or two."""
    assert abs(one.width - other.width) <= 2
    assert abs(one.height - other.height) <= 2
    a, b = (np.asarray(i.convert("L").resize(SIZE), np.int16) for i in (one, other))
    return float(np.abs(a - b).mean())


def found_words(pdf: bytes) -> list[tuple[str, Box]]:
    """What pdftotext finds, in px of the page at DPI."""
    command = ["pdftotext", "-bbox", "-", "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    row = re.compile(
        r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>'
    )
    return [
        (text, Box(*(float(v) * DPI / 72 for v in box)))
        for *box, text in row.findall(done.stdout.decode())
    ]
