"""The line network's weights: `python -m benchmarks.lines.keep WEIGHTS.npz`.

Without WEIGHTS, writes those of eng.traineddata to build/line-network.npz, to begin
with; with it, puts what benchmarks.lines.fit learnt into models/lines.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.reading.machine import CHECKOUT
from pipeline.artefact import Artefact, write
from pipeline.ocr.net.fitted import CHARACTERS, MODEL, name_of
from pipeline.ocr.net.traineddata import trained
from pipeline.ocr.tesseract import tessdata_folder

_START = CHECKOUT / "build" / "line-network.npz"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("weights", type=Path, nargs="?")
    parser.add_argument("--told", default="", help="how they were learnt")
    given = parser.parse_args()
    if given.weights is None:
        begin(_START)
        print(_START)
    else:
        keep(given.weights, MODEL, given.told)
        print(MODEL)


def begin(out: Path) -> None:
    """Tesseract's own weights."""
    found = trained(tessdata_folder() / "eng.traineddata")
    arrays: dict[str, Any] = {
        name_of(at): np.stack(layer.matrices)
        for at, layer in enumerate(found.layers)
        if layer.matrices
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez(out, **arrays, characters=np.array(found.characters))


def keep(weights: Path, folder: Path, told: str) -> None:
    """Put learnt weights in a model folder."""
    arrays = dict(np.load(weights))
    characters = [str(one) for one in arrays.pop("characters")]
    day = f"{dt.datetime.now(dt.UTC).date()}"
    facts = {
        "name": f"lines {day}",
        "date": day,
        "command": told,
        "from": "eng.traineddata of tessdata_fast (Apache-2.0)",
        "features": "lines of print, 36 px high",
        "model": "the network of tessdata_fast with more cells, fitted further",
    }
    write(folder, Artefact(facts, arrays, {CHARACTERS: characters}))


if __name__ == "__main__":
    main()
