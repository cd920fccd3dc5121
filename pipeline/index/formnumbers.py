"""The number that a printer or an office gave to a form: "HB-1042 Rev. 03/12".

It stands at the edges of a page, behind the word "form", before a revision, or behind
the letters of an agency ("CMS-1500", "DA FORM 4700"). Which type a number means is not
known here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from pipeline.finding import Clue
from pipeline.index.layout import Row, rows_of
from pipeline.index.values import Stretch, value_of
from pipeline.page import Page

FORM_NUMBER = "form number"  # the clue's field
_EDGE = 4  # rows from the top, and from the foot
_LONGEST_KNOWN = 4  # pieces of a number that somebody told us
_FEWEST, _MOST = 3, 14  # letters and digits
_FIGURES = str.maketrans("OQDILZSB", "00011258")
_AGENCY = "CMS|HCFA|UB|DA|DD|DS|SF|AF|NAVMED|FDA|CDC|SSA|HHS|PHS|MCSA|OWCP"
_D = r"[\dOIlSZB]"
_TAIL = r"(?:-[\dA-Z]{1,4})?[A-Z]{0,2}"
_REVISED = (
    r"(?:\W{0,4}(?i:rev(?:ised|\b)|ed(?:ition|\b))"
    r"|[ ,]{1,2}\(?\d{1,2}/(?:\d\d){1,2}(?![/\d]))"
)
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"\b((?:(?:{_AGENCY}|VA|(?i:standard))\s+)?(?i:form)(?:\s*(?i:no|number|nr|#))?[.:#\s]*"
        rf"[A-Z]{{0,6}}[- ]?\d[\dA-Z]{{1,6}}{_TAIL})(?!\w|\s*(?i:of|/)\s*\d)",
        rf"\b([A-Z]{{2,6}}(?:[- ]{{1,2}}[A-Z]{{1,4}})?[- ]{{0,2}}{_D}{{2,6}}{_TAIL})"
        rf"{_REVISED}",
        rf"(?<![\w/.-])(\d{{3,6}}{_TAIL})\W{{0,4}}(?i:rev(?:ised|\b))",
        rf"\b((?:{_AGENCY})[- ]?\d{{2,5}}{_TAIL})(?![\w/])",
    )
)
_STANDARD = re.compile(r"(?i)\bstandard\s+form\b")
_WORDS = re.compile(r"(?i)\bform(?:\b|(?=\d))|\b(?:no|number|nr)\b|[^a-z0-9 -]")
_PARTS = re.compile(r"([A-Z]*)[- ]*(.*)")
_TOLD = re.compile(r"(?i)\b(?:rev(?:ised|ision)?|ed(?:ition)?)\b.*|\(.*")


def form_number(said: str) -> str:
    """Letters and digits only, "HB1042" for "Form HB-1042 (Rev. 3/12)"; "" for none.

    Behind the first letters, what looks like a digit is taken for one, so that a
    number and its usual misreadings are one.
    """
    bare = _WORDS.sub(" ", _TOLD.sub("", _STANDARD.sub("SF", said)))
    letters, rest = _letters_first(bare.upper().strip(" -"))
    number = letters + re.sub("[- ]", "", rest).translate(_FIGURES)
    fits = _FEWEST <= len(number) <= _MOST and any(c.isdigit() for c in number)
    return number if fits else ""


def _letters_first(bare: str) -> tuple[str, str]:
    found = _PARTS.fullmatch(bare)
    return (found[1], found[2]) if found else ("", bare)


def form_clues(
    rows: Sequence[Row], page: int, known: Collection[str] = ()
) -> Iterator[Clue]:
    """The form numbers at a page's edges, each once, as clues of the page.

    ``known`` are numbers that the house told us, as form_number makes them: they are
    found where nothing beside them says that they number a form.
    """
    edge = rows if len(rows) <= 2 * _EDGE else (*rows[:_EDGE], *rows[-_EDGE:])
    seen: set[str] = set()
    for row in edge:
        for span in (*_shaped(row), *_told(row, known)):
            value = value_of(row.pieces, span, "")
            number = form_number(value.text)
            if number and number not in seen:
                seen.add(number)
                yield Clue(
                    FORM_NUMBER, value.text, number, page, value.box, value.confidence
                )


def numbers_in(text: str) -> tuple[str, ...]:
    """The form numbers of printed lines, by what stands beside them."""
    said = (line[a:b] for line in text.splitlines() for a, b in _spans(line))
    return tuple(number for one in said if (number := form_number(one)))


def form_clues_of(page: Page) -> tuple[Clue, ...]:
    """The same of one page, by what stands beside its numbers alone."""
    return tuple(form_clues(rows_of(page), page.number))


def _shaped(row: Row) -> Iterator[tuple[int, int]]:
    line = Stretch.of(row.pieces)
    for span in _spans(line.text):
        yield line.cover(*span)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    found = [m.span(1) for shape in _SHAPES for m in shape.finditer(text)]
    end = 0
    for start, stop in sorted(found, key=lambda span: (span[0], -span[1])):
        if start >= end:  # not a part of the one before
            end = stop
            yield start, stop


def _told(row: Row, known: Collection[str]) -> Iterator[tuple[int, int]]:
    """Neighbouring pieces that together are a number of the house."""
    for start in range(len(row.pieces)) if known else ():
        for end in range(start + 1, min(start + _LONGEST_KNOWN, len(row.pieces)) + 1):
            if form_number(Stretch.of(row.pieces[start:end]).text) in known:
                yield start, end
                break
