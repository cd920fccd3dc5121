"""The tables of data entry, more of the catalogue's (schema.py)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from pipeline.store.schema import Moment, tables

entry_key = Table(  # one person's word about one field of a filed version
    "entry_key",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("version", ForeignKey("filed.id"), nullable=False, index=True),
    Column("field", Text, nullable=False),
    Column("row", Integer, nullable=False),  # 0 outside of tables
    Column("value", Text, nullable=False),  # "": the paper has nothing there
    Column("page", Integer),  # of the document, from 1
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)

entry_work = Table(  # what is keyed, or is to be: the work list of data entry
    "entry_work",
    tables,
    Column("version", ForeignKey("filed.id"), primary_key=True),
    Column("type", Text, nullable=False),
    Column("filed", Moment, nullable=False),
    Column("wants", Text, nullable=False),  # see entries.Wants
    Column("finished", Text),  # who handed it on, and when: JSON
    Column("holder", Text),  # whose it is until ``until``
    Column("until", Moment),
    Index("ix_entry_work_order", "wants", "filed"),
    Index("ix_entry_work_type_filed", "type", "filed"),
)
