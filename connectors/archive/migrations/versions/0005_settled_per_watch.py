"""Entries and articles know for which watches they were read."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for table in ("entries", "articles"):
        op.add_column(
            table, sa.Column("watches", sa.Text(), nullable=False, server_default="[]")
        )
    # Until now what was read for one watch was taken as read for all.
    lists = op.get_bind().execute(sa.text("SELECT watches FROM runs")).scalars()
    watches = json.dumps(sorted({watch for told in lists for watch in json.loads(told)}))
    for table in ("entries", "articles"):
        statement = sa.text(f"UPDATE {table} SET watches = :watches")  # noqa: S608 -- two constants
        op.get_bind().execute(statement, {"watches": watches})
