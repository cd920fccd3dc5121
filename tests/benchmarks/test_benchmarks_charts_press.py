"""The charts generator's press: what it says of a page is what stands on it."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
import zxingcpp

from benchmarks.charts.houses import HANDS, HOUSES, House
from benchmarks.charts.kinds import Order, Side
from benchmarks.charts.narrative import read_narrative
from benchmarks.charts.press import Plate, Press
from benchmarks.forms.paper import Identity
from benchmarks.forms.people import make_person
from benchmarks.forms.writing import make_case
from pipeline.ocr.patch import patch
from pipeline.page import PageImage

_TYPES = Path(__file__).parents[2] / "config" / "document_types.toml"
KINDS = [
    one["key"]
    for one in tomllib.loads(_TYPES.read_text("utf-8"))["type"]
    if one["key"] not in ("administrative", "portable_medical_order")
]


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as browser:
        # Outlines make a hand bolder, but put its letters into the PDF twice.
        browser.styles += "*{-webkit-text-stroke:0 !important}"
        yield browser


def order(kind: str, house: House, **given: object) -> Order:
    rng = Random(f"{house.key}/{kind}")
    case = make_case(rng, make_person(rng), house.facility)
    return Order(kind, house.key, case, seed="7", **given)


def on_paper(side: Side) -> Counter[str]:
    assert isinstance(side.pixels, Plate)
    text = side.pixels.sheaf.text(side.pixels.number)
    text = text.replace("\ufffe", "-")  # pdfium's sign for a hyphen that ends a line
    return Counter("".join(text.split()))


def test_no_house_face_hand_or_arrangement_stands_in_two_splits() -> None:
    for one, other in combinations(HOUSES, 2):
        assert not set(HANDS[one]) & set(HANDS[other])
        for trait in ("font", "head", "ident", "section", "table", "fields", "tick"):
            seen = [{getattr(h.look, trait) for h in HOUSES[s]} for s in (one, other)]
            assert not seen[0] & seen[1], (trait, one, other)
        for trait in ("key", "name", "address"):
            names = [
                {getattr(h.facility, trait) for h in HOUSES[s]} for s in (one, other)
            ]
            assert not names[0] & names[1]


@pytest.mark.parametrize("split", list(HOUSES))
def test_a_split_has_enough_houses_of_every_sort(split: str) -> None:
    houses = HOUSES[split]
    own = [house for house in houses if house.facility.own]
    assert len(own) >= 4
    assert len(own) < len(houses)
    assert any(house.look.worn for house in own)
    assert any(house.look.columns == 2 for house in own)
    assert any(house.look.colour for house in own)
    assert any(not house.look.colour for house in own)


@pytest.mark.slow
def test_every_type_prints_and_its_words_are_the_pages_text(press: Press) -> None:
    houses = HOUSES["tune"]
    orders = [
        order(kind, houses[i % len(houses)], hand=(0.2, 1.0)[i % 4 == 0])
        for i, kind in enumerate(KINDS)
    ]
    assert len(orders) == 40
    for asked, sides in zip(orders, press.print(orders), strict=True):
        assert 1 <= len(sides) <= 8, asked.kind
        for side in sides:
            told = Counter("".join(word.text for word in side.words))
            assert not on_paper(side) - told, asked.kind
            # pdfium takes a doubled letter of slanting script for bold type
            assert (told - on_paper(side)).total() <= 3, asked.kind
            for word in side.words:
                left, top, right, bottom = word.box
                assert 0 <= left < right <= 613, asked.kind
                assert 0 <= top < bottom <= 793, asked.kind


def test_boxes_lie_on_ink_at_any_resolution(press: Press) -> None:
    made = order("imaging_report", HOUSES["tune"][1])
    (side, *_), *_ = press.print([made])
    for dpi in (100, 200):
        pixels = side.pixels(dpi)
        assert pixels.shape == (dpi * 11, dpi * 17 // 2, 3)
        for word in side.words:
            x0, y0, x1, y1 = (int(edge * dpi / 72) for edge in word.box)
            assert pixels[y0 : y1 + 1, x0 : x1 + 1].min() < 160, word.text


def test_the_same_order_prints_the_same_page(press: Press) -> None:
    made = order(
        "nursing_note", HOUSES["tune"][0], hand=0.5, length=3, extras=("sticker", "fax")
    )
    first = press.print([made])[0]
    again = press.print([order("letter", HOUSES["tune"][1]), made])[1]
    assert [side.words for side in first] == [side.words for side in again]
    assert [side.codes for side in first] == [side.codes for side in again]
    assert len(first) > 1


def test_hand_is_most_of_a_written_page_and_none_of_a_plain_report(
    press: Press,
) -> None:
    house = HOUSES["tune"][1]
    written, plain = press.print([
        order("progress_note", house, hand=1.0),
        order("imaging_report", house, hand=0.0),
    ])  # fmt: skip
    share = [word.hand for word in written[0].words]
    assert sum(share) > 0.6 * len(share)
    assert not any(word.hand for side in plain for word in side.words)


def test_continuation_pages_say_as_much_as_was_asked(press: Press) -> None:
    house = HOUSES["tune"][1]
    asked = [
        order("discharge_summary", house, length=4, continuation=showing)
        for showing in ("full", "name", "page", "none")
    ]
    told = [
        " ".join(word.text for word in sides[1].words) for sides in press.print(asked)
    ]
    number = asked[0].case.patient.mrn
    assert number in told[0]
    assert not any(number in text for text in told[1:])
    assert "Page 2 of" in told[2]
    assert "Page 2" not in told[3]


def test_an_identity_that_is_not_shown_is_nowhere(press: Press) -> None:
    house = HOUSES["tune"][2]
    made = order(
        "laboratory_report", house, shows=Identity("DOE, A", None, None, None),
        hand=0.0,
    )  # fmt: skip
    words = {word.text for side in press.print([made])[0] for word in side.words}
    assert "DOE," in words
    assert made.case.patient.mrn not in words
    assert house.facility.number_label.split()[0] not in words


def test_covers_labels_and_patches_read_as_they_are_told(press: Press) -> None:
    house = HOUSES["tune"][1]
    letter = order("letter", house, extras=("sticker",))
    covers = [
        order("cover", house, variant=variant, banner=(text,))
        for variant, text in enumerate(("PATIENT 123", "BATCH 77", "DOCTYPE letter"))
    ]
    separators = [order("separator", house), order("separator", house, banner=("2",))]
    printed = press.print([letter, *covers, *separators])
    for side in (sides[0] for sides in printed[:4]):
        read = zxingcpp.read_barcodes(side.pixels(200))
        assert {one.text for one in read} == {code.text for code in side.codes}
    for sides, name in zip(printed[4:], "T2", strict=True):
        mark = patch(PageImage(sides[0].pixels(150), 150))
        assert mark is not None
        assert mark.text == name == sides[0].codes[0].text


def test_narratives_part_into_headings_and_lists_and_name_nobody() -> None:
    text = (
        "CHIEF COMPLAINT:, Cough.,HISTORY:,  Mr. Smith is a man. Mrs. Jones left.\n\n"
        "PLAN:\n1.  Rest.\n2.  Fluids."
    )
    assert list(read_narrative(text)) == [
        ("CHIEF COMPLAINT", "para", ["Cough."]),
        ("HISTORY", "para", ["The patient is a man. The patient left."]),
        ("PLAN", "list", ["Rest.", "Fluids."]),
    ]
