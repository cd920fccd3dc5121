"""The models that every page asks, read once for all processes of a cradle.

Those of the release, with Tesseract's data where they usually lie: a site that names
others loads its own. What is wrong with one is told where it is needed.
"""

from __future__ import annotations

from contextlib import suppress

from pipeline.ocr.linewise import warmed
from pipeline.ocr.wayup import shipped

with suppress(Exception):  # it is told where it is needed, or another one is used
    shipped()
    warmed()
