"""Papers side by side and siblings: nobody is shown a paper that is not theirs."""

from dataclasses import replace

import pytest

from pipeline.document import Decision, DocumentId, DocumentType, FiledDocument, Key
from pipeline.store.answers import Referral
from pipeline.store.database import utc_now
from pipeline.users import EVERY, User
from pipeline.web.eyes import Eyes, Papers
from pipeline.web.groups import alike
from pipeline.web.referred_screen import _own
from pipeline.web.sibling_screen import _listed
from tests.web.live import (
    ANNA,
    BERTA,
    LETTER,
    TYPES,
    opened,
    reading_of,
    unsure,
)

PSYCH = DocumentType("psychiatry")
CLOSED = replace(TYPES[LETTER], key=PSYCH, flags=("PSY",))
NORTH, SOUTH = replace(ANNA, facility="NORTH"), replace(BERTA, facility="SOUTH")
EVERYTHING = User("root", ("clerk",), (EVERY,), restricted=(EVERY,))
CLERK = replace(EVERYTHING, restricted=())
NORTHERN = replace(CLERK, facilities=("NORTH",))


def papers():
    """One of the north, one of the south, one that may be of a restricted class."""
    readings = [
        unsure(reading_of(n, (n,), whose), "types")
        for n, whose in ((1, NORTH), (2, SOUTH), (3, NORTH), (4, NORTH))
    ]
    letter, other = readings[2].types
    perhaps = replace(other, value=PSYCH, confidence=0.06)
    readings[2] = replace(readings[2], types=(letter, perhaps))
    return readings


@pytest.fixture
def desk(tmp_path):
    desk = opened(tmp_path, *papers(), people=(NORTH, SOUTH))
    yield replace(desk, type_facts=TYPES | {PSYCH: CLOSED})
    desk.catalogue.close()


def seen_by(desk, user):
    eyes = Eyes(user, Papers(desk.catalogue, desk.people, desk.type_facts))
    return replace(desk, eyes=eyes)


WHOSE = [(EVERYTHING, {1, 2, 3, 4}), (CLERK, {1, 2, 4}), (NORTHERN, {1, 4})]


@pytest.mark.parametrize(("user", "theirs"), WHOSE)
def test_side_by_side(desk, user, theirs):
    [some] = alike("b1", seen_by(desk, user)).values()
    assert {int(one.reading.document.id[-1]) for one in some} == theirs


@pytest.mark.parametrize(("user", "theirs"), WHOSE)
def test_siblings_that_wait_or_are_filed(desk, user, theirs):
    desk.rank()
    for n, whose in ((2, SOUTH), (4, NORTH)):
        id_ = DocumentId(f"b1-000{n}")
        said = Decision(whose.id, LETTER, None, None, "rules 1")
        desk.catalogue.file(FiledDocument(id_, id_, said, Key("cafe"), utc_now()))
    wrong = replace(
        papers()[0], document=replace(papers()[0].document, id=DocumentId("b1-0009"))
    )
    found = _listed(wrong, ("type",), seen_by(desk, user))
    assert {int(one.reading.document.id[-1]) for one in found} == theirs


@pytest.mark.parametrize(("user", "theirs"), WHOSE)
def test_what_was_referred_is_listed_as_far_as_it_is_theirs(desk, user, theirs):
    for n in range(1, 5):
        said = Referral("steward", "no name on the paper", "clerk ada")
        desk.catalogue.answer(DocumentId(f"b1-{n:04}"), said)
    found = [one.document for one, _ in _own("steward", seen_by(desk, user))]
    assert {int(one[-1]) for one in found} == theirs
