"""Watches from YAML files, whole or not at all.

A watch is a file or the name of one that Parley brings along. What may stand in it is in
``watch_models``, how mistakes are told in ``watch_mistakes``; this module reads the files and
makes the plain schema types of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from connectors.files.feed_lists import read_feed_list
from connectors.watchfile.fields import read_age, read_duration
from connectors.watchfile.located_yaml import MAX_YAML_BYTES, read_located
from connectors.watchfile.mistakes import Mistake, did_you_mean, ids_of, unknown_ids, validate
from connectors.watchfile.subscription_models import SubscriptionsItem
from connectors.watchfile.watch_models import ExpertItem, WatchItem
from schemas.errors import ConfigurationError
from schemas.feed import Feed
from schemas.subscription import Subscription
from schemas.watch import Actor, AlertPolicy, ListedExpert, Topic, Watch


def load_watches(
    references: Iterable[str],
    *,
    bundled: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
) -> tuple[Watch, ...]:
    """The watches that ``references`` name, in their order.

    Raises:
        ConfigurationError: with the mistakes of all of them.
    """
    watches: dict[str, Watch] = {}
    mistakes: list[str] = []
    for reference in references:
        try:
            watch = load_watch(reference, bundled=bundled, environment=environment)
        except ConfigurationError as error:
            mistakes += error.mistakes
            continue
        if watch.id in watches:
            mistakes.append(
                f"{reference}: watch id {watch.id!r} is given twice; rename or drop one"
            )
        watches[watch.id] = watch
    if mistakes:
        raise ConfigurationError(mistakes)
    return tuple(watches.values())


def load_watch(
    reference: str,
    *,
    bundled: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
) -> Watch:
    """The watch that ``reference`` names: a bundled watch, else a file.

    ``bundled`` lists folders of watches and single watch files. An OPML file is looked for
    beside the watch; a subscription's file is left as it stands, relative to the working
    directory. ``environment`` defaults to the process's own.

    Raises:
        ConfigurationError: with one line per mistake: file, line, place, value, what to do.
    """
    path = _find(reference, bundled_watches(bundled))
    place = str(path)
    located = read_located(_read(path), place)
    feeds, unread = _read_feeds(located.value, path.parent)
    variables = os.environ if environment is None else environment
    data = located.value if isinstance(located.value, dict) else {}
    unread += unknown_ids(data, ids_of(data, "actors"), ids_of(data, "topics"))
    item, mistakes = validate(WatchItem, located, place, variables, unread)
    if item is None:
        raise ConfigurationError(mistakes)
    return _to_watch(item, feeds)


def load_subscriptions(
    path: Path, watches: Sequence[Watch] = (), *, environment: Mapping[str, str] | None = None
) -> tuple[Subscription, ...]:
    """The subscriptions in a file of their own, each narrowed to what the watches know.

    Raises:
        ConfigurationError: with one line per mistake: file, line, place, value, what to do.
    """
    place = str(path)
    located = read_located(_read(path), place)
    data = located.value if isinstance(located.value, dict) else {}
    known: list[Mistake] = []
    if watches:
        actors = [actor.id for watch in watches for actor in watch.actors]
        topics = [topic.id for watch in watches for topic in watch.topics]
        known = unknown_ids(data, actors, topics)
    variables = os.environ if environment is None else environment
    item, mistakes = validate(SubscriptionsItem, located, place, variables, known)
    if item is None:
        raise ConfigurationError(mistakes)
    return tuple(subscription.to_schema() for subscription in item.subscriptions)


def bundled_watches(bundled: Sequence[Path]) -> dict[str, Path]:
    """The watch files in ``bundled`` folders and files, by name, sorted."""
    files = [
        file for path in bundled for file in (path.glob("*.yaml") if path.is_dir() else [path])
    ]
    return {file.stem: file for file in sorted(files, key=lambda file: file.stem)}


def _find(reference: str, known: Mapping[str, Path]) -> Path:
    path = Path(reference)
    if reference in known:
        return known[reference]
    if path.is_file():
        return path
    if path.is_dir():
        raise ConfigurationError([f"{reference}: is a folder; give a watch's file or name"])
    if path.suffix or len(path.parts) > 1 or not known:
        raise ConfigurationError([f"{reference}: no such file; give a watch's file or name"])
    remedy = did_you_mean(reference, known)
    names = ", ".join(known)
    listed = "" if remedy.startswith("use one of") else f" (bundled: {names})"
    raise ConfigurationError([f"{reference}: no such watch; {remedy}{listed}"])


def _read(path: Path) -> bytes:
    """At most one byte more than a watch may have."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_YAML_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(
            [f"{path}: {error.strerror}; check the path and its rights"]
        ) from error


def _read_feeds(data: object, folder: Path) -> tuple[tuple[Feed, ...], list[Mistake]]:
    """All feeds of a watch that stands in ``folder``, each once, and the OPML files' mistakes.

    Works on the data as it stands, so that OPML mistakes are told beside all others.
    """
    listed = data.get("feeds") if isinstance(data, dict) else None
    feeds: dict[str, Feed] = {}
    mistakes: list[Mistake] = []
    for i, item in enumerate(listed if isinstance(listed, list) else []):
        if not isinstance(item, dict):
            continue
        url, opml = item.get("url"), item.get("opml")
        if isinstance(url, str):
            feeds.setdefault(url, Feed(url, str(item.get("publisher") or "").strip()))
        elif isinstance(opml, str) and opml.strip():
            found, wrong = _read_opml(folder / opml.strip())
            mistakes += [(("feeds", i, "opml"), text) for text in wrong]
            for feed in found:
                feeds.setdefault(feed.url, feed)
    return tuple(feeds.values()), mistakes


def _read_opml(path: Path) -> tuple[tuple[Feed, ...], list[str]]:
    try:
        return read_feed_list(path.read_bytes(), path.name), []
    except OSError as error:
        remedy = "paths are relative to the watch's folder"
        return (), [f"{str(path)!r} cannot be read ({error.strerror}); {remedy}"]
    except ConfigurationError as error:
        return (), error.mistakes


def _to_watch(item: WatchItem, feeds: tuple[Feed, ...]) -> Watch:
    return Watch(
        id=item.id,
        title=item.title,
        feeds=feeds,
        actors=[Actor(a.id, a.name, a.role, a.side or "", a.aliases) for a in item.actors],
        topics=[Topic(t.id, t.name, t.phrases, t.about is not None) for t in item.topics],
        languages=item.languages,
        horizon_seconds=read_duration(item.horizon),
        max_age_seconds=read_age(item.max_age),
        alert_on=AlertPolicy(
            item.alert_on.speakers, item.alert_on.named, item.alert_on.min_confidence
        ),
        always_experts=_experts(item.experts.always),
        expert_institutions=tuple(item.experts.institutions),
        never_experts=_experts(item.experts.never),
        subscriptions=[s.to_schema() for s in item.subscriptions],
        contact=item.contact or "",
    )


def _experts(items: Iterable[ExpertItem]) -> list[ListedExpert]:
    return [ListedExpert(item.name, item.affiliation or "") for item in items]
