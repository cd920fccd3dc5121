"""Real scans of other projects, by set: which files, and the truth where there is one.

They lie outside the project (the folder's own README tells whose they are), are read
here and copied nowhere but into build/.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_TESSERACT = {  # stem: the file with its text
    "phototest": "phototest",
    "phototest-rotated-180": "phototest",
    "phototest-rotated-L": "phototest",
    "phototest-rotated-R": "phototest",
    "phototestrot": "phototest",
    "eurotext": "eurotext",
    "8071_093.3B": "8071_093.3B",
    "8087_054.3B": "8087_054.3B",
}
_OCRMYPDF = (
    "baiona.png baiona_color.jpg baiona_gray.png c02-22.pdf cardinal.pdf ccitt.pdf"
    " cmyk.pdf crom.png epson.pdf francais.pdf graph.pdf jbig2.pdf lichtenstein.pdf"
    " linn.pdf linn.png multipage.pdf palette.pdf poster.pdf rotated_skew.pdf skew.pdf"
    " typewriter.png"
)
_MEDICAL = (
    "insurance-cards/MATLAB/*.png",
    "mediai-prescriptions/**/*.png",
    "codebasics-medical/**/*.[jp][pn]g",
    "aws-idp/**/insurance_card.png",
    "aws-idp/**/CMS1500.png",
    "aws-idp/**/health_plan_pg1.png",
    "aws-idp/**/hand_written_note.pdf",
    "aws-idp/**/mixedbag/*.png",
    "cms1500/**/*.png",
)
_DEGRADED = (
    "galfar-deskew/TestImages/*.*",
    "unpaper/source_images/*.p[np][gm]",
    "leptonica-prog/prog/feyn.tif",
    "leptonica-prog/prog/lucasta.*.*",
    "leptonica-prog/prog/lion-page.*",
    "leptonica-prog/prog/1555.0*.jpg",
    "leptonica-prog/prog/patent.png",
    "leptonica-prog/prog/shearer.148.tif",
    "leptonica-prog/prog/brev.*.75.jpg",
    "leptonica-prog/prog/german.png",
)
_RASTER = 200  # dpi of what was born digital


@dataclass(frozen=True, slots=True)
class RealScan:
    """One file of a set; ``truth`` by page, empty where nobody wrote it down."""

    set: str
    file: Path
    truth: str | None = field(default=None, repr=False)


def real_scans(data: Path, work: Path) -> Iterator[RealScan]:
    """Of every set under ``data``; ``work`` takes what must be drawn first."""
    sets: dict[str, Callable[[Path, Path], Iterator[RealScan]]] = {
        "funsd": _funsd,
        "tesseract-test": _tesseract_test,
        "ocrmypdf": _ocrmypdf,
        "medical-scans": _medical,
        "degraded-pages": _degraded,
    }
    for name, scans in sets.items():
        if (data / name).is_dir():
            yield from scans(data / name, work)


def _funsd(folder: Path, _work: Path) -> Iterator[RealScan]:
    for file in sorted(folder.rglob("*.png")):
        notes = file.parents[1] / "annotations" / f"{file.stem}.json"
        form = json.loads(notes.read_text("utf-8"))["form"]
        words = [word["text"] for part in form for word in part["words"]]
        yield RealScan("funsd", file, " ".join(words))


def _tesseract_test(folder: Path, _work: Path) -> Iterator[RealScan]:
    for file in sorted((folder / "testing").glob("*.[tp][in][fg]")):
        if file.stem in _TESSERACT:
            text = file.with_name(f"{_TESSERACT[file.stem]}.txt")
            yield RealScan("tesseract-test", file, text.read_text("utf-8"))


def _ocrmypdf(folder: Path, _work: Path) -> Iterator[RealScan]:
    for name in _OCRMYPDF.split():
        file = folder / "tests" / "resources" / name
        if file.exists():
            yield RealScan("ocrmypdf", file)


def _medical(folder: Path, work: Path) -> Iterator[RealScan]:
    """Scans and pictures as they are; faxes that were born digital are drawn first."""
    for pattern in _MEDICAL:
        for file in sorted(folder.glob(pattern)):
            yield RealScan("medical-scans", file)
    for pdf in sorted((folder / "fax-capacitor").rglob("*.pdf")):
        drawn = work / "drawn" / pdf.stem
        drawn.parent.mkdir(parents=True, exist_ok=True)
        draw = ["pdftoppm", "-mono", "-r", str(_RASTER), str(pdf), str(drawn)]
        subprocess.run(draw, check=True)
        text = subprocess.run(
            ["pdftotext", pdf, "-"], capture_output=True, text=True, check=True
        ).stdout.split("\f")
        for image in sorted(drawn.parent.glob(f"{pdf.stem}-*.pbm")):
            page = int(image.stem.rpartition("-")[2])
            tiff = image.with_suffix(".png")
            _as_png(image, tiff)
            yield RealScan("medical faxes", tiff, text[page - 1])


def _degraded(folder: Path, _work: Path) -> Iterator[RealScan]:
    for pattern in _DEGRADED:
        for file in sorted(folder.glob(pattern)):
            yield RealScan("degraded-pages", file)


def _as_png(image: Path, png: Path) -> None:
    from PIL import Image

    with Image.open(image) as opened:
        opened.save(png, dpi=(_RASTER, _RASTER))
