"""The network over all lines at once, and what becomes of its probabilities."""

from __future__ import annotations

import itertools
import struct
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SettingsError
from pipeline.ocr.lines import lines_of
from pipeline.ocr.linewise import LinewiseEngine
from pipeline.ocr.net.ctc import Spelling, chances
from pipeline.ocr.net.forward import Network
from pipeline.ocr.net.lexicon import Lexicon
from pipeline.ocr.net.spelling import Speller
from pipeline.ocr.net.strips import strip
from pipeline.ocr.net.traineddata import Trained, trained
from pipeline.ocr.tesseract import TesseractEngine, tessdata_folder
from pipeline.page import Box, PageImage
from tests.ocr.ocr_pages import DPI, prose, scanned

PAGE = prose(lines=8)
SCAN = PageImage(scanned(PAGE.pixels)[200:1200].copy(), DPI)


@pytest.fixture(scope="module")
def model() -> Trained:
    return trained(tessdata_folder() / "eng.traineddata")


@pytest.fixture(scope="module")
def lexicon(model: Trained) -> Lexicon:
    return Lexicon.of(model.words, model.characters)


def test_says_which_model_it_cannot_run(tmp_path: Path) -> None:
    """Nothing, noise, another network, a file that was cut off."""
    whole = (tessdata_folder() / "eng.traineddata").read_bytes()
    other = (tessdata_folder() / "osd.traineddata").read_bytes()
    for content in (b"", b"\x05\0\0\0" + bytes(100), other, whole[:300_000]):
        file = tmp_path / "eng.traineddata"
        file.write_bytes(content)
        with pytest.raises(SettingsError, match="tesserocr"):
            trained(file)
    with pytest.raises(SettingsError):
        trained(tmp_path / "none.traineddata")


@pytest.mark.slow
def test_says_what_tesseract_says_of_clear_print() -> None:
    """The same letters, for the weights are the same; places within a letter."""
    lines = lines_of(SCAN)
    engines = TesseractEngine(), LinewiseEngine(weights=None)
    theirs, ours = (engine.read(SCAN, lines) for engine in engines)
    assert [w.text for w in ours] == [w.text for w in theirs]
    assert [w.line for w in ours] == [w.line for w in theirs]
    for one, other in zip(ours, theirs, strict=True):
        assert one.box.left == pytest.approx(other.box.left, abs=6)
        assert one.box.right == pytest.approx(other.box.right, abs=6)
        assert one.confidence > 0.8


