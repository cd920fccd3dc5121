"""Holding records: people of the archive whom the index does not know."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_changes

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "holding",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=True),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_holding")),
    )
    op.create_index(op.f("ix_holding_id"), "holding", ["id"], unique=False)
    op.create_index(op.f("ix_holding_patient"), "holding", ["patient"], unique=False)
    refuse_changes("holding")
