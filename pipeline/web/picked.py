"""Words under the pointer: what a click or a dragged box on a page's picture takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from pipeline.page import Box, Page, Word

_BESIDE = 5  # words to each side of one that was clicked, for a date in several words
Days = Callable[[str], tuple[dt.date, ...]]


class Asked(BaseModel):
    """A box on a page, in px of it, and the field of the form that wants its words."""

    model_config = ConfigDict(allow_inf_nan=False)

    left: float
    top: float
    right: float
    bottom: float
    field: str = ""

    @property
    def box(self) -> Box:
        """However it was drawn."""
        (left, right), (top, bottom) = (
            sorted(pair) for pair in ((self.left, self.right), (self.top, self.bottom))
        )
        return Box(left, top, right, bottom)


def words_in(page: Page, box: Box) -> str:
    """The words whose middle lies in the box, or the one that a point lies in."""
    return " ".join(word.text for word in page.words if _in(word, box))


def day_in(page: Page, box: Box, days: Days) -> str:
    """The day that these words mean, or with a few beside a single one."""
    inside = [word for word in page.words if _in(word, box)]
    found = days(" ".join(word.text for word in inside))
    if not found and len(inside) == 1:
        line = [word for word in page.words if word.line == inside[0].line]
        at = line.index(inside[0])
        near = line[max(at - _BESIDE, 0) : at + _BESIDE + 1]
        found = days(" ".join(word.text for word in near))
    return found[0].isoformat() if found else ""


def _in(word: Word, box: Box) -> bool:
    """The word's middle lies in the box; or the box, a point, lies in the word."""
    across = (word.box.left + word.box.right) / 2
    down = (word.box.top + word.box.bottom) / 2
    if box.width or box.height:
        return box.left <= across < box.right and box.top <= down < box.bottom
    inside = word.box.left <= box.left < word.box.right
    return inside and word.box.top <= box.top < word.box.bottom
