"""The tables of who may do what: accounts, sessions, failed sign-ins, broken glasses.

Accounts are changed in place, for an old password must be gone; who changed what is in
the audit trail. Tokens and the names of failed sign-ins are kept as SHA-256 only.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text

from pipeline.store.schema import Moment, tables

account = Table(
    "account",
    tables,
    Column("name", Text, primary_key=True),
    Column("facts", Text, nullable=False),  # roles, facilities, restricted classes
    Column("password", Text, nullable=False),  # argon2id, or empty
    Column("second", Text, nullable=False),  # of one-time codes, or empty
    Column("disabled", Moment),
    Column("made", Moment, nullable=False),
)

session = Table(
    "session",
    tables,
    Column("key", Text, primary_key=True),  # SHA-256 of the cookie's token
    Column("account", ForeignKey("account.name"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    Column("began", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("passed", Moment),  # the second step
    Column("locked", Moment),
    Column("ended", Moment),
)

failed_sign_in = Table(
    "failed_sign_in",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False, index=True),  # SHA-256 of what was typed
    Column("address", Text, nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
)

used_code = Table(  # a one-time code opens once
    "used_code",
    tables,
    Column("account", ForeignKey("account.name"), primary_key=True),
    Column("counter", BigInteger, primary_key=True, autoincrement=False),
)

glass = Table(
    "glass",
    tables,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("account", ForeignKey("account.name"), nullable=False, index=True),
    Column("opened", Text, nullable=False),  # a document's or a patient's id
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
)
