"""The desk as it stands before a seeded item: the same, over the items' own books.

What a clerk looks up there finds the item's made-up people among the real ones; what
they look at and send is in the site's audit trail as any other, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from pipeline.document import Decision, DocumentId, Patient, PatientId
from pipeline.index.search import joined
from pipeline.seeding import Asker
from pipeline.store.worklist import Wanted
from pipeline.users import EVERY
from pipeline.web.desk import Desk, People


@dataclass(frozen=True, slots=True)
class Among:
    """The index, with a few made-up people in it."""

    index: People
    made_up: People
    known: Collection[PatientId]

    def find(self, text: str, limit: int) -> tuple[Patient, ...]:
        """As the index finds them, the made-up ones where they would stand in it."""
        own = [one for id_ in self.known if (one := self.made_up.get(id_))]
        return joined(text, self.index.find(text, limit), own, limit)

    def get(self, patient: PatientId) -> Patient | None:
        if patient in self.known:
            return self.made_up.get(patient)
        return self.index.get(patient)

    def mrn_owner(self, mrn: str) -> PatientId | None:
        owner = self.made_up.mrn_owner(mrn)
        return owner if owner in self.known else self.index.mrn_owner(mrn)


def before(desk: Desk, document: str) -> Desk:
    """The desk for this document: another one, where it is a seeded item."""
    seeds = desk.seeds
    if seeds is None or not seeds.has(document):
        return desk
    books, known = seeds.books, seeds.people(DocumentId(document))
    real = desk.alerts
    return replace(
        desk,
        catalogue=books.catalogue,
        worklist=books.worklist,
        in_hand=books.in_hand,
        recuts=books.recuts,
        people=Among(desk.people, books.people, known),
        alerts=lambda patient: () if patient in known else real(patient),
        picture=seeds.picture,
        siblings=None,
        keys=None,
        trail=desk.catalogue,
        made_up=True,
    )


def seeded_item(
    desk: Desk, wanted: Wanted, but: DocumentId | None
) -> DocumentId | None:
    """The one that the clerk has in hand, or a new one, once in a while.

    Nobody is given one who has work in hand, or for whom nothing waits.
    """
    seeds = desk.seeds
    if seeds is None or wanted.batch:  # none is of a batch that came in
        return None
    if desk.worklist.mine(desk.clerk, but) is not None:
        return None
    if (mine := seeds.mine(desk.clerk, but)) is not None:
        return mine
    if not seeds.turn():
        return None
    first = desk.worklist.items(replace(wanted, state="free"), 1)
    if not first:
        return None
    asker = Asker(desk.clerk, wanted, desk.offered(), _facility(desk))
    return seeds.give(asker, first[0], desk.lease())


def judged(desk: Desk, document: DocumentId, said: object) -> str:
    """Keep what the clerk made of a seeded item; where they are told at once."""
    if desk.seeds is None:
        raise ValueError("there are no seeded items at this desk")
    decision = said if isinstance(said, Decision) else None
    desk.seeds.judge(document, decision, desk.clerk)
    return f"/documents/{document}/told"


def _facility(desk: Desk) -> str:
    """One of the clerk's, so that they may know the made-up people."""
    if desk.eyes is None or EVERY in desk.eyes.user.facilities:
        return ""
    return next(iter(desk.eyes.user.facilities), "")
