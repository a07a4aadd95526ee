"""What a run is to do, validated before anything is built."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

from connectors.channels.json_lines import STANDARD_OUTPUT
from connectors.channels.mail import MailServer
from connectors.channels.targets import Target, target_of
from connectors.files.whole_files import check_writable
from connectors.formats.sanitizing import without_passwords
from connectors.pubsub.addresses import read_pubsub_path
from connectors.watchfile.fields import read_age, read_duration
from connectors.watchfile.loading import load_subscriptions, load_watches
from connectors.web.warc import warc_file
from pipelines.settings.contact import contact_for
from pipelines.settings.hints import DEFAULT_ARCHIVE
from schemas.article import Article
from schemas.errors import ConfigurationError
from schemas.feed import Feed
from schemas.subscription import Subscription
from schemas.watch import Watch
from transforms.core.relevance.subjects import ANY_NEGOTIATION

HERE = Path(__file__).parent.parent
#: Where bundled watches stand.
WATCHES = HERE / "watches"
BUNDLED = (WATCHES, HERE / "sample" / "sample.yaml", HERE / "sample" / "template.yaml")
#: The recorded answers of the sample newsroom, for ``--recorded sample``.
SAMPLE = HERE / "sample"

#: Names for Beam's runners. The first runs in this process and needs no download; plain
#: DirectRunner looks for Prism, another engine, and fetches it from the network.
RUNNERS = {
    "in-process": "FnApiRunner",
    "FnApiRunner": "FnApiRunner",
    "DirectRunner": "DirectRunner",
}

#: The channel of ``--out`` in the ledger of deliveries.
OUT_CHANNEL = "out"

#: What prints alerts though no subscription asks for it.
TERMINAL = Subscription("terminal", "terminal")

_HOST = re.compile(r"[A-Za-z0-9._-]+|\[?[0-9A-Fa-f:.]+\]?")


@dataclass(frozen=True)
class MonitorConfig:
    """One run, ready to be built. ``from_options`` makes and checks it."""

    watches: tuple[Watch, ...]
    feeds: tuple[Feed, ...]  #: of all watches, each once; or those given instead
    inputs: tuple[str, ...] = ()  #: files and folders read instead of feeds
    read_articles: Callable[[], Iterable[Article]] | None = None  #: instead of both: read before
    archive: str = DEFAULT_ARCHIVE
    out: str = ""  #: file for Alert events, "-" for standard output
    allow_hosts: tuple[str, ...] = ()
    recorded: Path | None = None  #: folder of recorded answers instead of the network
    warc: Path | None = None  #: file that keeps what was fetched
    runner: str = "FnApiRunner"
    workers: int = 1
    model: str | None = None
    meaning: str = ""  #: folder of a model of meaning; "" without one
    deliver: bool = True
    ask_all_feeds: bool = False  #: whatever their rhythm: feeds that were named for this run
    references: tuple[str, ...] = ()  #: how the watches were named, in their order
    subscriptions_file: str = ""
    subscriptions: tuple[Subscription, ...] = ()  #: all that are served, each with its watches
    mail_server: MailServer | None = None
    contact: str = ""  #: for the User-Agent

    @classmethod
    def from_options(
        cls,
        watches: Sequence[str],
        *,
        feeds: Sequence[Feed] = (),
        inputs: Sequence[str] = (),
        archive: str = DEFAULT_ARCHIVE,
        out: str = "",
        max_age: str | None = None,
        allow_hosts: Sequence[str] = (),
        recorded: str = "",
        warc: str = "",
        runner: str = "in-process",
        workers: int = 1,
        model: str | None = None,
        meaning: str = "",
        deliver: bool = True,
        subscriptions_file: str = "",
        shows_terminal: bool = True,
    ) -> MonitorConfig:
        """Check all options at once.

        Raises:
            ConfigurationError: with one line per mistake, of options and watches alike.
        """
        mistakes = [*_mistakes(inputs, allow_hosts, runner, workers), *_recorded_mistakes(recorded)]
        mistakes += _out_mistakes(out)
        loaded: tuple[Watch, ...] = ()
        try:
            loaded = watches_named(watches)
        except ConfigurationError as error:
            mistakes += error.mistakes
        age, age_mistake = _max_age(max_age, has_inputs=bool(inputs))
        mistakes += age_mistake
        mail_server, served, contact = None, tuple[Subscription, ...](), ""
        try:
            contact = contact_for(loaded)
            mail_server = MailServer.from_environment(os.environ)
            own = load_subscriptions(Path(subscriptions_file), loaded) if subscriptions_file else ()
            served = tuple(_served(loaded, own, out, shows_terminal=shows_terminal))
        except ConfigurationError as error:
            mistakes += error.mistakes
        if mistakes:
            raise ConfigurationError(mistakes)
        if age is not _KEEP:
            loaded = tuple(replace(watch, max_age_seconds=age) for watch in loaded)
        own_feeds = {feed.url: feed for watch in loaded for feed in watch.feeds}
        return cls(
            watches=loaded,
            feeds=tuple(feeds) if feeds else tuple(own_feeds.values()),
            inputs=tuple(inputs),
            archive=archive,
            out=out,
            allow_hosts=tuple(allow_hosts),
            recorded=_recorded_folder(recorded),
            warc=warc_file(warc, datetime.now(timezone.utc)) if warc else None,
            runner=RUNNERS[runner],
            workers=workers,
            model=model,
            meaning=meaning,
            deliver=deliver,
            ask_all_feeds=bool(feeds or recorded),
            references=tuple(watches),
            subscriptions_file=subscriptions_file,
            subscriptions=served,
            mail_server=mail_server,
            contact=contact,
        )

    @property
    def is_anonymous(self) -> bool:
        """Reports if sites will be asked and cannot tell by whom."""
        return not (self.contact or self.inputs or self.recorded or self.read_articles)

    def check_feeds(self, remedy: str) -> None:
        """Do nothing if there are feeds to poll.

        Raises:
            ConfigurationError: there are none; ``remedy`` names the options that help.
        """
        if not self.feeds:
            who = ", ".join(self.references)
            mistake = f"{who}: no feeds; name some in the watch, or give {remedy}"
            raise ConfigurationError([mistake])

    def channels(self) -> dict[str, tuple[str, ...]]:
        """Where each watch's alerts go whoever subscribes, by the watch's id."""
        out = (OUT_CHANNEL,) if self.out else ()
        return {watch.id: out for watch in self.watches}

    def targets(self) -> dict[Target, list[Subscription]]:
        """The subscriptions that lead to each target."""
        return by_target(self.subscriptions)


def read_interval(text: str) -> int:
    """Seconds in the value of ``--every``.

    Raises:
        ConfigurationError: it is no time.

    >>> read_interval("30s"), read_interval("5m")
    (30, 300)
    """
    try:
        if found := re.fullmatch(r"([1-9][0-9]{0,8})s", text):
            return int(found[1])
        return read_duration(text)
    except ValueError as error:
        problem = str(error).partition("; ")[0]
        raise ConfigurationError(
            [f"--every: {problem}; write seconds, minutes or hours: 30s, 5m, 1h"]
        ) from error


def subscription_path(source: str) -> str:
    """The subscription that ``--source`` names.

    Raises:
        ConfigurationError: it names none.
    """
    return _pubsub_path("--source", source, "subscriptions")


def topic_path(sink: str) -> str:
    """The topic that ``--sink`` names.

    Raises:
        ConfigurationError: it names none.
    """
    return _pubsub_path("--sink", sink, "topics")


def _pubsub_path(option: str, given: str, kind: Literal["topics", "subscriptions"]) -> str:
    try:
        return read_pubsub_path(given, kind)
    except ValueError as error:
        raise ConfigurationError([f"{option}: {given!r} {error}"]) from error


def by_target(subscriptions: Iterable[Subscription]) -> dict[Target, list[Subscription]]:
    """The subscriptions that lead to each target, in the order given."""
    found: dict[Target, list[Subscription]] = {}
    for subscription in subscriptions:
        if target := target_of(subscription):
            found.setdefault(target, []).append(subscription)
    return found


def watches_named(references: Sequence[str]) -> tuple[Watch, ...]:
    """The watches of these names and files.

    Raises:
        ConfigurationError: with the mistakes of all of them.
    """
    if ANY_NEGOTIATION in references:
        use = "`explain` and `annotate` read by it where no --watch is given"
        raise ConfigurationError(
            [f"{ANY_NEGOTIATION}: has neither file nor feeds: {use}; leave it out"]
        )
    return load_watches(references, bundled=BUNDLED)


def _served(
    watches: Sequence[Watch], own: Sequence[Subscription], out: str, *, shows_terminal: bool
) -> Iterable[Subscription]:
    """Every subscription with the ids of its watches; none prints where ``--out -`` does.

    Raises:
        ConfigurationError: one in the file is named as a watch's own: what waits for the one
            while its target is not known would reach the other.
    """
    ids = [watch.id for watch in watches]
    found = [replace(TERMINAL, watches=ids)] if shows_terminal else []
    found += [replace(s, watches=[watch.id]) for watch in watches for s in watch.subscriptions]
    taken = {(s.name, *s.watches) for s in found}
    if twice := [s.name for s in own if (s.name, *s.watches) in taken]:
        remedy = "its watch has one of that name; name it otherwise"
        raise ConfigurationError([f"--subscriptions: {name!r}: {remedy}" for name in twice])
    found += own
    return (s for s in found if s.to != TERMINAL.to or out != STANDARD_OUTPUT)


_KEEP = -1  #: --max-age was not given: what the watch says


def _max_age(given: str | None, *, has_inputs: bool) -> tuple[int | None, list[str]]:
    """Seconds, None for no limit, _KEEP for the watch's own; and the mistake, if any."""
    if given is None:
        return (None if has_inputs else _KEEP), []
    try:
        return read_age(given), []
    except ValueError as error:
        return _KEEP, [f"--max-age: {error} or all"]


