"""Reads the value of a label from the pieces that stand beside or below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.index.cluerules import ClueRules
from pipeline.index.dates import find_dates, read_date, shaped
from pipeline.index.layout import Piece
from pipeline.index.misread import mended
from pipeline.index.names import (
    CREDENTIALS,
    PARTICLES,
    SUFFIXES,
    TITLES,
    fold,
    name_value,
    nicknames,
    parse_name,
)
from pipeline.page import Box

NEAR = 1.6  # heights of white space that a value does not reach over
_NEAR_IN_NAME, _BEHIND_INITIAL = 1.2, 2.5
_LOOSE = 0.8
_MOST_NAME_PIECES = 12
_MENDED_WORD = 4  # letters of a word of a name in which a digit may be a letter misread
_DIGITS_AS_LETTERS = str.maketrans("0123456789", "OLZBASGTBG")
_NAME_SIGNS = frozenset(",.-'’^;")  # a semicolon is a comma misread
_MISREAD = 0.5  # what a mended date's confidence is multiplied with
_PHONE = re.compile(r"\(?(\d{3})\)?[\s.\-]{0,3}(\d{3})[\s.\-]{1,3}(\d{4})(?!\d)")
_SSN = re.compile(r"^\W*(?:[xX*#\d]{3}[\s\-–]*[xX*#\d]{2}[\s\-–]*)?(\d{4})(?!\d)")
_PAGE = re.compile(
    r"^\W*(\d{1,3})(?:\s*(?:of|/|0f)\s*(\d{1,3}))?(?![\d/])", re.IGNORECASE
)
_AGE_SEX = re.compile(
    r"\b\d{1,3}[\s\-]*(?:y/?o|yo|yrs?|years?|months?|mos?|weeks?|days?|m/o)"
    r"(?:[\s\-]+old)?[\s,\-]+(?:\w+[\s\-]+){0,2}?"
    r"(male|female|man|woman|boy|girl|gentleman|lady|m|f)\b",
    re.IGNORECASE,
)
_SEXES = {
    "m": "M", "male": "M", "man": "M", "boy": "M", "gentleman": "M",
    "f": "F", "female": "F", "woman": "F", "girl": "F", "lady": "F",
}  # fmt: skip
_OTHER_WORDS = """
page continued hospital clinic center medical department summary report note the of and
for unknown none same see above date admission discharge street avenue road record
records history operative progress consultation service signature patient inpatient
outpatient smoker self yes no emergency room unit form family practice laboratory health
regional general community number information witness declarant notary principal agent
identification relationship attending physician nurse surgeon provider signed staff
representative urology cardiology neurology nephrology gastroenterology orthopedics
triage assessment notes orders sheet flowsheet results consent authorization privacy
acknowledgment acknowledgement notice directive directives instruction instructions
therapy evaluation nursing medication medications administration immunization
immunizations vaccine vaccines imaging radiology mammogram mammography ultrasound
pathology cytology anesthesia intake screening questionnaire referral prescription
transfer letter insurance release certificate vital signs graphic psychiatric
psychological telephone encounter allergy allergies problem physical vaccination
echocardiogram electrocardiogram advance substance abuse occupational wound dialysis
month yyyy dd mrn dob oncology hematology dermatology ophthalmology endocrinology
complaint complaints illness impression findings indications technique diagnosis
diagnoses subjective objective disposition recommendations registration demographics
"""
_NOT_NAMES = frozenset(_OTHER_WORDS.split())


@dataclass(frozen=True, slots=True)
class Value:
    """What was read: as printed, in normal form, and from where."""

    text: str = field(repr=False)
    value: str = field(repr=False)
    box: Box
    confidence: float
    pieces: int  # how many of those offered it reaches over


Reader = Callable[[Sequence[Piece], ClueRules], Value | None]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces as one string, with the way back from characters to pieces."""

    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> Stretch:
        text, starts = "", []
        for at, piece in enumerate(pieces):
            text += " " if at and piece.gap > 0 else ""
            starts.append(len(text))
            text += piece.text
        return cls(text, tuple(starts))

    def cover(self, start: int, end: int) -> tuple[int, int]:
        """First piece and one past the last piece under these characters."""
        first = sum(s <= start for s in self.starts) - 1
        return max(first, 0), sum(s < end for s in self.starts)


def value_of(
    pieces: Sequence[Piece], span: tuple[int, int], normal: str, text: str = ""
) -> Value:
    """The value that the pieces of the span hold."""
    chosen = pieces[span[0] : span[1]]
    box = chosen[0].box
    for piece in chosen[1:]:
        box = box | piece.box
    sure = [p.confidence for p in chosen if not p.is_sign] or [chosen[0].confidence]
    return Value(text or Stretch.of(chosen).text, normal, box, min(sure), span[1])


