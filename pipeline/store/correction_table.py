"""The table of corrections: why a version was filed anew, or left the record."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, Text

from pipeline.store.schema import Moment, tables

correction = Table(
    "correction",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("document", ForeignKey("document.id"), nullable=False, index=True),
    Column("version", ForeignKey("filed.id"), nullable=False, index=True),
    Column("retracts", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
