"""What signing in needs from the rest of the house, and its one hard question.

``Entry.password`` and ``Entry.code`` look at a try only when the guesser has waited
long enough; a name that nobody has costs as much work and gets the same answer.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline.access import codes, passwords
from pipeline.access.groups import GroupRules
from pipeline.access.signing_in import WINDOW, Failures, State, Timing, state, wait
from pipeline.store.account_rows import SqlUsers
from pipeline.store.audit_rows import SqlAudit
from pipeline.store.glass_rows import SqlGlasses
from pipeline.store.session_rows import SqlSessions
from pipeline.users import Session, User
from pipeline.web.guard import Front

if TYPE_CHECKING:
    from pipeline.web.provider import Provider

USUAL = Timing(dt.timedelta(minutes=10), dt.timedelta(hours=12))
NOBODY = User("", ())
TRIES_AT_ONCE, IN_LINE = passwords.AT_ONCE, 8  # the desk's threads are for its clerks


class Slow(Exception):
    """Too many tries failed: the next one is looked at in ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = int(seconds) + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """Accounts and sessions of one data folder, and the rules of their use.

    ``stations`` is the section [facilities]; ``front`` by which names and in which
    scheme browsers come. By a ``provider`` the house's directory lets people in; where
    ``local_accounts`` are off, only the emergency account has a password that opens.
    """

    users: SqlUsers
    sessions: SqlSessions
    glasses: SqlGlasses
    trail: SqlAudit
    timing: Timing = USUAL
    glass_lasts: dt.timedelta = dt.timedelta(hours=1)
    demands_code: bool = False
    stations: Mapping[str, str] = field(default_factory=dict)
    front: Front = field(default_factory=Front)
    provider: Provider | None = None
    groups: GroupRules = field(default_factory=GroupRules)
    local_accounts: bool = True
    pending: dict[str, str] = field(default_factory=dict, repr=False)  # new secrets
    _trying: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(TRIES_AT_ONCE), repr=False
    )
    _line: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(IN_LINE), repr=False
    )

    @property
    def cookie(self) -> str:
        """Its name; by TLS one that browsers tie to this host and to TLS."""
        return "__Host-desk" if self.front.secure else "desk"

    def session(self, token: str | None) -> Session | None:
        """The session of a cookie, unless it is over."""
        found = self.sessions.get(token) if token else None
        return found if found and self.state(found) != "over" else None

    def state(self, session: Session) -> State:
        return state(session, self.sessions.now(), self.timing)

    def password(self, name: str, said: str, address: str) -> User | None:
        """Whose password this is; None: nobody's. Raises Slow."""
        name = name.strip().lower()
        with self._turn():
            self._may_try(name, address)
            user = self.users.get(name)
            alive = user is not None and user.disabled is None
            alive = alive and (self.local_accounts or (user or NOBODY).emergency)
            until = user.one_time if user else None
            alive = alive and (until is None or self.sessions.now() < until)
            right = passwords.matches(user.password if user and alive else "", said)
            if not right:
                self.sessions.fail(name, address, known=user is not None)
                return None
        self.sessions.forgive(name, address)
        return user

    def code(self, user: User, said: str, address: str) -> bool:
        """Whether this is a fresh code of the person's authenticator. Raises Slow."""
        name = f"{user.name} code"
        with self._turn():
            self._may_try(name, address)
            counter = codes.counter_of(user.second, said, self.sessions.now())
            if counter is None or not self.sessions.use_code(user.name, counter):
                self.sessions.fail(name, address, known=False)
                return False
        self.sessions.forgive(name, address)
        return True

    def begin(self, user: User, address: str, *, passed: bool) -> str:
        """A session of this user; the token for its cookie."""
        how = "signed in"
        if user.subject:
            how = "signed in by the directory"
        elif user.emergency:
            how = "opened the emergency account"
        return self.sessions.begin(user.name, address, passed=passed, how=how)

    def with_secret(self, session: Session, user: User) -> User:
        """The user with a secret of codes: a new one, kept with the session, for none.

        It counts only when a first code was right (``keep_secret``).
        """
        if user.second:
            return user
        secret = self.pending.setdefault(session.key, codes.new_secret())
        return replace(user, second=secret)

    def keep_secret(self, session: Session, user: User) -> None:
        """From now on this person is asked for a code."""
        secret, known = self.pending.pop(session.key, ""), self.users.get(user.name)
        if secret and known and not known.second:
            self.users.change(user.name, user.by, "set second step", second=secret)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for one's turn; raises Slow when the line is long."""
        if not self._line.acquire(blocking=False):
            raise Slow(1.0)
        try:
            with self._trying:
                yield
        finally:
            self._line.release()

    def _may_try(self, name: str, address: str) -> None:
        now = self.sessions.now()
        failed = Failures(*self.sessions.failures(name, address, now - WINDOW))
        if seconds := wait(failed, now):
            raise Slow(seconds)
