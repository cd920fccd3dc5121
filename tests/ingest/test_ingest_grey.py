"""A picture's grey as it is asked of Pillow, taken from it in bands."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from PIL import Image

from pipeline.ingest.grey import grey

WIDE, HIGH = 700, 1111  # two bands and a rest


def picture(mode: str, size: tuple[int, int] = (WIDE, HIGH)) -> Image.Image:
    grain = np.random.default_rng(3).integers(0, 256, (size[1], size[0], 3), np.uint8)
    return Image.fromarray(grain).convert(mode)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P", "CMYK", "YCbCr"])
def test_every_row_is_there(mode: str) -> None:
    image = picture(mode)
    plain = image if mode in {"1", "L", "RGB"} else image.convert("RGB")
    expected = np.asarray(plain.convert("L"))
    pixels = grey(image)
    assert pixels.shape == (HIGH, WIDE)
    assert np.array_equal(pixels, expected)
    assert not pixels.flags.writeable


def test_the_bytes_are_held_little_more_than_once() -> None:
    """All of a page's at a time, they were held three times: 25 MB at 300 dpi."""
    image = picture("L", (2000, 3000))
    tracemalloc.start()
    pixels = grey(image)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.5 * pixels.nbytes
