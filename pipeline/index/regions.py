"""Where beside a label its value begins, and where the next label ends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from pipeline.index.layout import Piece

COLUMN = 1.6  # heights of white space that end a cell
_TAIL = frozenset({"#", "no", "no.", ":", ".", "="})
_FORM = frozenset(
    {"last", "first", "middle", "initial", "mi", "name", "given", "family", "maiden",
     "suffix", "please", "print", "type", "printed", "or"}
)  # fmt: skip


def skip_tail(pieces: Sequence[Piece], at: int) -> int:
    """Past ": # No." and a remark in parentheses, as in "Name (Last, First):"."""
    while at < len(pieces):
        if pieces[at].text.lower() in _TAIL:
            at += 1
        elif pieces[at].text == "(" and (end := _closing(pieces, at)):
            follows = end < len(pieces) and pieces[end].text in (":", "#")
            if not follows and past_form(pieces, at) == at:
                break
            at = end
        else:
            break
    return at


def past_form(pieces: Sequence[Piece], at: int) -> int:
    """Past "(mm/dd/yyyy)" or "(Last, First)", which say how the value is written."""
    if at < len(pieces) and pieces[at].text == "(" and (end := _closing(pieces, at)):
        return end if _shows_form(pieces[at:end]) else at
    return at


def past_of(pieces: Sequence[Piece], at: int) -> int:
    """Past "of anesthesia:" in a date's label that is not in our list."""
    if at < len(pieces) and pieces[at].text.lower() in ("of", "for"):
        for colon in range(at + 1, min(at + 4, len(pieces))):
            if pieces[colon].text == ":":
                return colon + 1
    return at


def _shows_form(remark: Sequence[Piece]) -> bool:
    words = [p.text.lower().strip(".") for p in remark if not p.is_sign]
    letters = "".join(words)
    day = bool(letters) and not letters.strip("mdy/- ")
    return day or (bool(words) and _FORM.issuperset(words))


def _closing(pieces: Sequence[Piece], at: int) -> int:
    for end in range(at + 1, min(at + 9, len(pieces))):
        if pieces[end].text == ")":
            return end + 1
    return 0


def unknown_label(pieces: Sequence[Piece], start: int, stop: int) -> int:
    """Where a label that we do not know begins, told by its colon."""
    for at in range(start + 1, stop):
        if pieces[at].text == ":" and not pieces[at - 1].text[-1:].isdigit():
            first = at - 1
            while first > start and pieces[first].gap <= COLUMN / 2:
                first -= 1
            return first if first > start else at - 1
    return stop


def says(piece: Piece) -> bool:
    """Whether it is more than strokes of a box's frame read as text."""
    return not piece.is_sign and len(piece.text) > 1


def cell_of(beside: Sequence[Piece]) -> Iterator[Piece]:
    """What stands right beside a label, before the next column begins."""
    return takewhile(lambda piece: piece.gap < COLUMN, beside)
