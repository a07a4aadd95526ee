"""`parley check`: is a watch right, do its feeds answer, can its channels be served?

A mistake in a watch, a subscription or an option stops a command. Something missing around them
(a variable, a library, a folder, a mail server's address) stops one channel only: its alerts wait
in the ledger, and the other channels get theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console

from connectors.channels.targets import Target
from connectors.formats import humanize
from connectors.formats.sanitizing import clean_line
from pipelines.settings.run_config import MonitorConfig
from schemas.errors import ConfigurationError, FetchError
from schemas.feed import Feed, FeedState
from schemas.subscription import Subscription
from schemas.watch import Watch
from transforms.core.relevance.watch_doubts import watch_doubts

#: Feeds polled at the same time.
_THREADS = 32


def check_watches(
    references: Sequence[str],
    *,
    online: bool,
    allow_hosts: Sequence[str],
    subscriptions_file: str = "",
    cases: str = "",
    model: str | None = None,
    against: str = "",
    since: str = "7d",
) -> bool:
    """Print what each watch and the file of subscriptions hold, with ``online`` what each feed
    answers, which channels cannot be sent to, and with a file of cases which of these are read
    rightly, and ``against`` articles why experts' statements in them would not alert; all well?

    Raises:
        ConfigurationError: with every mistake of every watch.
    """
    console = Console(highlight=False)
    well = True
    config = MonitorConfig.from_options(
        references,
        allow_hosts=allow_hosts,
        subscriptions_file=subscriptions_file,
        shows_terminal=False,
    )
    for watch in config.watches:
        console.print(_line(watch), markup=False, soft_wrap=True)
        for doubt in _doubts(watch):
            console.print(f"  but {clean_line(doubt)}", markup=False, soft_wrap=True)
        if online:
            well = _check_feeds(watch.feeds, allow_hosts, config.contact, console) and well
    well = _check_channels(config, console) and well
    if against:
        from pipelines.services.check_against import print_causes  # loads spaCy

        print_causes(config.watches, against, since, model, console)
    if cases:
        from pipelines.services.cases import check_cases  # loads spaCy

        well = check_cases(cases, config.watches, model, console) and well
    return well


def _line(watch: Watch) -> str:
    negotiation = sum(topic.is_negotiation for topic in watch.topics)
    return (
        f"{watch.id}: right. {humanize.counted(len(watch.actors), 'actor')}, "
        f"{humanize.counted(len(watch.topics), 'topic')} ({negotiation} about the negotiation), "
        f"{humanize.counted(len(watch.feeds), 'feed')}, "
        f"{humanize.counted(len(watch.subscriptions), 'subscription')}"
    )


def _doubts(watch: Watch) -> Iterator[str]:
    """What is allowed, and yet surely not meant."""
    yield from watch_doubts(watch)
    if not watch.feeds:
        yield "it has no feeds: give --feeds or --input to `parley run`"
    if set(watch.languages) != {"en"}:
        yield "only English is understood: articles in other languages are not annotated well"


def _check_channels(config: MonitorConfig, console: Console) -> bool:
    if config.subscriptions_file:
        theirs = sum(len(watch.subscriptions) for watch in config.watches)
        own = humanize.counted(len(config.subscriptions) - theirs, "subscription")
        line = clean_line(f"{config.subscriptions_file}: right. {own}")
        console.print(line, markup=False, soft_wrap=True)
    hindered = [clean_line(f"nothing can be sent to {each}") for each in channel_problems(config)]
    for line in hindered:
        console.print(line, markup=False, soft_wrap=True)
    return not hindered


def _cause(error: Exception) -> str:
    """What went wrong, without the address."""
    return error.detail if isinstance(error, FetchError) else str(error)


def _check_feeds(
    feeds: Sequence[Feed], allow_hosts: Sequence[str], contact: str, console: Console
) -> bool:
    from connectors.web.fetcher import HttpFetcher  # these load trafilatura and lxml
    from transforms.core.feeds.poll_once import poll

    fetcher = HttpFetcher(allow_hosts=allow_hosts, contact=contact)
    well = True
    with ThreadPoolExecutor(_THREADS) as pool:
        polls = pool.map(lambda feed: poll(fetcher, feed, FeedState(feed.url)), feeds)
        for feed, (done, error) in zip(feeds, polls, strict=True):
            well = well and error is None
            answer = humanize.counted(len(done.entries), "entry", "entries")
            if error:
                answer = f"failed: {_cause(error)}"
            console.print(clean_line(f"  {feed.url}: {answer}"), markup=False, soft_wrap=True)
    fetcher.close()
    return well


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
