"""Questions that tests ask an archive."""

from __future__ import annotations

from collections.abc import Collection

from connectors.archive import Archive
from schemas.alert import Bundle
from transforms.core.alerts.bundles import bundled


def pending_bundles(archive: Archive, channel: str, watches: Collection[str]) -> list[Bundle]:
    """The watches' alerts that the channel waits for, bundled, in order of recording."""
    waiting = archive.ledger.waiting(channel)
    ids = {d.alert_id for d in waiting if d.watch in watches and d.status != "claimed"}
    return bundled(alert for alert in archive.alerts.all() if alert.id in ids)
