"""Why a first key was one, and what clerks answered to seeded items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_changes

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column(
        "first_key", sa.Column("why", sa.Text(), nullable=False, server_default="risk")
    )
    op.create_index(op.f("ix_first_key_by"), "first_key", ["by"])
    op.create_table(
        "vigilance",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("trap", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_vigilance")),
    )
    op.create_index(op.f("ix_vigilance_by"), "vigilance", ["by"])
    refuse_changes("vigilance")
