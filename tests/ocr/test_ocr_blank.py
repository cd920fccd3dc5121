"""A side is blank only if nobody could miss anything on it."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from pipeline.ocr.blank import ink_of, is_blank, is_empty
from pipeline.ocr.glance import Glance, glance_at
from pipeline.page import Box, Mark, PageImage, Word
from tests.ocr.ocr_pages import DPI, SIZE, paper, prose, scanned

WORD = Word("received", Box(0, 0, 9, 9), 0.9)


def back_of(front: np.ndarray, strength: float) -> np.ndarray:
    """The other side of a printed sheet, shining through."""
    return (255 - (255 - front[:, ::-1]).astype(float) * strength).astype(np.uint8)


def holes(pixels: np.ndarray) -> np.ndarray:
    for y in (600, 1650, 2700):
        cv2.circle(pixels, (140, y), 42, 30, -1)
    return pixels


def edge(pixels: np.ndarray) -> np.ndarray:
    pixels[:, -60:] = 25
    pixels[:45] = 40
    return pixels


def folded(pixels: np.ndarray) -> np.ndarray:
    far = np.abs(np.arange(SIZE[1]) - 1700)[:, None] / DPI
    shadow = 40 * np.exp(-((far / 0.03) ** 2))
    return (pixels - shadow * np.ones(SIZE[0])).astype(np.uint8)


def stained(pixels: np.ndarray) -> np.ndarray:
    spot = np.zeros(pixels.shape, np.float32)
    cv2.ellipse(spot, (800, 900), (300, 200), 20, 0, 360, (22.0,), -1)
    return (pixels - cv2.GaussianBlur(spot, (0, 0), 40)).astype(np.uint8)


def outlined(pixels: np.ndarray) -> np.ndarray:
    """The shadow of the sheet's own edges, a little within the scan."""
    pixels[200:1800, 4:9] = 60
    pixels[3280:3284, 300:2300] = 90
    return pixels


def dusty() -> np.ndarray:
    chance = np.random.default_rng(3).random((SIZE[1], SIZE[0]))
    return np.where(chance < 2e-5, 0, 255).astype(np.uint8)


BLANK: dict[str, Callable[[], np.ndarray]] = {  # drawn when a test asks
    "paper": paper,
    "yellow": lambda: paper(grey=190),
    "shining through": lambda: back_of(
        cv2.GaussianBlur(prose().pixels, (0, 0), 2), 0.1
    ),
    "punched": lambda: holes(paper()),
    "border": lambda: edge(paper()),
    "folded": lambda: folded(paper()),
    "stained": lambda: stained(paper()),
    "sheet's edge": lambda: outlined(paper()),
    "dust": dusty,
}


def glanced(pixels: np.ndarray, noise: float = 6.0) -> Glance:
    return glance_at(PageImage(scanned(pixels, noise=noise), DPI))


def kept(pixels: np.ndarray) -> bool:
    glance = glanced(pixels)
    return not is_blank(glance.ink, glance.traces, (), ())


@pytest.mark.parametrize("name", BLANK)
def test_blank_sides(name: str) -> None:
    assert not kept(BLANK[name]())


def test_black_and_white_paper_with_pepper_is_blank() -> None:
    pepper = np.random.default_rng(5).random((2200, 1700)) < 3e-4
    assert not glance_at(
        PageImage(np.where(pepper, 0, 255).astype(np.uint8), 200)
    ).traces


def pencilled(grey: int = 190) -> np.ndarray:
    """A few loops, half a millimetre broad."""
    pixels = paper()
    for x in range(700, 900, 40):
        cv2.ellipse(pixels, (x, 1500), (22, 30), 0, 0, 300, grey, 6)
    return pixels


def stamped() -> np.ndarray:
    pixels = paper()
    cv2.rectangle(pixels, (1500, 300), (2000, 420), 200, 6)
    return pixels


def test_what_a_person_put_there_is_not_blank() -> None:
    footer = prose(lines=1, text="Page 2 of 2 continued overleaf please", top=3100)
    faint = 255 - (255 - prose(lines=2).pixels) // 5
    for pixels in (pencilled(), stamped(), footer.pixels, faint):
        assert kept(pixels)


