"""The gate: start from a reading that files, then spoil one thing at a time.

Random readings rarely fall just short in a single point, so each doubt is tested at
its threshold, on both sides. test_review_mutants.py checks that this is enough.
"""

from dataclasses import replace

import pytest

from pipeline.document import (
    Decision,
    DocumentType,
    Doubt,
    Encounter,
    Review,
    TypeFacts,
)
from pipeline.review.rules import FilingRules, decide, encounter_rules
from tests.review.readings import (
    ANNA,
    BERTA,
    BEST,
    CERTAIN,
    DAY,
    FAMILY,
    GIVEN,
    LETTER,
    MRN,
    NEXT,
    OWN,
    PRIOR,
    RULES,
    STAY,
    bits,
    found,
)

UNSURE = "unsure of the patient"
ABSENT = "the patient is probably not in the index"
CLOSE = "two patients fit"
LITTLE = "too little identifies the patient"
ALERT = "a patient with a like name needs a closer look"
TWIN = bits("name alert", 0.0)
BORN = bits("birth date", 3.0)
NAMED = (bits("name", 9.0, exact=True), bits("given name", 9.0, exact=True))


def reasons(reading) -> tuple[str, ...]:
    review = decide(reading, RULES)
    assert isinstance(review, Review)
    return tuple(doubt.reason for doubt in review.reasons)


def patient(*evidence, confidence=0.999):
    return {"patients": (found(ANNA, confidence, *evidence),)}


def test_files_at_every_threshold():
    assert decide(CERTAIN, RULES) == Decision(ANNA.id, LETTER, DAY, "V1", "rules 1")


def test_files_undated_and_without_encounter():
    bare = replace(CERTAIN, dates=(), encounters=())
    assert decide(bare, RULES) == Decision(ANNA.id, LETTER, None, None, "rules 1")


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        ({"types": ()}, "no type found"),
        ({"types": (found(LETTER, 0.799),)}, "unsure of the type"),
        ({"types": (found(OWN, 1.0),)}, "type not yet certified"),
        ({"boundary": 0.899}, "unsure where the document begins or ends"),
        ({"patients": ()}, "no patient of the index fits"),
        ({"patients": (replace(BEST, confidence=0.9989), NEXT)}, UNSURE),
        (
            {"patients": (replace(BEST, confidence=0.4), NEXT), "absent": 0.41},
            ABSENT,
        ),
        ({"patients": (replace(BEST, confidence=0.4), NEXT), "absent": 0.4}, UNSURE),
        (
            {"patients": (BEST, found(BERTA, 0.0, PRIOR, bits("name", -9.9)))},
            CLOSE,
        ),
        ({"contradictions": (bits("mrn", -9.0),)}, "an identifier belongs to another"),
        ({"doubts": (Doubt("page 2 could not be read"),)}, "page 2 could not be read"),
    ],
)
def test_one_doubt_is_enough(spoilt, reason):
    [told] = reasons(replace(CERTAIN, **spoilt))
    assert told.startswith(reason)


@pytest.mark.parametrize("sure", [0.5, 0.499])
def test_a_date_that_is_hardly_likely_is_left_out(sure):
    decision = decide(replace(CERTAIN, dates=(found(DAY, sure),)), RULES)
    assert isinstance(decision, Decision)
    assert decision.date == (DAY if sure == 0.5 else None)


ANOTHER = Encounter("V2", "", ANNA.id)
TWO = (found(STAY, 0.45), found(ANOTHER, 0.45))


@pytest.mark.parametrize(
    ("rule", "stays", "outcome"),
    [
        ("allowed", (found(STAY, 0.9),), "V1"),
        ("allowed", (), None),
        ("allowed", TWO, "more than one encounter fits"),
        ("required", (found(STAY, 0.9),), "V1"),
        ("required", (), "its type needs an encounter, and none was found"),
        ("required", TWO, "more than one encounter fits"),
        ("none", (found(STAY, 0.9),), None),
        ("none", TWO, None),
        ("none", (), None),
    ],
)
def test_whether_a_paper_belongs_to_a_stay_is_for_its_type_to_say(rule, stays, outcome):
    rules = replace(RULES, encounter={LETTER: rule})
    decision = decide(replace(CERTAIN, encounters=stays), rules)
    if isinstance(decision, Decision):
        assert decision.encounter == outcome
    else:
        assert [doubt.reason for doubt in decision.reasons] == [outcome]


