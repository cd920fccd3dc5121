"""The tables of the work list: what is open now, in the order in which it is taken.

They repeat what follows from other rows, so that a queue of any length answers at once:
each row is written and removed in the transaction that opens or settles its question.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from pipeline.store.schema import Moment, tables

work_item = Table(  # an open question; gone when its document is filed or rejected
    "work_item",
    tables,
    Column("document", ForeignKey("document.id"), primary_key=True),
    Column("seq", Integer, nullable=False),  # of asked: its age
    Column("batch", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("at", Moment, nullable=False),  # when it was asked
    Column("ranked", Boolean, nullable=False),  # whether place and due are up to date
    Column("place", Integer, nullable=False),  # see worklist.Place
    Column("due", Date, nullable=False),  # the appointment's day, or FAR
    Column("type", Text, nullable=False),  # the likeliest one
    Column("patient", Text),  # the likeliest one
    Column("holder", Text),  # whose it is until ``until``
    Column("until", Moment),
    Column("escalated", Moment),
    Index("ix_work_item_order", "place", "due", "seq"),
    Index("ix_work_item_seq", "seq"),
    Index("ix_work_item_batch", "batch"),
    Index("ix_work_item_ranked", "ranked"),
    Index("ix_work_item_holder", "holder"),
    Index("ix_work_item_until", "until"),
    Index("ix_work_item_patient", "patient"),
    Index(
        "ix_work_item_escalated",
        "escalated",
        sqlite_where=text("escalated IS NOT NULL"),
        postgresql_where=text("escalated IS NOT NULL"),
    ),
    Index("ix_work_item_type_order", "type", "place", "due", "seq"),
    Index("ix_work_item_station_order", "station", "place", "due", "seq"),
)

work_reason = Table(  # why an open question waits, a row a reason
    "work_reason",
    tables,
    Column(
        "document",
        ForeignKey("work_item.document", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("reason", Text, primary_key=True),
    Column("place", Integer, nullable=False),  # of its item, as the next two
    Column("due", Date, nullable=False),
    Column("seq", Integer, nullable=False),
    Index("ix_work_reason_order", "reason", "place", "due", "seq"),
)

pending_answer = Table(  # a clerk's last word that the worker has not carried out yet
    "pending_answer",
    tables,
    Column("document", ForeignKey("document.id"), primary_key=True),
    Column("answer", ForeignKey("answer.seq"), nullable=False),
)

escalation = Table(  # a clerk's word that somebody who knows more must look
    "escalation",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("document", ForeignKey("document.id"), nullable=False, index=True),
    Column("comment", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

appointment = Table(  # the last list that was imported
    "appointment",
    tables,
    Column("patient", Text, primary_key=True),
    Column("day", Date, nullable=False),
)

poor_page = Table(  # a page worth another scan, until a clerk knows of no better one
    "poor_page",
    tables,
    Column("batch", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
)
