"""Entries keep the feed's text and when their pages are read again; duplicates are skipped fast."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    for name in ("content", "revision", "etag", "last_modified"):
        op.add_column("entries", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("entries", sa.Column("read_again_at", sa.BigInteger(), nullable=True))
    op.add_column(
        "entries",
        sa.Column("planned_readings", sa.Integer(), nullable=False, server_default="0"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("entries_canonical_url", "entries")
        op.create_index(
            "entries_canonical_url_feed_url", "entries", ["canonical_url", "feed_url"]
        )
    is_original = sa.text("reason <> 'duplicate_entry'")
    op.create_index(
        "entries_originals",
        "entries",
        ["canonical_url"],
        sqlite_where=is_original,
        postgresql_where=is_original,
        postgresql_using="hash",
    )
