"""The seam to any OCR engine, and the one that sees nothing."""

from __future__ import annotations

from typing import Protocol

from pipeline.page import PageImage, QuarterTurn, Word


class OcrEngine(Protocol):
    """Reads words from one upright page image.

    Called in pool processes: an engine must pickle (open its library on first use),
    and must not start processes or threads of its own. Raises InputError for an
    image that no retry can mend.
    """

    name: str  # with version: "tesseract 5.5.4"

    def read(self, image: PageImage, *, sparse: bool = False) -> tuple[Word, ...]:
        """Words in reading order, boxes in ``image``'s pixels, confidences 0..1.

        ``sparse`` finds words wherever they stand, as in forms and tables, and does
        not look for columns and paragraphs; an engine may know only one way.
        """
        ...

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:
        """The clockwise turn that makes ``image`` upright, and how sure, 0..1."""
        ...


class NullEngine:
    """Sees nothing; for runs in which only the images matter."""

    name = "null 1"

    def read(self, image: PageImage, *, sparse: bool = False) -> tuple[Word, ...]:  # noqa: ARG002 - the seam's
        return ()

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:  # noqa: ARG002 - as above
        return 0, 0.0
