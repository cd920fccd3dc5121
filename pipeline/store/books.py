"""The books: what happened to each paper, and who did it, in an unbroken chain."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from sqlalchemy import Connection, insert, select

from pipeline.document import BatchId, DocumentId
from pipeline.store.schema import audit, history


def note(
    connection: Connection,
    event: str,
    by: str,
    now: dt.datetime,
    of: tuple[BatchId | None, DocumentId | None],
) -> None:
    """Add an event to the history of a batch or a document."""
    connection.execute(
        insert(history).values(at=now, event=event, by=by, batch=of[0], document=of[1])
    )


def chain(
    connection: Connection,
    line: tuple[str, str, str],
    now: dt.datetime,
    about: tuple[str, str] = ("", ""),
) -> None:
    """Add (who, did, what) to the audit trail, bound to the line before it.

    ``about`` is whose paper it was, by id, and what for; "" where nobody said.
    """
    last, before = newest_line(connection)
    seq = last + 1
    at = now.astimezone(dt.UTC).isoformat()
    who, did, what = line
    connection.execute(
        insert(audit).values(
            seq=seq,
            at=at,
            who=who,
            did=did,
            what=what,
            patient=about[0],
            purpose=about[1],
            hash=_link(before, (seq, at, who, did, what), about),
        )
    )


def first_bad_line(connection: Connection) -> int | None:
    """The first line of the audit trail that does not fit; None if all do.

    A line changed, taken out or put in between breaks the chain; lines cut off at the
    end do not, so the newest hash belongs into what leaves the house (backups).
    """
    before, expected = "", 1
    lines = connection.execute(
        select(audit).order_by(audit.c.seq).execution_options(yield_per=1000)
    )
    for line in lines:
        content = (line.seq, line.at, line.who, line.did, line.what)
        about = (line.patient, line.purpose)
        if line.seq != expected or line.hash != _link(before, content, about):
            return expected
        before, expected = line.hash, expected + 1
    return None


def newest_line(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last line; (0, "") of an empty trail."""
    query = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
    last = connection.execute(query).first()
    return (last.seq, last.hash) if last else (0, "")


def hash_of(connection: Connection, seq: int) -> str | None:
    """The hash of one line; None: there is no such line."""
    return connection.scalar(select(audit.c.hash).where(audit.c.seq == seq))


def _link(
    before: str, content: tuple[int, str, str, str, str], about: tuple[str, str]
) -> str:
    """What is empty of ``about`` is left out: older lines had none of it."""
    line: dict[str, int | str]
    line = dict(zip(("seq", "at", "who", "did", "what"), content, strict=True))
    said = zip(("patient", "purpose"), about, strict=True)
    line |= {name: value for name, value in said if value}
    text = json.dumps(line, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((before + text).encode()).hexdigest()
