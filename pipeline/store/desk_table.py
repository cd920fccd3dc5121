"""Tables of the clerk's desk: drafts, notes, held answers, new cuts, turns."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
)

from pipeline.store.schema import Moment, tables

draft = Table(  # what a clerk has typed and not sent
    "draft",
    tables,
    Column("document", ForeignKey("document.id"), primary_key=True),
    Column("by", Text, primary_key=True),
    Column("fields", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

clerk_note = Table(  # what a clerk wrote beside an answer
    "clerk_note",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("document", ForeignKey("document.id"), nullable=False, index=True),
    Column("note", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

held_answer = Table(  # not yet given to the worker: its clerk may take it back
    "held_answer",
    tables,
    Column("answer", ForeignKey("answer.seq"), primary_key=True),
    Column("until", Moment, nullable=False),
)

referral = Table(  # an answer that files nothing: it is for others to see to
    "referral",
    tables,
    Column("answer", ForeignKey("answer.seq"), primary_key=True),
    Column("list", Text, nullable=False),  # steward, rescan
)

recut = Table(  # documents of one batch that a clerk cut anew
    "recut",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("batch", ForeignKey("cut.batch"), nullable=False, index=True),
    Column("did", Text, nullable=False),  # split, merged...
    Column("facts", Text, nullable=False),  # what lay where before, and after
    Column("undoes", ForeignKey("recut.seq"), unique=True),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

recut_read = Table(  # its new documents were read by the machine
    "recut_read",
    tables,
    Column("recut", ForeignKey("recut.seq"), primary_key=True),
    Column("at", Moment, nullable=False),
)

page_turn = Table(  # how a page stands is its last row
    "page_turn",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("batch", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("turn", Integer, nullable=False),  # clockwise, of how the machine read it
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    ForeignKeyConstraint(["batch", "number"], ["page.batch", "page.number"]),
    Index("ix_page_turn_batch_number", "batch", "number"),
)

first_key = Table(  # an answer that counts only with another person's
    "first_key",
    tables,
    Column("answer", ForeignKey("answer.seq"), primary_key=True),
    Column("document", ForeignKey("document.id"), nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("why", Text, nullable=False, server_default="risk"),  # of KeyWhy
)

vigilance = Table(  # one answer to a seeded item: made-up paper, no document
    "vigilance",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("by", Text, nullable=False, index=True),
    Column("trap", Text, nullable=False),  # what was wrong with the suggestion
    Column("outcome", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
