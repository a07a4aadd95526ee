"""Sends one notice when a watch has raised no alert for longer than it ever has.

Perhaps nothing is said about its talks; perhaps feeds or rules fail. The notice lists what was
read in the meantime, so that people can find out which. It is recorded and routed like an alert,
to everybody who subscribes to the watch, however narrowly: what they wait for is missing, too.
"""

from __future__ import annotations

from connectors.archive import Archive
from connectors.formats import humanize
from pipelines.services.digest_summary import digest_summary
from pipelines.settings.run_config import MonitorConfig
from schemas.base import Instant
from schemas.delivery import Notice
from schemas.ids import hash_of
from schemas.watch import Watch
from transforms.core.delivery.quiet_watches import is_quiet_watch, longest_silence

#: Alerts from which a watch's rhythm is read.
_ALERTS = 500


def notify_quiet_watches(archive: Archive, config: MonitorConfig, now: Instant) -> None:
    """Route a notice to the subscribers of each quiet watch, once for each silence."""
    for watch in config.watches:
        recent = archive.alerts.times(watch.id, _ALERTS)
        longest = longest_silence(at for at, _ in recent)
        if longest is None or not is_quiet_watch(recent[0][0], longest, now):
            continue
        since, alert_id = recent[0]
        asked = {
            target.channel: names
            for target, subscriptions in config.targets().items()
            if (names := [s.name for s in subscriptions if not s.watches or watch.id in s.watches])
        }
        notice_id = hash_of("silence", watch.id, alert_id)
        if asked and not archive.routing.is_noticed(notice_id):
            text = _text(archive, watch, since, longest, now)
            notice = Notice(notice_id, watch.id, f"Silent: {watch.title}", text, since, now)
            archive.routing.route_notice(notice, asked)


def _text(archive: Archive, watch: Watch, since: Instant, longest: float, now: Instant) -> str:
    return (
        f"{watch.title}: no alert for {humanize.duration(float(now - since))}, since "
        f"{humanize.moment(since)}. Before, it was never silent for more than "
        f"{humanize.duration(longest)}. {digest_summary(archive, since, now)} You get this "
        "notice once per silence."
    )
