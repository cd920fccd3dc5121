"""What separators, page numbers and a change of person say of where documents begin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from pipeline.finding import Clue
from pipeline.index.alike import names_apart
from pipeline.index.channel import canonical, digits_apart
from pipeline.index.decoder import CERTAIN, LONGEST
from pipeline.index.duplex import ONE_SIDED, Duplex
from pipeline.index.formnumbers import FORM_NUMBER
from pipeline.index.keys import iso_day
from pipeline.index.names import name_from_value
from pipeline.index.sheets import CluesByPage, Sheets
from pipeline.page import Page

# natural log-odds, beside what the type model's start scores say
# (which knows page numbers too, so that ours weigh little)
_FIRST_OF = 4.0
_GOES_ON = -3.0
_WAS_LAST = 2.0
_OTHER_PERSON = 8.0
_FED_TWICE = -6.0
_ALIKE = 0.75  # of the words, and of the figures, of the shorter page
_ENOUGH_WORDS, _ENOUGH_FIGURES = 12, 3
_LONG = 4  # letters of a word that counts; a figure may have one less
_EMPTY_INK = 0.005  # share of dark pixels; a page of handwriting has more
_BACK_INK = 0.03  # what shines through is paler than a page of handwriting
_BACK_SIDE = -2.0  # log-odds of a start on a side that is a sheet's back in nine of ten
_EMPTY = -5.0  # on a side with nothing on it no document begins
# A form's number or a day of service on both sides of a gap, the same or another: ln of
# the share among starts to that among continuations. Counted in the charts generator's
# tune and train pages (seeds 301 to 303, 1,238 gaps): legible numbers were two
# characters off at 413 starts and no continuation; a doubtful one was three off at 75
# and 6. The same number would say more there (0 and 488), but a stack of one form by
# many patients is no rare thing. Another day stood at 107 starts and 67 continuations
# of seed 302, for each sheet of a form has its own; it weighs more than they say, so
# that a sheet of the same form with another day, somebody's, does not lean to joining.
_SAME_FORM, _OTHER_FORM, _PERHAPS_OTHER_FORM = -1.8, 4.0, 1.5
_OTHER_DAY = 2.5
_DAY = ("service date", "dated", "admitted")
_OFF, _FAR_OFF = 2, 3  # characters of a form's number
_OTHER_DIGITS = 3  # a number so far off is no misreading
_SURE = 0.6  # probability from which a value parts or joins two pages

Scores = NDArray[np.float64]


def start_scores(
    starts: Scores, sheets: Sheets, clues: CluesByPage, stack: Duplex = ONE_SIDED
) -> Scores:
    """(content pages,): the model's log-odds of a start, with ours added."""
    scores = starts.astype(np.float64, copy=True)
    before: tuple[Clue, ...] = ()
    last: Page | None = None
    bridged, backs = _bridged(sheets, clues), _backs(sheets, clues, stack)
    for row, page in enumerate(sheets.content):
        here = clues.get(page.number, ())
        scores[row] += _numbering(before, here) or _GOES_ON * (row in bridged)
        scores[row] += _forms(before, here) + _days(before, here)
        scores[row] += stack.start(page.number)
        if _other_person(before, here):
            scores[row] += _OTHER_PERSON
        if last is not None and fed_twice(last, page):
            scores[row] += _FED_TWICE
        if _empty(page) or row in backs:
            scores[row] = _EMPTY
        if page.number in sheets.begins:
            scores[row] = CERTAIN
        if not _empty(page) and row not in backs:
            before, last = here, page
    return scores


def fed_twice(one: Page, other: Page) -> bool:
    """Whether two pages say the same, figures and all: one sheet, scanned again.

    Two days of one form share their words, but not their figures.
    """
    return _shared(_words(one), _words(other), _ENOUGH_WORDS) and _shared(
        _figures(one), _figures(other), _ENOUGH_FIGURES
    )


def likeness(one: Page, other: Page) -> float:
    """Which share of the longer one's words both pages have, 0..1."""
    words, others = _words(one), _words(other)
    most = max(words.total(), others.total())
    return (words & others).total() / most if most else 0.0


def _shared(one: Counter[str], other: Counter[str], enough: int) -> bool:
    least = min(one.total(), other.total())
    return least >= enough and (one & other).total() >= _ALIKE * least


def _words(page: Page) -> Counter[str]:
    said = (re.sub(r"\W", "", word.text.lower()) for word in page.words)
    return Counter(word for word in said if len(word) >= _LONG)


def _figures(page: Page) -> Counter[str]:
    said = (re.sub(r"\D", "", word.text) for word in page.words)
    return Counter(figure for figure in said if len(figure) >= _LONG - 1)


def _empty(page: Page) -> bool:
    """A side with nothing legible on it that was too dirty to be called blank."""
    nothing = not page.legible and not page.marks and not page.troubles
    return nothing and page.quality.ink < _EMPTY_INK