def test_what_the_types_say_of_stays():
    living_will = DocumentType("advance_directive")
    types = {
        LETTER: TypeFacts(LETTER, "1-1", "Letter", "clinical"),
        living_will: TypeFacts(living_will, "1-1", "AD", "clinical", encounter="none"),
    }
    assert encounter_rules(types) == {LETTER: "allowed", living_will: "none"}


def test_without_a_word_about_the_type_two_stays_go_to_a_clerk():
    assert reasons(replace(CERTAIN, encounters=TWO)) == (
        "more than one encounter fits",
    )


@pytest.mark.parametrize(
    "evidence",
    [
        (MRN,),  # one group
        (MRN, bits("name", 2.9)),  # the second one short of the threshold
        (bits("mrn", 2.9), FAMILY, GIVEN),
        (FAMILY, GIVEN, bits("address", 9.0)),  # neither MRN nor birth date
        (MRN, bits("mrn", 20.0)),  # a second sticker is the same group
        (bits("cover", 20.0, exact=True),),
        (MRN, bits("cover", 20.0, exact=True)),  # one number, twice
        (bits("custody", 20.0),),  # a folder identifies nobody
        (bits("custody", 20.0), FAMILY, GIVEN),  # not to the letter
        (bits("custody", 2.9), *NAMED),
        (bits("custody", 20.0), bits("address", 9.0)),
        (bits("cover", 20.0), *NAMED),  # nearly the cover's number
        (bits("cover", 2.9, exact=True), *NAMED),
        (bits("cover", 20.0, exact=True), FAMILY, GIVEN),
        (bits("cover", 20.0, exact=True), bits("mrn", 9.0), *NAMED),
        (bits("cover", 20.0, exact=True), NAMED[0], bits("given name", 9.0)),
        (bits("account", 9.0), FAMILY, GIVEN),
        (MRN, bits("neighbour", 20.0)),
        (MRN, bits("sex", 20.0)),
        (MRN, bits("name", 5.0), bits("given name", -5.0)),  # half of it speaks against
        (bits("mrn", 9.0), FAMILY, GIVEN),  # nearly the number
        (bits("mrn", 9.0), bits("birth date", 9.0), FAMILY, GIVEN),
        (bits("mrn", 9.0), bits("birth date", 2.9, exact=True), FAMILY, GIVEN),
        (bits("mrn", 9.0), bits("cover", 20.0, exact=True), FAMILY, GIVEN),
    ],
)
def test_two_groups_must_agree_one_of_them_strong(evidence):
    assert reasons(replace(CERTAIN, **patient(*evidence))) == (LITTLE,)


@pytest.mark.parametrize(
    "evidence",
    [
        (bits("cover", 3.0, exact=True), *NAMED),
        (bits("cover", 3.0, exact=True), bits("birth date", 3.0, exact=True)),
        (bits("account", 3.0, exact=True), FAMILY, GIVEN),
        (bits("custody", 3.0), *NAMED),
        (bits("custody", 3.0), MRN),
    ],
)
def test_a_cover_an_account_or_the_folder_may_be_one_of_the_two(evidence):
    assert isinstance(decide(replace(CERTAIN, **patient(*evidence)), RULES), Decision)


@pytest.mark.parametrize("second", ["name", "account", "address", "phone"])
@pytest.mark.parametrize("first", ["mrn", "birth date"])
def test_any_second_group_will_do(first, second):
    two = patient(bits(first, 3.0, exact=True), bits(second, 3.0))
    assert isinstance(decide(replace(CERTAIN, **two), RULES), Decision)


@pytest.mark.parametrize("exact", ["mrn", "birth date"])
def test_mrn_and_birth_date_are_two_groups(exact):
    two = patient(*(bits(s, 3.0, exact=s == exact) for s in ("mrn", "birth date")))
    assert isinstance(decide(replace(CERTAIN, **two), RULES), Decision)


