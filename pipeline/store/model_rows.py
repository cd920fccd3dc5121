"""Rows of which type model a site works with: promotions, and the ways back.

Each is an event of the history that belongs to no batch; the last promotion that was
not taken back names the live model, and none means the shipped one.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, select

from pipeline.store.books import chain, note
from pipeline.store.catalogue import LiveModel
from pipeline.store.schema import history

PROMOTED = "type model promoted: "  # an event of the history, before name and hash
TAKEN_BACK = "type model taken back: "  # likewise, before the name


def promotions(connection: Connection) -> tuple[LiveModel, ...]:
    """Those that stand, oldest first: the last one is live."""
    standing: list[LiveModel] = []
    rows = connection.execute(
        select(history.c.event, history.c.by, history.c.at)
        .where(
            history.c.batch.is_(None),
            history.c.document.is_(None),
            history.c.event.startswith(PROMOTED)
            | history.c.event.startswith(TAKEN_BACK),
        )
        .order_by(history.c.seq)
    )
    for row in rows:
        if row.event.startswith(PROMOTED):
            name, _, manifest = row.event.removeprefix(PROMOTED).partition(" ")
            standing.append(LiveModel(name, manifest, row.by, row.at))
        elif standing:
            standing.pop()
    return tuple(standing)


def promote(
    connection: Connection, name: str, manifest: str, by: str, now: dt.datetime
) -> None:
    """Make it the live model; the same one again changes nothing."""
    last = promotions(connection)[-1:]
    if last and (last[0].name, last[0].manifest) == (name, manifest):
        return
    note(connection, f"{PROMOTED}{name} {manifest}", by, now, (None, None))
    chain(connection, (by, "promoted model", f"{name} {manifest}"), now)


def take_back(connection: Connection, by: str, now: dt.datetime) -> None:
    """Return to the model before the live one; raises KeyError if it is shipped."""
    standing = promotions(connection)
    if not standing:
        raise KeyError("no promoted model")
    name = standing[-1].name
    note(connection, f"{TAKEN_BACK}{name}", by, now, (None, None))
    chain(connection, (by, "took back model", name), now)
