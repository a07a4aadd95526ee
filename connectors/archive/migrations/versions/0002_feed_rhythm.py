"""Each feed's rhythm, and where it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NUMBERS = (
    "interval_seconds",
    "on_time",
    "hint_seconds",
    "unchanged_304s",
    "lied_304s",
    "overruns",
    "moved_times",
)
_INSTANTS = ("next_poll_at", "busy_until", "body_at", "new_at", "moved_since")
_WORDS = {"skip_hours": "[]", "skip_days": "[]", "site_url": "", "fetch_url": "", "moved_to": ""}


def upgrade() -> None:
    added: list[sa.Column[object]] = [sa.Column(n, sa.Integer(), nullable=False, server_default="0") for n in _NUMBERS]
    added += [sa.Column(name, sa.BigInteger(), nullable=True) for name in _INSTANTS]
    added += [
        sa.Column(name, sa.Text(), nullable=False, server_default=default)
        for name, default in _WORDS.items()
    ]
    added += [
        sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        for name in ("is_muted", "has_broken_guids")
    ]
    for column in added:
        op.add_column("feeds", column)
