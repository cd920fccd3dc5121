"""Lines that are no writing go, letters stay; light print on dark bands is read."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.ocr import rules
from pipeline.ocr.clean import clean
from pipeline.ocr.evened import legibly_evened
from pipeline.ocr.rules import without_dirt, without_rules, without_streaks
from pipeline.page import PageImage
from tests.ocr.ocr_pages import DPI, paper, prose

PROSE = prose(lines=20).pixels


def ink(pixels: np.ndarray) -> np.ndarray:
    return pixels < 128


def lost(before: np.ndarray, after: np.ndarray) -> float:
    """Share of the ink of ``before`` that ``after`` lacks."""
    return float((ink(before) & ~ink(after)).sum() / ink(before).sum())


def test_a_streak_down_the_page_goes_and_the_words_stay() -> None:
    streaked = PROSE.copy()
    streaked[:, 900:903] = 0
    clear, streaks = without_streaks(streaked, DPI)
    assert streaks is not None
    assert streaks[:, 450].all()
    assert lost(PROSE, clear) < 0.002
    assert (ink(clear) & ~ink(PROSE)).sum() < 0.1 * 3 * len(PROSE)  # beside letters


@pytest.mark.parametrize("gap", [0, 5])
def test_rules_of_a_form_go_even_worn_ones(gap: int) -> None:
    ruled = PROSE.copy()
    for y in (330, 1000, 2000):
        ruled[y : y + 4, 200:2300] = 0
    for i in range(gap):
        ruled[:, i::40] = PROSE[:, i::40]
    ruled[300:2100, 200:205] = 0
    rules = ink(ruled) & ~ink(PROSE)
    clear = without_rules(ruled, DPI)
    left = (ink(clear) & rules).sum() / rules.sum()
    assert left < (0.25 if gap else 0.1)  # where letters touch a worn rule it stays
    assert lost(np.where(rules, 255, ruled).astype(np.uint8), clear) < 0.015


def table(lean: float) -> np.ndarray:
    """Words between thin rules that lean by so many degrees, as on a scan; 200 dpi."""
    page = np.full((2200, 1700), 255, np.uint8)
    for y in range(200, 1000, 40):
        cv2.line(page, (200, y), (1500, y), 90, 2)
    for at, x in enumerate(range(200, 1501, 260)):
        cv2.line(page, (x, 200), (x, 960), 60, 2)
        cv2.putText(page, "Temp", (x + 30, 230), 0, 0.9, 0, 3)
        cv2.putText(page, str(22 + at), (x + 30, 510), 0, 0.9, 0, 3)
    turn = cv2.getRotationMatrix2D((850, 1100), -lean, 1)
    size = (page.shape[1], page.shape[0])
    return cv2.warpAffine(page, turn, size, borderValue=(255,))


@pytest.mark.parametrize("lean", [0.0, 0.1, 0.2, 0.4, 0.8, 1.5])
def test_of_a_rule_that_leans_no_piece_is_left(lean: float) -> None:
    """A piece as high as a letter before a word is read as one."""
    copy = clean(PageImage(table(lean), 200), lean, 250, "sharp").bare()
    pieces = cv2.connectedComponentsWithStats(ink(copy.image.pixels).astype(np.uint8))
    stats = pieces[2][1:]
    high, wide = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    assert not ((high >= 12) & (high > 3 * wide)).any()
    assert np.count_nonzero(high >= 15) == 36  # the letters


def test_a_page_without_lines_is_left_as_it_is() -> None:
    assert np.array_equal(without_rules(PROSE, DPI), PROSE)
    same, none = without_streaks(PROSE, DPI)
    assert np.array_equal(same, PROSE)
    assert none is None
    assert lost(PROSE, without_dirt(PROSE, DPI)) < 0.001


def test_loose_strokes_and_many_specks_go_few_specks_may_be_points() -> None:
    rng = np.random.default_rng(3)
    dirty = PROSE.copy()
    dirty[2700:2790, 2300:2306] = 0  # what is left of the scanner's edge
    few, many = dirty.copy(), dirty.copy()
    for page, count in ((few, 50), (many, 3000)):
        for y, x in zip(
            rng.integers(2000, 3200, count), rng.integers(100, 2400, count), strict=True
        ):
            page[y : y + 2, x : x + 2] = 0
    assert not ink(without_dirt(dirty, DPI))[2650:2800].any()
    assert ink(without_dirt(few, DPI))[2000:].sum() > 100
    assert ink(without_dirt(many, DPI))[2000:].sum() < 1000  # some lie together


@pytest.mark.parametrize("edge", [False, True])
def test_light_print_on_a_dark_band_turns_dark(edge: bool) -> None:
    page = paper()
    page[300:500, 0 if edge else 200 : 2550 if edge else 2300] = 10
    cv2.putText(page, "GRACE POINT", (400, 440), 0, 3.5, 255, 10)
    plain = paper()
    cv2.putText(plain, "GRACE POINT", (400, 440), 0, 3.5, 0, 10)
    even = legibly_evened(page, DPI)
    assert lost(plain, even) < 0.02
    assert (ink(even) & ~ink(plain)).sum() < 0.02 * ink(plain).sum()


def test_the_scanner_bed_goes_with_its_ragged_edge() -> None:
    page = prose(lines=20).pixels.copy()
    page[:, :90] = 20
    page[::7, 90:100] = 20
    even = legibly_evened(page, DPI)
    assert not ink(even)[:, :110].any()
    assert lost(PROSE, even) < 0.002


def test_dark_print_between_two_bands_stays() -> None:
    page = paper()
    for top in (300, 420):
        page[top : top + 60, 200:2300] = 10
        cv2.putText(page, "PATIENT INFORMATION", (300, top + 48), 0, 1.4, 255, 5)
    plain = paper()
    for each in (page, plain):
        cv2.putText(each, "Name Doe", (400, 407), 0, 1.2, 0, 4)
    assert lost(plain, legibly_evened(page, DPI)) < 0.05


def test_a_sheet_that_is_dark_all_over_is_no_bed() -> None:
    dark = np.where(ink(PROSE), 10, 80).astype(np.uint8)
    assert lost(PROSE, legibly_evened(dark, DPI)) < 0.5


def test_away_from_its_rules_a_page_is_left_as_it_is() -> None:
    ruled = PROSE.copy()
    ruled[1000:1004, 200:2300] = 0
    clear = without_rules(ruled, DPI)
    far = np.ones(len(ruled), bool)
    far[960:1044] = False
    assert np.array_equal(clear[far], ruled[far])
    odd = np.pad(ruled, ((0, 1), (0, 1)), constant_values=255)
    assert (without_rules(odd, DPI)[:-1, :-1] != clear).mean() < 0.0001


@pytest.mark.parametrize("odd", [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_places_and_lanes_are_painted_as_the_whole_page_would_be(
    odd: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(5)
    dirty = PROSE[: 1600 + odd[0], : 1400 + odd[1]].copy()
    for _ in range(40):
        y, x = rng.integers(0, 1590), rng.integers(0, 1390)
        down, across = rng.permutation([rng.integers(2, 9), rng.integers(100, 500)])
        dirty[y : y + down, x : x + across] = rng.integers(0, 120)
    dirty[:, 700:702], dirty[:, -2:], dirty[-160:, 4:8], dirty[2:6] = 40, 0, 0, 0
    dirty[rng.random(dirty.shape) < 0.002] = 0
    ways = (lambda *of: without_streaks(*of)[0], without_rules, without_dirt)
    clear = [way(dirty, DPI) for way in ways]
    assert all((page != dirty).any() for page in clear)

    def whole(mask: np.ndarray, _along: str) -> list[tuple[tuple[int, int], ...]]:
        return [((0, mask.shape[0]), (0, mask.shape[1]))]

    def every(page: np.ndarray, along: str, _length: int) -> np.ndarray:
        return np.ones(page.shape[along == "down"], bool)

    monkeypatch.setattr(rules, "_tiles", whole)
    monkeypatch.setattr(rules, "_lanes", every)
    for page, way in zip(clear, ways, strict=True):
        assert np.array_equal(page, way(dirty, DPI))


@pytest.mark.parametrize("along", ["down", "across"])
@pytest.mark.parametrize("length", [5, 14, 20, 62, 75])
def test_no_lane_with_a_line_is_passed_over(along: rules.Along, length: int) -> None:
    for long in (5, 23, *range(length + 9, length + 17)):
        starts, ends = np.triu_indices(long + 1, 1)  # of every run there is
        at = np.arange(long)
        runs = ((at >= starts[:, None]) & (at < ends[:, None])).astype(np.uint8)
        shown = np.ascontiguousarray(runs.T if along == "down" else runs)
        opened = cv2.morphologyEx(shown, cv2.MORPH_OPEN, rules._bar(along, length))
        lines = opened.any(axis=0 if along == "down" else 1)
        assert not (lines & ~rules._lanes(shown, along, length)).any()


def test_a_streak_that_runs_off_the_foot_is_taken_out() -> None:
    """It is seen from half of the length on; the last pixels fill no block."""
    page = np.full((2 * (8 * 60 + 7), 400), 255, np.uint8)
    page[-78:, 200:202] = 0
    assert (without_streaks(page, 250)[0][-70:] == 255).all()
