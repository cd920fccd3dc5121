"""What a page says of itself in numbers: page x of y, and which form it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.classify.features import Line

_DIGIT = "[0-9OoIlSZB@]"  # a misread figure looks like one of these
_FIGURES = str.maketrans("OoIlSZB@", "00115280")
COUNT = re.compile(
    rf"(?i:\bp(?:a[a-z]e|[gq])?[.:#]?)\s*({_DIGIT}{{1,3}}?)\s*(?:(?i:of|0f|or)|/)\s*"
    rf"({_DIGIT}{{1,3}})\b"
    r"|\b(\d{1,3})\s+(?i:of|0f)\s+(\d{1,3})\s+(?i:pages?)\b"
)
_NUMBERED = re.compile(
    r"(?i)\b(?:pa[gq]e|[pg]g\.?)\s*[:#]?\s*(\d{1,3})\b|^\W*-\s*(\d{1,2})\s*-\W*$"
)
_BARE = re.compile(r"(?:^|\s)(\d{1,2})$")
_FORM = re.compile(
    r"(?i:\bform(?:\s*(?:no|number|n)\b)?[.:#\s]*)([A-Z]{0,5}[- ]?\d[\dA-Z-]{1,9})\b"
    r"|\b([A-Z]{1,6}[- ]{0,2}[\dOIlSZB@]{2,6}(?:-\d{1,4})?[A-Z]?)\W{0,4}(?i:rev|ed\b)"
)
_FAX = re.compile(r"(?i)\bfax\b|\bfrom[:-]|\d{3}[ )-]{1,2}\d{3}[ -]\d{4}|\+\d{7}")
LONGEST_COUNT = 60  # pages; the decoder knows no longer document
_MISREAD = 1  # letters by which one form's number may differ from itself


def count_of(lines: Sequence[Line]) -> tuple[int, int]:
    """Page x of y as printed on these lines; 0 where unsaid.

    A count over more pages than a document has numbers a bundle and says nothing; that
    of a fax numbers what was sent, often several papers: only its first page tells.
    """
    counts = [(line, *count) for line in lines for count in _counts(line)]
    counts.sort(key=lambda found: bool(_FAX.search(found[0].text)))
    for line, x, y in counts:
        if _FAX.search(line.text):
            return int(x == 1), 0
        if y <= LONGEST_COUNT:
            return x, y
    if counts:
        return 0, 0
    for line in lines:
        if match := _NUMBERED.search(line.text):
            return int(match[1] or match[2]), 0
    return 0, 0


def _counts(line: Line) -> Iterator[tuple[int, int]]:
    for said in COUNT.finditer(line.text):
        x, y = (int(g.translate(_FIGURES)) for g in said.groups() if g)
        if 0 < x <= y:
            yield x, y


def bare_numbers(lines: Sequence[Line]) -> frozenset[int]:
    """Numbers that stand alone at the end of these lines, as folios do."""
    found = (_BARE.search(line.text.strip()) for line in lines)
    return frozenset(int(match[1]) for match in found if match)


def form_of(lines: Sequence[Line]) -> str:
    """The form's number, letters and digits only, the last one printed; "" for none."""
    for line in reversed(lines):
        if match := _FORM.search(line.text):
            said = re.sub(r"[^A-Z0-9@]", "", (match[1] or match[2]).upper())
            return said.translate(_FIGURES)
    return ""


def forms_apart(one: str, other: str) -> bool:
    """Whether two form numbers are surely two: more than a letter apart."""
    if not one or not other:
        return False
    wrong = sum(a != b for a, b in zip(one, other, strict=False))
    return wrong + abs(len(one) - len(other)) > _MISREAD
