"""What is wrong with a stack of paper as it was scanned, before it is read.

A fault is looked at while the paper is in hand; what is only told costs nobody a walk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pipeline.page import PageLook, SheetFault

State = Literal["looking", "count", "red", "green"]

SKEWED, TOO_SKEWED = 2.0, 5.0  # degrees: told; more than reading puts right
_KINDS = (  # how a fault of a side begins, what it is, whether the paper is wanted
    ("two sheets", "double feed", True),
    ("ink runs", "cut edge", True),
    ("blurred", "blur", True),
    ("folded", "fold", False),
    ("scanned at", "resolution", False),
    ("pale", "pale", False),
    ("grainy", "grain", False),
)


def faults_of_pages(looks: Sequence[PageLook]) -> Iterator[SheetFault]:
    """Side by side, in order."""
    for look in looks:
        yield from _faults_of(look)
    if looks and all(look.blank for look in looks):
        says = "every side is blank: does the stack face the other way?"
        yield SheetFault("blank", says, 0, again=True)


def _faults_of(look: PageLook) -> Iterator[SheetFault]:
    if look.unreadable:
        yield SheetFault("unreadable", look.unreadable, look.number, again=True)
    if look.blank:
        yield SheetFault("blank", "looks blank", look.number, again=False)
    if abs(look.skew) >= SKEWED:
        says = f"lies {abs(look.skew):.0f} degrees askew"
        again = abs(look.skew) >= TOO_SKEWED
        yield SheetFault("skew", says, look.number, again=again)
    for fault in look.faults:
        for begins, kind, again in _KINDS:
            if fault.startswith(begins):
                yield SheetFault(kind, fault, look.number, again=again)


def fault_of_count(sheets: int, sides: int) -> SheetFault | None:
    """Whether so many sides can be of so many sheets; backs may be left out."""
    if sides < sheets:
        lost = sheets - sides
        says = f"{sides} sides of {sheets} sheets: {lost} went through with another"
        return SheetFault("count", says, 0, again=True)
    if sides > 2 * sheets:
        says = f"{sides} sides of {sheets} sheets: more than two a sheet; count again"
        return SheetFault("count", says, 0, again=True)
    return None


def all_faults(
    found: Sequence[SheetFault], sides: int, sheets: int | None
) -> tuple[SheetFault, ...]:
    """What a look found, after what the count of sheets says, if one is known."""
    count = None if sheets is None else fault_of_count(sheets, sides)
    return ((count,) if count else ()) + tuple(found)


def state_of(
    looked: Sequence[SheetFault] | None, sides: int, sheets: int | None
) -> State:
    """What stands on the station's screen in letters as high as a hand."""
    if looked is None:
        return "looking"
    if any(fault.again for fault in all_faults(looked, sides, sheets)):
        return "red"
    return "count" if sheets is None else "green"
