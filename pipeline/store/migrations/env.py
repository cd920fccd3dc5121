"""Runs the migrations on the connection that database.py hands over."""

from alembic import context

from pipeline.store import account_schema, check_schema  # noqa: F401 - their tables are among them
from pipeline.store.schema import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables,
    render_as_batch=True,
)
context.run_migrations()
