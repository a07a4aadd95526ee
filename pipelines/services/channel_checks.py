"""What hinders channels: told before the work begins, which it does not stop.

What is wrong in what was written (a watch, a subscription, an option) stops a command. What is
missing around it (a variable, a library, a folder, a mail server's address) hinders one channel:
what this is owed waits in the ledger, and the others get theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.channels.targets import Target
from pipelines.services.deliver import sink_of
from pipelines.services.outbox import label, messenger_of
from pipelines.settings.run_config import MonitorConfig
from schemas.errors import ConfigurationError
from schemas.subscription import Subscription


def hindrances(config: MonitorConfig) -> Iterator[str]:
    """A line for each channel that nothing can be sent to: its subscriptions, why, the remedy."""
    targets = config.targets() if config.deliver else {}
    for target, leading in targets.items():
        try:
            _try(target, leading, config)
        except ConfigurationError as error:
            why = str(error).removeprefix(f"{target.channel}: ")
            yield f"{label(target.channel, leading)}: {why}"


def _try(target: Target, leading: Sequence[Subscription], config: MonitorConfig) -> None:
    if target.traits.is_remote:
        messenger_of(target, leading, config).close()
    else:
        sink_of(target, leading, config)
