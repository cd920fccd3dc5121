"""Weights fitted on worn print, in the place of those of eng.traineddata.

The same layers and characters, with more cells: benchmarks/lines goes on teaching
Tesseract's network with lines of scanned charts, of which it is told what was printed
there.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from pipeline.artefact import read
from pipeline.errors import SettingsError
from pipeline.ocr.net.traineddata import Layer, Trained, refusal

MODEL = Path(__file__).parent.parent.parent.parent / "models" / "lines"
CHARACTERS = "characters"  # the list of what each output stands for


def fitted(found: Trained, folder: Path = MODEL) -> Trained:
    """The same layers with the weights of a model folder.

    Raises ModelTampered unless the folder is intact, SettingsError where the weights
    were fitted for other characters.
    """
    model = read(folder)
    if tuple(model.lists[CHARACTERS]) != found.characters:
        raise SettingsError(refusal(folder / "eng.traineddata"))
    arrays = model.arrays
    return replace(
        found,
        layers=tuple(
            _weighed(layer, arrays[name_of(at)]) if layer.matrices else layer
            for at, layer in enumerate(found.layers)
        ),
    )


def name_of(layer: int) -> str:
    """Of a layer's weights in the model's arrays: (matrices, outputs, inputs)."""
    return f"layer{layer}"


def _weighed(layer: Layer, weights: np.ndarray) -> Layer:
    return replace(layer, matrices=tuple(weights.astype(np.float32)))
