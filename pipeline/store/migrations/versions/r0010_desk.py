"""The clerk's desk: drafts, notes, held answers, referrals, new cuts, first keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_changes

revision = "0010"
down_revision = "0009"


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "draft",
        _text("document"),
        _text("by"),
        _text("fields"),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_draft_document")
        ),
        sa.PrimaryKeyConstraint("document", "by", name=op.f("pk_draft")),
    )
    op.create_table(
        "clerk_note",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        _text("document"),
        _text("note"),
        _text("by"),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_clerk_note_document")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_clerk_note")),
    )
    op.create_index(op.f("ix_clerk_note_document"), "clerk_note", ["document"])
    _of_answers()
    _of_cuts()
    _of_keys()
    for table in ("clerk_note", "referral", "recut", "first_key"):
        refuse_changes(table)


def _of_answers() -> None:
    for name, more in (("held_answer", _moment("until")), ("referral", _text("list"))):
        op.create_table(
            name,
            sa.Column("answer", sa.Integer(), nullable=False),
            more,
            sa.ForeignKeyConstraint(
                ["answer"], ["answer.seq"], name=op.f(f"fk_{name}_answer")
            ),
            sa.PrimaryKeyConstraint("answer", name=op.f(f"pk_{name}")),
        )


def _of_keys() -> None:
    op.create_table(
        "first_key",
        sa.Column("answer", sa.Integer(), nullable=False),
        _text("document"),
        _text("by"),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["answer"], ["answer.seq"], name=op.f("fk_first_key_answer")
        ),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_first_key_document")
        ),
        sa.PrimaryKeyConstraint("answer", name=op.f("pk_first_key")),
    )
    op.create_index(op.f("ix_first_key_document"), "first_key", ["document"])


def _of_cuts() -> None:
    op.create_table(
        "recut",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        _text("batch"),
        _text("did"),
        _text("facts"),
        sa.Column("undoes", sa.Integer(), nullable=True),
        _text("by"),
        _moment("at"),
        sa.ForeignKeyConstraint(["batch"], ["cut.batch"], name=op.f("fk_recut_batch")),
        sa.ForeignKeyConstraint(
            ["undoes"], ["recut.seq"], name=op.f("fk_recut_undoes")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_recut")),
        sa.UniqueConstraint("undoes", name=op.f("uq_recut_undoes")),
    )
    op.create_index(op.f("ix_recut_batch"), "recut", ["batch"])
    op.create_table(
        "recut_read",
        sa.Column("recut", sa.Integer(), nullable=False),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["recut"], ["recut.seq"], name=op.f("fk_recut_read_recut")
        ),
        sa.PrimaryKeyConstraint("recut", name=op.f("pk_recut_read")),
    )
