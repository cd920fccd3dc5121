"""Of the work list what one person may see: paper of their facilities and classes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from pipeline.document import DocumentId
from pipeline.review.second_key import SAME_PERSON_AFTER
from pipeline.store.catalogue import Waiting
from pipeline.store.worklist import ALL, Item, Wanted
from pipeline.users import EVERY
from pipeline.web.desk import Desk

LOOKS = (5, 60, 400, 4000)  # so many items are looked at for one that is theirs


def sees_all(desk: Desk) -> bool:
    """Whether nothing that waits is closed to whoever sits here."""
    if desk.eyes is None:
        return True
    user = desk.eyes.user
    return EVERY in user.facilities and EVERY in user.restricted


def own_items(desk: Desk, wanted: Wanted, limit: int) -> list[Item]:
    """The first of what is wanted, as far as it is theirs; few looks are enough."""
    if sees_all(desk):
        return list(desk.worklist.items(wanted, limit))
    sees, found = with_types(desk).sees, list[Item]()
    for looked_at in (limit + limit // 4, 3 * limit, LOOKS[-2]):
        every = desk.worklist.items(wanted, looked_at)
        found = [one for one in every if sees(one.waiting.reading)][:limit]
        if len(found) == limit or len(every) < looked_at:
            break
    return found


def next_item(
    desk: Desk, wanted: Wanted, but: DocumentId | None = None
) -> DocumentId | None:
    """What the person has in hand, else the first free one that is theirs, taken."""
    work, lease = desk.worklist, desk.lease()
    if sees_all(desk):
        return work.next(desk.clerk, lease, _unkeyed(desk, wanted), but)
    if (mine := work.mine(desk.clerk, but)) is not None:
        return mine
    for one in _free(desk, wanted):
        document = one.reading.document.id
        hold = work.take(document, desk.clerk, lease) if document != but else None
        if hold is not None and hold.holder == desk.clerk:
            return document
    return None


def _unkeyed(desk: Desk, wanted: Wanted) -> Wanted:
    """Without what this person has given the first key."""
    if not desk.rules.asks_twice:
        return wanted
    since = dt.datetime.now(dt.UTC) - SAME_PERSON_AFTER
    return replace(wanted, but_keyed=(desk.clerk, since))


def following(desk: Desk, document: DocumentId) -> Waiting | None:
    """What is likely to come after this one; nobody is given it yet."""
    free = (one for one in _free(desk, ALL) if one.reading.document.id != document)
    return next(free, None)


def _free(desk: Desk, wanted: Wanted) -> Iterator[Waiting]:
    """What is free and theirs, and not keyed by them before; the first first."""
    sees, looked_at = with_types(desk).sees, set[DocumentId]()
    wanted = replace(_unkeyed(desk, wanted), state="free")
    for most in LOOKS:
        every = desk.worklist.items(wanted, most)
        for one in every:
            document = one.waiting.reading.document.id
            fits = sees(one.waiting.reading) and desk.may_key(one.waiting)
            if document not in looked_at and fits:
                yield one.waiting
            looked_at.add(document)
        if len(every) < most:
            return


def with_types(desk: Desk) -> Desk:
    """The same, for many looks: its types looked up once, for each look is a query."""
    known = dict(desk.type_facts.items())
    eyes = desk.eyes
    if eyes is not None:
        eyes = replace(eyes, papers=replace(eyes.papers, type_facts=known))
    return replace(desk, type_facts=known, eyes=eyes)
