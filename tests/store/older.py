"""Data folders as older versions left them."""

from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, insert, select

from pipeline.store import database as opening


@contextmanager
def folder_of(path, revision, monkeypatch):
    """A new database of that revision; its one transaction, to fill it."""
    with monkeypatch.context() as patched:
        patched.setattr(opening, "_migrate", lambda _: None)
        database = opening.open_sqlite(path)
    config = Config()
    config.set_main_option("script_location", str(opening._MIGRATIONS))
    with database.writing() as rows:
        config.attributes["connection"] = rows
        command.upgrade(config, revision)
        yield rows
    database.close()


def copied(books, rows):
    """What an older database has room for, of a newer one's rows."""
    old, new = MetaData(), MetaData()
    old.reflect(rows)
    with books.database.reading() as read:
        new.reflect(read)
        for table in old.sorted_tables:
            made = rows.execute(select(table).limit(1)).first()  # by the migration
            if made or table.name not in new.tables:
                continue
            names = [c.name for c in table.c if c.name in new.tables[table.name].c]
            columns = [new.tables[table.name].c[name] for name in names]
            found = [dict(row._mapping) for row in read.execute(select(*columns))]
            if found:
                rows.execute(insert(table), found)
