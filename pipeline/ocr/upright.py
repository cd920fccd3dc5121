"""Quarter turns: of images and of the boxes on them."""

from __future__ import annotations

from dataclasses import replace

from pipeline.ocr.grey import rotated
from pipeline.page import Box, PageImage, QuarterTurn

TURNS: tuple[QuarterTurn, ...] = (0, 90, 180, 270)


def turned(image: PageImage, turn: QuarterTurn) -> PageImage:
    """The image turned clockwise by ``turn`` degrees, without loss."""
    if turn == 0:
        return image
    return replace(image, pixels=rotated(image.pixels, turn))


def turned_box(box: Box, turn: QuarterTurn, size: tuple[int, int]) -> Box:
    """Where ``box`` of a page of ``size`` (width, height) lies after its turn."""
    width, height = size
    match turn:
        case 0:
            return box
        case 90:
            return Box(height - box.bottom, box.left, height - box.top, box.right)
        case 180:
            return Box(
                width - box.right,
                height - box.bottom,
                width - box.left,
                height - box.top,
            )
        case 270:
            return Box(box.top, width - box.right, box.bottom, width - box.left)


def added(one: QuarterTurn, other: QuarterTurn) -> QuarterTurn:
    """Both turns, one after the other."""
    return TURNS[(one + other) // 90 % 4]
