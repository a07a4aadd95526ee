"""A watch that is silent longer than is its way says so: once, until it speaks again.

It may be that nothing is said on its talks; or feeds fail, or rules do. The notice tells what
was read since, so that people can tell which. It is recorded and owed like an alert, to all who
subscribe to the watch, however narrowly: what they wait for does not come, either.
"""

from __future__ import annotations

from connectors.archive import Archive
from connectors.formats import humanize
from pipelines.services.digest_receipt import receipt
from pipelines.settings.run_config import MonitorConfig
from schemas.base import Timestamp
from schemas.delivery import Notice
from schemas.ids import hash_of
from schemas.watch import Watch
from transforms.core.delivery.silences import is_silent, longest_silence

#: Alerts from which a watch's rhythm is read.
_ALERTS = 500


def owe_silences(archive: Archive, config: MonitorConfig, now: Timestamp) -> None:
    """Owe a notice to the subscribers of each watch that is silent, unless they were owed it."""
    for watch in config.watches:
        recent = archive.ledger.alert_times(watch.id, _ALERTS)
        longest = longest_silence(at for at, _ in recent)
        if longest is None or not is_silent(recent[0][0], longest, now):
            continue
        since, alert_id = recent[0]
        asked = {
            target.channel: names
            for target, leading in config.targets().items()
            if (names := [s.name for s in leading if not s.watches or watch.id in s.watches])
        }
        notice_id = hash_of("silence", watch.id, alert_id)
        if asked and not archive.ledger.is_noticed(notice_id):
            text = _text(archive, watch, since, longest, now)
            notice = Notice(notice_id, watch.id, f"Silent: {watch.title}", text, since, now)
            archive.ledger.owe_notice(notice, asked)


def _text(archive: Archive, watch: Watch, since: Timestamp, longest: float, now: Timestamp) -> str:
    return (
        f"{watch.title}: no alert for {humanize.duration(float(now - since))}, since "
        f"{humanize.moment(since)}. Before, it was never silent for more than "
        f"{humanize.duration(longest)}. {receipt(archive, since, now)} This is said once, until it "
        "speaks again."
    )
