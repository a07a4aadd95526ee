"""``parley deliver``: sends what is pending, without reading any news."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from connectors.archive import Archive
from connectors.channels.registry import UNSET
from connectors.formats.humanize import counted
from connectors.formats.sanitizing import clean_line
from pipelines.services.archives import open_existing
from pipelines.services.deliver import Delivered, deliver_due
from pipelines.settings.run_config import MonitorConfig
from schemas.errors import ConfigurationError


def deliver_pending(
    url: str,
    watches: Sequence[str],
    *,
    subscriptions_file: str = "",
    allow_hosts: Sequence[str] = (),
    retry: bool = False,
    console: Console,
) -> Delivered:
    """Send what the archive owes to the subscriptions of the watches and of the file.

    Watches and file are those that the archive was last used with, unless they are given.

    Raises:
        ConfigurationError: one of them cannot be used.
    """
    with open_existing(url) as archive:
        named, file = _places(archive, watches, subscriptions_file)
        config = MonitorConfig.from_options(
            named,
            archive=url,
            allow_hosts=allow_hosts,
            subscriptions_file=file,
            shows_terminal=False,
        )
        if retry:
            due = archive.ledger.retry()
            console.print(f"{due} due again", highlight=False)
        done = deliver_due(archive, config)
    console.print(f"{counted(done.sent, 'alert')} sent", highlight=False)
    for failure in done.failures:
        console.print(Text(f"not delivered: {clean_line(failure)}"), soft_wrap=True)
    return done


def served_channels(archive: Archive) -> set[str] | None:
    """The channels to which subscriptions lead as watches and file now stand; None if that cannot
    be told: they cannot be read, or a variable in a target is not set here.
    """
    try:
        named, file = _places(archive, (), "")
        config = MonitorConfig.from_options(
            named, subscriptions_file=file, deliver=False, shows_terminal=True
        )
    except ConfigurationError:
        return None
    targets = config.targets()
    is_known = all(target.kind != UNSET for target in targets)
    return {target.channel for target in targets} if is_known else None


def _places(archive: Archive, watches: Sequence[str], file: str) -> tuple[list[str], str]:
    """The watches and the file of subscriptions that are meant."""
    known = archive.runs.watch_files()
    if not watches and not known:
        raise ConfigurationError(
            ["deliver: this archive remembers no watch; name it: parley deliver WATCH"]
        )
    files = sorted({place for _, place in known.values() if place})
    if not file and len(files) > 1:
        raise ConfigurationError(
            [f"deliver: --subscriptions was last one of {', '.join(files)}; say which"]
        )
    return (
        list(watches) or [reference for reference, _ in known.values()],
        file or next(iter(files), ""),
    )
