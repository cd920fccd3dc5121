"""Plain Tesseract on the raw image, turned upright by the truth."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.progress import track

from pipeline.ingest.formats import page_image
from pipeline.ingest.limits import Limits
from pipeline.ocr.tesseract import TesseractEngine
from pipeline.ocr.upright import TURNS, turned

Asked = tuple[Path, int, int]  # file, page, the turn that makes it upright


def plain_texts(asked: Sequence[Asked], workers: int) -> list[str]:
    """``tesseract --psm 3`` of each page, in order."""
    with ProcessPoolExecutor(workers) as pool:
        told = pool.map(_read, asked)
        console = Console(stderr=True)
        return list(track(told, "plain tesseract", total=len(asked), console=console))


def _read(asked: Asked) -> str:
    path, page, turn = asked
    image = page_image(path, page, Limits())
    upright = turned(image, next(t for t in TURNS if t == turn))
    return " ".join(word.text for word in TesseractEngine().read(upright))
