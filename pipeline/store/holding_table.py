"""The table of holding records, one more of the catalogue's (schema.py)."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from pipeline.store.schema import Moment, tables

holding = Table(  # of someone whom the index does not know: the last row counts
    "holding",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, index=True),
    Column("facts", Text, nullable=False),
    Column("patient", Text, index=True),  # whom it is linked to
    Column("did", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
