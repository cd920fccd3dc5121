"""What agreement and disagreement weigh, field by field, in bits."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_people import clue, index_of, person, with_check_digit

from pipeline.document import Encounter, Identifier, Name
from pipeline.index.evidence import Known, compare, owners, retired_numbers
from pipeline.index.frequency import LEAST, RARE_FAMILY, IndexShares, NameCounts
from pipeline.index.matchrules import MatchRules

MRN = with_check_digit(123456)
DOE = person(
    MRN,
    "Garcia-Lopez|Elizabeth|Ann|",
    "1961-03-14",
    sex="F",
    address="12 Elm Street",
    phone="518-555-0142",
    ssn_last4="1234",
    aliases=(Name("Meyer", "Elizabeth", alias=True),),
    identifiers=(Identifier("11112222", "", "MR"), Identifier("A-9", "", "AN")),
)
JUNIOR = person(MRN, "Doe|John|Q|Jr", "1961-03-14")
KNOWN = Known(
    MatchRules(),
    NameCounts(),
    {DOE.id: (Encounter("V-1", "", DOE.id),)},
    retired=frozenset({"11112222"}),
)


def bits(*clues, patient=DOE, known=KNOWN) -> dict[str, float]:
    found: dict[str, float] = {}
    for evidence in compare(clues, patient, known):
        found[evidence.source] = found.get(evidence.source, 0.0) + evidence.weight
    return found


def exact(*clues, patient=DOE) -> set[str]:
    return {e.source for e in compare(clues, patient, KNOWN) if e.exact}


@pytest.mark.parametrize(
    ("field", "value", "source", "least", "most"),
    [
        ("mrn", MRN, "mrn", 26, 27),
        ("cover patient", MRN, "cover", 26, 27),
        ("mrn", MRN[:-2] + "0" + MRN[-1], "mrn", 5, 20),
        ("mrn", "99999999", "mrn", -9, -8),
        ("born", "1961-03-14", "birth date", 14, 15.2),
        ("born", "1961-03-19", "birth date", 4, 8),
        ("born", "1967-03-14", "birth date", 2, 8),
        ("born", "1988-11-02", "birth date", -9, -7),
        ("born", "?", "birth date", 0, 0),
        ("name", "GARCIA LOPEZ|||", "name", 12, 13.3),
        ("name", "GARCIA|||", "name", 2, 10),
        ("name", "MEYER|||", "name", 6, 10),
        ("name", "GARCLA LOPEZ|||", "name", 3, 13.3),
        ("name", "WHITFIELD|||", "name", -6, -4),
        ("sex", "F", "sex", 0.9, 1),
        ("sex", "M", "sex", -6, -5),
        ("sex", "U", "sex", 0, 0),
        ("account", "V1", "account", 6, 27),
        ("encounter", "A-9", "account", 6, 27),
        ("account", "V2", "account", 0, 0),
        ("address", "12 ELM STREET TROY NY 12180", "address", 10, 12),
        ("address", "12 ELM STREFT", "address", 10, 12),
        ("address", "13 ELM STREET", "address", -3, -2),
        ("phone", "5185550142", "phone", 12, 14),
        ("phone", "5185550143", "phone", -1, -1),
        ("phone", "0142", "phone", 0, 0),
        ("ssn4", "1234", "ssn", 12, 14),
        ("ssn4", "4321", "ssn", -6, 0),
        ("page_of", "1/2", "page_of", 0, 0),
    ],
)
def test_one_field(field, value, source, least, most):
    assert least <= bits(clue(field, value)).get(source, 0.0) <= most


@pytest.mark.parametrize(
    ("given_name", "least", "most"),
    [
        ("ELIZABETH", 9, 10),
        ("ELIZABFTH", -1, 10),
        ("BETH", 2, 8),
        ("ANN", 2, 8),
        ("E", 3, 4),
        ("R", -6, -5),
        ("ROBERT", -6, -5),
    ],
)
def test_given_names(given_name, least, most):
    clues = clue("name", f"GARCIA LOPEZ|{given_name}||")
    rare = NameCounts({}, {"ELIZABETH": 1e-3})
    rare_known = dataclasses.replace(KNOWN, frequencies=_Rare(rare))
    assert least <= bits(clues, known=rare_known)["given name"] <= most


class _Rare:
    """Every given name as rare as the next."""

    def __init__(self, counts):
        self._counts = counts

    def family(self, folded):
        return self._counts.family(folded)

    def given(self, folded):
        return 1e-3


def test_agreement_to_the_letter_is_said_honestly():
    whole = (
        clue("mrn", MRN),
        clue("born", "1961-03-14"),
        clue("name", "GARCIA-LOPEZ|ELIZABETH|ANN|"),
    )
    assert exact(*whole) >= {"mrn", "birth date", "name", "given name"}
    assert "given name" not in exact(clue("name", "GARCIA LOPEZ|LIZ||"))
    assert "given name" not in exact(clue("name", "GARCIA LOPEZ|E||"))
    assert "name" not in exact(clue("name", "MEYER|ELIZABETH||"))
    assert exact(clue("born", "1961-03-15"), clue("mrn", MRN[:-1])) == set()
    assert exact(clue("name", "ELIZABETH|GARCIA LOPEZ||")) == set()


def test_exchanged_names_still_agree():
    found = bits(clue("name", "ELIZABETH|GARCIA LOPEZ||"))
    assert found["name"] + found["given name"] > 8
    assert bits(clue("name", "JOHN|DOE||"), patient=JUNIOR)["given name"] > 0


def test_middle_names_and_suffixes_say_little():
    same = bits(clue("name", "DOE|JOHN|QUINCY|JR"), patient=JUNIOR)
    other = bits(clue("name", "DOE|JOHN|X|SR"), patient=JUNIOR)
    bare = bits(clue("name", "DOE|JOHN||"), patient=JUNIOR)
    assert same["middle name"] > 0 > other["middle name"]
    assert same["suffix"] > 0 > other["suffix"]
    assert {"suffix", "middle name"}.isdisjoint(bare)


def test_a_half_of_a_double_name_on_either_side():
    single = person(MRN, "Lopez|Elizabeth", "1961-03-14")
    assert bits(clue("name", "GARCIA LOPEZ|E||"), patient=single)["name"] > 5


def test_the_same_sticker_on_ten_pages_is_one():
    once = bits(clue("mrn", MRN), clue("born", "1961-03-14"))
    many = [clue("mrn", MRN, page) for page in range(1, 11)]
    many += [clue("mrn", MRN, 1, by="code128"), clue("cover patient", MRN)]
    many += [clue("born", "1961-03-14", page) for page in range(1, 11)]
    assert bits(*many)["mrn"] == pytest.approx(once["mrn"], abs=0.1)
    assert bits(*many)["birth date"] == pytest.approx(once["birth date"])


def test_other_roles_and_retired_numbers_say_nothing():
    assert bits(clue("mrn", "99999999", role="mother")) == {}
    assert bits(clue("mrn", MRN, role="other authority")) == {}
    assert bits(clue("mrn", "11112222")) == {}
    assert bits(clue("mrn", "11112222"), patient=JUNIOR) == {}
    assert retired_numbers([DOE, JUNIOR]) == {"11112222"}


def test_who_owns_a_number():
    assert owners(clue("mrn", MRN), [DOE], KNOWN) == (DOE,)
    assert owners(clue("encounter", "V-1"), [DOE, JUNIOR], KNOWN)[0] == DOE
    assert owners(clue("mrn", "1"), [DOE], KNOWN) == ()


def test_a_folder_speaks_for_its_patient():
    known = dataclasses.replace(KNOWN, folder=MRN, people=20_000)
    assert bits(known=known) == {"custody": pytest.approx(14.28, abs=0.01)}
    assert "custody" not in bits(known=dataclasses.replace(KNOWN, folder="1"))


@pytest.mark.parametrize(
    ("print_", "born", "agrees"),
    [
        ("9-Nov-21", "1921-11-09", True),
        ("9-Nov-2021", "1921-11-09", False),  # the century is printed
        ("9-Nov-21", "1921-11-08", False),
        ("9-Nov-21", "2021-11-09", True),
    ],
)
def test_a_year_of_two_digits_is_of_either_century(print_, born, agrees):
    told = dataclasses.replace(clue("born", "2021-11-09"), text=print_)
    [said] = compare([told], person("5", "Doe|", born), KNOWN)
    assert (said.weight > 0 and said.exact) is agrees


def test_no_social_security_number_ends_in_four_zeros():
    one = dataclasses.replace(DOE, ssn_last4="4003")
    assert compare([clue("ssn4", "0000")], one, KNOWN) == ()


def test_nothing_held_says_nothing():
    bare = person("5", "Doe|", "")
    clues = (
        clue("born", "1961-03-14"),
        clue("sex", "F"),
        clue("address", "12 ELM"),
        clue("phone", "5185550142"),
        clue("ssn4", "1234"),
        clue("name", "|JOHN||"),
    )
    assert bits(*clues, patient=bare) == {}


@given(
    st.sampled_from(["mrn", "born", "name"]), st.floats(0, 1), st.sampled_from([0, 1])
)
def test_surer_reading_of_the_truth_weighs_no_less(field, confidence, at):
    value = {
        "mrn": MRN,
        "born": "1961-03-14",
        "name": "GARCIA LOPEZ|ELIZABETH||",
    }[field]
    low = bits(clue(field, value, confidence=confidence * 0.9))
    high = bits(clue(field, value, confidence=confidence))
    assert all(high[source] >= low[source] - 1e-9 for source in low)


def test_a_common_name_weighs_less():
    counts = IndexShares({"RAREST": 10_000, "SMITH": 3}, {}, 1_000_000)
    assert counts.family("RAREST") == pytest.approx(0.01, rel=0.06)
    assert counts.family("SMITH") < 0.001 < NameCounts().family("SMITH")
    assert LEAST <= counts.family("MEYER") < RARE_FAMILY
    assert NameCounts().family("SMITH") > NameCounts().family("WHITFIELD") >= LEAST
    assert NameCounts().given("JOHN") > NameCounts().given("XENIA")


def test_a_small_index_leans_on_the_list():
    small = IndexShares({"SMITH": 1, "WHITFIELD": 1}, {"JOHN": 1}, 100)
    for name in ("SMITH", "WHITFIELD"):
        listed = NameCounts().family(name)
        assert small.family(name) == pytest.approx(listed, rel=0.25)
    assert small.given("JOHN") > 10 * small.given("XENIA")


def test_an_index_knows_how_common_its_own_names_are():
    people = [person(str(n), "Rarest|Ann", "") for n in range(500)]
    index = index_of([*people, person("x", "Roe|Rarest", "")], size=501)
    shares = index.frequencies(["RAREST", "ANN", "ROE", ""])
    assert shares.family("RAREST") > 50 * shares.family("ROE")
    assert shares.given("ANN") > shares.given("RAREST") > shares.given("ROE")
