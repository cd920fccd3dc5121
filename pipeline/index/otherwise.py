"""Pages whose words give the likely patient another part, or the page another patient.

Whose a value is, its place tells only as a rule: a guarantor's number may stand two
rows below the guarantor. But a page about the patient calls them the patient, and one
that knows them only as somebody's father is somebody's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from pipeline.document import Doubt, Name, Patient
from pipeline.finding import Clue
from pipeline.index.alike import bears, called_other, names_other
from pipeline.index.heads import PERHAPS
from pipeline.index.kin import DISPUTED, GREETED, LIKELY
from pipeline.index.names import name_from_value
from pipeline.index.numbers import normalise
from pipeline.page import Box

_RELATIVES = frozenset(
    {
        "guarantor", "mother", "father", "newborn", "donor", "contact", "dependent",
        DISPUTED,
    }
)  # fmt: skip
_STAFF = frozenset({"clinician"})  # an interpreter among them
# whose record number no form prints beside their name
_UNNUMBERED = frozenset({"clinician", "signer", "addressee", GREETED})
_PERHAPS_OWN = frozenset({DISPUTED, GREETED, LIKELY})
_OWN = frozenset({"mrn", "born", "account", "encounter", "phone", "ssn4", "address"})
Find = Callable[[Sequence[Clue]], Sequence[Patient]]


def other_parts(
    page: int, clues: Sequence[Clue], best: Patient, find: Find
) -> Iterator[Doubt]:
    """Doubts of one page, from its legible clues; ``find`` asks the index."""
    if _is_only(_RELATIVES, clues, best):
        yield Doubt(f"page {page} names the patient as another one's relative")
    elif _is_only(_STAFF, clues, best):
        yield Doubt(f"page {page} names the patient as a clinician")
    if (
        _calls_other(clues, best)
        or _is_anothers(clues, best)
        or _is_all_relatives(clues, best)
        or _numbers_other(clues, best, find)
    ):
        yield Doubt(f"page {page} seems to be someone else's")


def _is_only(roles: Collection[str], clues: Sequence[Clue], best: Patient) -> bool:
    """Whether the one whom the page's values fit is named on it in these roles only.

    Whoever pays for themselves stands in both places. An initial is no name: "Name:
    DOE, J" above "Guarantor: DOE, JOHN" is Julian's.
    """
    if not any(c.field in _OWN and c.role == "subject" for c in clues):
        return False
    names = _names(clues)
    others = [c.box for c, name in names if c.role in roles and bears(name, best)]
    return bool(others) and not _names_own(names, best, others)


def _names(clues: Sequence[Clue]) -> list[tuple[Clue, Name]]:
    return [(c, name_from_value(c.value)) for c in clues if c.field == "name"]


def _names_own(
    names: Sequence[tuple[Clue, Name]], best: Patient, others: Sequence[Box] = ()
) -> bool:
    """Whether the page names the likely patient as its own, elsewhere than ``others``.

    "FOB: DOE, JOHN" may be read as both, and is then neither.
    """
    return any(
        c.role == "subject"
        and len(name.given.strip(".")) > 1
        and bears(name, best)
        and not any(box.holds(c.box) or c.box.holds(box) for box in others)
        for c, name in names
    )


def _is_anothers(clues: Sequence[Clue], best: Patient) -> bool:
    """Whether another's name that may be its patient's is all that the page names.

    "Twin Lakes Patient: REED, MARY", or a letter to Mary Reed, behind John's page.
    """
    names = _names(clues)
    other = any(c.role in _PERHAPS_OWN and names_other(name, best) for c, name in names)
    return other and not _names_own(names, best)


def _is_all_relatives(clues: Sequence[Clue], best: Patient) -> bool:
    """Whether the page's only name and number are those of somebody's newborn or donor.

    A sheet of the mother's chart bears her own name; this one may be the baby's.
    """
    if any(c.role == "subject" and c.field in {*_OWN, "name"} for c in clues):
        return False
    numbered = {c.role for c in clues if c.field in ("mrn", "born")} & _RELATIVES
    return any(c.role in numbered and names_other(n, best) for c, n in _names(clues))


def _calls_other(clues: Sequence[Clue], best: Patient) -> bool:
    """Whether the patient's label has a given name alone, and another one's."""
    return any(
        c.field == "called" and c.role == "subject" and called_other(c.value, best)
        for c in clues
    )


def _numbers_other(clues: Sequence[Clue], best: Patient, find: Find) -> bool:
    """Whether a number without a label is that of the person named beside it.

    "Oncologist REED, MARY 05551113" is a misread header where Mary Reed has that
    number: a physician's licence or telephone is not her own record number.
    """
    names = [
        name_from_value(c.value)
        for c in clues
        if c.field == "name" and c.role in _UNNUMBERED
    ]
    loose = [c for c in clues if c.field == "mrn" and c.role == PERHAPS]
    if not names or not loose:
        return False
    seen = {normalise(c.value) for c in loose}
    asked = tuple(replace(c, role="subject") for c in loose)
    return any(
        normalise(one.mrn) in seen and one.id != best.id and bears(name, one)
        for one in find(asked)
        for name in names
    )
