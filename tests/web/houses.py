"""A desk with accounts: three documents of two facilities, and people of every role."""

import datetime as dt
import re
import tempfile
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from pipeline.access.signing_in import Timing
from pipeline.document import (
    Decision,
    DocumentId,
    DocumentType,
    Doubt,
    Review,
    TypeFacts,
)
from pipeline.store.account_rows import SqlUsers
from pipeline.store.audit_rows import SqlAudit
from pipeline.store.glass_rows import SqlGlasses
from pipeline.store.session_rows import SqlSessions
from pipeline.store.sql_catalogue import SqlCatalogue
from pipeline.users import ROLES, User
from pipeline.web.app import make_app
from pipeline.web.entry import Entry
from tests.builders import empty_books
from tests.review.readings import CERTAIN, found
from tests.web.desks import TYPES, FakeCatalogue, desk, person
from tests.web.worklists import Unheld

BROWSERS = []  # closed after each test, see conftest
PASSWORD = "four words are enough"
URL = "http://127.0.0.1:8417"
HTML = {"accept": "text/html"}
ANNA = replace(person("11111111", "ANNA"), facility="NORTH")
BERTA = replace(person("22222222", "BERTA"), facility="SOUTH")
PSYCH = DocumentType("psychiatry")
LETTER = DocumentType("letter")
NORTHERN, SOUTHERN, CLOSED = (DocumentId(f"b-{n}") for n in ("north", "south", "psy"))
FILED = DocumentId("f-south")
REVIEW = Review((Doubt("unsure of the type"),))


def reading(id_, patient, *types):
    document = replace(CERTAIN.document, id=id_)
    told = tuple(found(kind, share) for kind, share in types)
    return replace(
        CERTAIN,
        document=document,
        types=told,
        patients=(found(patient, 0.97),),
        encounters=(),
    )


READINGS = (
    (reading(NORTHERN, ANNA, (LETTER, 0.9)), REVIEW),
    (reading(SOUTHERN, BERTA, (LETTER, 0.9)), REVIEW),
    (reading(CLOSED, ANNA, (LETTER, 0.9), (PSYCH, 0.06)), REVIEW),
)


class Clock:
    """A clock that a test turns."""

    def __init__(self):
        self.now = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)

    def __call__(self):
        return self.now

    def turn(self, **by):
        self.now += dt.timedelta(**by)


class Trail(FakeCatalogue):
    """A catalogue that keeps whose and what for as well."""

    def __init__(self, *questions):
        super().__init__(*questions)
        self.about = []

    def audit(self, who, did, what, patient="", purpose=""):
        super().audit(who, did, what)
        self.about.append((who, did, what, patient, purpose))


@dataclass
class House:
    catalogue: Trail
    entry: Entry
    clock: Clock
    app: object = field(repr=False)

    def browser(self, url=URL):
        client = TestClient(self.app, base_url=url, client=("10.0.0.7", 50000))
        client.follow_redirects = False
        BROWSERS.append(client.__enter__())  # one loop for all its requests
        return client

    def at_work(self, name, *, url=URL):
        """A browser whose user has signed in."""
        browser = self.browser(url)
        answer = sign_in(browser, name)
        assert answer.status_code == 303, answer.text
        return browser

    def add(self, name, *roles, **more):
        kept = User(name, roles, password=hashed(), **more)
        self.entry.users.add(kept, "clerk root")
        return kept


class Counting(PasswordHasher):
    """Real argon2id that costs little, and counts how often it is asked."""

    asked = 0

    def verify(self, *said):
        self.asked += 1
        return super().verify(*said)


CHEAP = Counting(time_cost=1, memory_cost=8, parallelism=1)


@cache
def hashed():
    return CHEAP.hash(PASSWORD)


def sign_in(browser, name, password=PASSWORD, **more):
    form = {"name": name, "password": password, **more}
    return browser.post("/sign-in", data=form, headers=HTML)


def token(page):
    """The token that a page's forms carry."""
    return re.search(r'name="csrf" value="([^"]*)"', page.text)[1]


STANDING = []  # the usual house: to build one anew costs more than most tests


def house(tmp_path, *, people=True, front=None, holds=False, **rules):
    """The desk's house in a folder; one user for each role when it has people."""
    if front or rules or not people:
        told = {"front": front} if front else {}
        return _built(tmp_path, people, told, rules, holds=holds)
    if not STANDING:
        STANDING.append(_built(tmp_path, people, {}, {}))
    here = STANDING[0]
    database = here.entry.users.database
    file = Path(database.engine.url.database)
    database.close()
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    file.write_bytes(_peopled())
    here.clock.__init__()
    here.catalogue.__init__(*READINGS)
    _file(here.catalogue)
    here.entry.pending.clear()
    return here


def _built(tmp_path, people, front, rules, *, holds=False):
    clock = Clock()
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(_peopled() if people else _empty())
    books = SqlCatalogue(path)
    entry = Entry(
        SqlUsers(books.database, clock),
        SqlSessions(books.database, clock),
        SqlGlasses(books.database, clock),
        SqlAudit(books.database),
        Timing(dt.timedelta(minutes=10), dt.timedelta(hours=12)),
        **front,
        **rules,
    )
    catalogue = Trail(*READINGS)
    _file(catalogue)
    flags = TypeFacts(PSYCH, "34788-0", "Psychiatry", "clinical", ("PSY",))
    here = replace(desk(catalogue, ANNA, BERTA), type_facts=TYPES | {PSYCH: flags})
    if not holds:  # these tests ask who may see a paper, not who has it in hand
        here = replace(here, worklist=Unheld(catalogue))
    return House(catalogue, entry, clock, make_app(here, entry, 50_000))


def _file(catalogue):
    catalogue.keep(FILED, Decision(BERTA.id, LETTER, None, None, "clerk ada"), "cafe")


@cache
def _empty():
    return _folder(())


@cache
def _peopled():
    return _folder(ROLES)


def _folder(roles):
    """The bytes of a catalogue with one user a role, named like it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "catalogue.sqlite")
        books = empty_books(path)
        users = SqlUsers(books.database)
        for role in roles:
            name = role.replace("_", ".")
            users.add(User(name, (role,), password=hashed()), "clerk root")
        books.close()
        return path.read_bytes()