def test_lines_together_say_what_each_says_alone(model: Trained) -> None:
    network = Network.of(model)
    random = np.random.default_rng(1)
    lines = [
        random.uniform(-1, 1, (36, wide)).astype(np.float32)
        for wide in (5, 300, 41, 41, 190, 2)
    ]
    together = network.read(lines)
    for line, told in zip(lines, together, strict=True):
        (alone,) = network.read([line])
        np.testing.assert_allclose(told, alone, atol=1e-4)
        assert told.shape == (max(line.shape[1] // 3, 1), len(model.characters))
        np.testing.assert_allclose(told.sum(axis=1), 1, atol=1e-4)
    assert network.read([]) == []


def test_many_lines_are_read_in_portions(
    model: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Network.of(model)
    lines = [np.full((36, 60 + n), n / 30, np.float32) for n in range(30)]
    whole = network.read(lines)
    monkeypatch.setattr("pipeline.ocr.net.forward._MOST", 50)
    for one, other in zip(whole, network.read(lines), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


@given(seed=st.integers(0, 1000), spelling=st.lists(st.integers(0, 2), min_size=1))
def test_a_chance_is_the_sum_over_all_paths(seed: int, spelling: list[int]) -> None:
    """Counted one by one; spaces (0) beside the first and the last letter are none."""
    spelling = spelling[:4]
    if spelling[0] == 0 or spelling[-1] == 0:
        return
    told = np.random.default_rng(seed).dirichlet(np.ones(4), 6).astype(np.float32)
    every = 0.0
    for path in itertools.product(range(4), repeat=4):
        said = [one for one, _ in itertools.groupby(path) if one != 3]
        while said and said[0] == 0:
            said.pop(0)
        while said and said[-1] == 0:
            said.pop()
        if said == spelling:
            every += float(np.prod([told[1 + t, one] for t, one in enumerate(path)]))
    beside = Spelling(0, 6, (1,))  # spellings of other lengths change nothing
    found = chances(told, [beside, Spelling(1, 5, tuple(spelling))])
    assert found[1] == pytest.approx(every, abs=1e-3)
    assert chances(told, []) == []


def test_many_spellings_are_weighed_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    told = np.random.default_rng(5).dirichlet(np.ones(4), 30).astype(np.float32)
    many = [Spelling(at, at + 1 + at % 9, (1, *(2, 1) * (at % 3))) for at in range(20)]
    whole = chances(told, many)
    monkeypatch.setattr("pipeline.ocr.net.ctc._AT_ONCE", 3)
    assert chances(told, many) == pytest.approx(whole)


def test_the_word_list_knows_words(lexicon: Lexicon) -> None:
    for word in ("the", "FLUIDS:", "Winslow", "(unit)", "patient's", "Follow-up"):
        assert lexicon.knows(word), word
    for word in ("theq", "FLUIOS", "hepatosplenomegalo", "1234", "", "unitt"):
        assert not lexicon.knows(word), word
    with pytest.raises((ValueError, struct.error)):
        Lexicon.of(b"no words at all, only text", "ab")


def told(model: Trained, *steps: dict[str, float]) -> np.ndarray:
    """A row a step; what is left of 1 is for no character."""
    rows = np.full((len(steps), len(model.characters)), 1e-6, np.float32)
    for row, step in zip(rows, steps, strict=True):
        for character, chance in step.items():
            row[model.characters.index(character)] = chance
        row[-1] = max(1 - sum(step.values()), 1e-6)
    return rows


def spelt(model: Trained, lexicon: Lexicon, *steps: dict[str, float]) -> list[str]:
    speller = Speller(model.characters, lexicon)
    return [word.text for word in speller.words(told(model, *steps))]


def sure(text: str) -> list[dict[str, float]]:
    return [step for one in text for step in ({one: 0.99}, {})]


def test_a_letter_that_hesitates_is_not_two(model: Trained, lexicon: Lexicon) -> None:
    """M, perhaps nothing, M: one letter on most of the ways it may lie there."""
    hesitant = [{"M": 0.6}, {"M": 0.45}, {"M": 0.6}]
    assert spelt(model, lexicon, *hesitant, {}, *sure("RN:")) == ["MRN:"]
    assert spelt(model, lexicon, *sure("Phyllis")) == ["Phyllis"]


def test_a_known_word_needs_less_proof(model: Trained, lexicon: Lexicon) -> None:
    doubtful = [*sure("FLUI"), {"O": 0.55, "D": 0.4}, {}, *sure("S")]
    assert spelt(model, lexicon, *doubtful) == ["FLUIDS"]
    clear = [*sure("FLUI"), {"O": 0.99, "D": 0.005}, {}, *sure("S")]
    assert spelt(model, lexicon, *clear) == ["FLUIOS"]
    number = [*sure("4"), {"0": 0.6, "8": 0.39}, {}, *sure("71")]
    assert spelt(model, lexicon, *number) == ["4071"]


def test_spaces_beside_a_word_change_neither_its_text_nor_its_chance(
    model: Trained, lexicon: Lexicon
) -> None:
    """A number that hesitates, a lone letter: what lies beside them may be a space."""
    speller = Speller(model.characters, lexicon)
    number = [*sure("40"), {"7": 0.5, "1": 0.49}, {}, *sure("1882")]
    for beside in ([], [{" ": 0.35}] * 6, [{" ": 0.48}] * 8):
        (word,) = speller.words(told(model, *beside, *number, *beside))
        assert word.text == "4071882"
        assert word.chance == pytest.approx(0.46, abs=0.03)
    for letter in "A5":
        (word,) = speller.words(told(model, {letter: 0.5}, *[{" ": 0.3}] * 5))
        assert word.text == letter


def test_the_word_list_says_nothing_about_numbers(
    model: Trained, lexicon: Lexicon
) -> None:
    """Neither is a digit made a letter nor a letter a digit for its sake."""
    doubts = {"1": "I", "0": "O", "5": "S"}

    def seen(text: str, doubted: str, other: str, chance: float = 0.59) -> list[str]:
        steps: list[dict[str, float]] = []
        for one in text:
            steps += (
                [{one: chance, other: 0.98 - chance}, {}]
                if one == doubted
                else sure(one)
            )
        return spelt(model, lexicon, *steps)

    for number in ("1.5", "1/2", "4-1987", "10", "100"):
        assert seen(number, "1", "I") == [number]
    for digit, letter in doubts.items():
        assert seen(digit, digit, letter) == [digit]
    assert seen("05", "5", "S", 0.55) == ["05"]
    assert seen("Joness", "s", "5", 0.65) == ["Joness"]
    assert seen("Hallz", "z", "2") == ["Hallz"]


def test_text_is_in_no_repr(model: Trained, lexicon: Lexicon) -> None:
    speller = Speller(model.characters, lexicon)
    (word,) = speller.words(told(model, *sure("SENTINEL")))
    assert "SENTINEL" not in repr(word)
    assert repr(Spelling(0, 3, (77, 78))) == "Spelling(start=0, end=3)"


def test_doubtful_lines_are_given_to_the_library() -> None:
    lines = lines_of(SCAN)[:2]
    engine = LinewiseEngine()
    closely = engine.read(SCAN, lines, closely=True)
    assert closely == engine.whole.read(SCAN, lines)
    assert closely != engine.read(SCAN, lines)


def test_a_bad_word_list_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Trained
) -> None:
    for name in ("eng", "osd"):
        (tmp_path / f"{name}.traineddata").write_bytes(b"")
    broken = replace(model, words=b"no words at all")
    monkeypatch.setattr("pipeline.ocr.linewise.trained", lambda path: broken)
    with pytest.raises(SettingsError, match="tesserocr"):
        LinewiseEngine(tmp_path)


def test_a_missing_space_is_found_between_two_words(
    model: Trained, lexicon: Lexicon
) -> None:
    between = [*sure("level"), {" ": 1}, *sure("of"), {" ": 0.4}, *sure("care")]
    assert spelt(model, lexicon, *between) == ["level", "of", "care"]


def test_light_print_on_a_dark_band_is_read() -> None:
    image = np.full((60, 540), 20, np.uint8)
    cv2.putText(image, "PRIVATE NOTES", (20, 45), 2, 1.6, 255, 3, cv2.LINE_AA)
    words = LinewiseEngine().read(PageImage(image, 250), [Box(0, 0, 540, 60)])
    assert "".join(word.text for word in words).startswith("PRIVATENOTES")


def test_boxes_that_hold_nothing_are_no_error() -> None:
    engine = LinewiseEngine()
    white = PageImage(np.full((50, 80), 255, np.uint8), 250)
    for box in (Box(0, 0, 80, 50), Box(70, 40, 500, 90), Box(90, 0, 99, 9)):
        assert engine.read(white, [box]) == ()
    assert strip(white.pixels, 250, Box(3, 3, 3, 40)) is None


def test_a_word_lies_around_its_own_ink() -> None:
    """Two words, cut where the white between them is widest."""
    image = np.full((60, 400), 255, np.uint8)
    image[20:40, 50:150] = 0
    image[25:35, 200:300] = 0
    one = strip(image, 250, Box(10, 10, 390, 50))
    assert one is not None
    steps = [(0, round(100 / one.step)), (round(150 / one.step), 80)]
    left, right = one.boxes(steps)
    assert (left.left, left.top, left.right, left.bottom) == (50, 20, 150, 40)
    assert (right.left, right.top, right.right, right.bottom) == (200, 25, 300, 35)
