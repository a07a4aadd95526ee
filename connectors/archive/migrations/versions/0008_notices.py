"""A silence is a delivery like any other; what waits says for what; what is given up is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("watch", sa.Text(), nullable=False),
        sa.Column("after_number", sa.Integer(), nullable=False),
        sa.Column("noticed_at", sa.BigInteger(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="notices_pkey"),
    )
    op.create_index("notices_watch", "notices", ["watch"], unique=False)
    op.drop_table("silences")  # a watch that is silent right now says so once more
    with op.batch_alter_table("deliveries") as table:
        table.drop_constraint("deliveries_alert_id_fkey", type_="foreignkey")
        table.add_column(sa.Column("waits_for", sa.Text(), nullable=False, server_default=""))
        table.add_column(
            sa.Column("is_told", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    op.execute("UPDATE deliveries SET waits_for = 'budget' WHERE is_over_budget")
    # What is given up from now on is to be told; what was before, nobody waits to hear.
    op.execute(
        "UPDATE deliveries SET is_told = false WHERE status NOT IN ('sent', 'given_up', 'dropped')"
    )
    with op.batch_alter_table("deliveries") as table:
        table.drop_column("is_over_budget")