def _numbering(before: Sequence[Clue], here: Sequence[Clue]) -> float:
    """By "page x of y" on both sides of the gap."""
    last, last_of = page_of(before)
    number, of = page_of(here)
    if number == 1:
        return _FIRST_OF
    if number and last and number == last + 1 and of == last_of:
        return _GOES_ON
    return _WAS_LAST if last and last == last_of else 0.0


def _backs(sheets: Sheets, clues: CluesByPage, stack: Duplex) -> frozenset[int]:
    """Rows of sides without a legible word or much ink between page x and x + 1 of y.

    The dirty back of page x. A sheet of handwriting has more ink, and may be anybody's,
    but where the stack says that the side is page x's back.
    """
    counts = [page_of(clues.get(page.number, ())) for page in sheets.content]
    mute = [
        not (page.legible or page.marks or page.troubles or clues.get(page.number))
        and (page.quality.ink < _BACK_INK or stack.start(page.number) < _BACK_SIDE)
        for page in sheets.content
    ]
    found = set()
    for row in range(1, len(counts) - 1):
        (x, y), (number, of) = counts[row - 1], counts[row + 1]
        follows = 0 < x == number - 1 and y == of > 0
        if (
            mute[row]
            and follows
            and sheets.content[row + 1].number not in sheets.begins
        ):
            found.add(row)
    return frozenset(found)


def _bridged(sheets: Sheets, clues: CluesByPage) -> frozenset[int]:
    """Rows that the counts of two pages around them say to go on.

    Between "2 of 6" and "5 of 6" lie pages 3 and 4, though no count be legible on them,
    if it is two pages and no separator. Nothing before the first legible count, nor
    behind the last one: a page may be missing, and another's in its place.
    """
    counts = [page_of(clues.get(page.number, ())) for page in sheets.content]
    found: set[int] = set()
    last = 0
    for row, (number, of) in enumerate(counts):
        if not number and not of:
            continue
        x, y = counts[last]
        gaps = range(last + 1, row + 1)
        ours = x > 0 and 0 < y == of and number - x == row - last
        if ours and not any(sheets.content[g].number in sheets.begins for g in gaps):
            found.update(gaps)
        last = row
    return frozenset(found)


def _forms(before: Sequence[Clue], here: Sequence[Clue]) -> float:
    """By whether both pages are of one form."""
    one, other = (
        [c for c in clues if c.field == FORM_NUMBER] for clues in (before, here)
    )
    if not one or not other:
        return 0.0
    off = min(
        OSA.distance(canonical(x.value), canonical(y.value)) for x in one for y in other
    )
    if not off:
        return _SAME_FORM
    if all(max(c.confidence for c in forms) >= _SURE for forms in (one, other)):
        return _OTHER_FORM if off >= _OFF else 0.0
    return _PERHAPS_OTHER_FORM if off >= _FAR_OFF else 0.0


def _days(before: Sequence[Clue], here: Sequence[Clue]) -> float:
    """By whether the pages print different days; the same one says nothing."""
    one, other = (
        [c.value for c in clues if c.field in _DAY and c.confidence >= _SURE]
        for clues in (before, here)
    )
    if not one or not other:
        return 0.0
    return _OTHER_DAY if set(one).isdisjoint(other) else 0.0


def page_of(clues: Sequence[Clue]) -> tuple[int, int]:
    """Page and pages as printed, x of y; 0 for what is not."""
    found = {c.value for c in clues if c.field == "page_of" and c.confidence >= _SURE}
    if len(found) != 1:
        return 0, 0
    number, _, of = found.pop().partition("/")
    if of.isdigit() and int(of) > LONGEST:
        return 0, 0  # numbers a bundle, not a document
    return int(number) if number.isdigit() else 0, int(of) if of.isdigit() else 0


def _other_person(before: Sequence[Clue], here: Sequence[Clue]) -> bool:
    """Both pages name their subject, nothing agrees and something surely differs.

    It also parts two people whom the index does not know.
    """
    pairs = [
        _apart(one, other)
        for one in before
        for other in here
        if one.field == other.field and _speaks(one) and _speaks(other)
    ]
    return any(pairs) and all(pairs)


def _speaks(clue: Clue) -> bool:
    fields = ("mrn", "born", "name")
    return clue.role == "subject" and clue.field in fields and clue.confidence >= _SURE


def _apart(one: Clue, other: Clue) -> bool:
    if one.field == "mrn":
        return OSA.distance(one.value, other.value) >= _OTHER_DIGITS
    if one.field == "born":
        days = iso_day(one.value), iso_day(other.value)
        return (
            days[0] is not None
            and days[1] is not None
            and digits_apart(days[0], days[1]) >= _OTHER_DIGITS
        )
    return names_apart(name_from_value(one.value), name_from_value(other.value))
