"""Deliveries are claimed, put together and given up; alerts are routed to subscriptions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("alerts", sa.Column("routed_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE alerts SET routed_at = alerted_at")
    op.create_index(
        "alerts_unrouted",
        "alerts",
        ["number"],
        unique=False,
        sqlite_where=sa.text("routed_at IS NULL"),
        postgresql_where=sa.text("routed_at IS NULL"),
    )
    with op.batch_alter_table("deliveries") as table:
        table.add_column(
            sa.Column("subscriptions", sa.Text(), nullable=False, server_default="[]")
        )
        table.add_column(
            sa.Column("recorded_at", sa.BigInteger(), nullable=False, server_default="0")
        )
        table.add_column(sa.Column("message", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("kind", sa.Text(), nullable=True))
        table.add_column(sa.Column("claimed_until", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("claimed_by", sa.Text(), nullable=False, server_default=""))
        table.add_column(
            sa.Column("is_over_budget", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(
            sa.Column("is_refused", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute(
        "UPDATE deliveries SET recorded_at = "
        "(SELECT alerted_at FROM alerts WHERE alerts.id = deliveries.alert_id)"
    )
    op.create_table(
        "closed_channels",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name="closed_channels_pkey"),
    )
    op.create_table(
        "watch_files",
        sa.Column("watch", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("subscriptions", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("watch", name="watch_files_pkey"),
    )
