"""Labels of dates that no list of ours holds: "Triage date", "Date last seen", "pate".

The word "date" makes the label; what stands beside it says of what. Words that tell of
another day than the document's (due, birth, expiry) are known, all others are taken for
the paper's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from pipeline.index.dates import shaped
from pipeline.index.labels import Label
from pipeline.index.layout import Piece, Row
from pipeline.index.regions import COLUMN

_NEAR = 1.0  # heights of white space within a label
_MOST_BEFORE, _MOST_BEHIND = 3, 4  # words
_UNDER = 2.0  # heights by which a date under its label may be set off
_DATE = "date"
_LITTLE = 2  # characters of a stroke read as text
# Beginnings of the words beside "date", and what they make of it; the first one counts.
_STEMS = (
    ("", "birth born bdate"),
    ("dated", "entry update"),
    ("other date", "next follow expir due injur accident onset revis return "
     "previous prior last stop lmp menstrual period appoint hire loss coverage policy "
     "refill future valid"),
    ("service date", "collect visit exam study proced surg operat encount seen evaluat"
     " consult drawn treat session service perform test referral transfer call"),
    ("effective", "effective"),
    ("printed", "print fax scan run mailed sent archiv"),
    ("dictated", "dictat"),
    ("transcribed", "transcri typed"),
    ("received", "receiv recd"),
    ("admitted", "admi"),
    ("discharged", "disch"),
    ("signed", "sign verif approv report result final complet attest witness"),
)  # fmt: skip


def with_dates(rows: Sequence[Row], labels: Sequence[Label]) -> list[Label]:
    """The labels, and those of dates that are not among them, in reading order.

    A label of the list gives way where it is only a part: "date" of "Triage date".
    """
    found = list(labels)
    for number, row in enumerate(rows):
        below = rows[number + 1].pieces if number + 1 < len(rows) else ()
        for new in _in_row(number, row.pieces, below):
            near = [x for x in found if x.row == number and _touch(x, new)]
            if any(x.start <= new.start and new.end <= x.end for x in near):
                continue
            if all(new.start <= x.start and x.end <= new.end for x in near):
                found = [x for x in found if x not in near]
                found.append(new)
    return sorted(found, key=lambda x: (x.row, x.start))


def begins(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a cell begins here, but for strokes of a box's frame read as text."""
    return cell_start(pieces, at) is not None


def cell_start(pieces: Sequence[Piece], at: int) -> int | None:
    """The first piece of the cell that begins here or with such strokes before it."""
    while at and pieces[at].gap <= COLUMN:
        at -= 1
        if not pieces[at].is_sign and len(pieces[at].text) >= _LITTLE:
            return None
    return at


def _touch(one: Label, other: Label) -> bool:
    return one.start < other.end and other.start < one.end


def _in_row(
    number: int, pieces: Sequence[Piece], below: Sequence[Piece]
) -> Iterator[Label]:
    for at in range(len(pieces)):
        exact = _is_date(pieces[at])
        if not exact and not _nearly_date(pieces, at, below):
            continue
        start, end = _first(pieces, at), _last(pieces, at)
        if not begins(pieces, start) or not _ends(pieces, end):
            continue
        words = [p.text.lower().strip(".") for p in pieces[start:end]]
        words[at - start] = _DATE
        beside = [word for word in words if word != _DATE]
        kind = _kind(beside)
        if kind and (beside or not _is_short(pieces[at])):
            said = " ".join(words)
            yield Label(
                number, start, end, kind, is_role=False, exact=exact, words=said
            )


def _is_date(piece: Piece) -> bool:
    text = piece.text.lower().strip(".")
    return text in ("date", "dates", "dated") or _is_short(piece)


def _is_short(piece: Piece) -> bool:
    """Whether it is "Dt", as in "Visit Dt"; alone that is the day of transcription."""
    return piece.text.strip(".") in ("Dt", "DT", "dt")


def _nearly_date(pieces: Sequence[Piece], at: int, below: Sequence[Piece]) -> bool:
    """A word like "pate" or "Dale", a date or a colon behind it, or a date below."""
    text = pieces[at].text.lower().strip(".")
    if len(text) != len(_DATE) or OSA.distance(text, _DATE) > 1:
        return False
    of = pieces[at + 1].text if at + 1 < len(pieces) else ""
    if of == "of" or _is_value(pieces, at + 1) or _is_colon(pieces, at + 1):
        return True
    return _ends(pieces, at + 1) and _is_over_date(pieces[at], below)


def _is_over_date(piece: Piece, below: Sequence[Piece]) -> bool:
    reach = _UNDER * piece.box.height
    return any(
        _starts_with_date(below[at : at + 3])
        for at, under in enumerate(below)
        if abs(under.box.left - piece.box.left) < reach
    )


def _first(pieces: Sequence[Piece], at: int) -> int:
    start = at
    while start and at - start < _MOST_BEFORE and pieces[start].gap <= _NEAR:
        if not _is_word(pieces[start - 1]):
            break
        start -= 1
    return start


def _last(pieces: Sequence[Piece], at: int) -> int:
    end = at + 1
    while end < len(pieces) and end - at <= _MOST_BEHIND and pieces[end].gap <= _NEAR:
        if not _is_word(pieces[end]) or _is_value(pieces, end):
            break
        end += 1
    return end


def _is_word(piece: Piece) -> bool:
    return piece.text.rstrip(".").isalpha() or piece.text in ("/", "&", "'s")


def _ends(pieces: Sequence[Piece], end: int) -> bool:
    """Whether a colon, a date or the end of the cell follows."""
    if end >= len(pieces) or pieces[end].gap > COLUMN:
        return True
    return _is_colon(pieces, end) or _is_value(pieces, end)


def _is_colon(pieces: Sequence[Piece], at: int) -> bool:
    return at < len(pieces) and pieces[at].text in (":", "#", "=", "(")


def _is_value(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a date stands here, or a word with digits that may have been one."""
    near = pieces[at : at + 4]
    if near and any(c.isdigit() for c in near[0].text):
        return True
    return _starts_with_date(near)


def _starts_with_date(pieces: Sequence[Piece]) -> bool:
    start, _ = next(shaped(" ".join(p.text for p in pieces)), (1, 0))
    return start == 0


def _kind(beside: Sequence[str]) -> str:
    """What the label's other words make of the date; "" where it is no date for us."""
    for kind, stems in _STEMS:
        starts = tuple(stems.split())
        if any(word.startswith(starts) for word in beside):
            return kind
    return "dated"
