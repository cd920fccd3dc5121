"""Pages that clerks turned, and the ways to a batch's items and a type's papers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_changes

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "page_turn",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch", "number"],
            ["page.batch", "page.number"],
            name=op.f("fk_page_turn_batch_number"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_page_turn")),
    )
    op.create_index("ix_page_turn_batch_number", "page_turn", ["batch", "number"])
    refuse_changes("page_turn")
    op.create_index("ix_work_item_batch", "work_item", ["batch"])
    op.create_index("ix_filed_type_filed", "filed", ["type", "filed"])
