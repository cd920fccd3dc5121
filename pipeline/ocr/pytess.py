"""Tesseract as a program of the system, through pytesseract: a second opinion.

It costs half as much again as the library in this process (docs/measures.md), and
survives anything that the library does to its process.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytesseract
from PIL import Image

from pipeline.errors import OverLimit, SettingsError, UnreadableFile
from pipeline.ocr.osd import Orientation, turn_by
from pipeline.ocr.tesseract import tessdata_folder
from pipeline.ocr.tsv import words
from pipeline.page import Box, PageImage, QuarterTurn, Word


class PytesseractEngine:
    """One program run an image; see OcrEngine.

    ``seconds`` is the longest one run may take; a longer one raises OverLimit.
    """

    def __init__(self, tessdata: Path | None = None, seconds: float = 60.0) -> None:
        try:
            self.name = f"tesseract program {pytesseract.get_tesseract_version()}"
        except pytesseract.TesseractNotFoundError as missing:
            raise SettingsError(
                "the program tesseract was not found: install tesseract-ocr"
            ) from missing
        self.tessdata = tessdata_folder(tessdata)
        self.seconds = seconds

    def read(
        self,
        image: PageImage,
        lines: Sequence[Box] = (),
        *,
        closely: bool = False,  # noqa: ARG002 - it always does its best
    ) -> tuple[Word, ...]:
        mode = 11 if lines else 3  # a run for each line would take minutes
        return words(self._run(image, f"--psm {mode} -l eng", "tsv"))

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:
        return turn_by(self._orientation, self.read, image)

    def _orientation(self, image: PageImage) -> Orientation | None:
        try:
            answer = self._run(image, "--psm 0 -l osd", "osd")
        except UnreadableFile:  # the program fails where the page has too few letters
            return None
        facts = dict(row.split(": ", 1) for row in answer.split("\n") if ": " in row)
        return Orientation(int(facts["Rotate"]), float(facts["Orientation confidence"]))

    def _run(self, image: PageImage, options: str, extension: str) -> str:
        picture = Image.fromarray(image.pixels)
        picture.format = "BMP"  # a PNG of a noisy page costs more than the reading
        options += f" --tessdata-dir {self.tessdata} --dpi {max(image.dpi, 70)}"
        try:
            answer = pytesseract.pytesseract.run_and_get_output(
                picture,
                extension=extension,
                config=f"{options} {'tsv' if extension == 'tsv' else ''}",
                timeout=self.seconds,
            )
        except pytesseract.TesseractError:
            # not chained: the program's message may quote the page
            raise UnreadableFile("the program tesseract refused a page") from None
        except RuntimeError:  # pytesseract's word for a timeout
            raise OverLimit(
                f"the program tesseract took longer than {self.seconds:.0f} s for a "
                "page: scan it again at a lower resolution"
            ) from None
        return str(answer)
