"""Problems that keep one channel from being served, reported before the work begins.

A mistake in a watch, a subscription or an option stops a command. Something missing around them
(a variable, a library, a folder, a mail server's address) stops one channel only: its alerts wait
in the ledger, and the other channels get theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.channels.targets import Target
from pipelines.settings.run_config import MonitorConfig
from schemas.errors import ConfigurationError
from schemas.subscription import Subscription


def channel_problems(config: MonitorConfig) -> Iterator[str]:
    """A line for each channel that cannot be served: its subscriptions, the problem, the remedy."""
    targets = config.targets() if config.deliver else {}
    problems = (_problem(*channel, config) for channel in targets.items())
    yield from filter(None, problems)


def _problem(
    target: Target, subscriptions: Sequence[Subscription], config: MonitorConfig
) -> str | None:
    # These load the archive, which a watch without channels does not need.
    from pipelines.services.deliver import sink_of
    from pipelines.services.outbox import label, messenger_of

    try:
        if target.traits.is_remote:
            messenger_of(target, subscriptions, config).close()
        else:
            sink_of(target, subscriptions, config)
    except ConfigurationError as error:
        why = str(error).removeprefix(f"{target.channel}: ")
        return f"{label(target.channel, subscriptions)}: {why}"
    return None
