"""Seeded items: made-up paper that is put before clerks among the rest.

They live in books of their own, a database in a temporary folder that goes when the
desk closes. No worker works it, and nothing that files, counts or learns opens it: what
a clerk does with an item can go nowhere. Only whether they noticed is kept.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
import tempfile
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from random import Random, SystemRandom
from uuid import uuid4

from pipeline.document import (
    Batch,
    BatchId,
    Cut,
    Decision,
    DocumentId,
    DocumentType,
    Doubt,
    Key,
    Patient,
    PatientId,
    Review,
    Sidecar,
    SourceFile,
    SourcePage,
    TypeFacts,
)
from pipeline.index.keys import patient_keys
from pipeline.index.namewords import patient_words
from pipeline.index.rules import NAME
from pipeline.page import QuarterTurn
from pipeline.review.modes import SHADOW
from pipeline.review.rules import FilingRules, decide
from pipeline.seeded.items import LOOKS, Item, Place, item
from pipeline.seeded.paper import Sheet, drawn
from pipeline.seeded.people import NoNumber, Numbers
from pipeline.site import SearchedPatients
from pipeline.store.answers import Rejection
from pipeline.store.desk_rows import SqlDesk
from pipeline.store.patient_writing import Registered
from pipeline.store.recut_rows import SqlRecuts
from pipeline.store.sql_catalogue import SqlCatalogue
from pipeline.store.sql_worklist import SqlWorklist
from pipeline.store.vigilance_rows import SqlVigilance
from pipeline.store.worklist import Item as Waits
from pipeline.store.worklist import Wanted
from pipeline.vigilance import Outcome, Trap, outcome_of

JUDGED = "a seeded item, answered"
_DIGITS = re.compile(r"\d(?=[^\d/]*$)")  # the last one of a file's name
_FEWEST_TYPES = 2
BY_CHANCE = SystemRandom()
REMEMBERED = 500  # answered items, for who reloads what they were told
AT_ONCE = (1100, 160)  # px: the widths that a screen asks for first


@dataclass(frozen=True, slots=True)
class Books:
    """The seeded items' own: shaped as the site's, so that every screen can show one.

    Their patients are in ``people`` alone, never in the site's index.
    """

    folder: tempfile.TemporaryDirectory[str]
    catalogue: SqlCatalogue
    worklist: SqlWorklist
    in_hand: SqlDesk
    recuts: SqlRecuts
    people: SearchedPatients


@dataclass(frozen=True, slots=True)
class Told:
    """What a clerk is told after the answer; None where there is nothing to say."""

    by: str
    trap: Trap
    outcome: Outcome
    right: tuple[Patient, DocumentType] = field(repr=False)
    suggested: tuple[Patient, DocumentType] = field(repr=False)
    said: tuple[Patient | None, DocumentType] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who is to be given an item: what they want, and which paper is theirs."""

    clerk: str
    wanted: Wanted
    types: Collection[TypeFacts]
    facility: str = ""


