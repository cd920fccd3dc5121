"""One look at a side at 100 dpi, before anything is recognised on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.ocr.blank import ink_of
from pipeline.ocr.grey import Grey, reduced
from pipeline.ocr.traces import darkness, ground_of, lights_in, traces_in
from pipeline.page import Box, PageImage

DPI = 100


@dataclass(frozen=True, slots=True)
class Glance:
    """What is dark on a side, of 255 more than its paper, at ``dpi`` (100 at most).

    ``small`` is the side itself at that resolution; ``ink`` is the share of dark
    pixels; ``traces`` what a person may have left, in pixels of ``dark``: what is
    lighter than its paper only where nothing is darker.
    """

    small: PageImage = field(repr=False)
    dark: Grey = field(repr=False)
    dpi: int
    ink: float
    traces: tuple[Box, ...]


def glance_at(image: PageImage) -> Glance:
    """All that is measured on the small image; 20 ms a page of 300 dpi."""
    small = PageImage(reduced(image.pixels, image.dpi, DPI), min(DPI, image.dpi))
    ground = ground_of(small.pixels, small.dpi)
    dark = darkness(small.pixels, ground, small.dpi)
    traces = traces_in(dark, small.dpi) or lights_in(small.pixels, ground, small.dpi)
    return Glance(small, dark, small.dpi, ink_of(small), traces)
