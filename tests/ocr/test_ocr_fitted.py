"""The line network with weights of our own in the place of Tesseract's."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.artefact import Artefact, read, write
from pipeline.errors import ModelTampered, SettingsError
from pipeline.ocr.lines import lines_of
from pipeline.ocr.linewise import LinewiseEngine
from pipeline.ocr.net.fitted import CHARACTERS, MODEL, fitted, name_of
from pipeline.ocr.net.traineddata import Trained, trained
from pipeline.ocr.tesseract import tessdata_folder
from pipeline.page import PageImage
from tests.ocr.ocr_pages import DPI, prose, scanned

PAGE = prose(lines=8)


@pytest.fixture(scope="module")
def stock() -> Trained:
    return trained(tessdata_folder() / "eng.traineddata")


def test_the_shipped_weights_are_of_the_same_layers(stock: Trained) -> None:
    ours = fitted(stock)
    assert ours.characters == stock.characters
    assert ours.words == stock.words
    for one, other in zip(ours.layers, stock.layers, strict=True):
        assert str(one) == str(other)
        assert len(one.matrices) == len(other.matrices)
        assert all(
            m.shape >= n.shape
            for m, n in zip(one.matrices, other.matrices, strict=True)
        )
    changed = [at for at, layer in enumerate(stock.layers) if layer.matrices]
    for at in changed:
        assert not np.array_equal(
            ours.layers[at].matrices[0], stock.layers[at].matrices[0]
        )


def kept(folder: Path, stock: Trained, characters: tuple[str, ...]) -> Path:
    arrays = {
        name_of(at): np.stack(layer.matrices)
        for at, layer in enumerate(stock.layers)
        if layer.matrices
    }
    write(folder, Artefact({"name": "spoiled"}, arrays, {CHARACTERS: characters}))
    return folder


def test_weights_for_other_characters_are_refused(
    tmp_path: Path, stock: Trained
) -> None:
    same = fitted(stock, kept(tmp_path / "same", stock, stock.characters))
    assert np.array_equal(same.layers[-1].matrices[0], stock.layers[-1].matrices[0])
    other = ("?", *stock.characters[1:])
    with pytest.raises(SettingsError, match="tessdata_fast"):
        fitted(stock, kept(tmp_path / "other", stock, other))
    with pytest.raises(SettingsError, match="tessdata_fast"):
        fitted(replace(stock, characters=other))


def test_weights_that_were_changed_are_refused(tmp_path: Path, stock: Trained) -> None:
    folder = kept(tmp_path / "lines", stock, stock.characters)
    numbers = folder / "numbers.npz"
    content = bytearray(numbers.read_bytes())
    content[1000] ^= 1
    numbers.write_bytes(content)
    with pytest.raises(ModelTampered):
        fitted(stock, folder)
    with pytest.raises(ModelTampered):
        LinewiseEngine(weights=folder)


@pytest.mark.slow
def test_worn_print_is_read_better_than_with_tesseracts_weights() -> None:
    """Print of half the size, blurred; both read the same pixels."""
    page = scanned(PAGE.pixels)[200:1200]
    small = cv2.resize(page, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    worn = cv2.resize(small, (page.shape[1], page.shape[0]))
    noise = np.random.default_rng(1).normal(0, 25, worn.shape)
    image = PageImage(np.clip(worn + noise, 0, 255).astype(np.uint8), DPI)
    truth = {text.rstrip(".") for text, _ in PAGE.words}
    ours, theirs = (
        sum(
            word.text.rstrip(".") in truth
            for word in engine.read(image, lines_of(image))
        )
        for engine in (LinewiseEngine(), LinewiseEngine(weights=None))
    )
    assert ours >= theirs


def test_how_the_weights_were_learnt_stands_beside_them() -> None:
    facts = read(MODEL).manifest
    assert "benchmarks.lines.fit" in facts["command"]
    assert "Apache-2.0" in facts["from"]
