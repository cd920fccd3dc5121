"""A desk on which every page has something to show, and who may open all of them."""

import datetime as dt
from dataclasses import dataclass, replace

from pipeline.document import Decision, DocumentId, Doubt, Holding, holding_id
from pipeline.overview import Day, Pace
from pipeline.seeded.people import Numbers
from pipeline.seeding import Asker, Seeding
from pipeline.store.account_rows import SqlUsers
from pipeline.store.answers import Referral
from pipeline.store.audit_rows import SqlAudit
from pipeline.store.glass_rows import SqlGlasses
from pipeline.store.session_rows import SqlSessions
from pipeline.store.vigilance_rows import SqlVigilance
from pipeline.store.worklist import ALL
from pipeline.users import ROLES, User
from pipeline.web.app import make_app
from pipeline.web.desk import Desk
from pipeline.web.entry import Entry
from tests.builders import filed_of
from tests.review.readings import RULES
from tests.web.houses import hashed
from tests.web.keyed import entering_at
from tests.web.live import (
    ANNA,
    BERTA,
    LETTER,
    PEOPLE,
    came_later,
    opened,
    reading_of,
    serving,
    unsure,
)
from tests.web.test_web_dashboard import BOOKS
from tests.web.test_web_seeded import books as seeded_books
from tests.web.test_web_station import BLURRED, arrival
from tests.web.worklists import FakeArrivals

WAITS, FILED, REFERRED = (DocumentId(f"b1-{n:04d}") for n in (1, 3, 4))
BOSS = "clerk boss"
DAYS = [BOOKS.at.date() - dt.timedelta(days=n) for n in range(14)][::-1]
ADA = Pace(
    (52, 60, 0, 0, 71, 64, 58, 70, 66, 0, 0, 59, 73, 41), BOOKS.pace.caught, 0.493
)
FORTNIGHT = replace(
    BOOKS,
    days=tuple(Day(day, 300 + 7 * n, 50 + n, 60 - n) for n, day in enumerate(DAYS)),
    people=(replace(BOOKS.people[0], pace=ADA),),
    sources=(replace(BOOKS.sources[0], days=tuple(900 + n for n in range(14))),),
    pace=ADA,
)
CAME_IN = (arrival(faults=(BLURRED,)), arrival(2))


@dataclass
class FullHouse:
    desk: Desk
    entry: Entry
    seeds: Seeding

    @property
    def app(self):
        return make_app(self.desk, self.entry)

    def served(self):
        return serving(self.app)

    def seeded(self):
        """An item that the boss has answered, wrongly."""
        [like] = self.desk.worklist.items(ALL, 1)
        asker = Asker(BOSS, ALL, self.desk.offered())
        document = self.seeds.give(asker, like, dt.timedelta(hours=1))
        told = Decision(ANNA.id, LETTER, None, None, BOSS)
        self.seeds.judge(document, told, BOSS)
        return document

    def pages(self):
        """By the path of its door, an address at which it shows something."""
        return {
            "/": "/",
            "/work/{document}": f"/work/{WAITS}",
            "/entry": "/entry",
            "/entry/{document}": f"/entry/{FILED}",
            "/scans": "/scans",
            "/station": "/station",
            "/documents/{document}": f"/documents/{WAITS}",
            "/group": "/group?batch=b1&doubt=type",
            "/siblings": "/siblings",
            "/siblings/{document}": f"/siblings/{WAITS}",
            "/documents/{document}/told": f"/documents/{self.seeded()}/told",
            "/referred/{to}": "/referred/steward",
            "/patients": "/patients",
            "/steward": "/steward",
            "/charts/{name}": f"/charts/{self.desk.names.of(BERTA.id)}",
            "/filed/{document}": f"/filed/{FILED}",
            "/filed/{document}/pages/{n}": f"/filed/{FILED}/pages/2",
            "/dashboard": "/dashboard",
            "/sample": "/sample",
            "/glass": "/glass",
            "/glass/list": "/glass/list",
            "/audit": "/audit",
            "/account": "/account",
            "/users": "/users",
            "/users/{account}": "/users/bob",
        }

    def close(self):
        self.seeds.close()
        self.desk.catalogue.close()


def full_house(folder) -> FullHouse:
    readings = [
        unsure(reading_of(1, (1, 2)), "types"),
        reading_of(2, (3,), ANNA),
        reading_of(3, (4, 5), BERTA),
        reading_of(4, (6,), BERTA),
        unsure(reading_of(5, (7,)), "patients"),
    ]
    readings[1] = replace(readings[1], doubts=(Doubt("two patients fit"),))
    here = opened(folder, *readings)
    books = here.catalogue
    decided = Decision(BERTA.id, LETTER, dt.date(2013, 5, 6), None, BOSS)
    books.file(filed_of(FILED, decided))
    came_later(books)
    books.answer(REFERRED, Referral("steward", "no name on the paper", BOSS))
    said = Holding(
        holding_id("B-17", "2", "A-1"), "B-17", "2", "A-1", "DOE", "JO", None
    )
    here.holdings.open(said, BOSS)
    kept = SqlVigilance(books.database)
    taken = {one.mrn for one in PEOPLE}
    numbers = Numbers(lambda mrn: mrn not in taken)
    seeds = Seeding(1.0, RULES, lambda: numbers, kept, lambda: 0.0, seeded_books)
    assert seeds.books
    entry = Entry(
        SqlUsers(books.database),
        SqlSessions(books.database),
        SqlGlasses(books.database),
        SqlAudit(books.database),
    )
    everything = {"restricted": ("*",), "password": hashed()}
    entry.users.add(User("boss", ROLES, **everything), "clerk root")
    entry.users.add(User("fred", ("station",), password=hashed()), "clerk root")
    entry.users.add(User("bob", ("clerk",), **everything), "clerk root")
    entry.glasses.smash("boss", WAITS, "resuscitation in bay 3", dt.timedelta(hours=1))
    desk = replace(
        here,
        seeds=seeds,
        entering=entering_at(here, LETTER),
        overview=lambda: FORTNIGHT,
        arrivals=FakeArrivals(*(replace(one, name="SCAN_0412.pdf") for one in CAME_IN)),
    )
    return FullHouse(desk, entry, seeds)