def _mistakes(
    inputs: Sequence[str], allow_hosts: Sequence[str], runner: str, workers: int
) -> list[str]:
    mistakes = [
        f"--input: {without_passwords(path)!r}: no such file or folder; check the path"
        for path in inputs
        if not Path(path).exists()
    ]
    mistakes += [
        f"--allow-host: {host!r} is not a host name or address; give it without http:// and port"
        for host in allow_hosts
        if not _HOST.fullmatch(host)
    ]
    if runner not in RUNNERS:
        mistakes.append(f"--runner: {runner!r} is not known here; use one of {', '.join(RUNNERS)}")
    if workers < 1:
        mistakes.append(f"--workers: {workers} is too few; give 1 or more")
    return mistakes


def _recorded_folder(given: str) -> Path | None:
    if not given:
        return None
    return SAMPLE if given == "sample" else Path(given)


def _recorded_mistakes(given: str) -> list[str]:
    folder = _recorded_folder(given)
    if folder is None or (folder / "responses.yaml").is_file():
        return []
    return [f"--recorded: {given!r} has no responses.yaml; give its folder, or the word sample"]


def _out_mistakes(out: str) -> list[str]:
    try:
        if out not in ("", STANDARD_OUTPUT):
            check_writable(Path(out), "--out")
    except ConfigurationError as error:
        return error.mistakes
    return []
