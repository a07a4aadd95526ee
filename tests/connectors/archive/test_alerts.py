from __future__ import annotations

import dataclasses

from connectors.archive import Archive, open_archive
from schemas.alert import Bundle
from support.archives import pending_bundles
from support.dossiers import NOON, WATCH, after, alert, article, dossier, occurrence

ATOM = "atom:alerts.xml"


def test_each_channel_of_the_watch_owes_each_new_alert(archive: Archive) -> None:
    stored = dossier("talks", "No deal yet.")
    archive.dossiers.store_dossier(stored)
    (raised,) = stored.alerts
    owed = [Bundle(raised.bundle_id, WATCH, [raised])]
    assert pending_bundles(archive, "terminal", [WATCH]) == owed
    assert pending_bundles(archive, ATOM, [WATCH]) == owed
    assert pending_bundles(archive, "elsewhere", [WATCH]) == []
    assert pending_bundles(archive, "terminal", ["another-watch"]) == []


def test_the_alerts_of_one_article_are_one_bundle_in_order_of_recording(archive: Archive) -> None:
    about = article("talks")
    first, second = (
        alert(about, [occurrence("talks", words)]) for words in ("No deal yet.", "Wait.")
    )
    other = dossier("other", "Then see.")
    archive.dossiers.store_dossier(dataclasses.replace(dossier("talks"), alerts=[first]))
    archive.dossiers.store_dossier(other)
    archive.dossiers.store_dossier(dataclasses.replace(dossier("talks"), alerts=[first, second]))
    assert pending_bundles(archive, "terminal", [WATCH]) == [
        Bundle(first.bundle_id, WATCH, [first, second]),
        Bundle(other.alerts[0].bundle_id, WATCH, other.alerts),
    ]
    newest = [bundle.id for bundle in archive.alerts.recent_bundles(ATOM, [WATCH])]
    assert newest == [first.bundle_id, other.alerts[0].bundle_id]
    assert archive.alerts.recent_bundles(ATOM, [WATCH], limit=1)[0].alerts == (first, second)
    assert archive.alerts.recent_bundles(ATOM, ["another-watch"]) == []
    assert archive.alerts.recent_bundles("atom:other.xml", [WATCH]) == []


def test_an_alert_without_a_channel_is_recorded_and_owed_to_nobody(url: str) -> None:
    archive = open_archive(url)
    archive.dossiers.store_dossier(dossier("talks", "No deal yet."))
    assert len(archive.alerts.all()) == 1
    assert pending_bundles(archive, "terminal", [WATCH]) == []
    archive.close()


def test_alerts_are_listed_by_watch_and_time(archive: Archive) -> None:
    early = dossier("early", "No deal yet.")
    late = dossier("late", "Wait for spring.", fetched_at=after(60))
    archive.dossiers.store_dossier(late)
    archive.dossiers.store_dossier(early)
    assert archive.alerts.all() == [*late.alerts, *early.alerts]
    assert archive.alerts.all(WATCH, since=after(60)) == list(late.alerts)
    assert archive.alerts.all("another-watch", NOON) == []
