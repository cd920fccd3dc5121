"""The tables of the patient index, a part of the catalogue's (schema.py).

A row of ``patient`` has a ``number``, counted up from 1 and never given out again:
eight bytes for what ``id`` says in seventeen, in tables of a hundred million rows.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)

from pipeline.store.schema import Moment, tables

_MERGED, _ALIAS = text("merged_into IS NOT NULL"), text("alias_of IS NOT NULL")

patient = Table(
    "patient",
    tables,
    Column("id", Text, primary_key=True),
    Column("mrn", Text, nullable=False, index=True),
    Column("facility", Text, nullable=False),
    Column("born", Date),
    Column("merged_into", Text),  # the MRN that survives, as the list says
    Column("facts", Text, nullable=False),
    Column("number", BigInteger),
    Column("found_by", LargeBinary),  # its keys: eight bytes each, sorted
    Column("alias_of", Text),  # the row that a steward merged it into
    Index("uq_patient_number", "number", unique=True),
    Index(
        "ix_patient_merged_into",
        "merged_into",
        sqlite_where=_MERGED,
        postgresql_where=_MERGED,
    ),
    Index(
        "ix_patient_alias_of", "alias_of", sqlite_where=_ALIAS, postgresql_where=_ALIAS
    ),
)

patient_key = Table(  # blocking keys as numbers: key_rows.py says how one is made
    "patient_key",
    tables,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("patient", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

keyed = Table(  # one row: up to which number the keys of patients are in patient_key
    "keyed",
    tables,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("upto", BigInteger, nullable=False),
)

name_word = Table(  # each part of names that somebody bears, and by how many rows
    "name_word",
    tables,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("part", Text, nullable=False),  # "family", "given"
    Column("word", Text, nullable=False),  # folded
    Column("sound", Text, nullable=False),
    Column("people", Integer, nullable=False),
    Index("ix_name_word_word", "word"),
    Index("ix_name_word_sound", "sound"),
)

encounter = Table(
    "encounter",
    tables,
    Column("facility", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("patient", ForeignKey("patient.id"), nullable=False, index=True),
    Column("key", Text, nullable=False, index=True),  # under which index looks it up
    Column("kind", Text, nullable=False),
    Column("admit", Date),
    Column("discharge", Date),
)

old_number = Table(  # the crosswalk: numbers of an older or another house
    "old_number",
    tables,
    Column("value", Text, primary_key=True),
    Column("authority", Text, primary_key=True),
    Column("patient", ForeignKey("patient.id"), nullable=False, index=True),
)

steward = Table(  # what a steward did with two records; their edge is alias_of
    "steward",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("patient", Text, nullable=False, index=True),
    Column("other", Text, index=True),  # where it lives on, or did; none: as listed
    Column("did", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
