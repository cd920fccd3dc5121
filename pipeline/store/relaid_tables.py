"""Tables of filed documents whose pages are others by now, and of the scans that came.

Where a page lies is told by ``place``, as of every page. These two tell what that
cannot: the pages of older versions, and which page another batch lent.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    exists,
)

from pipeline.store.schema import Moment, tables

version_pages = Table(  # of each version that has other pages than its document now
    "version_pages",
    tables,
    Column("version", ForeignKey("filed.id"), primary_key=True),
    Column("pages", Text, nullable=False),  # numbers in the batch, in order
)

lent_page = Table(  # a page of another batch that this one lists as its own, too
    "lent_page",
    tables,
    Column("batch", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("from_batch", Text, nullable=False),
    Column("from_number", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    ForeignKeyConstraint(
        ["batch", "number"], ["source_page.batch", "source_page.number"]
    ),
    ForeignKeyConstraint(
        ["from_batch", "from_number"], ["source_page.batch", "source_page.number"]
    ),
    Index("uq_lent_page_batch_from", "batch", "from_batch", "from_number", unique=True),
    Index("ix_lent_page_from_batch_from_number", "from_batch", "from_number"),
)


def is_lent(table: Table) -> ColumnElement[bool]:
    """Of a table of pages: another batch has this one first, and it counts there."""
    return exists().where(
        lent_page.c.batch == table.c.batch, lent_page.c.number == table.c.number
    )
