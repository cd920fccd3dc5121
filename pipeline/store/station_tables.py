"""The tables of the scanning station: what a quick look told, what operators said."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from pipeline.store.schema import Moment, tables

first_look = Table(  # one look at a batch before it was read
    "first_look",
    tables,
    Column("batch", ForeignKey("batch.id"), primary_key=True),
    Column("sides", Integer, nullable=False),
    Column("faults", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

batch_word = Table(  # an operator's word on a batch: counted, or signed closed
    "batch_word",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("batch", ForeignKey("batch.id"), nullable=False, index=True),
    Column("did", Text, nullable=False),
    Column("sheets", Integer),
    Column("said", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
