"""Papers of one batch with the same doubt, side by side: what a clerk sees of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from pipeline.document import BatchId, ScannedDocument
from pipeline.finding import Evidence
from pipeline.page import Box, Page
from pipeline.review.grouping import Glanced, Suggestion, suggestion
from pipeline.review.rules import encounter_rules
from pipeline.store.catalogue import Waiting
from pipeline.store.worklist import Item, Wanted
from pipeline.web.candidates import looking_alike
from pipeline.web.desk import Desk
from pipeline.web.overlay import Crop, Stand, crop_of, stand
from pipeline.web.own_work import own_items, with_types

MOST = 400  # documents of a batch that are looked at
HEAD = 0.2  # of a page's height, where its title is looked for
PAGES = 9  # of one paper that a card shows, where its boundary is in doubt
LONG = "it has more pages than are seen here"
ALIKE = "somebody looks like this patient"
BEGUN = "you have begun to answer it"
NOTED = "somebody wrote a note about it"
ESCALATED = "it was escalated to who knows more"
RETIRED = "its type is given no more"


@dataclass(frozen=True, slots=True)
class Card:
    """One paper of a group. ``obstacle``: why it can only be opened, "" for nothing.

    ``crops`` are where each field was read: none for what stands at no one place.
    """

    document: ScannedDocument
    suggestion: Suggestion
    obstacle: str
    confidence: tuple[tuple[Glanced, float], ...]
    crops: tuple[tuple[Glanced, Crop | None], ...]
    first: Stand  # its first page


def suggested(waiting: Waiting, desk: Desk) -> Suggestion | None:
    """What may be agreed to at a glance; None: it must be opened, by anybody."""
    if desk.filing is None or desk.made_up:  # an item is answered on its own screen
        return None
    rules = replace(desk.filing, encounter=encounter_rules(desk.type_facts))
    return suggestion(waiting.reading, waiting.review, rules)


def obstacle(waiting: Waiting, said: Suggestion, desk: Desk) -> str:
    """Why this clerk must open it all the same; "" if nothing stands in the way."""
    document = waiting.reading.document.id
    hold = desk.worklist.hold(document)
    if hold is not None and hold.holder not in ("", desk.clerk):
        return f"{hold.holder} has it in hand"
    facts = desk.type_facts.get(said.type)
    long = len(waiting.reading.document.pages) > PAGES
    told = (
        (LONG, "boundary" in said.doubted and long),
        (ESCALATED, hold is not None and hold.escalated),
        (ALIKE, looking_alike(waiting.reading, desk)),
        (BEGUN, desk.in_hand.draft(document, desk.clerk)),
        (NOTED, desk.in_hand.notes(document)),
        (RETIRED, facts is None or facts.retired),
    )
    return next((why for why, holds in told if holds), "")


def alike(batch: str, desk: Desk) -> dict[tuple[Glanced, ...], list[Waiting]]:
    """Of a batch what may be agreed to at a glance, by the fields in doubt.

    In each the same suggestions lie together, so that the odd one stands out.
    """
    items = own_items(desk, Wanted(batch=batch), MOST)
    return by_doubt(items, desk)


def by_doubt(
    items: Iterable[Item], desk: Desk
) -> dict[tuple[Glanced, ...], list[Waiting]]:
    """These papers by the fields in doubt, without those that must be opened."""
    desk = with_types(desk)
    found: dict[tuple[Glanced, ...], list[tuple[str, Waiting]]] = {}
    for item in items:
        said = suggested(item.waiting, desk) if desk.may_key(item.waiting) else None
        if said is not None:
            title = desk.title(said.type)
            found.setdefault(said.doubted, []).append((title, item.waiting))
    return {
        doubt: [one for _, one in sorted(some, key=lambda told: told[0])]
        for doubt, some in found.items()
    }


def group_of(waiting: Waiting, desk: Desk) -> str:
    """The address of the group that a paper is of; "" if it has, or may have, none."""
    said = suggested(waiting, desk)
    if said is None:
        return ""
    batch = waiting.reading.document.batch
    reason = waiting.review.reasons[0].reason
    many = desk.worklist.count(Wanted(reason=reason, batch=batch))
    return address(batch, said.doubted) if many > 1 else ""


def address(batch: BatchId, doubt: Sequence[Glanced]) -> str:
    """Where the papers of a batch with this doubt stand side by side."""
    return f"/group?{urlencode({'batch': batch, 'doubt': '-'.join(doubt)})}"


def card(waiting: Waiting, said: Suggestion, desk: Desk) -> Card:
    """What is shown of one paper."""
    reading = waiting.reading
    paper = reading.document
    read = {
        "type": (reading.types[0].confidence, reading.types[0].evidence),
        "boundary": (reading.boundary, ()),
    }
    if reading.dates:
        read["date"] = (reading.dates[0].confidence, reading.dates[0].evidence)
    seen = {e.page for _, some in read.values() for e in some}
    own = tuple(n for n in paper.pages if n in seen or n == paper.pages[0])
    pages = {page.number: page for page in desk.catalogue.pages(paper.batch, own)}
    turns = desk.catalogue.turns(paper.batch)
    first = pages[paper.pages[0]]

    def crop(field: Glanced) -> Crop | None:
        box, page = _where(read.get(field, (0.0, ()))[1], pages)
        if box is None:
            if field != "type":
                return None
            width, height = first.size
            box, page = Box(0, 0, width, height * HEAD), first
        nth = paper.pages.index(page.number) + 1
        return crop_of(box, nth, page, turns.get(page.number, 0))

    return Card(
        document=paper,
        suggestion=said,
        obstacle=obstacle(waiting, said, desk),
        confidence=tuple((f, read[f][0]) for f in said.doubted),
        crops=tuple((f, crop(f)) for f in said.doubted),
        first=stand(first, turns.get(first.number, 0)),
    )


def _where(
    evidence: Iterable[Evidence], pages: dict[int, Page]
) -> tuple[Box | None, Page]:
    """The place on the paper that says most for it."""
    placed = [e for e in evidence if e.box and e.page in pages]
    best = max(placed, key=lambda e: e.weight, default=None)
    if best is None or best.page is None:
        return None, next(iter(pages.values()))
    return best.box, pages[best.page]
