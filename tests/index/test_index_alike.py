"""A surname never answers for a given name, however well the rest agrees."""

import pytest
from index_people import person

from pipeline.document import Name
from pipeline.index.alike import names_apart, names_other

JOHN = person(
    "12345678",
    "Whitfield|John|Arthur",
    "1961-03-14",
    aliases=(Name("Stone", "Sean", alias=True),),
)


def name(text: str) -> Name:
    return Name(*text.split("|"))


@pytest.mark.parametrize(
    ("printed", "other"),
    [
        ("WHITFIELD|JOHN", False),
        ("WHITFIELD|JOHN|A", False),
        ("WHITFIELD|JACK", False),  # a nickname
        ("WHITFIELD|ARTHUR", False),  # the middle name in use
        ("STONE|SEAN", False),  # an alias
        ("WH1TFIELD|J0HN", False),
        ("WHITFLELD|JOHM", False),  # misread
        ("JOHN|WHITFIELD", False),  # in each other's place
        ("WHITFIELD|J", False),
        ("WHITFIELD|M", False),  # an initial names nobody
        ("WHITFIELD|", False),
        ("|MARGARET", False),
        ("WHITFIELD|MARGARET", True),  # the sister
        ("WHITFIELD|MARGARET|JOHN", True),
        ("CASTELLANO|JOHN", True),
        ("QUIBELL|OSWALD", True),
        ("MARGARET|WHITFIELD", True),
    ],
)
def test_whose_name_it_cannot_be(printed, other):
    assert names_other(name(printed), JOHN) is other


def test_nobody_without_a_name_is_spoken_against():
    nameless = person("12345678", "|", "1961-03-14")
    assert not names_other(name("WHITFIELD|MARGARET"), nameless)


@pytest.mark.parametrize(
    ("one", "two", "apart"),
    [
        ("DOE|JOHN", "DOE|JOHN", False),
        ("DOE|JOHN", "JOHN|DOE", False),
        ("DOE|JOHN", "DOE|JACK", False),
        ("DOE|JOHN", "DOE|J", False),
        ("DOE|JOHN", "DOE|", False),
        ("DOE|JOHN|PAUL", "DOE|PAUL", False),
        ("DOE|JOHN", "DOE|MARGARET", True),
        ("DOE|JOHN", "ROE|MARY", True),
    ],
)
def test_names_of_two_people(one, two, apart):
    assert names_apart(name(one), name(two)) is apart
    assert names_apart(name(two), name(one)) is apart
