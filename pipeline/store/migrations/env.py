"""Runs the migrations on the connection that database.py hands over."""

from alembic import context

from pipeline.store import (  # noqa: F401 - their tables are among them
    account_schema,
    check_schema,
    correction_table,
    entry_tables,
    holding_table,
    relaid_tables,
    station_tables,
    worklist_tables,
)
from pipeline.store.schema import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables,
    render_as_batch=True,
)
context.run_migrations()
