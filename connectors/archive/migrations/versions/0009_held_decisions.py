"""People decide about held statements; a correction may be on one statement of many."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("articles", sa.Column("stored_at", sa.BigInteger(), nullable=True))
    op.create_index("articles_stored_at", "articles", ["stored_at"], unique=False)
    op.add_column(
        "corrections", sa.Column("statements", sa.Text(), nullable=False, server_default="[]")
    )
    op.create_table(
        "held_decisions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("held_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("watch", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("case_file", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="held_decisions_article_id_fkey"
        ),
        sa.PrimaryKeyConstraint("number", name="held_decisions_pkey"),
        sa.UniqueConstraint("id", name="held_decisions_id_key"),
    )
    op.create_index("held_decisions_held_id", "held_decisions", ["held_id"], unique=False)
