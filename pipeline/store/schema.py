"""The tables of the catalogue. What a thing's state is follows from its rows.

Nothing has a status column: a page's outcome is read from where it lies (``place``)
and from what was filed, rejected or asked about its document. The tables in
APPEND_ONLY refuse UPDATE and DELETE by triggers. The migrations make the same tables;
a test compares the two.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    TypeDecorator,
    text,
)

AnyRow = Row[*tuple[Any, ...]]  # its columns are known by name only

tables = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[dt.datetime]):
    """A UTC moment, also where the database knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002 - theirs
    ) -> dt.datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002 - theirs
    ) -> dt.datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=dt.UTC)


# --- what came in


batch = Table(
    "batch",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),  # order of arrival
    Column("id", Text, nullable=False, unique=True),
    Column("origin", Text, nullable=False, index=True),  # the id of the first attempt
    Column("received", Moment, nullable=False),
    Column("station", Text, nullable=False),
    Column("sidecar", Text, nullable=False),
    Column("late_for", Text),
    Column("opened", Moment),
    Column("finished", Moment, index=True),
)

batch_file = Table(
    "batch_file",
    tables,
    Column("batch", ForeignKey("batch.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("first_batch", Text),  # the file that this one repeats
    Column("first_position", Integer),
    ForeignKeyConstraint(
        ["first_batch", "first_position"], ["batch_file.batch", "batch_file.position"]
    ),
    CheckConstraint(
        "(first_batch IS NULL) = (first_position IS NULL)", name="first_whole"
    ),
)

rejected_file = Table(
    "rejected_file",
    tables,
    Column("batch", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("reason", Text, nullable=False),
    ForeignKeyConstraint(
        ["batch", "position"], ["batch_file.batch", "batch_file.position"]
    ),
)

source_page = Table(
    "source_page",
    tables,
    Column("batch", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("file", Integer, nullable=False),
    Column("page", Integer, nullable=False),
    ForeignKeyConstraint(
        ["batch", "file"], ["batch_file.batch", "batch_file.position"]
    ),
    Index("uq_source_page_file_page", "batch", "file", "page", unique=True),
)

# --- what was read

page = Table(
    "page",
    tables,
    Column("batch", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("dpi", Integer, nullable=False),
    Column("rotation", Integer, nullable=False),
    Column("engine", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("quality", Text, nullable=False),
    Column("marks", Text, nullable=False),
    Column("troubles", Text, nullable=False),
    Column("words", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["batch", "number"], ["source_page.batch", "source_page.number"]
    ),
)

# --- how it was cut

cut = Table(
    "cut",
    tables,
    Column("batch", ForeignKey("batch.id"), primary_key=True),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

document = Table(
    "document",
    tables,
    Column("id", Text, primary_key=True),
    Column("batch", ForeignKey("cut.batch"), nullable=False, index=True),
    Column("position", Integer, nullable=False),  # its place in the cut
    Column("reading", LargeBinary, nullable=False),
)

place = Table(  # where a page lies: in one live document, or set aside
    "place",
    tables,
    Column("id", Integer, primary_key=True),
    Column("batch", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("document", ForeignKey("document.id")),
    Column("ordinal", Integer),  # its place in the document, from 1
    Column("removed_as", Text),
    Column("retired", Moment),  # set when a later cut moves the page elsewhere
    ForeignKeyConstraint(
        ["batch", "number"], ["source_page.batch", "source_page.number"]
    ),
    CheckConstraint("(document IS NULL) <> (removed_as IS NULL)", name="one_place"),
    CheckConstraint("(document IS NULL) = (ordinal IS NULL)", name="ordinal"),
    Index(
        "uq_place_live",
        "batch",
        "number",
        unique=True,
        sqlite_where=text("retired IS NULL"),
        postgresql_where=text("retired IS NULL"),
    ),
    Index("ix_place_document", "document"),
)

# --- how it was settled

asked = Table(
    "asked",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("document", ForeignKey("document.id"), nullable=False, unique=True),
    Column("review", Text, nullable=False),
    Column("reading", LargeBinary),  # where it differs from the cut's
    Column("at", Moment, nullable=False),
)

weighed = Table(  # a question that the index, being another, puts in another way
    "weighed",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("document", ForeignKey("document.id"), nullable=False, index=True),
    Column("change", Integer, nullable=False),  # of index_change
    Column("review", Text),  # none: it was filed
    Column("reading", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)

weighed_until = Table(  # the newest change of the index that a document has seen
    "weighed_until",
    tables,
    Column("document", ForeignKey("document.id"), primary_key=True),
    Column("change", Integer, nullable=False),
)

answer = Table(
    "answer",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("document", ForeignKey("document.id"), nullable=False, index=True),
    Column("answer", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

answered = Table(  # an answer that the worker has carried out, or that came too late
    "answered",
    tables,
    Column("answer", ForeignKey("answer.seq"), primary_key=True),
    Column("at", Moment, nullable=False),
)

rejection = Table(
    "rejection",
    tables,
    Column("document", ForeignKey("document.id"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

filed = Table(
    "filed",
    tables,
    Column("id", Text, primary_key=True),
    Column("document", ForeignKey("document.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("patient", Text, nullable=False, index=True),
    Column("type", Text, nullable=False),
    Column("date", Date),
    Column("encounter", Text),
    Column("by", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("filed", Moment, nullable=False),
    Column("replaces", ForeignKey("filed.id"), unique=True),
    Index("uq_filed_document_version", "document", "version", unique=True),
    Index("ix_filed_type_filed", "type", "filed"),
)

# --- the books

history = Table(
    "history",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("batch", Text, index=True),
    Column("document", Text, index=True),
    Column("event", Text, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_history_event_at", "event", "at"),
)

audit = Table(
    "audit",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # no gaps
    Column("at", Text, nullable=False),  # as hashed
    Column("who", Text, nullable=False),
    Column("did", Text, nullable=False),
    Column("what", Text, nullable=False, index=True),
    Column("hash", Text, nullable=False),
    Column("patient", Text, nullable=False, server_default="", index=True),
    Column("purpose", Text, nullable=False, server_default=""),
)

# --- who is known (its people: patient_tables.py)

index_change = Table(  # when the index became another, and since when it is true
    "index_change",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("did", Text, nullable=False),  # "imported patients", "merged"...
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("as_of", Moment),  # of a patient list
    Column("rows", Integer),  # that came in
    Column("file", Text),  # SHA-256 of the list
)

name_alert = Table(  # who may be taken for whom; each pair in both directions
    "name_alert",
    tables,
    Column("patient", Text, primary_key=True),
    Column("other", Text, primary_key=True, index=True),
    Column("kind", Text, nullable=False),
    Column("run", Integer, nullable=False),  # rows of runs before the newest go
)

# --- what types of paper there are

type_change = Table(  # what holds of a type is its last row
    "type_change",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, index=True),
    Column("facts", Text, nullable=False),
    Column("did", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

APPEND_ONLY = (
    "cut",
    "document",
    "asked",
    "answer",
    "answered",
    "rejection",
    "filed",
    "history",
    "audit",
    "type_change",
    "machine_answer",
    "verification",
    "lane_event",
    "certificate",
    "site_key",
    "index_change",
    "weighed",
    "holding",
    "escalation",
    "correction",
    "batch_word",
    "clerk_note",
    "referral",
    "recut",
    "first_key",
    "vigilance",
    "page_turn",
    "steward",
    "glass",
    "entry_key",
    "version_pages",
    "lent_page",
)
