"""The seam to any OCR engine, and the one that sees nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pipeline.page import Box, PageImage, QuarterTurn, Word


class OcrEngine(Protocol):
    """Reads words from one upright page image.

    Called in pool processes: an engine must pickle (open its library on first use),
    and must not start processes or threads of its own. Raises InputError for an
    image that no retry can mend.
    """

    name: str  # with version: "tesseract 5.5.4"

    def read(
        self, image: PageImage, lines: Sequence[Box] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        """Words in reading order, boxes in ``image``'s pixels, confidences 0..1.

        ``lines`` are boxes around one line of print each, if it is known where they
        are; an engine that cannot be told finds words wherever they stand. ``closely``
        says that they stayed doubtful when they were read before: it may take its time.
        """
        ...

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:
        """The clockwise turn that makes ``image`` upright, and how sure, 0..1."""
        ...


class NullEngine:
    """Sees nothing; for runs in which only the images matter."""

    name = "null 1"

    def read(
        self,
        image: PageImage,  # noqa: ARG002 - the seam's
        lines: Sequence[Box] = (),  # noqa: ARG002 - the seam's
        *,
        closely: bool = False,  # noqa: ARG002 - the seam's
    ) -> tuple[Word, ...]:
        return ()

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:  # noqa: ARG002 - as above
        return 0, 0.0
