"""Smaller images and pieces of ink: the quick way gives what the slow one gives."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.ocr.grey import (
    boxes_of,
    halved,
    of_pieces,
    pieces_of,
    reduced,
    rotated,
)
from pipeline.page import QuarterTurn

DICE = np.random.default_rng(7)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.6, 1.0])
def test_pieces_are_numbered_as_by_opencv(share: float) -> None:
    ink = (DICE.random((301, 207)) < share).astype(np.uint8)
    labels, stats = pieces_of(ink)
    _, known, sizes, _ = cv2.connectedComponentsWithStats(ink)
    assert np.array_equal(labels, known)
    assert np.array_equal(stats, sizes)
    chosen = DICE.random(len(stats)) < 0.5
    assert np.array_equal(of_pieces(labels, chosen), chosen[known])


@pytest.mark.parametrize("size", [(301, 207), (64, 65), (1, 40), (40, 1)])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.6, 1.0])
def test_outlines_give_the_same_boxes_in_the_same_order(
    size: tuple[int, int], share: float
) -> None:
    ink = (DICE.random(size) < share).astype(np.uint8)
    for bar in ((1, 1), (1, 9), (5, 1)):
        joined = np.asarray(cv2.dilate(ink, np.ones(bar, np.uint8)), np.uint8)
        assert np.array_equal(boxes_of(joined), pieces_of(joined)[1][1:, :4])


def test_more_pieces_than_sixteen_bits_can_number() -> None:
    ink = np.zeros((600, 600), np.uint8)
    ink[::2, ::2] = 1
    labels, stats = pieces_of(ink)
    assert len(stats) == 90_001
    assert labels.max() == 90_000
    chosen = np.zeros(len(stats), bool)
    chosen[-1] = True
    assert of_pieces(labels, chosen).sum() == 1


def test_a_half_leaves_out_an_odd_row_and_column() -> None:
    pixels = DICE.integers(0, 256, (401, 303)).astype(np.uint8)
    assert np.array_equal(reduced(pixels, 300, 150), halved(pixels))
    assert reduced(pixels, 300, 75).shape == (100, 75)
    assert reduced(pixels, 300, 100).shape == (134, 101)
    assert reduced(pixels, 100, 150) is pixels


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_quarter_turn_moves_each_pixel(turn: QuarterTurn) -> None:
    pixels = DICE.integers(0, 256, (31, 20)).astype(np.uint8)
    for part in (pixels, pixels[3:, ::2], pixels[:1, :1]):
        turned = rotated(part, turn)
        assert np.array_equal(turned, np.rot90(part, -turn // 90))
        assert turned.dtype == np.uint8
