"""Statements are found by their terms; whom a statement was told to is kept beside it."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

#: The first statement under each spelling, and of those said at one time any one.
_VOICES = """
INSERT INTO voices (name_key, speaker, statement_id, said_at)
SELECT s.name_key, s.speaker, MIN(s.id), first.said_at
FROM statements s JOIN (
    SELECT name_key, speaker, MIN(said_at) AS said_at FROM statements GROUP BY name_key, speaker
) AS first
ON first.name_key = s.name_key AND first.speaker = s.speaker AND first.said_at = s.said_at
GROUP BY s.name_key, s.speaker, first.said_at
"""


def upgrade() -> None:
    op.create_table(
        "statement_terms",
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name="statement_terms_statement_id_fkey"
        ),
        sa.PrimaryKeyConstraint(
            "term", "said_at", "statement_id", "size", name="statement_terms_pkey"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "voices",
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.Text(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name="voices_statement_id_fkey"
        ),
        sa.PrimaryKeyConstraint("name_key", "speaker", name="voices_pkey"),
    )
    op.create_table(
        "told",
        sa.Column("statement_id", sa.Text(), nullable=False),
        sa.Column("watch", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name="told_statement_id_fkey"
        ),
        sa.PrimaryKeyConstraint("statement_id", "watch", name="told_pkey"),
    )
    op.add_column(
        "statements",
        sa.Column("has_terms", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index(
        "statements_without_terms",
        "statements",
        ["name_key", "said_at"],
        unique=False,
        sqlite_where=sa.text("has_terms = 0"),
        postgresql_where=sa.text("NOT has_terms"),
    )
    op.execute(_VOICES)
    _tell()


def _tell() -> None:
    """Fill the table told from the matches of all occurrences."""
    connection = op.get_bind()
    known: set[tuple[str, str]] = set()
    query = sa.text("SELECT statement_id, matches FROM occurrences")
    for statement_id, matches in connection.execute(query):
        known.update(
            (statement_id, match["watch"])
            for match in json.loads(matches)
            if match["is_alertworthy"] and not match["is_held"]
        )
    insert = sa.text("INSERT INTO told (statement_id, watch) VALUES (:statement_id, :watch)")
    for statement_id, watch in sorted(known):
        connection.execute(insert, {"statement_id": statement_id, "watch": watch})
