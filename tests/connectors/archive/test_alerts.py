from __future__ import annotations

import dataclasses

from connectors.archive import Archive, open_archive
from schemas.alert import Bundle
from support.dossiers import NOON, WATCH, after, alert, article, dossier, occurrence

ATOM = "atom:alerts.xml"


def test_each_channel_of_the_watch_owes_each_new_alert(archive: Archive) -> None:
    stored = dossier("talks", "No deal yet.")
    archive.store_dossier(stored)
    (raised,) = stored.alerts
    owed = [Bundle(raised.bundle_id, WATCH, [raised])]
    assert archive.pending_bundles("terminal", [WATCH]) == owed
    assert archive.pending_bundles(ATOM, [WATCH]) == owed
    assert archive.pending_bundles("elsewhere", [WATCH]) == []
    assert archive.pending_bundles("terminal", ["another-watch"]) == []


def test_the_alerts_of_one_article_are_one_bundle_in_order_of_recording(archive: Archive) -> None:
    about = article("talks")
    first, second = (
        alert(about, [occurrence("talks", words)]) for words in ("No deal yet.", "Wait.")
    )
    other = dossier("other", "Then see.")
    archive.store_dossier(dataclasses.replace(dossier("talks"), alerts=[first]))
    archive.store_dossier(other)
    archive.store_dossier(dataclasses.replace(dossier("talks"), alerts=[first, second]))
    assert archive.pending_bundles("terminal", [WATCH]) == [
        Bundle(first.bundle_id, WATCH, [first, second]),
        Bundle(other.alerts[0].bundle_id, WATCH, other.alerts),
    ]
    newest = [bundle.id for bundle in archive.recent_bundles(ATOM, [WATCH])]
    assert newest == [first.bundle_id, other.alerts[0].bundle_id]
    assert archive.recent_bundles(ATOM, [WATCH], limit=1)[0].alerts == (first, second)
    assert archive.recent_bundles(ATOM, ["another-watch"]) == []
    assert archive.recent_bundles("atom:other.xml", [WATCH]) == []


def test_an_alert_without_a_channel_is_recorded_and_owed_to_nobody(url: str) -> None:
    archive = open_archive(url)
    archive.store_dossier(dossier("talks", "No deal yet."))
    assert len(archive.alerts()) == 1
    assert archive.pending_bundles("terminal", [WATCH]) == []
    archive.close()


def test_alerts_are_listed_by_watch_and_time(archive: Archive) -> None:
    early = dossier("early", "No deal yet.")
    late = dossier("late", "Wait for spring.", fetched_at=after(60))
    archive.store_dossier(late)
    archive.store_dossier(early)
    assert archive.alerts() == [*late.alerts, *early.alerts]
    assert archive.alerts(WATCH, since=after(60)) == list(late.alerts)
    assert archive.alerts("another-watch", NOON) == []