@pytest.mark.parametrize(
    ("exact", "answered"),
    [
        ({"given name", "mrn"}, True),
        ({"given name", "birth date"}, True),
        ({"given name"}, False),
        ({"mrn", "birth date"}, False),
        ({"given name", "name"}, False),
        (set(), False),
    ],
)
def test_a_name_alert_is_answered_to_the_letter_or_asked(exact, answered):
    evidence = [
        bits(source, 4.0, exact=source in exact)
        for source in ("mrn", "birth date", "name", "given name")
    ]
    reading = replace(CERTAIN, **patient(*evidence, TWIN))
    if answered:
        assert isinstance(decide(reading, RULES), Decision)
    else:
        assert ALERT in reasons(reading)


@pytest.mark.parametrize(("weight", "answered"), [(-0.1, False), (0.0, True)])
def test_another_given_name_keeps_the_alert_open(weight, answered):
    other = bits("given name", weight)
    exact = [bits(s, 9.0, exact=True) for s in ("mrn", "birth date", "given name")]
    reading = replace(CERTAIN, **patient(*exact, other, TWIN))
    if answered:
        assert isinstance(decide(reading, RULES), Decision)
    else:
        assert reasons(reading) == (ALERT,)


def test_every_candidate_counts_for_the_margin():
    third = found(BERTA, 0.0, bits("name", -13.9))
    spoilt = replace(CERTAIN, patients=(BEST, NEXT, third))
    assert reasons(spoilt) == (CLOSE,)


def test_all_doubts_are_told_in_the_order_of_the_page():
    nothing = replace(
        CERTAIN,
        types=(),
        patients=(found(ANNA, 0.5, TWIN),),
        boundary=0.0,
        doubts=(Doubt("late"),),
        contradictions=(bits("mrn", -9.0),),
    )
    assert reasons(nothing) == (
        "late",
        "unsure where the document begins or ends",
        "no type found",
        "an identifier belongs to another patient",
        UNSURE,
        LITTLE,
        ALERT,
    )


def test_a_contradiction_is_told_although_nobody_fits():
    spoilt = replace(CERTAIN, patients=(), contradictions=(bits("mrn", -9.0),))
    assert reasons(spoilt) == (
        "an identifier belongs to another patient",
        "no patient of the index fits",
    )


def test_a_type_may_be_both_unsure_and_uncertified():
    spoilt = replace(CERTAIN, types=(found(OWN, 0.799),))
    assert reasons(spoilt) == ("unsure of the type", "type not yet certified")


def test_no_type_is_open_unless_told():
    bare = FilingRules("rules 1", 0.9, 0.0, 0.0, 0.0, 0.0, 0.01, 0.5)
    review = decide(CERTAIN, bare)
    assert isinstance(review, Review)
    assert [doubt.reason for doubt in review.reasons] == ["type not yet certified"]


def test_the_second_best_type_needs_no_bound():
    two = replace(CERTAIN, types=(*CERTAIN.types, found(OWN, 0.2)))
    assert isinstance(decide(two, RULES), Decision)


def test_the_evidence_goes_along_to_the_clerk():
    against = bits("mrn", -9.0)
    review = decide(replace(CERTAIN, contradictions=(against,)), RULES)
    assert isinstance(review, Review)
    assert review.reasons[0].evidence == (against,)


@pytest.mark.parametrize(
    ("spoilt", "evidence"),
    [
        (
            {"types": (found(LETTER, 0.1, bits("title", 1.0)),)},
            (bits("title", 1.0),),
        ),
        (
            {"types": (found(OWN, 1.0, bits("title", 1.0)),)},
            (bits("title", 1.0),),
        ),
        (
            {"patients": (replace(BEST, confidence=0.5), NEXT)},
            BEST.evidence,
        ),
        ({"patients": (BEST, replace(BEST, confidence=0.0))}, BEST.evidence),
        (patient(MRN), (MRN,)),
        (patient(MRN, BORN, TWIN), (TWIN,)),
    ],
)
def test_each_reason_shows_what_it_rests_on(spoilt, evidence):
    review = decide(replace(CERTAIN, **spoilt), RULES)
    assert isinstance(review, Review)
    assert review.reasons[0].evidence == evidence


def test_a_review_without_a_reason_cannot_be_made():
    with pytest.raises(ValueError, match="without a reason"):
        Review(())
