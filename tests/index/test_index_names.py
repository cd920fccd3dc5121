import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.index.names import (
    fold,
    has_credentials,
    name_from_value,
    name_value,
    nicknames,
    parse_name,
)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("DOE, JOHN A", "DOE|JOHN|A|"),
        ("John A. Doe", "DOE|JOHN|A|"),
        ("DOE JOHN A", "DOE|JOHN|A|"),
        ("DOE BABY GIRL", "DOE|BABY|GIRL|"),
        ("Baby Girl Doe", "DOE|BABY|GIRL|"),
        ("Doe John", "DOE|JOHN||"),
        ("John Doe", "DOE|JOHN||"),
        ("DOE^JOHN^A", "DOE|JOHN|A|"),
        ("Mr. John Doe Jr.", "DOE|JOHN||JR"),
        ("O'Brien-Smith, Mary Ann", "O'BRIEN-SMITH|MARY|ANN|"),
        ("Juan de la Cruz", "DE LA CRUZ|JUAN||"),
        ("de la Cruz, Juan", "DE LA CRUZ|JUAN||"),
        ("DOE JR, JOHN A", "DOE|JOHN|A|JR"),
        ("DOE, JOHN A JR", "DOE|JOHN|A|JR"),
        ("Doe, Jr., John", "DOE|JOHN||JR"),
        ("SMITH JR JOHN A", "SMITH|JOHN|A|JR"),
        ("John Doe, M.D.", "DOE|JOHN||"),
        ("John Doe RN", "DOE|JOHN||"),
        ("Dr. Smith", "SMITH|||"),
        ("MA, JOHN", "MA|JOHN||"),
        ("Do, Anh", "DO|ANH||"),
        ("DOE, MR JOHN", "DOE|JOHN||"),
        ("DOE, JOHN MR", "DOE|JOHN||"),
        ("VAN DER BERG ANN B", "VAN DER BERG|ANN|B|"),
        ("Mary-Ann St. John", "ST JOHN|MARY-ANN||"),
        ("John Doe III", "DOE|JOHN||III"),
    ],
)
def test_a_printed_name(printed, value):
    name = parse_name(printed)
    assert name is not None
    assert name_value(name) == value
    assert name_from_value(value) == name_from_value(name_value(name))


@pytest.mark.parametrize("text", ["", ",", "12345", "A", "DOE, J0HN", "^^", "M.D."])
def test_what_cannot_be_a_name(text):
    assert parse_name(text) is None or text == "M.D."


def test_given_names_of_the_index_settle_the_order():
    assert name_value(parse_name("DOE ZEBEDEE")) == "ZEBEDEE|DOE||"
    known = frozenset({"ZEBEDEE"})
    assert name_value(parse_name("DOE ZEBEDEE", known)) == "DOE|ZEBEDEE||"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Brien", "OBRIEN"),
        ("O’Brien-Smith", "obrien smith"),
        ("de la Cruz", "DelaCruz"),
        ("Van Der Berg", "VANDERBERG"),
        ("Müller", "MULLER"),
        ("García", "Garcia"),
        ("St. John", "StJohn"),
        ("Doe Jr.", "DOE"),
        ("Mc Allister", "McAllister"),
    ],
)
def test_printings_of_one_name_fold_alike(one, other):
    assert fold(one) == fold(other)


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text):
    folded = fold(text)
    assert fold(folded).replace(" ", "") in folded.replace(" ", "")
    assert all(c.isascii() and (c.isupper() or c == " ") for c in folded)


@given(st.text(max_size=40))
def test_any_text_is_parsed_without_a_fall(text):
    name = parse_name(text)
    assert name is None or name_value(name).count("|") == 3


def test_clinicians_show_their_degrees():
    for text in ("John Smith, M.D.", "Dr. Smith", "Mary Jones RN", "Jones, Mary, D.O."):
        assert has_credentials(text)
    for text in ("DOE, JOHN A", "Anna Ma", "Do, Anh", "MA, JOHN"):
        assert not has_credentials(text)


def test_nicknames_hold_both_ways():
    assert "ROBERT" in nicknames("Bob")
    assert "BOB" in nicknames("Robert")
    assert nicknames("Zebedee") == {"ZEBEDEE"}
