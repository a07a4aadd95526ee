"""`parley release`: sends held statements as alerts, because a person says so."""

from __future__ import annotations

from pipelines.cli.options import (
    AllowHosts,
    ArchiveUrl,
    Cases,
    HeldIds,
    NoDeliver,
    SubscriptionsFile,
    Undo,
    messages,
)
from pipelines.cli.sending import send_now


def release(
    ids: HeldIds,
    undo: Undo = False,
    archive: ArchiveUrl = "sqlite:///parley.db",
    cases: Cases = "",
    no_deliver: NoDeliver = False,
    subscriptions: SubscriptionsFile = "",
    allow_host: AllowHosts = None,
) -> None:
    """Send held statements as alerts, and keep each as a case.

    \b
    parley alerts --held                 (lists them with their ids)
    parley release 3f9c2a81d0 77b0e4c512
    parley release 3f9c2a81d0 --undo
    """
    from pipelines.services.held import decide

    decide(archive, ids, "release", undo=undo, cases=cases, console=messages())
    if not no_deliver:
        send_now(archive, subscriptions, allow_host)
