"""The first tables: intake, pages, cut, answers, record, books, people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

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
)


def upgrade() -> None:
    _batches()
    _source_pages()
    _pages()
    _cut()
    _places()
    _settled()
    _record()
    _books()
    _people()
    _blocking()
    for table in APPEND_ONLY:
        _refuse_changes(table)


def _refuse_changes(table: str) -> None:
    """A row of this table stays as it was written."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_stays() RETURNS trigger AS $$ BEGIN"
            f" RAISE EXCEPTION '{table} is append-only'; END $$ LANGUAGE plpgsql"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_stays()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _batches() -> None:
    op.create_table(
        "batch",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("sidecar", sa.Text(), nullable=False),
        sa.Column("late_for", sa.Text(), nullable=True),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_batch")),
        sa.UniqueConstraint("id", name=op.f("uq_batch_id")),
    )
    op.create_index(op.f("ix_batch_finished"), "batch", ["finished"], unique=False)
    op.create_index(op.f("ix_batch_origin"), "batch", ["origin"], unique=False)
    op.create_table(
        "batch_file",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("first_batch", sa.Text(), nullable=True),
        sa.Column("first_position", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(first_batch IS NULL) = (first_position IS NULL)",
            name=op.f("ck_batch_file_first_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["batch"], ["batch.id"], name=op.f("fk_batch_file_batch")
        ),
        sa.ForeignKeyConstraint(
            ["first_batch", "first_position"],
            ["batch_file.batch", "batch_file.position"],
            name=op.f("fk_batch_file_first_batch_first_position"),
        ),
        sa.PrimaryKeyConstraint("batch", "position", name=op.f("pk_batch_file")),
    )
    op.create_index(op.f("ix_batch_file_key"), "batch_file", ["key"], unique=False)


def _source_pages() -> None:
    op.create_table(
        "rejected_file",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch", "position"],
            ["batch_file.batch", "batch_file.position"],
            name=op.f("fk_rejected_file_batch_position"),
        ),
        sa.PrimaryKeyConstraint("batch", "position", name=op.f("pk_rejected_file")),
    )
    op.create_table(
        "source_page",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch", "file"],
            ["batch_file.batch", "batch_file.position"],
            name=op.f("fk_source_page_batch_file"),
        ),
        sa.PrimaryKeyConstraint("batch", "number", name=op.f("pk_source_page")),
    )
    op.create_index(
        "uq_source_page_file_page",
        "source_page",
        ["batch", "file", "page"],
        unique=True,
    )


def _pages() -> None:
    op.create_table(
        "page",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("dpi", sa.Integer(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("quality", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("troubles", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch", "number"],
            ["source_page.batch", "source_page.number"],
            name=op.f("fk_page_batch_number"),
        ),
        sa.PrimaryKeyConstraint("batch", "number", name=op.f("pk_page")),
    )


def _cut() -> None:
    op.create_table(
        "cut",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"], name=op.f("fk_cut_batch")),
        sa.PrimaryKeyConstraint("batch", name=op.f("pk_cut")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reading", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch"], ["cut.batch"], name=op.f("fk_document_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_batch"), "document", ["batch"], unique=False)


def _places() -> None:
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.Column("removed_as", sa.Text(), nullable=True),
        sa.Column("retired", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(document IS NULL) <> (removed_as IS NULL)",
            name=op.f("ck_place_one_place"),
        ),
        sa.CheckConstraint(
            "(document IS NULL) = (ordinal IS NULL)", name=op.f("ck_place_ordinal")
        ),
        sa.ForeignKeyConstraint(
            ["batch", "number"],
            ["source_page.batch", "source_page.number"],
            name=op.f("fk_place_batch_number"),
        ),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_place_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    op.create_index("ix_place_document", "place", ["document"], unique=False)
    op.create_index(
        "uq_place_live",
        "place",
        ["batch", "number"],
        unique=True,
        sqlite_where=sa.text("retired IS NULL"),
        postgresql_where=sa.text("retired IS NULL"),
    )


def _settled() -> None:
    op.create_table(
        "asked",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("reading", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_asked_document")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_asked")),
        sa.UniqueConstraint("document", name=op.f("uq_asked_document")),
    )
    op.create_table(
        "answer",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_answer_document")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_answer")),
    )
    op.create_index(op.f("ix_answer_document"), "answer", ["document"], unique=False)
    op.create_table(
        "answered",
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer"], ["answer.seq"], name=op.f("fk_answered_answer")
        ),
        sa.PrimaryKeyConstraint("answer", name=op.f("pk_answered")),
    )
    op.create_table(
        "rejection",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_rejection_document")
        ),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_rejection")),
    )


def _record() -> None:
    op.create_table(
        "filed",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("encounter", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("filed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaces", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_filed_document")
        ),
        sa.ForeignKeyConstraint(
            ["replaces"], ["filed.id"], name=op.f("fk_filed_replaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filed")),
        sa.UniqueConstraint("replaces", name=op.f("uq_filed_replaces")),
    )
    op.create_index(op.f("ix_filed_patient"), "filed", ["patient"], unique=False)
    op.create_index(
        "uq_filed_document_version", "filed", ["document", "version"], unique=True
    )


def _books() -> None:
    op.create_table(
        "history",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_history")),
    )
    op.create_index(op.f("ix_history_batch"), "history", ["batch"], unique=False)
    op.create_index(op.f("ix_history_document"), "history", ["document"], unique=False)
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )


def _people() -> None:
    op.create_table(
        "patient",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("mrn", sa.Text(), nullable=False),
        sa.Column("facility", sa.Text(), nullable=False),
        sa.Column("born", sa.Date(), nullable=True),
        sa.Column("merged_into", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
    )
    op.create_index(op.f("ix_patient_born"), "patient", ["born"], unique=False)
    op.create_index(
        op.f("ix_patient_merged_into"), "patient", ["merged_into"], unique=False
    )
    op.create_index(op.f("ix_patient_mrn"), "patient", ["mrn"], unique=False)


def _blocking() -> None:
    op.create_table(
        "patient_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient"], ["patient.id"], name=op.f("fk_patient_key_patient")
        ),
        sa.PrimaryKeyConstraint("key", "patient", name=op.f("pk_patient_key")),
    )
    op.create_index(
        op.f("ix_patient_key_patient"), "patient_key", ["patient"], unique=False
    )
    op.create_table(
        "patient_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient"], ["patient.id"], name=op.f("fk_patient_word_patient")
        ),
        sa.PrimaryKeyConstraint("word", "patient", name=op.f("pk_patient_word")),
    )
    op.create_index(
        op.f("ix_patient_word_patient"), "patient_word", ["patient"], unique=False
    )
    op.create_table(
        "encounter",
        sa.Column("facility", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("admit", sa.Date(), nullable=True),
        sa.Column("discharge", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient"], ["patient.id"], name=op.f("fk_encounter_patient")
        ),
        sa.PrimaryKeyConstraint("facility", "number", name=op.f("pk_encounter")),
    )
    op.create_index(op.f("ix_encounter_key"), "encounter", ["key"], unique=False)
    op.create_index(
        op.f("ix_encounter_patient"), "encounter", ["patient"], unique=False
    )
