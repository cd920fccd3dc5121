"""Words that nobody knows, beside words that are known."""

from __future__ import annotations

import itertools
import shutil
import string
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ModelTampered
from pipeline.ocr.linewise import LinewiseEngine
from pipeline.ocr.net.lexicon import MODEL, Lexicon
from pipeline.ocr.net.mending import allowed, believed, mended
from pipeline.ocr.net.spelling import Speller
from pipeline.ocr.net.traineddata import Trained, trained
from pipeline.ocr.net.wordlist import WordList
from pipeline.ocr.tesseract import tessdata_folder

CHARACTERS = (" ", *"abcAB'", "")
short = st.text("abcA", min_size=1, max_size=5)


@pytest.fixture(scope="module")
def model() -> Trained:
    return trained(tessdata_folder() / "eng.traineddata")


@pytest.fixture(scope="module")
def lexicon(model: Trained) -> Lexicon:
    return Lexicon.of(model.words, model.characters)


@given(st.sets(short, max_size=12), short)
def test_a_list_has_its_words_and_no_others(words: set[str], asked: str) -> None:
    found = WordList.made_of(words, CHARACTERS)
    assert all(found.has(word) for word in words)
    assert found.has(asked) == (asked in words)
    assert not found.has("")


@given(st.sets(short, max_size=12), short)
def test_words_near_another_are_those_one_small_letter_away(
    words: set[str], asked: str
) -> None:
    less = {asked[:at] + asked[at + 1 :] for at in range(len(asked))}
    more, other = set(), set()
    for at, letter in itertools.product(range(len(asked) + 1), "abc"):
        more.add(asked[:at] + letter + asked[at:])
        other.add(asked[:at] + letter + asked[at + 1 :])
    near = WordList.made_of(words, CHARACTERS).near(asked)
    assert near == (less | more | other) & words - {asked}


def test_a_word_with_a_letter_that_is_no_output_is_left_out() -> None:
    found = WordList.made_of(["abé", "ab", ""], CHARACTERS)
    assert found.has("ab")
    assert not found.has("abé")
    assert not WordList.made_of([], CHARACTERS).near("a")


def test_both_lists_are_asked(lexicon: Lexicon) -> None:
    for word in ("hepatosplenomegaly", "Lisinopril", "HEMICOLECTOMY", "the"):
        assert lexicon.knows(word), word
    assert "hydrochlorothiazide" in lexicon.near("hydrochlorothlazide")


def test_no_name_takes_a_words_place(lexicon: Lexicon) -> None:
    """Henson and White stand in a list in small letters, too."""
    assert {"season", "reason"} & lexicon.names
    assert lexicon.near("heason") == {"season", "reason"}  # the trade has them
    assert not lexicon.near("Heason") & lexicon.names
    assert "dysphasia" not in lexicon.names
    assert lexicon.near("Treatmont") == {"treatment"}


@pytest.mark.parametrize(
    "text",
    [
        *("Frink", "FRINK", "Slone", "Motter", "Sisler", "Kight", "Wike"),  # of people
        *("hernandez", "benson", "lonnie", "Yother", "Newburn", "CROWE", "MOONEY"),
        *(
            "acyanotic",
            "atremulous",
            "Ttreatment",
        ),  # its first letter says the opposite
        *("CADC", "ORIF", "PICC", "stidy-vegetacion", "Keflex2"),
    ],
)
def test_what_must_not_become_another_word(lexicon: Lexicon, text: str) -> None:
    """A name, a word of which the opposite is known, an abbreviation."""
    assert list(mended(text, lexicon)) == []


