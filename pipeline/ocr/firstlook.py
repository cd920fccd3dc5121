"""A side looked at quickly, while its paper is still in the operator's hand.

Everything is measured on reduced pixels, and nothing is recognised but barcodes: a
tenth of a second a page, where reading takes two.
"""

from __future__ import annotations

import numpy as np

from pipeline.ocr.blank import ink_of, is_empty
from pipeline.ocr.faults import lost_ink
from pipeline.ocr.glance import DPI, Glance
from pipeline.ocr.grey import reduced
from pipeline.ocr.marks import quick_barcodes
from pipeline.ocr.quality import (
    contrast_of,
    faults_of_print,
    noise_of,
    sharpness_of,
)
from pipeline.ocr.skew import skew_either_way
from pipeline.ocr.traces import darkness, ground_of
from pipeline.page import PageImage, PageLook, Quality

CODES = 150  # dpi at which bars are sought
_INK = 60  # of 255 darker than the paper
_SOME = 0.005  # share of a side that a few lines cover
_STEEP = 40  # of 255 from one pixel to the next at 100 dpi; good print has 100


def first_look(image: PageImage, number: int) -> PageLook:
    """What is wrong with the scan, and which barcodes are on it.

    A side that looks blank may hold faint pencil: nothing is set aside for it.
    """
    middle = PageImage(reduced(image.pixels, image.dpi, CODES), min(CODES, image.dpi))
    small = PageImage(reduced(middle.pixels, middle.dpi, DPI), min(DPI, image.dpi))
    dark = darkness(small.pixels, ground_of(small.pixels, small.dpi), small.dpi)
    glance = Glance(small, dark, small.dpi, ink_of(small), ())
    marks = quick_barcodes(middle)
    if is_empty(glance.ink, (), marks):
        return PageLook(number, blank=True, faults=_sheet(glance))
    print_ = Quality(
        ink=glance.ink,
        blank=False,
        dpi=image.dpi,
        sharpness=sharpness_of(image),
        noise=noise_of(image),
        skew=skew_either_way(small),
        legibility=0.0,
        contrast=contrast_of(image),
    )
    faults = dict.fromkeys(
        (*lost_ink(glance, 0), *faults_of_print(print_), *_smeared(glance))
    )
    return PageLook(number, skew=print_.skew, faults=tuple(faults), marks=marks)


def _smeared(glance: Glance) -> tuple[str, ...]:
    """Dark ink without steep edges even when reduced: no steps are left at 300 dpi."""
    inked = float(np.mean(glance.dark >= _INK)) >= _SOME
    soft = sharpness_of(glance.small) < _STEEP
    return ("blurred",) if inked and soft else ()


def _sheet(glance: Glance) -> tuple[str, ...]:
    """Of a blank side only what its size tells."""
    return tuple(one for one in lost_ink(glance, 0) if one.startswith("two sheets"))
