"""An archive of the first version is brought up to date, and nothing in it is sent again."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from contextlib import closing

from alembic import command
from sqlalchemy import text

from connectors.archive import open_archive
from connectors.archive.database import Database
from connectors.archive.upgrade import alembic_config
from connectors.formats.row_json import to_json
from support.archives import pending_bundles
from support.dossiers import NOON, WATCH, after, dossier, entry, poll

CHANNEL = "atom:alerts.xml"


def owe_as_of_0007(url: str, statuses: Sequence[str]) -> None:
    """Make an archive of that version with a delivery over budget of each status."""
    raised = [dossier(status, status).alerts[0] for status in statuses]
    database = Database(url)
    with database.writing() as connection:
        command.upgrade(alembic_config(connection), "0007")
        for number, (alert, status) in enumerate(zip(raised, statuses, strict=True)):
            values = {
                "number": number, "id": alert.id, "watch": alert.watch,
                "bundle_id": alert.bundle_id, "article_id": alert.article.id, "alerted_at": 0,
                "alert": to_json(alert),
            }  # fmt: skip
            into = f"INSERT INTO alerts ({', '.join(values)}) VALUES (:{', :'.join(values)})"
            connection.execute(text(into), values)
            connection.execute(
                text(
                    "INSERT INTO deliveries "
                    "(alert_id, channel, status, attempts, error, is_over_budget)"
                    " VALUES (:alert_id, :channel, :status, 0, '', true)"
                ),
                {"alert_id": alert.id, "channel": CHANNEL, "status": status},
            )
    database.close()


def test_what_waited_for_the_next_day_waits_for_it_still(url: str) -> None:
    owe_as_of_0007(url, ["pending"])
    with closing(open_archive(url)) as archive:
        (delivery,) = archive.ledger.all()
        assert (delivery.waits_for, delivery.type) == ("budget", "new")


def test_what_was_owed_and_is_given_up_now_is_told(url: str) -> None:
    owe_as_of_0007(url, ["sent", "given_up", "dropped", "pending", "failed"])
    with closing(open_archive(url)) as archive:
        assert archive.ledger.tell_given_up() == []
        archive.ledger.close_channel(CHANNEL, "410 Gone", NOON)
        assert archive.ledger.tell_given_up() == [(CHANNEL, "410 Gone", 2)]
        assert archive.ledger.tell_given_up() == []


def test_deliveries_of_the_first_version_are_kept(url: str) -> None:
    sent, failed = (dossier(slug, slug).alerts[0] for slug in ("sent", "failed"))
    database = Database(url)
    with database.writing() as connection:
        command.upgrade(alembic_config(connection), "0001")
        for number, (alert, status) in enumerate([(sent, "sent"), (failed, "failed")]):
            connection.execute(
                text("INSERT INTO alerts VALUES (:n, :id, :watch, :bundle, :article, :at, :alert)"),
                {
                    "n": number,
                    "id": alert.id,
                    "watch": alert.watch,
                    "bundle": alert.bundle_id,
                    "article": alert.article.id,
                    "at": alert.alerted_at.micros,
                    "alert": to_json(alert),
                },
            )
            connection.execute(
                text("INSERT INTO deliveries VALUES (:id, :channel, :status, 1, '', NULL, NULL)"),
                {"id": alert.id, "channel": CHANNEL, "status": status},
            )
    database.close()
    with closing(open_archive(url)) as archive:
        kept = [(d.alert_id, d.status, d.recorded_at) for d in archive.ledger.all()]
        assert kept == [
            (sent.id, "sent", sent.alerted_at),
            (failed.id, "failed", failed.alerted_at),
        ]
        assert archive.routing.route([WATCH], lambda *_: {"other": ["x"]}, sent.alerted_at) == 0
        (owed,) = pending_bundles(archive, CHANNEL, [WATCH])
        assert owed.alerts == (failed,)


def test_entries_of_an_earlier_version_are_settled_and_can_be_reworded(url: str) -> None:
    """Nothing is read again only because the archive was brought up to date."""
    database = Database(url)
    known = [entry("read"), entry("wall")]
    with database.writing() as connection:
        command.upgrade(alembic_config(connection), "0009")
        for each, reason in zip(known, ("", "gated"), strict=True):
            values = {
                "id": each.id, "feed_url": each.feed_url, "url": each.url,
                "canonical_url": each.canonical_url, "title": "T", "publisher": "P",
                "summary": "", "seen_at": NOON.micros, "status": "skipped" if reason else "read",
                "reason": reason, "attempts": 2, "updated_at": NOON.micros,
                "watches": f'["{WATCH}"]',
            }  # fmt: skip
            into = f"INSERT INTO entries ({', '.join(values)}) VALUES (:{', :'.join(values)})"
            connection.execute(text(into), values)
    database.close()
    with closing(open_archive(url, {WATCH: []})) as archive:
        listed = [dataclasses.replace(each, revision="1") for each in known]
        assert archive.feeds.record_poll(poll(*listed, at=after(60))) == []