def read(
    model: Trained, lexicon: Lexicon, text: str, doubts: dict[int, tuple[str, float]]
) -> tuple[str, float]:
    """What becomes of letters surely seen, but for those in doubt, by their place."""
    rows = []
    for at, letter in enumerate(text):
        other, chance = doubts.get(at, (letter, 0.0))
        row = np.full(len(model.characters), 1e-6, np.float32)
        row[model.characters.index(other)] = chance
        row[model.characters.index(letter)] = 0.999 - chance
        none = np.full(len(model.characters), 1e-6, np.float32)
        none[-1] = 1.0
        rows += [row, none]
    (word,) = Speller(model.characters, lexicon).words(np.array(rows))
    return word.text, word.chance


@pytest.mark.parametrize(
    ("seen", "doubts", "becomes"),
    [
        ("vegetacion", {6: ("t", 0.001)}, "vegetation"),
        ("techuically,", {4: ("n", 0.0005)}, "technically,"),
        ("Beferring", {0: ("R", 0.02)}, "Referring"),
        ("Jisease,", {0: ("d", 0.02)}, "disease,"),
        ("(ADMISSI0N", {}, "(ADMISSI0N"),  # digits are no matter of spelling
        ("ADMISSTON", {6: ("I", 0.02)}, "ADMISSION"),
        ("hydrochlorothlazide", {13: ("i", 0.001)}, "hydrochlorothiazide"),
        ("vegetacion", {}, "vegetacion"),  # the network is sure of every letter
        ("Beferring", {0: ("R", 0.002)}, "Beferring"),  # a capital needs more proof
        ("Frink", {4: ("t", 0.02), 3: ("s", 0.02)}, "Frink"),  # a name
        ("drainoge", {5: ("a", 0.001)}, "drainage"),
        ("mosked", {1: ("a", 0.02)}, "masked"),
        ("mosked", {1: ("a", 0.02), 2: ("c", 0.018)}, "mosked"),  # masked, mocked
        ("Hensen", {4: ("o", 0.02)}, "Hensen"),  # a name
        ("ouf", {2: ("t", 0.02)}, "ouf"),  # too short
        ("CADC", {0: ("A", 0.02)}, "CADC"),
        ("aVRt", {3: ("y", 0.02)}, "aVRt"),
        ("stidy-vegetacion", {}, "stidy-vegetacion"),  # two strange words
        ("vegetation", {6: ("c", 0.4)}, "vegetation"),  # known as it is
    ],
)
def test_a_strange_word_gives_way_to_a_known_one(
    model: Trained,
    lexicon: Lexicon,
    seen: str,
    doubts: dict[int, tuple[str, float]],
    becomes: str,
) -> None:
    text, chance = read(model, lexicon, seen, doubts)
    assert text == becomes
    if text != seen:
        assert chance == believed(seen)


def test_two_letters_off_if_the_network_itself_doubts_one(
    model: Trained, lexicon: Lexicon
) -> None:
    doubts = {3: ("e", 0.3), 6: ("t", 0.001)}
    assert read(model, lexicon, "vegatacion", {})[0] == "vegatacion"
    assert read(model, lexicon, "vegatacion", doubts)[0] == "vegetation"


def test_more_proof_for_capitals_and_short_words() -> None:
    assert allowed("vegetacion") > allowed("stidy") > allowed("Stidys")
    assert allowed("Stidys") > allowed("Stidy")
    assert believed("(vegetacion)") > believed("(stidy)")


def test_what_is_known_is_not_mended(lexicon: Lexicon) -> None:
    for word in ("the", "vegetation", "", "1.5", "...", *string.ascii_letters):
        assert list(mended(word, lexicon)) == [], word


def test_spoiled_words_are_refused_before_any_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tessdata_folder(), tmp_path / "tessdata")  # another is checked anew
    shutil.copytree(MODEL, tmp_path / "words")
    with (tmp_path / "words" / "terms.json").open("a") as terms:
        terms.write(" ")
    monkeypatch.setattr("pipeline.ocr.net.lexicon.MODEL", tmp_path / "words")
    with pytest.raises(ModelTampered, match=r"terms\.json"):
        LinewiseEngine(tmp_path / "tessdata")
