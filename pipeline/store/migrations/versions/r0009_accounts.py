"""Accounts, sessions, broken glasses; whose paper a line of the audit trail tells."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_changes

revision = "0009"
down_revision = "0006"


def upgrade() -> None:
    _accounts()
    _sessions()
    _glass()
    for name in ("patient", "purpose"):
        new = sa.Column(name, sa.Text(), nullable=False, server_default="")
        op.add_column("audit", new)
    op.create_index(op.f("ix_audit_patient"), "audit", ["patient"], unique=False)
    op.create_index(op.f("ix_audit_what"), "audit", ["what"], unique=False)


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("second", sa.Text(), nullable=False),
        sa.Column("disabled", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_account")),
    )
    op.create_table(
        "used_code",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("counter", sa.BigInteger(), autoincrement=False, nullable=False),
        _of_account("used_code"),
        sa.PrimaryKeyConstraint("account", "counter", name=op.f("pk_used_code")),
    )


def _sessions() -> None:
    op.create_table(
        "session",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        _of_account("session"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_account"), "session", ["account"], unique=False)
    op.create_table(
        "failed_sign_in",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_failed_sign_in")),
    )
    for column in ("name", "address", "at"):
        name = op.f(f"ix_failed_sign_in_{column}")
        op.create_index(name, "failed_sign_in", [column], unique=False)


def _glass() -> None:
    op.create_table(
        "glass",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("opened", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        _of_account("glass"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_glass")),
    )
    op.create_index(op.f("ix_glass_account"), "glass", ["account"], unique=False)
    refuse_changes("glass")


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_account")
    return sa.ForeignKeyConstraint(["account"], ["account.name"], name=name)
