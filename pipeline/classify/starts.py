"""Does a document begin here: a few things a clerk would look at, weighed.

Every gap between two pages gives one row of numbers, each with a plain meaning
(``FEATURES``); a logistic model trained on pages with known starts weighs them. Who the
patient is, and what separators say, is index's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.classify.features import Line, is_title, plain, words_of
from pipeline.classify.numbering import bare_numbers, count_of, form_of, forms_apart

FEATURES = (
    "opening words",  # summed log-odds of the words on top, page one against later
    "title on top",
    "large title on top",
    "says page 1",
    "says a later page",
    "continues the count",  # page x+1 of the same y
    "count was complete",  # the page before said y of y
    "count was open",  # the page before said x of y, x < y
    "head like before",  # 0..1, words shared by the top lines
    "foot like before",
    "says continued",
    "signed off before",  # the page before ended with a signature
    "full page before",  # 0..1, lines of the page before, of a full page's 50
    "sentence runs on",
    "type stays",  # 0..1, affinity of both pages' types
    "same page again",  # page x of y after page x of y: fed twice
    "count out of turn",  # a later page, but not of the page before
    "folio goes on",  # a bare number on top or at the foot, one more than before
    "same form",  # both print the same form number
    "other form",
    "titles like before",  # 0..1, words shared by the titles
    "body like before",  # 0..1, words shared by both pages
)
Row = NDArray[np.float64]
_TOP, _BOTTOM, _FULL = 7, 4, 50  # lines
_OPENING_LIMIT = 6.0

_CONTINUED = re.compile(r"(?i)\bcon(?:t['’]?d|tinued|tinuation|t\.)")
_SIGNED = re.compile(
    r"(?i)signed|signature|dictated|transcribed|authenticated|sincerely|\bm\.?d\.?\s*$"
    r"|\bcc:|\bd:\s|\bend of (?:report|document|summary|note)|witness|_{8,}"
)
_ENDS = (".", ":", "!", "?", ";", "_")


@dataclass(frozen=True, slots=True)
class Side:
    """What the judge of a gap looks at on one page, ready for comparison."""

    top: tuple[str, ...] = field(repr=False)  # words
    bottom: tuple[str, ...] = field(repr=False)
    first: str = field(repr=False)
    last: str = field(repr=False)
    titles: tuple[str, ...] = field(repr=False)
    words: frozenset[str] = field(repr=False)
    count: tuple[int, int]  # page x of y; 0 where unsaid
    folios: frozenset[int]
    form: str
    title: bool
    large: bool
    continued: bool
    signed: bool
    filled: float


@dataclass(frozen=True, slots=True)
class GapRows:
    """A row of FEATURES for each gap, and the places of its two pages in the batch."""

    rows: NDArray[np.float64] = field(repr=False)  # (gaps, FEATURES)
    before: NDArray[np.int_]
    after: NDArray[np.int_]


def look_at(lines: Sequence[Line]) -> Side:
    """The top, bottom and count of a page with at least one line."""
    top, bottom = lines[:_TOP], lines[-_BOTTOM:]
    titles = [line for line in top if is_title(line)]
    return Side(
        top=_words(top),
        bottom=_words(bottom),
        first=lines[0].text.strip(),
        last=lines[-1].text.strip(),
        titles=_words(titles),
        words=frozenset(_words(lines)),
        count=count_of([*top, *bottom]),
        folios=bare_numbers([*lines[:2], *lines[-2:]]),
        form=form_of([*top, *bottom]),
        title=bool(titles),
        large=any(line.height > _LARGE for line in titles),
        continued=any(_CONTINUED.search(line.text) for line in top),
        signed=any(_SIGNED.search(line.text) for line in lines[-2 * _BOTTOM :]),
        filled=min(len(lines) / _FULL, 1.0),  # a footer's place would say nothing
    )


_LARGE = 1.25


def _words(lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple(w for line in lines for w in words_of(plain(line.text)))


def without_bundles(sides: Sequence[Side], types: Sequence[Row]) -> list[Side]:
    """The sides, less every count that numbers a bundle and no document.

    Records of another house come stamped "page 37 of 50" from the first sheet to the
    last: a count that runs on while the paper changes its type again and again.
    """
    found = list(sides)
    first = 0
    for last in range(len(sides)):
        after = sides[last + 1].count if last + 1 < len(sides) else (0, 0)
        x, y = sides[last].count
        if y and after == (x + 1, y):
            continue
        run = range(first, last + 1)
        changes = sum(affinity(types[i - 1], types[i]) < _APART for i in run[1:])
        if len(run) >= _BUNDLE and changes >= max(2, len(run) // 4):
            found[first : last + 1] = [replace(sides[i], count=(0, 0)) for i in run]
        first = last + 1
    return found


_BUNDLE, _APART = 6, 0.3  # pages of a run, at least; affinity of two types


def weigh_gap(
    before: Side, after: Side, openings: Mapping[str, float], stays: float
) -> Row:
    """One row of FEATURES for the gap between two pages.

    ``stays`` is the affinity 0..1 of the two pages' type probabilities.
    """
    (x0, y0), (x1, y1) = before.count, after.count
    follows = x1 == x0 + 1 and y0 == y1 and x0 > 0
    again = x1 == x0 > 0 and y0 == y1
    return np.array(
        [
            opening(after, openings),
            after.title,
            after.large,
            x1 == 1,
            x1 > 1,
            follows,
            x0 > 0 and x0 == y0,
            0 < x0 < y0,
            _likeness(before.top, after.top),
            _likeness(before.bottom, after.bottom),
            after.continued,
            before.signed,
            before.filled,
            after.first[:1].islower() and not before.last.endswith(_ENDS),
            stays,
            again,
            x1 > 1 and x0 > 0 and not follows and not again,
            any(number + 1 in after.folios for number in before.folios),
            bool(before.form) and before.form == after.form,
            forms_apart(before.form, after.form),
            _likeness(before.titles, after.titles),
            _likeness(before.words, after.words),
        ],
        np.float64,
    )


def opening(side: Side, openings: Mapping[str, float]) -> float:
    """How much the words on top speak for a first page, in natural log-odds."""
    said = sum(openings.get(word, 0.0) for word in set(side.top))
    return max(-_OPENING_LIMIT, min(_OPENING_LIMIT, said))


def _likeness(before: Iterable[str], after: Iterable[str]) -> float:
    one, other = set(before), set(after)
    return len(one & other) / len(one | other) if one and other else 0.0


def affinity(before: Row, after: Row) -> float:
    """How alike two rows of log probabilities are, 0..1 (Bhattacharyya)."""
    return float(np.exp((before + after) / 2).sum())