def cell(pieces: Sequence[Piece], reach: float = NEAR) -> Sequence[Piece]:
    """The pieces up to the next wide gap; the first one's own gap does not count."""
    for at, piece in enumerate(pieces):
        if at and piece.gap > reach:
            return pieces[:at]
    return pieces


def read_day(pieces: Sequence[Piece], rules: ClueRules) -> Value | None:
    """A date that begins the offered pieces, as ISO; a weekday before it is skipped."""
    near = pieces[:14]
    line = Stretch.of(near)
    for found in find_dates(line.text, rules.received, rules.date_order):
        if not _begins(line.text, found.start):
            return None
        span = line.cover(found.start, found.end)
        return value_of(near, span, found.days[0].isoformat())
    first = after_signs(near)[:3]
    if not first:
        return None
    days = read_date(
        Stretch.of(cell(first, 1.0)).text, rules.received, rules.date_order
    )
    skip = len(near) - len(after_signs(near))
    if days:
        return value_of(near, (skip, skip + len(cell(first, 1.0))), days[0].isoformat())
    return None


def read_any_day(pieces: Sequence[Piece], rules: ClueRules) -> Value | None:
    """The same; of an impossible date, as 64-22-2006, the likeliest that it may be.

    Not for birth dates: those identify people.
    """
    value = read_day(pieces, rules)
    if value is not None:
        return value
    near = pieces[:14]
    line = Stretch.of(near)
    start, end = next(shaped(line.text), (0, 0))
    if not end or not _begins(line.text, start):
        return None
    day = mended(line.text[start:end], rules.received, rules.date_order)
    if day is None:
        return None
    value = value_of(near, line.cover(start, end), day.isoformat())
    return replace(value, confidence=value.confidence * _MISREAD)


def is_day_without_year(pieces: Sequence[Piece]) -> bool:
    """Whether the pieces are a month's name and a day, "May 8," and no more."""
    text = Stretch.of(pieces).text
    return re.fullmatch(r"[A-Z][A-Za-z]{2,8}\.? \d{1,2} ?,?", text) is not None


def _begins(text: str, at: int) -> bool:
    """Whether no more than a weekday and signs stand before a date."""
    before = re.sub(
        r"(?i)\b(mon|tues?|wed\w*|thu\w*|fri|sat\w*|sun)(day)?\b", "", text[:at]
    )
    # a table's line is read as one letter
    return len(re.sub(r"[\W_]", "", before)) <= 1


def read_person(pieces: Sequence[Piece], rules: ClueRules) -> Value | None:
    """A person's name of two words or more; stops at digits, lower case and columns."""
    skip = len(pieces) - len(after_signs(pieces))
    skip += _is_stroke(pieces[skip : skip + 2])
    end = skip
    while end < min(len(pieces), skip + _MOST_NAME_PIECES):
        if not _may_be_in_name(pieces, end, skip):
            break
        end += 1
    while end > skip and pieces[end - 1].is_sign:
        end -= 1
    if end == skip:
        return None
    text = Stretch.of(pieces[skip:end]).text
    read = re.sub(r"\w+", lambda word: _letters_of(word[0]), text.replace(";", ","))
    name = parse_name(read, rules.given_names)
    if name is None or not name.given or not _plausible(text):
        return None
    return value_of(pieces, (skip, end), name_value(name), text)


def _may_be_in_name(pieces: Sequence[Piece], at: int, start: int) -> bool:
    piece = pieces[at]
    if at > start and piece.gap > _reach(pieces[start:at]):
        return False
    word = re.sub(r"[.'’\-]", "", piece.text).lower()
    if piece.is_sign:
        return piece.text in _NAME_SIGNS
    if any(c.isdigit() for c in piece.text):
        return word in SUFFIXES or _letters_of(word) != word
    known = word in PARTICLES or word in TITLES or word in CREDENTIALS
    return word not in _NOT_NAMES and (known or not piece.text.islower())


def _reach(before: Sequence[Piece]) -> float:
    """How far the next word of a name may be: after "John A." the surname must come."""
    one = len(before) == 2 and before[1].text[0].isupper()  # noqa: PLR2004 - John A.
    initial = one and len(before[1].text.rstrip(".")) == 1
    return _BEHIND_INITIAL if initial else _NEAR_IN_NAME


def _letters_of(word: str) -> str:
    """The word with its one digit as the letter that it was: C1ARK, 8ENJAMIN.

    Other words, and numbers, as they are.
    """
    digits = sum(c.isdigit() for c in word)
    if digits != 1 or len(word) < _MENDED_WORD or not word.isalnum():
        return word
    return word.translate(_DIGITS_AS_LETTERS)


def _is_stroke(pieces: Sequence[Piece]) -> bool:
    """Whether the first piece is a form's line, read as a letter."""
    return len(pieces) > 1 and len(pieces[0].text) == 1 and pieces[1].gap > _LOOSE


