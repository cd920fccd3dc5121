"""The tables of how right the machine is: answers, people's checks, lanes, proofs."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from pipeline.store.schema import Moment, tables

machine_answer = Table(  # before anybody looked; a later one is a replay
    "machine_answer",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("document", ForeignKey("document.id"), nullable=False, index=True),
    Column("answer", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

verification = Table(  # one blind answer of one person
    "verification",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("document", ForeignKey("document.id"), nullable=False),
    Column("by", Text, nullable=False),
    Column("verification", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("uq_verification_document_by", "document", "by", unique=True),
)

lane_event = Table(
    "lane_event",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("event", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

certificate = Table(  # every look at the pages, whatever it showed
    "certificate",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("certificate", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

site_key = Table(  # what keyed draws are keyed with
    "site_key",
    tables,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