class Seeding:
    """Gives some of those who ask for the next item a made-up one.

    ``share`` 0..1 of what is given; ``numbers`` are how this site makes its own, so
    that no made-up one is anybody's.
    """

    def __init__(
        self,
        share: float,
        rules: FilingRules,
        numbers: Callable[[], Numbers],
        kept: SqlVigilance,
        draw: Callable[[], float] = BY_CHANCE.random,
        opened: Callable[[], Books] | None = None,
    ) -> None:
        self._share, self._rules = share, rules
        self._numbers, self._kept = numbers, kept
        self._draw = draw
        self._judging = threading.Lock()
        self._items: dict[DocumentId, Item] = {}
        self._told: dict[DocumentId, Told] = {}
        self._opening = ThreadPoolExecutor(1, "seeded")
        self._books: Future[Books] = self._opening.submit(opened or opened_anew)

    @property
    def books(self) -> Books:
        """Their own catalogue and list; waits for them to be made."""
        return self._books.result()

    def has(self, document: str) -> bool:
        """Whether this is one of them."""
        return document in self._items

    def people(self, document: DocumentId) -> frozenset[PatientId]:
        """The made-up people of one item; nobody where it is forgotten by now."""
        known = self._items.get(document)
        return frozenset(one.id for one in known.people) if known else frozenset()

    def mine(self, clerk: str, but: DocumentId | None) -> DocumentId | None:
        """The item that this clerk has in hand."""
        return self.books.worklist.mine(clerk, but) if self._items else None

    def turn(self) -> bool:
        """Whether the next item is to be one of them: once in a while."""
        ready = self._books.done() and self._books.exception() is None
        return ready and self._draw() < self._share

    def give(self, asker: Asker, like: Waits, lease: dt.timedelta) -> DocumentId | None:
        """An item in the asker's hands that lies beside ``like``; None: none fits."""
        try:
            made = self._made(asker)
        except NoNumber:  # this house's own are of no form that could be made up
            return None
        if made is None:
            return None
        new, review = made
        document = new.reading.document
        self._keep(new, review, like)
        self._items[document.id] = new
        self.books.worklist.take(document.id, asker.clerk, lease)
        for width in AT_ONCE:
            self._opening.submit(self.picture, document.id, 1, width)
        return document.id

    def picture(
        self, document: DocumentId, _n: int, width: int, turn: QuarterTurn = 0
    ) -> bytes:
        """Its only page as PNG; ``turn`` is clockwise."""
        return _drawn(self._items[document].sheet, width, turn)

    def judge(self, document: DocumentId, said: Decision | None, by: str) -> None:
        """Keep what the clerk made of it, and close it; None: they passed it on."""
        with self._judging:
            asked = self._items.get(document)  # None: long answered, and forgotten
            if asked is not None and document not in self._told:  # else sent twice
                self._judge(document, asked, said, by)

    def _judge(
        self, document: DocumentId, asked: Item, said: Decision | None, by: str
    ) -> None:
        right = (asked.right[0].id, asked.right[1])
        outcome: Outcome = "passed on"
        if said is not None:
            outcome = outcome_of(asked.trap, right=(said.patient, said.type) == right)
        self._kept.keep(document, by, asked.trap, outcome)
        self.books.catalogue.reject(document, Rejection(JUDGED, by))
        best = asked.reading
        people = {one.id: one for one in asked.people}
        self._told[document] = Told(
            by,
            asked.trap,
            outcome,
            asked.right,
            (best.patients[0].value, best.types[0].value),
            (people.get(said.patient), said.type) if said else None,
        )
        while len(self._told) > REMEMBERED:
            oldest = next(iter(self._told))
            del self._told[oldest], self._items[oldest]

    def told(self, document: DocumentId, by: str) -> Told | None:
        """What this clerk is told of it."""
        told = self._told.get(document)
        return told if told and told.by == by else None

    def close(self) -> None:
        """Nothing of them is left."""
        self._opening.shutdown()
        if self._books.exception() is None:
            self.books.catalogue.close()
            self.books.folder.cleanup()

    def _made(self, asker: Asker) -> tuple[Item, Review] | None:
        types = _plain(asker.types)
        suggested = DocumentType(asker.wanted.type) if asker.wanted.type else None
        if len(types) < _FEWEST_TYPES:
            return None
        if suggested and suggested not in {facts.key for facts in types}:
            return None
        chance = Random(secrets.randbits(64))  # noqa: S311 - no secret
        batch = BatchId(uuid4().hex)
        place = Place(
            DocumentId(f"{batch}-0001"),
            batch,
            1,
            self._numbers(),
            types,
            asker.facility,
            suggested,
        )
        for look in chance.sample(LOOKS, len(LOOKS)):
            new = item(look, place, chance, wrong=chance.random() < 0.5)  # noqa: PLR2004 - as often
            review = self._asked(new, types)
            reasons = {doubt.reason for doubt in review.reasons}
            if not asker.wanted.reason or asker.wanted.reason in reasons:
                return new, review
        return None

    def _asked(self, new: Item, types: Sequence[TypeFacts]) -> Review:
        """The reasons that the site's rules give; blind where every paper is."""
        opened = frozenset(facts.key for facts in types)
        rules = replace(self._rules, open_types=opened, encounter={})
        decided = decide(new.reading, rules)
        doubts = decided.reasons if isinstance(decided, Review) else ()
        if rules.mode == "shadow":
            doubts = (Doubt(SHADOW), *doubts)
        return Review(doubts or (Doubt("unsure of the type"),))

    def _keep(self, new: Item, review: Review, like: Waits) -> None:
        """As if it had come in with the document that it lies beside."""
        document = new.reading.document
        station, box = like.station, like.box
        name = like.sheets[0][0] if like.sheets else f"{station}.pdf"
        name = _DIGITS.sub(lambda one: str((int(one[0]) + 3) % 10), name)
        file = SourceFile(name, Key(uuid4().hex * 2), 1)
        side = Sidecar(box=box)
        books = self.books
        books.people.keep(
            Registered(one, patient_keys(one), words=patient_words(one))
            for one in new.people
        )
        received = like.waiting.asked
        books.catalogue.receive(Batch(document.batch, received, station, (file,), side))
        books.catalogue.opened(document.batch, (SourcePage(1, 0, 1),), {})
        books.catalogue.keep_pages(document.batch, (new.page,))
        books.catalogue.keep_cut(document.batch, Cut((new.reading,), (), NAME))
        books.catalogue.ask(new.reading, review)
        books.catalogue.finish(document.batch)


def _plain(types: Collection[TypeFacts]) -> list[TypeFacts]:
    """Types that anybody may see and nobody must hurry for."""
    return [
        facts
        for facts in types
        if not facts.flags and facts.priority == "routine" and not facts.retired
    ]


@lru_cache(maxsize=24)
def _drawn(sheet: Sheet, width: int, turn: QuarterTurn) -> bytes:
    return drawn(sheet, width, turn)


def opened_anew() -> Books:
    """Empty ones in a folder that goes with them; takes a second."""
    folder = tempfile.TemporaryDirectory(prefix="chartfiler-seeded-")
    return books_over(folder, SqlCatalogue(Path(folder.name, "seeded.sqlite")))


def books_over(
    folder: tempfile.TemporaryDirectory[str], catalogue: SqlCatalogue
) -> Books:
    """All that the screens ask of one catalogue."""
    database = catalogue.database
    return Books(
        folder,
        catalogue,
        SqlWorklist(database),
        SqlDesk(database),
        SqlRecuts(database),
        SearchedPatients(database),
    )
