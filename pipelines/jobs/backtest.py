"""``parley backtest``: what a watch would have sent, had it been there. Sends nothing.

Articles are read again in order of publication, into an archive that is thrown away. Each
alert counts as raised when its article was published. What readers of a given archive ruled on
persons, and said of alerts, holds here, too.
"""

from __future__ import annotations

import contextlib
import functools
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from connectors.archive import Archive, open_archive
from connectors.archive.kept_articles import (
    kept_silent,
    not_kept,
    stored_articles,
    user_decisions,
)
from connectors.channels.targets import Target
from pipelines.jobs.run import run_batch
from pipelines.services.archives import check_exists
from pipelines.settings.run_config import MonitorConfig, by_target
from pipelines.telemetry.progress import Progress
from schemas.alert import Alert
from schemas.article import Article
from schemas.base import Instant
from schemas.correction import Correction
from schemas.errors import ConfigurationError
from schemas.subscription import Subscription
from transforms.core.alerts.corrections import as_corrected
from transforms.core.alerts.silence import Silence
from transforms.core.delivery.rehearsal import Rehearsed, rehearse, said_at
from transforms.core.delivery.routing import matches
from transforms.core.people.names import name_key

_SQLITE_MAGIC = b"SQLite format 3\0"


@dataclass(frozen=True)
class Channel:
    """Where messages would have gone: a target, by the names of what leads there."""

    names: tuple[str, ...]
    kind: str
    messages: tuple[Rehearsed, ...]


@dataclass(frozen=True)
class Backtest:
    """What would have been sent."""

    watches: tuple[str, ...]
    articles: int  #: that were read
    not_kept: int  #: that the archive looked at and did not keep
    too_old: int  #: that would have alerted, had they been younger when they were first seen
    silence: Silence  #: what became of the statements that were read
    alerts: tuple[Alert, ...]  #: in order of publication
    channels: tuple[Channel, ...]


def run_backtest(
    watches: Sequence[str],
    inputs: Sequence[str],
    since: Instant | None,
    *,
    subscriptions_file: str = "",
    max_age: str | None = None,
    workers: int = 1,
    model: str | None = None,
    meaning: str = "",
    console: Console,
) -> Backtest:
    """Read the articles of the inputs again by today's rules.

    What was published before ``since`` is read for memory only: an archive from the watches'
    horizon on, files from their beginning.

    ``inputs`` are one archive, by URL or file; or files and folders.

    Raises:
        ConfigurationError: something of it cannot be used.
    """
    archive, files = _sorted(inputs)
    with tempfile.TemporaryDirectory(prefix="parley-backtest-") as folder:
        config = MonitorConfig.from_options(
            watches,
            inputs=files,
            archive=f"sqlite:///{folder}/scratch.db",
            max_age=max_age,
            workers=workers,
            model=model,
            meaning=meaning,
            deliver=False,
            subscriptions_file=subscriptions_file,
            shows_terminal=False,
        )
        said: Sequence[tuple[Alert, Correction]] = ()
        if archive:
            config = replace(config, read_articles=_reader(archive, config, since))
            ruled, said = user_decisions(archive)
            with contextlib.closing(open_archive(config.archive)) as scratch:
                for each in ruled:
                    scratch.persons.decide(each, name_key(each.name), name_key(each.other))
        with Progress(config.archive, console):
            summary = run_batch(config, command="backtest")
        with contextlib.closing(open_archive(config.archive)) as scratch:
            alerts, channels = _rehearsed(scratch, config, since, said)
        too_old = set[str]().union(
            *(
                kept_silent(config.archive, watch.id, watch.max_age_seconds, since)
                for watch in config.watches
                if watch.max_age_seconds is not None
            )
        )
    return Backtest(
        watches=tuple(watch.id for watch in config.watches),
        articles=summary.counters.get("articles_given", 0),
        not_kept=not_kept(archive, since) if archive else 0,
        too_old=len(too_old),
        silence=summary.silence,
        alerts=alerts,
        channels=channels,
    )


def _sorted(inputs: Sequence[str]) -> tuple[str, list[str]]:
    """The archive's URL, "" if none is given, and the files.

    Raises:
        ConfigurationError: there is nothing, or an archive among other things.
    """
    archives = [url for given in inputs if (url := _archive_url(given))]
    files = [given for given in inputs if not _archive_url(given)]
    if not inputs:
        raise ConfigurationError(
            ["backtest: --input is missing; give an archive (sqlite:///parley.db), WARC or files"]
        )
    if len(archives) > 1 or (archives and files):
        raise ConfigurationError(
            [f"--input: {archives[0]} is an archive; give it alone, the rest in another back-test"]
        )
    for url in archives:
        check_exists(url, "--input")
    return next(iter(archives), ""), files


def _archive_url(given: str) -> str:
    if given.startswith(("sqlite:", "postgresql")) and "://" in given:
        return given
    path = Path(given)
    if path.is_file():
        with path.open("rb") as file:
            if file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC:
                return f"sqlite:///{path}"
    return ""


def _reader(
    archive: str, config: MonitorConfig, since: Instant | None
) -> Callable[[], Iterable[Article]]:
    horizon = max(watch.horizon_seconds for watch in config.watches)
    return functools.partial(
        stored_articles, archive, since - horizon if since is not None else None
    )


def _rehearsed(
    scratch: Archive,
    config: MonitorConfig,
    since: Instant | None,
    said: Sequence[tuple[Alert, Correction]],
) -> tuple[tuple[Alert, ...], tuple[Channel, ...]]:
    tags: dict[str, Collection[str]] = {}

    def note(alert: Alert, article_tags: Collection[str]) -> Mapping[str, Sequence[str]]:
        tags[alert.id] = article_tags
        return {}

    scratch.routing.route([watch.id for watch in config.watches], note, Instant.now())
    found = [a for a in scratch.alerts.all() if since is None or said_at(a) >= since]
    kept = filter(None, (as_corrected(alert, said) for alert in found))
    alerts = tuple(sorted(kept, key=said_at))
    channels = [
        _channel(target, subscriptions, alerts, tags)
        for target, subscriptions in by_target(config.subscriptions).items()
    ]
    return alerts, tuple(channels)


def _by_bundle(alerts: Sequence[Alert]) -> list[Rehearsed]:
    """One message a bundle and time, as it stands on the terminal and in feeds."""
    found: dict[tuple[str, Instant], list[Alert]] = {}
    for alert in alerts:
        found.setdefault((alert.bundle_id, said_at(alert)), []).append(alert)
    return [
        Rehearsed(at, "bundle", tuple(alert.id for alert in together))
        for (_, at), together in found.items()
    ]


def _channel(
    target: Target,
    subscriptions: Sequence[Subscription],
    alerts: Sequence[Alert],
    tags: Mapping[str, Collection[str]],
) -> Channel:
    asked = [
        (alert, names)
        for alert in alerts
        if (names := [s.name for s in subscriptions if matches(alert, s, tags.get(alert.id, ()))])
    ]
    messages = [Rehearsed(said_at(alert), "event", (alert.id,)) for alert, _ in asked]
    if target.kind == "terminal" or target.traits.is_feed:
        messages = _by_bundle([alert for alert, _ in asked])
    elif target.traits.is_timed or any(
        s.digest or s.group_seconds or s.quiet for s in subscriptions
    ):
        messages = rehearse(asked, subscriptions)
    return Channel(
        tuple(dict.fromkeys(s.name for s in subscriptions)), target.kind, tuple(messages)
    )