def _plausible(text: str) -> bool:
    words = fold(text).split()
    return bool(words) and sum(map(len, words)) > 3  # noqa: PLR2004 - "A Li" is too little


def read_one_name(pieces: Sequence[Piece], _rules: ClueRules) -> Value | None:
    """A family or given name alone, of a form with a box for each."""
    skip = len(pieces) - len(after_signs(pieces))
    end = skip
    while end < len(pieces) and _may_be_in_name(pieces, end, skip):
        end += 1
    while end > skip and pieces[end - 1].is_sign:
        end -= 1
    if end == skip or end - skip > 4:  # noqa: PLR2004 - a sentence
        return None
    return value_of(pieces, (skip, end), Stretch.of(pieces[skip:end]).text.upper())


def read_sex(pieces: Sequence[Piece], _rules: ClueRules) -> Value | None:
    """F or M; where boxes are printed for both, the one that is ticked."""
    ticked = _ticked(pieces)
    if ticked is not None:
        at, sex = ticked
        return value_of(pieces, (at, at + 1), sex)
    for at, piece in enumerate(cell(pieces)):
        sex = _SEXES.get(piece.text.strip(".").lower(), "")
        if sex:
            others = {_SEXES.get(p.text.strip(".").lower(), sex) for p in cell(pieces)}
            return value_of(pieces, (at, at + 1), sex) if others == {sex} else None
        if not piece.is_sign and not piece.text.rstrip("yYoO/").isdigit():
            return None
    return None


def _ticked(pieces: Sequence[Piece]) -> tuple[int, str] | None:
    found = []
    for at, piece in enumerate(pieces[:12]):
        sex = _SEXES.get(piece.text.strip(".").lower())
        before = "".join(p.text for p in pieces[max(at - 3, 0) : at])
        if sex and re.search(r"[\[(][xX✓✔vV*][\])]$|[☒☑✓✔]$", before):
            found.append((at, sex))
    return found[0] if len(found) == 1 else None


def read_phone(pieces: Sequence[Piece], _rules: ClueRules) -> Value | None:
    """A telephone number of ten digits."""
    return _matched(pieces, _PHONE, "")


def read_ssn4(pieces: Sequence[Piece], _rules: ClueRules) -> Value | None:
    """The last four digits of a social security number."""
    return _matched(pieces, _SSN, "")


def read_page_of(pieces: Sequence[Piece], _rules: ClueRules) -> Value | None:
    """Page and pages as "2/3"; "2/" where the number of pages is not printed."""
    return _matched(pieces, _PAGE, "/")


def _matched(
    pieces: Sequence[Piece], pattern: re.Pattern[str], glue: str
) -> Value | None:
    near = cell(pieces, 3.0)
    if not near:
        return None
    line = Stretch.of(near)
    match = pattern.search(line.text)
    if match is None:
        return None
    normal = glue.join(group or "" for group in match.groups())
    return value_of(
        near, line.cover(match.start(1), match.end()), normal, match.group()
    )


def read_address(pieces: Sequence[Piece], _rules: ClueRules) -> Value | None:
    """House number and street, with whatever stands behind them in the cell."""
    offered = cell(after_signs(pieces))
    skip = len(pieces) - len(after_signs(pieces))
    text = Stretch.of(offered).text
    if not re.match(r"\d|P\.? ?O\.? Box", text, re.IGNORECASE) or len(offered) < 2:  # noqa: PLR2004 - a number
        return None
    return value_of(pieces, (skip, skip + len(offered)), " ".join(text.upper().split()))


def read_rest(pieces: Sequence[Piece], _rules: ClueRules) -> Value | None:
    """Whatever stands in the cell."""
    offered = cell(after_signs(pieces))
    skip = len(pieces) - len(after_signs(pieces))
    end = len(offered)
    while end and offered[end - 1].is_sign and offered[end - 1].text != ")":
        end -= 1
    if not end:
        return None
    return value_of(pieces, (skip, skip + end), Stretch.of(offered[:end]).text)


def age_and_sex(text: str) -> re.Match[str] | None:
    """The words "61-year-old woman", "61 y/o F" in a line, sex in group 1."""
    return _AGE_SEX.search(text)


def sex_of(word: str) -> str:
    """F, M or nothing for a word like "female", "gentleman"."""
    return _SEXES.get(word.lower(), "")


def is_given(word: str, rules: ClueRules) -> bool:
    """Whether the word is a known given name."""
    folded = fold(word)
    return folded in rules.given_names or len(nicknames(folded)) > 1


def after_signs(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces from the first one on that is more than punctuation."""
    at = 0
    while at < len(pieces) and pieces[at].is_sign:
        at += 1
    return pieces[at:]
