"""20 000 people and noisy pages about them: nothing goes to a wrong record."""

import dataclasses
import datetime as dt
import functools
import random

import pytest
from index_people import ISO_FORMAT, clue, index_of, person, with_check_digit

from pipeline.document import (
    BatchId,
    Decision,
    DocumentId,
    DocumentType,
    Reading,
    ScannedDocument,
)
from pipeline.finding import Finding
from pipeline.index.matchrules import MatchRules
from pipeline.index.names import nicknames
from pipeline.index.subject import Matcher, Told
from pipeline.review.rules import FilingRules, decide

PEOPLE = 20_000
OPEN = frozenset({DocumentType("note")})
FILING = FilingRules("rules", 0.9999, 16.6, 3.0, 0.8, 0.9, 0.01, 0.5, OPEN)
HEADS = "Har Wil Mor Tal Ber Gar Lin Sto Kel Ash"
TAILS = "son ton man ley ford well ski nez field ber"
SURNAMES = [a + b + c for a in HEADS.split() for b in "ioae" for c in TAILS.split()]
NAMES = """John Jean Joan Mary Maria Robert Susan Anna Anne Hannah Peter Paul Paula Eric
Erica Karl Karla Louis Louise Lewis James William Elizabeth Linda Barbara Joseph
Thomas Charles Nancy Daniel Danielle Mark Marc Donald Sandra George Kevin Laura Lauren
Helen Ellen Frank Gary Walter Martha Gloria Teresa Julia Julie"""
GIVENS = NAMES.split()
CONFUSED = {"0": "8", "1": "7", "3": "8", "5": "6", "6": "0", "8": "3", "E": "F"}
CONFUSED |= {"C": "G", "O": "Q", "I": "L", "M": "N", "A": "R", "U": "V"}


@functools.cache
def people():
    rng = random.Random(7)
    found = []
    for serial in range(0, PEOPLE * 37, 37):
        born = dt.date(1930, 1, 1) + dt.timedelta(rng.randrange(32_000))
        name = f"{rng.choice(SURNAMES)}|{rng.choice(GIVENS)}"
        street = f"{rng.randrange(1, 999)} {rng.choice(SURNAMES)} St"
        one = person(with_check_digit(serial), name, str(born), address=street)
        found.append(dataclasses.replace(one, sex=rng.choice("FM")))
        if rng.random() < 0.015:  # a twin, with the next number
            twin = f"{name.split('|')[0]}|{rng.choice(GIVENS)}"
            mrn = with_check_digit(serial + 1)
            found.append(person(mrn, twin, str(born), address=street, sex="F"))
        if rng.random() < 0.005:  # a son of the same name
            mrn, later = with_check_digit(serial + 2), born + dt.timedelta(9_500)
            found.append(person(mrn, f"{name}||Jr", str(later), address=street))
    return tuple(found[:PEOPLE]), tuple(found[PEOPLE:])


def noisy(rng, text, rate):
    """Text as misread, and the confidence that the engine would give it."""
    spoiled = "".join(
        CONFUSED.get(c, rng.choice("0123456789" if c.isdigit() else "AEIMNRST"))
        if c.isalnum() and rng.random() < rate
        else c
        for c in text
    )
    wrong = spoiled != text
    return spoiled, min(0.99, max(0.2, rng.gauss(0.78 if wrong else 0.94, 0.08)))


def page_about(rng, patient, rate):
    """Clues that a page about the patient would give."""
    name = patient.names[0]
    given = name.given.upper()
    if rng.random() < 0.1:
        given = rng.choice(sorted(nicknames(given)))
    elif rng.random() < 0.1:
        given = given[0]
    family = name.family.upper()
    if rng.random() < 0.03:
        family = rng.choice(SURNAMES).upper()  # married
    born = patient.born
    if rng.random() < 0.005:
        born += dt.timedelta(rng.choice([1, 10, 3650]))
    values = [
        ("mrn", patient.mrn, 0.8),
        ("born", str(born), 0.85),
        ("name", f"{family}|{given}||{name.suffix.upper()}", 0.95),
        ("sex", patient.sex, 0.6),
        ("address", patient.address.upper(), 0.2),
    ]
    for field, value, share in values:
        if value and rng.random() < share:
            text, sure = noisy(rng, value, rate)
            yield clue(field, text, confidence=sure)


def outcome(matcher, clues):
    told = Told((1,), tuple(clues))
    subject = matcher.subject(told, matcher.candidates(told.own))
    kind = (Finding(DocumentType("note"), 1.0, (), "test"),)
    document = ScannedDocument(DocumentId("d"), BatchId("b"), (1,))
    reading = Reading(
        document,
        kind,
        subject.patients,
        absent=subject.absent,
        contradictions=subject.contradictions,
        doubts=subject.doubts,
    )
    return decide(reading, FILING)


@pytest.mark.parametrize(
    ("seed", "pages"), [(11, 400), pytest.param(12, 6000, marks=pytest.mark.slow)]
)
def test_no_page_is_filed_to_a_wrong_patient(seed, pages):
    known, strangers = people()
    index = index_of(known, size=PEOPLE)
    trapped = [p for p in known if int(p.mrn[:-1]) % 37 in (1, 2)]
    rng = random.Random(seed)
    filed, wrong = 0, []
    for number in range(pages):
        draw = rng.random()
        one = rng.choice(
            strangers if draw < 0.05 else trapped if draw < 0.13 else known
        )
        rate = rng.choices([0.002, 0.01, 0.04, 0.12], [60, 25, 12, 3])[0]
        clues = list(page_about(rng, one, rate))
        if rng.random() < 0.0015:  # another one's label
            clues += [clue("mrn", rng.choice(known).mrn, confidence=0.95)]
        said = outcome(Matcher(index, MatchRules(), ISO_FORMAT), clues)
        if isinstance(said, Decision):
            filed += 1
            if said.patient != one.id:
                wrong.append(number)
    assert wrong == []
    assert filed / pages > 0.75, f"{filed} of {pages}"
