"""The ledger of deliveries, for people and programs: what each channel got, and waits for."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from connectors.events import instant, write_json_line
from connectors.sanitizing import clean_line
from connectors.targets import REMOTE
from pipelines.archives import open_existing
from schemas.delivery import Delivery

_COUNTS = ("sent", "pending", "failed", "given_up")


def print_ledger(url: str, *, as_json: bool) -> None:
    """One line a channel; no address and no secret is in it."""
    with open_existing(url) as archive:
        found = archive.ledger.all()
    channels: dict[str, list[Delivery]] = {}
    for delivery in found:
        channels.setdefault(delivery.channel, []).append(delivery)
    rows = [_row(channel, owed) for channel, owed in sorted(channels.items())]
    if as_json:
        for row in rows:
            write_json_line(sys.stdout.buffer, row)
        return
    console = Console()
    if not rows:
        console.print("no deliveries")
        return
    table = Table(box=None)
    for name in ("for", "to", *_COUNTS, "next try", "last error"):
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        kind = row["channel"].partition(":")[0]
        cells = [", ".join(row["subscriptions"]), kind if kind in REMOTE else row["channel"]]
        cells += [*(row[status] for status in _COUNTS), row["next_try_at"][:16], row["error"]]
        table.add_row(*(Text(clean_line(str(cell))) for cell in cells))
    console.print(table)


def _row(channel: str, owed: Sequence[Delivery]) -> dict[str, Any]:
    """A claim that is not settled yet counts as pending."""
    counts: Counter[str] = Counter("pending" if d.status == "claimed" else d.status for d in owed)
    tries = [d.next_try_at for d in owed if d.next_try_at is not None]
    errors = [d.error for d in owed if d.error and d.status != "sent"]
    return {
        "channel": channel,
        "subscriptions": sorted({name for d in owed for name in d.subscriptions}),
        **{status: counts[status] for status in _COUNTS},
        "next_try_at": instant(min(tries)) if tries else "",
        "error": errors[-1] if errors else "",
    }
