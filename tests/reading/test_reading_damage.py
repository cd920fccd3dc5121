"""libtiff mends bad fax codes without an error: such a page goes to a clerk."""

from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.ocr.engine import NullEngine
from pipeline.reading import DAMAGED, PageToRead, PoolLimits, ReadingPool


def fax(folder: Path, *, damaged: bool) -> Path:
    noise = np.random.default_rng(1).random((600, 400)) < 0.1
    path = folder / f"{damaged}.tif"
    Image.fromarray(~noise).save(path, compression="group4", dpi=(100, 100))
    if damaged:
        data = bytearray(path.read_bytes())
        middle = len(data) // 2
        data[middle : middle + 40] = b"\x00" * 40
        path.write_bytes(data)
    return path


def test_a_page_whose_codes_were_mended_says_so(tmp_path):
    files = [fax(tmp_path, damaged=damaged) for damaged in (False, True, False)]
    asked = [PageToRead(path, 1, number) for number, path in enumerate(files, 1)]
    with ReadingPool(NullEngine(), PoolLimits(workers=1)) as pool:
        told = [page.troubles for page in pool.read(asked)]
    assert told == [(), (DAMAGED,), ()]
