import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.index.numbers import (
    MrnFormat,
    as_digits,
    check,
    fits,
    has_check_digit,
    learn_format,
    normalise,
    variants,
)

PLAIN = MrnFormat((8,), "", "none")
ISO = MrnFormat((8,), "", "iso7064_mod11_10")
SCHEMES = ("iso7064_mod11_10", "luhn", "verhoeff")


def with_check(digits: str, scheme) -> str:
    return next(
        digits + last for last in "0123456789" if has_check_digit(digits + last, scheme)
    )


@pytest.mark.parametrize(
    "printed", ["12-34-56-78", "12 34 56 78", "#12345678", "1234.5678"]
)
def test_printed_groups_are_one_number(printed):
    assert normalise(printed) == "12345678"
    assert as_digits(printed, PLAIN) == "12345678"


def test_leading_zeros_count():
    assert normalise("00-12-34-56") == "00123456"
    assert check("00123456", PLAIN)
    assert not check("123456", PLAIN)


def test_known_check_digits():
    assert has_check_digit("07945", "iso7064_mod11_10")  # ISO 7064's own example
    assert has_check_digit("79927398713", "luhn")
    assert has_check_digit("2363", "verhoeff")


@given(
    st.text("0123456789", min_size=4, max_size=12), st.sampled_from(SCHEMES), st.data()
)
def test_a_single_slip_never_passes(digits, scheme, data):
    number = with_check(digits, scheme)
    at = data.draw(st.integers(0, len(number) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[at]]))
    assert not has_check_digit(number[:at] + other + number[at + 1 :], scheme)


@given(st.text("0123456789", min_size=7, max_size=7))
def test_every_substitution_and_exchange_is_offered_for_repair(digits):
    number = with_check(digits, "iso7064_mod11_10")
    wrong = number[:3] + str((int(number[3]) + 1) % 10) + number[4:]
    assert number in {v.value for v in variants(wrong, ISO)}
    swapped = number[1] + number[0] + number[2:]
    assert number in {v.value for v in variants(swapped, ISO)}


def test_letters_are_read_as_the_digits_they_look_like():
    assert variants("1Z34S67B", PLAIN)[0].value == "12345678"
    assert variants("1Z34S67B", PLAIN)[0].slip == "confusion"
    assert variants("12345678", PLAIN)[0].slip == "as read"


def test_a_lost_or_added_digit_is_repaired():
    number = with_check("1234567", "iso7064_mod11_10")
    assert number in {v.value for v in variants(number[:-1], ISO)}
    assert number in {v.value for v in variants(number[:4] + "7" + number[4:], ISO)}
    assert "00001234" in {v.value for v in variants("1234", PLAIN)}


def test_variants_satisfy_the_check_digit_and_stay_few():
    found = variants("12345678", ISO)
    assert all(check(v.value, ISO) for v in found)
    assert len(found) <= 20
    assert len(variants("12345678", PLAIN, limit=5)) == 5


def test_prefixed_numbers():
    form = MrnFormat((6,), "EVR", "none")
    assert fits("EVR123456", form)
    assert not fits("123456", form)
    assert as_digits("evr12345O", form) == "EVR123450"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_format_is_learned_from_the_import(scheme):
    rng = random.Random(7)
    numbers = [with_check(f"{rng.randrange(10**7):07d}", scheme) for _ in range(200)]
    assert learn_format(numbers) == MrnFormat((8,), "", scheme)


def test_few_or_mixed_numbers_teach_no_check_digit():
    rng = random.Random(7)
    mixed = [f"{rng.randrange(10**8):08d}" for _ in range(200)]
    assert learn_format(mixed) == PLAIN
    assert learn_format(["12345674"] * 3).check_digit == "none"
    assert learn_format([]) == MrnFormat()
    letters = [f"EVR{n:06d}" for n in range(200)]
    assert learn_format(letters) == MrnFormat((6,), "EVR", "none")