def white_on(grey: int, lines: int) -> np.ndarray:
    """Type set the other way round: a white heading on a grey form."""
    light = 255 - prose(lines=lines).pixels
    return np.maximum(paper(grey=grey), light // 255 * 235)


def photo() -> np.ndarray:
    """A dark print lying at the edge of the scan, with a name on it."""
    pixels = paper()
    pixels[900:2200, :1500] = 15
    cv2.putText(pixels, "DOE", (90, 1000), cv2.FONT_HERSHEY_SIMPLEX, 2, 235, 4)
    return pixels


def banded() -> np.ndarray:
    pixels = paper()
    pixels[:450] = 30
    cv2.putText(pixels, "SUMMARY", (220, 270), cv2.FONT_HERSHEY_SIMPLEX, 3, 245, 6)
    return pixels


def ruled_down() -> np.ndarray:
    """One line drawn down the page, as a fold would run."""
    return cv2.line(paper(), (600, 150), (630, 3150), 90, 4)


LIGHT_OR_DARK = {
    **{f"white on {g}": white_on(g, 30) for g in (100, 150, 180)},
    **{f"two lines on {g}": white_on(g, 2) for g in (45, 80, 120, 150)},
    "photo at the edge": photo(),
    "band at the edge": banded(),
    "line down": ruled_down(),
}


@pytest.mark.parametrize("name", LIGHT_OR_DARK)
def test_white_type_and_dark_pictures_are_not_blank(name: str) -> None:
    assert kept(LIGHT_OR_DARK[name])


def test_light_type_and_a_deep_dark_area_leave_traces() -> None:
    for pixels in (white_on(150, 2), white_on(60, 2), photo(), banded()):
        assert glanced(pixels).traces
    assert not glanced(edge(paper())).traces


@pytest.mark.parametrize("spoil", [holes, edge, folded, stained])
def test_a_worn_sheet_still_shows_its_pencil(
    spoil: Callable[[np.ndarray], np.ndarray],
) -> None:
    boxes = glanced(spoil(pencilled())).traces
    assert any(216 < box.left < 300 and 467 < box.top < 514 for box in boxes)


def test_one_figure_is_not_blank() -> None:
    pixels = paper()
    cv2.putText(pixels, "7", (1200, 3150), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 60, 3)
    [box] = glanced(pixels).traces
    assert box.left == pytest.approx(401, abs=5)
    assert box.bottom == pytest.approx(1050, abs=5)


def creased(turned: bool) -> np.ndarray:
    """A fold a little askew with a hard line in it, and room to write on it."""
    pixels = paper()
    down = np.arange(SIZE[1])[:, None]
    far = np.abs(np.arange(SIZE[0])[None, :] - 1344 - 0.0075 * down) / DPI  # inches
    shadow = 25 * np.exp(-((far / 0.05) ** 2)) + 50 * (far < 0.006)
    askew = (pixels - shadow).astype(np.uint8)
    return askew[:, ::-1].T.copy() if turned else askew


@pytest.mark.parametrize("turned", [False, True])
def test_a_hard_crease_alone_is_none(turned: bool) -> None:
    assert not glanced(creased(turned)).traces


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("figure", ["23", "- 5 -", "7"])
def test_a_pale_figure_that_a_fold_runs_through_is_a_trace(
    turned: bool, figure: str
) -> None:
    empty = creased(turned)
    x, y = (1900, 1205) if turned else (1346, 1905)  # where it runs, half way
    ink = np.zeros(empty.shape, np.uint8)
    cv2.putText(ink, figure, (x - 12, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 100, 3)
    traces = glanced(cv2.subtract(empty, ink)).traces
    assert traces
    near = Box(x / 3 - 15, y / 3 - 25, x / 3 + 40, y / 3 + 15)
    assert all(near.left < t.left and t.right < near.right for t in traces)
    assert all(near.top < t.top and t.bottom < near.bottom for t in traces)


def test_ink_is_a_share_of_the_page() -> None:
    assert ink_of(PageImage(scanned(edge(holes(paper()))), DPI)) < 1e-4
    assert 0.02 < ink_of(PageImage(scanned(prose().pixels), DPI)) < 0.2


def test_a_tiny_image_has_none() -> None:
    assert glance_at(PageImage(np.full((1, 1), 255, np.uint8), DPI)).traces == ()


def test_a_mark_or_a_word_makes_a_page() -> None:
    mark = Mark("qr", "x", Box(0, 0, 9, 9))
    trace = Box(0, 0, 30, 30)
    assert is_blank(0.0, (), (), ())
    assert not is_blank(0.0, (), (mark,), ())
    assert not is_blank(0.0, (), (), (WORD,))
    assert not is_blank(0.0, (trace,), (), ())
    assert not is_blank(0.001, (), (), ())
    assert is_blank(0.0, (), (), (Word("j", Box(0, 0, 2, 9), 0.3),))
    assert is_empty(0.0, (), ())
    assert not is_empty(0.0, (), (mark,))
    assert not is_empty(0.0, (trace,), ())
    assert not is_empty(0.001, (), ())
