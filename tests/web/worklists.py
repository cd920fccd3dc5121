"""A work list over a catalogue that lives in memory: what the screens ask of one."""

import datetime as dt
from dataclasses import dataclass, field, replace

from pipeline.overview import Day, Overview, Pace, Rate
from pipeline.store.worklist import Counts, Hold, Item, Kinds, Place
from pipeline.vigilance import Vigilance


@dataclass
class FakeWorklist:
    catalogue: object
    ranks: dict = field(default_factory=dict)
    holds: dict = field(default_factory=dict)  # document -> Hold
    said: dict = field(default_factory=dict)

    def _open(self):
        waits = [
            one
            for one in self.catalogue.open.values()
            if one.reading.document.id not in self.catalogue.kept
        ]
        return sorted(waits, key=lambda one: self._place(one.reading.document.id))

    def _place(self, document):
        rank = self.ranks.get(document)
        return Place.STAT if rank and rank.stat else Place.AGE

    def items(self, wanted, limit):
        return [self._item(one) for one in self._wanted(wanted)[:limit]]

    def _wanted(self, wanted):
        return [
            one
            for one in self._open()
            if wanted.reason in ("", *(doubt.reason for doubt in one.review.reasons))
            and wanted.batch in ("", one.reading.document.batch)
        ]

    def _item(self, one):
        batch = self.catalogue.batch(one.reading.document.batch)
        document = one.reading.document
        hold = self.holds.get(document.id, NOBODY)
        return Item(
            waiting=one,
            place=self._place(document.id),
            due=None,
            station=batch.station,
            box=batch.sidecar.box,
            sheets=tuple((batch.files[0].name, n) for n in document.pages),
            holder=hold.holder,
            until=hold.until,
            escalated=hold.escalated,
        )

    def count(self, wanted):
        return len(self._wanted(wanted))

    def counts(self):
        asked = [one.asked for one in self._open()]
        stat = [
            one.asked
            for one in self._open()
            if self._place(one.reading.document.id) == Place.STAT
        ]
        kept = len(self.catalogue.kept)
        return Counts(
            len(asked), len(stat), len(self.holds), 0, kept,
            min(asked, default=None), min(stat, default=None),
        )  # fmt: skip

    def poor(self):
        return len(self.catalogue.poor_scans())

    def kinds(self):
        return Kinds({}, {}, {})

    def rank(self, judge, at_most):
        for one in self._open():
            self.ranks[one.reading.document.id] = judge(one.reading)
        return 0

    def mine(self, clerk, but=None):
        own = (d for d, hold in self.holds.items() if hold.holder == clerk)
        return next((document for document in own if document != but), None)

    def next(self, clerk, lease, wanted=None, but=None):
        if (mine := self.mine(clerk, but)) is not None:
            return mine
        for one in self._open():
            document = one.reading.document.id
            if document not in self.holds and document != but:
                self.take(document, clerk, lease)
                return document
        return None

    def hold(self, document):
        if document not in self.catalogue.open or document in self.catalogue.kept:
            return None
        return self.holds.get(document, NOBODY)

    def release(self, document, clerk):
        return self.holds.pop(document, None) is not None

    def assign(self, document, to, by, lease):
        until = dt.datetime.now(dt.UTC) + lease
        self.holds[document] = Hold(to, until, escalated=False)
        return document in self.catalogue.open

    def escalate(self, document, by, comment):
        return document in self.catalogue.open

    def comments(self, document):
        return ()

    def take(self, document, clerk, lease):
        if document not in self.catalogue.open or document in self.catalogue.kept:
            return None
        until = dt.datetime.now(dt.UTC) + lease
        return self.holds.setdefault(document, Hold(clerk, until, escalated=False))


NOBODY = Hold("", None, escalated=False)


class FakeArrivals:
    """What came in, newest first; ``kept`` are the words of operators."""

    def __init__(self, *arrivals):
        self.arrivals, self.kept = list(arrivals), []

    def since(self, moment, station=""):
        return [one for one in self.arrivals if station in ("", one.station)]

    def of(self, batch):
        return next((one for one in self.arrivals if one.batch == batch), None)

    def say(self, batch, said):
        if self.of(batch) is None:
            raise KeyError(batch)
        self.kept.append((batch, said))
        self.arrivals = [
            replace(one, words=(*one.words, said)) if one.batch == batch else one
            for one in self.arrivals
        ]


def quiet_overview():
    """A day on which nothing happened."""
    nothing = Rate(0, 0, 1.0)
    now = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
    return Overview(
        now, "supervised", "uncertified", 0, (), (("under an hour", 0),), None,
        (Day(now.date(), 0, 0, 0),), (), (), nothing, 0, 0, Pace((0,), Vigilance()),
    )  # fmt: skip


class Unheld(FakeWorklist):
    """Nobody keeps anything in hand: whoever opens it has it."""

    def take(self, document, clerk, lease):
        found = super().take(document, clerk, lease)
        self.holds.clear()
        return found
