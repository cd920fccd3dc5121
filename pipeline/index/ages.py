"""The sex that stands with an age or a birth date: "61-year-old woman"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.finding import Clue
from pipeline.index.layout import Row
from pipeline.index.values import Value, age_and_sex, sex_of

_ROWS = 40  # of a page, from its top
_KIN = re.compile(r"\b(mother|father|brother|sister|son|daughter)\b")


def told_sex(rows: Sequence[Row], page: int) -> Iterator[Clue]:
    """The first such sentence that is not about a relative."""
    for row in rows[:_ROWS]:
        match = age_and_sex(row.text)
        if match is None:
            continue
        kin = _KIN.search(row.text[: match.start()].lower())
        words = [p for p in row.pieces if p.text.lower().strip(".") == match[1].lower()]
        if kin is None and words:
            yield Clue(
                "sex", match.group(), sex_of(match[1]), page, words[0].box,
                words[0].confidence,
            )  # fmt: skip
            return


def sex_behind(row: Row, at: int, born: Value) -> Value | None:
    """The lone F or M that follows a birth date on labels and stickers."""
    for piece in row.pieces[at + 1 :]:
        close = 0 <= piece.box.left - born.box.right < 4 * born.box.height
        if close and piece.text in ("F", "M"):
            return Value(piece.text, piece.text, piece.box, piece.confidence, 1)
    return None
