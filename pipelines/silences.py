"""A watch that is silent longer than is its way says so: once, until it speaks again.

It may be that nothing is said on its talks; or feeds fail, or rules do. The message tells what
was read since, so that people can tell which.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from connectors import phrasing
from connectors.archive import Archive
from connectors.layout import put
from connectors.messengers import open_messenger
from connectors.targets import TIMED, Target
from pipelines.config import MonitorConfig
from pipelines.outbox import Sending, label
from pipelines.receipts import receipt
from schemas.base import Timestamp
from schemas.delivery import Message, Notice
from schemas.errors import DeliveryError
from schemas.watch import Subscription, Watch
from transforms.core.delivering.schedules import is_quiet
from transforms.core.delivering.silences import is_silent, longest_silence
from transforms.core.ids import hash_of

#: Alerts from which a watch's rhythm is read.
_ALERTS = 500


def tell_silences(
    archive: Archive,
    config: MonitorConfig,
    targets: Mapping[Target, Sequence[Subscription]],
    sending: Sending,
    dead_owners: Sequence[str],
) -> list[str]:
    """Tell the people who subscribe to a silent watch; a line for each that could not be told."""
    failures = []
    for watch in config.watches:
        recent = archive.silences.alert_times(watch.id, _ALERTS)
        longest = longest_silence(at for at, _ in recent)
        if longest is None or not is_silent(recent[0][0], longest, sending.now()):
            continue
        last, alert_id = recent[0]
        notice = _notice(archive, watch, last, longest, sending)
        for target, leading in targets.items():
            asking = [s for s in leading if not s.watches or watch.id in s.watches]
            if not asking or not _may_be_told(target, asking, sending):
                continue
            claim = sending.claim(dead_owners)
            if not archive.silences.claim(watch.id, target.channel, alert_id, claim):
                continue
            message = Message(
                id=hash_of("silence", watch.id, target.channel, alert_id),
                kind="silence",
                bundles=(),
                subscriptions=[s.name for s in asking],
                notice=notice,
            )
            failure = _send(message, target, leading, config)
            said_at = None if failure else sending.now()
            archive.silences.settle(watch.id, target.channel, alert_id, said_at)
            failures += [f"{failure}; the next run tries again"] if failure else []
    return failures


def _may_be_told(target: Target, asking: Sequence[Subscription], sending: Sending) -> bool:
    """Whether people read there, and are awake. Programs and files get alerts alone."""
    is_for_people = target.kind in TIMED or target.kind == "terminal"
    return is_for_people and not is_quiet(sending.now(), asking[0].quiet, asking[0].timezone)


def _notice(
    archive: Archive, watch: Watch, last: Timestamp, longest: float, sending: Sending
) -> Notice:
    now = sending.now()
    text = (
        f"{watch.title}: no alert for {phrasing.duration(float(now - last))}, since "
        f"{phrasing.moment(last)}. Before, it was never silent for more than "
        f"{phrasing.duration(longest)}. {receipt(archive, last)} This is said once, until it "
        "speaks again."
    )
    return Notice(watch.id, f"Silent: {watch.title}", text, now)


def _send(
    message: Message, target: Target, leading: Sequence[Subscription], config: MonitorConfig
) -> str:
    """Send it; what went wrong, or ""."""
    if target.kind == "terminal":
        assert message.notice is not None  # noqa: S101 -- that is what this sends
        put(Console(highlight=False), Text(message.notice.text))
        return ""
    messenger = open_messenger(
        target, leading, mail_server=config.mail_server, allow_hosts=config.allow_hosts
    )
    with contextlib.closing(messenger):
        try:
            messenger.send(message)
        except DeliveryError as error:
            return f"{label(target.channel, leading)}: {error.detail}"
    return ""
