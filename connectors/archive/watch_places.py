"""Where each watch was last read from, so that what is pending can be sent without naming it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from connectors.archive.sql import insert_into
from connectors.archive.tables import watch_files


def remember(connection: Connection, watch: str, reference: str, subscriptions: str) -> None:
    """Keep the watch's file or name, and the file of subscriptions given beside it."""
    insert = insert_into(connection.dialect.name, watch_files)
    places = {"reference": reference, "subscriptions": subscriptions}
    connection.execute(
        insert.on_conflict_do_update(index_elements=[watch_files.c.watch], set_=places),
        {"watch": watch, **places},
    )


def remembered(connection: Connection) -> dict[str, tuple[str, str]]:
    """Both, by the watch's id."""
    rows = connection.execute(select(watch_files).order_by(watch_files.c.watch))
    return {watch: (reference, subscriptions) for watch, reference, subscriptions in rows}
