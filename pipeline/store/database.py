"""The database under the catalogue: how it is opened, and what a transaction is.

SQLite in WAL mode with full syncs, one file on a local disk; every write begins with
BEGIN IMMEDIATE, so that two writers queue and never deadlock. Works from several
threads and processes. Another database of SQLAlchemy's takes the same path without
the pragmas; over PostgreSQL only the patient index is tested.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path

from sqlalchemy import (
    Connection,
    Date,
    Engine,
    Table,
    bindparam,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from pipeline.errors import SettingsError, StoreUnavailable

WAIT = 30.0  # seconds for another writer
_IMPORTING_KIB = 200_000  # of pages in memory, at most
_LOG_PAGES = 100_000  # of the write-ahead log, before they go into the file: 400 MB
_MIGRATIONS = Path(__file__).parent / "migrations"
_migrating = threading.Lock()  # Alembic's context is one per process


class Database:
    """One database with the tables of schema.py; made or migrated when opened."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        with _answering():
            if self.engine.dialect.name == "sqlite":
                _write_ahead(self.engine)
            _migrate(self)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot; never waits for a writer."""
        with _answering(), self.engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, alone among writers; all of it or nothing."""
        writer = self.engine.execution_options(writes=True)
        with _answering(), writer.begin() as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def utc_now() -> dt.datetime:
    """This moment, UTC."""
    return dt.datetime.now(dt.UTC)


def open_sqlite(path: Path) -> Database:
    """The catalogue's database in one file, made 0600 if it is not there."""
    try:
        path.touch(mode=0o600, exist_ok=True)
    except OSError:
        raise StoreUnavailable(
            "the catalogue's file cannot be made: check the data folder's disk and"
            " rights, and run again"
        ) from None
    return Database(f"sqlite:///{path}")


def upsert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of the connection's dialect that knows ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_rows(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[tuple[object, ...]],
    *,
    again: bool = False,
    adding: tuple[str, str] | None = None,
) -> None:
    """Many new rows, as tuples in the order of the columns.

    ``again``: a row that is there already is left as it is. ``adding`` (its key, a
    number): to one that is there the number is added. SQLite is asked by its driver,
    and nothing is done to a row that need not be: making and binding a dict takes
    longer than the insert, and a look at each value of ten million people minutes.
    """
    if not rows:
        return
    new = upsert(connection, table)
    if again:
        new = new.on_conflict_do_nothing()
    if adding:
        key, number = adding
        total = {number: table.c[number] + new.excluded[number]}
        new = new.on_conflict_do_update(index_elements=[key], set_=total)
    if connection.dialect.name != "sqlite":
        connection.execute(new, [dict(zip(columns, row, strict=True)) for row in rows])
        return
    asked = new.values({column: bindparam(column) for column in columns})
    compiled = asked.compile(dialect=sqlite.dialect(), column_keys=[*columns])
    ordered = [c for c in table.c if c.name in columns]
    at = [columns.index(c.name) for c in ordered]
    if at != [*range(len(columns))]:
        rows = [*map(itemgetter(*at), rows)]
    for place, column in enumerate(ordered):
        if isinstance(column.type, Date):
            rows = [_with_text(row, place) for row in rows]
    connection.exec_driver_sql(str(compiled), [*rows])


def widen_cache(connection: Connection) -> None:
    """For a long import: ids come in no order, so that each portion meets every leaf.

    With SQLite's own 2 MB these are written out and read again within a portion, and
    with its own thousand pages of log each portion writes them into the file too: that
    can wait for some portions, since what was committed is safe in the log.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_IMPORTING_KIB}")
        connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")


def _with_text(row: tuple[object, ...], place: int) -> tuple[object, ...]:
    """A row with its date as SQLAlchemy's own type writes it down in SQLite."""
    day = row[place]
    if not isinstance(day, dt.date):
        return row
    return (*row[:place], day.isoformat(), *row[place + 1 :])


def _engine(url: str) -> Engine:
    # hide_parameters: an error message must not carry a patient's words
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": WAIT} if url.startswith("sqlite") else {},
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - for mypy
    connection.isolation_level = None  # BEGIN is ours, see _begin
    connection.execute(f"PRAGMA busy_timeout = {int(WAIT * 1000)}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _write_ahead(engine: Engine) -> None:
    """WAL is kept in the file; switching to it fails at once while others look."""
    deadline = time.monotonic() + WAIT
    while True:
        raw = engine.raw_connection()
        try:
            mode = raw.cursor().execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            mode = None
        finally:
            raw.close()
        if mode is not None and mode[0] == "wal":
            return
        if mode is not None:
            raise SettingsError(
                "the catalogue's disk does not allow SQLite's write-ahead log:"
                " put the data folder on a local disk"
            )
        time.sleep(0.02)


def _migrate(database: Database) -> None:
    if _is_newest(database):
        return
    from alembic import command
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    with database.reading() as connection:
        now = MigrationContext.configure(connection).get_current_revision()
    if now is not None and now not in known:
        raise SettingsError(
            "this data folder was written by a newer Chartfiler: install that version"
        )
    if now == scripts.get_current_head():
        return
    # whoever waited here finds the work done: Alembic looks again inside
    with _migrating, database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _is_newest(database: Database) -> bool:
    """Told by the names r<revision>_….py: Alembic costs every command 0.1 s to load."""
    newest = max(path.stem for path in (_MIGRATIONS / "versions").glob("r*.py"))
    with database.reading() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        asked = text("SELECT version_num FROM alembic_version")
        now = connection.execute(asked).scalar_one_or_none()
    return now == newest.partition("_")[0].removeprefix("r")


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    """Turn the driver's errors into ours; neither carries a row's content."""
    try:
        yield
    except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise StoreUnavailable(
            f"the catalogue did not answer ({type(cause).__name__}:"
            f" {cause}): check the disk and run again"
        ) from error
