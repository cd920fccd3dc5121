"""How the site's record numbers are made, and what a misread one may have been.

An MRN is a string: leading zeros count, and 12-34-56-78 on paper is the 12345678 of
the index.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

CheckDigit = Literal["none", "iso7064_mod11_10", "luhn", "verhoeff"]
Slip = Literal["as read", "confusion", "substitution", "transposition", "length"]

# What a recogniser makes of a digit when it takes it for a letter.
_LETTERS = str.maketrans("OoQDUIl|!iZzSsBGbqgT?A", "0000011111225586699774")
# Digits that scanned print confuses, most often first.
_CONFUSED = {
    "0": "869", "1": "74", "2": "71", "3": "85", "4": "91", "5": "638",
    "6": "850", "7": "12", "8": "3069", "9": "408",
}  # fmt: skip
_VERHOEFF_D = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_VERHOEFF_P = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip
_BETWEEN = re.compile(r"[\s\-–—.#:/_]")  # what people print within a number
_ENOUGH_TO_LEARN = 20


@dataclass(frozen=True, slots=True)
class MrnFormat:
    """What a number of this site looks like: a prefix, then digits.

    ``lengths`` counts the digits after the prefix, the check digit included, which is
    computed over these digits and stands last.
    """

    lengths: tuple[int, ...] = (8,)
    prefix: str = ""
    check_digit: CheckDigit = "none"


@dataclass(frozen=True, slots=True)
class Variant:
    """A number that the printed one may have been, and the slip that explains it."""

    value: str
    slip: Slip
    edits: int  # characters changed


def normalise(text: str) -> str:
    """The number without blanks, dashes, dots, slashes and "#", upper case."""
    if text.isalnum():  # as an index of millions says nearly all of them
        return text.upper()
    return _BETWEEN.sub("", text).upper()


def as_digits(text: str, form: MrnFormat) -> str:
    """The number with letters read as the digits they look like, after the prefix."""
    plain = _BETWEEN.sub("", text)
    cut = len(form.prefix) if plain.upper().startswith(form.prefix.upper()) else 0
    return form.prefix.upper() * bool(cut) + plain[cut:].translate(_LETTERS)


def fits(mrn: str, form: MrnFormat) -> bool:
    """Whether prefix, digits and length are those of the format."""
    digits = mrn[len(form.prefix) :]
    return (
        mrn.startswith(form.prefix.upper())
        and digits.isascii()
        and digits.isdigit()
        and len(digits) in form.lengths
    )


def is_as_long(mrn: str, form: MrnFormat) -> bool:
    """Whether it has as many characters as the format's numbers, or one off."""
    return any(abs(len(mrn) - len(form.prefix) - n) <= 1 for n in form.lengths)


def check(mrn: str, form: MrnFormat) -> bool:
    """Whether the number fits the format, check digit included if there is one."""
    if not fits(mrn, form):
        return False
    return has_check_digit(mrn[len(form.prefix) :], form.check_digit)


def has_check_digit(digits: str, scheme: CheckDigit) -> bool:
    """Whether the last digit checks the others; always so where there is no scheme."""
    match scheme:
        case "none":
            return True
        case "iso7064_mod11_10":
            return _iso7064(digits)
        case "luhn":
            return _luhn(digits)
        case "verhoeff":
            return _verhoeff(digits)


def variants(text: str, form: MrnFormat, limit: int = 64) -> tuple[Variant, ...]:
    """Numbers of the format that the printed text may stand for, likeliest first.

    As read; letters as digits; one digit for another; two neighbours exchanged; one
    digit lost or added. With a check digit only those that satisfy it: an eight-digit
    number has about eight repairs (SCIENCE.md 1.6).
    """
    found: dict[str, Variant] = {}
    for variant in _slips(text, form):
        if check(variant.value, form):
            found.setdefault(variant.value, variant)
            if len(found) >= limit:
                break
    return tuple(found.values())


def learn_format(mrns: Iterable[str]) -> MrnFormat:
    """The format that the imported numbers have in common.

    A length counts when at least 1 in 200 numbers has it, a check digit when it holds
    for all but 1 in 200 of at least twenty numbers, the prefix when all share it.
    """
    numbers = [normalise(mrn) for mrn in mrns if normalise(mrn)]
    if not numbers:
        return MrnFormat()
    prefix = _shared_letters(numbers)
    digits = [n[len(prefix) :] for n in numbers]
    digits = [d for d in digits if d.isascii() and d.isdigit()]
    counts = Counter(map(len, digits))
    lengths = tuple(sorted(n for n, c in counts.items() if c * 200 >= len(digits)))
    return MrnFormat(lengths or (8,), prefix, _learn_check_digit(digits))


def _learn_check_digit(digits: list[str]) -> CheckDigit:
    if len(digits) < _ENOUGH_TO_LEARN:
        return "none"
    schemes: tuple[CheckDigit, ...] = get_args(CheckDigit)
    for scheme in schemes:
        held = sum(has_check_digit(d, scheme) for d in digits)
        if scheme != "none" and held * 200 >= len(digits) * 199:
            return scheme
    return "none"


def _shared_letters(numbers: list[str]) -> str:
    first = re.match(r"[A-Z]*", numbers[0])
    prefix = first.group() if first else ""
    return prefix if all(n.startswith(prefix) for n in numbers) else ""


def _slips(text: str, form: MrnFormat) -> Iterator[Variant]:
    plain = normalise(text)
    yield Variant(plain, "as read", 0)
    read = as_digits(text, form)
    changed = sum(a != b for a, b in zip(plain, read, strict=False))
    yield Variant(read, "confusion", changed)
    head, digits = form.prefix.upper(), read.removeprefix(form.prefix.upper())
    for likely in (True, False):
        for at, digit in enumerate(digits):
            near = _CONFUSED.get(digit, "")
            far = "".join(d for d in "0123456789" if d != digit and d not in near)
            for other in near if likely else far:
                value = head + digits[:at] + other + digits[at + 1 :]
                yield Variant(value, "confusion" if likely else "substitution", 1)
    for at in range(len(digits) - 1):
        pair = digits[at + 1] + digits[at]
        value = head + digits[:at] + pair + digits[at + 2 :]
        yield Variant(value, "transposition", 2)
    yield from _other_lengths(head, digits, form)


def _other_lengths(head: str, digits: str, form: MrnFormat) -> Iterator[Variant]:
    if len(digits) in form.lengths:
        return
    if not form.prefix and form.lengths and len(digits) < min(form.lengths) - 1:
        # a number printed without its leading zeros is as wide as the format after all
        wide = digits.zfill(min(form.lengths))
        yield Variant(wide, "length", len(wide) - len(digits))
    for at in range(len(digits)):
        yield Variant(head + digits[:at] + digits[at + 1 :], "length", 1)
    for at in range(len(digits) + 1):
        for digit in "0123456789":
            yield Variant(head + digits[:at] + digit + digits[at:], "length", 1)


def _iso7064(digits: str) -> bool:
    # ISO/IEC 7064 MOD 11,10, a hybrid system: finds all single substitutions
    rest = 10
    for digit in digits[:-1]:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return (rest + int(digits[-1])) % 10 == 1


def _luhn(digits: str) -> bool:
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - digit sum
    return total % 10 == 0


def _verhoeff(digits: str) -> bool:
    state = 0
    for at, digit in enumerate(reversed(digits)):
        permuted = int(_VERHOEFF_P[at % 8][int(digit)])
        state = int(_VERHOEFF_D[state][permuted])
    return state == 0
