"""SQL is compiled once a worker.

Each test has a database of its own, hence an engine, and what an engine has compiled
goes with it: that was a quarter of the time of the tests that file paper.
"""

from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.util import LRUCache

from pipeline.store import database

_MOST = 3000  # statements; all of the tests' are fewer
_own = database._engine
_kept: list[tuple[Dialect, LRUCache]] = []


def share_statements() -> None:
    """From now on every engine on SQLite has the first one's dialect and statements."""
    database._engine = _sharing


def _sharing(url: str) -> Engine:
    engine = _own(url)
    if engine.dialect.name == "sqlite":
        if not _kept:
            _kept.append((engine.dialect, LRUCache(_MOST)))
        engine.dialect, engine._compiled_cache = _kept[0]
    return engine
