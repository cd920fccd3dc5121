"""What a reading process has before its first task; a cradle imports this by name.

With what libraries load at the first page only: a twentieth of a second of that page.
"""

from __future__ import annotations

import numpy.fft as _fft
import numpy.ma as _masked
from PIL import Image

from pipeline import reading
from pipeline.ingest import formats
from pipeline.ocr import linewise, read
from pipeline.ocr.net import strips
from pipeline.store import views

HERE = (_fft, _masked, reading, formats, linewise, read, strips, views)
Image.init()  # the formats that Pillow knows, TIFF among them
