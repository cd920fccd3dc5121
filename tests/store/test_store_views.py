import io

import numpy as np
import pytest
from PIL import Image

from pipeline.store.views import page_png


@pytest.mark.parametrize(
    ("rotation", "corner"),
    [(0, (0, 0)), (90, (1, 0)), (180, (1, 1)), (270, (0, 1))],
)
def test_a_page_is_shown_upright(rotation, corner):
    pixels = np.full((40, 80), 255, np.uint8)
    pixels[:10, :10] = 0  # top left, as the source shows it
    shown = Image.open(io.BytesIO(page_png(pixels, rotation, 40)))
    assert shown.width == 40
    assert shown.height == (20 if rotation in (0, 180) else 80)
    x, y = (
        side * (length - 1) for side, length in zip(corner, shown.size, strict=True)
    )
    assert shown.getpixel((x, y)) < 40
