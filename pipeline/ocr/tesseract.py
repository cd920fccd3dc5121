"""Tesseract 5 inside this process, through tesserocr: whole pages, and doubtful lines.

Accepted risk: the wheel brings its own libtesseract, so its security updates come
from PyPI, not from the distribution.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import SettingsError
from pipeline.ocr.tsv import words
from pipeline.page import Box, PageImage, QuarterTurn, Word

os.environ["OMP_THREAD_LIMIT"] = "1"  # before the library loads: 5 x slower without
import tesserocr

if TYPE_CHECKING:  # OpenCV, which only a reading process needs, costs 30 ms
    from pipeline.ocr.osd import Orientation

_USUAL_PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


def tessdata_folder(setting: Path | None = None) -> Path:
    """Where eng and osd lie: the setting, else the first usual place that has them.

    Raises SettingsError where neither has both.
    """
    places = [setting] if setting else [Path(place) for place in _USUAL_PLACES]
    for place in places:
        if all((place / f"{name}.traineddata").is_file() for name in ("eng", "osd")):
            return place
    raise SettingsError(
        "eng.traineddata and osd.traineddata were not found: install tesseract-ocr, "
        "tesseract-ocr-eng and tesseract-ocr-osd, or set tessdata in [reading] of "
        "config/pipeline.toml"
    )


def tesseract_version() -> str:
    """The linked library's version, as "5.5.4"."""
    return str(tesserocr.tesseract_version().split()[1])


class TesseractEngine:
    """One library instance a process, opened on first use; see OcrEngine."""

    def __init__(self, tessdata: Path | None = None) -> None:
        self.name = f"tesseract {tesseract_version()}"
        self.tessdata = tessdata_folder(tessdata)

    def read(
        self,
        image: PageImage,
        lines: Sequence[Box] = (),
        *,
        closely: bool = False,  # noqa: ARG002 - it always does its best
    ) -> tuple[Word, ...]:
        api = _api(self.tessdata, "eng", tesserocr.PSM.AUTO)
        api.SetPageSegMode(tesserocr.PSM.SINGLE_LINE if lines else tesserocr.PSM.AUTO)
        _show(api, image)
        found: list[Word] = []
        for number, line in enumerate(lines or (None,)):
            if line:
                left, top = int(line.left), int(line.top)
                api.SetRectangle(left, top, int(line.width), int(line.height))
            api.Recognize()
            some = words(api.GetTSVText(0))
            found += [replace(word, line=number) for word in some] if line else some
        api.Clear()
        return tuple(found)

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:
        from pipeline.ocr.osd import turn_by

        return turn_by(self._orientation, self.read, image)

    def _orientation(self, image: PageImage) -> Orientation | None:
        from pipeline.ocr.osd import Orientation

        api = _api(self.tessdata, "osd", tesserocr.PSM.OSD_ONLY)
        _show(api, image)
        seen = api.DetectOrientationScript()
        api.Clear()
        if not seen:
            return None
        return Orientation(-int(seen["orient_deg"]) % 360, float(seen["orient_conf"]))


@functools.cache
def _api(tessdata: Path, language: str, mode: int) -> tesserocr.PyTessBaseAPI:
    # what the libraries say on stderr may quote the page
    tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)
    api = tesserocr.PyTessBaseAPI(path=f"{tessdata}/", lang=language, psm=mode)
    api.SetVariable("debug_file", os.devnull)
    return api


def _show(api: tesserocr.PyTessBaseAPI, image: PageImage) -> None:
    height, width = image.pixels.shape
    # never SetImage(PIL image): it goes through a PNG and costs more than the reading
    api.SetImageBytes(image.pixels.tobytes(), width, height, 1, width)
    api.SetSourceResolution(max(image.dpi, 70))  # below 70 the library guesses
