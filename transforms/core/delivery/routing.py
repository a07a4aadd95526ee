"""Which subscriptions an alert is for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from schemas.alert import Alert
from schemas.subscription import Muting, Narrowing, Subscription
from transforms.core.people.names import same_person


def matches(alert: Alert, subscription: Subscription, article_tags: Collection[str]) -> bool:
    """Whether the subscription takes the alert.

    ``article_tags`` are the ids of all actors and topics that the article names, for
    subscriptions of the scope "article".
    """
    if subscription.watches and alert.watch not in subscription.watches:
        return False
    return _is_asked_for(alert, subscription.only, article_tags) and not _is_muted(
        alert, subscription.mute
    )


def _is_asked_for(alert: Alert, only: Narrowing, article_tags: Collection[str]) -> bool:
    is_whole = only.scope == "article"
    actors = article_tags if is_whole else _of_new(alert, "actors")
    topics = article_tags if is_whole else _of_new(alert, "topics")
    return (
        _meets(only.actors, actors)
        and _meets(only.topics, topics)
        and (not only.speakers or _is_one_of(alert.speaker.name, only.speakers))
        and (not only.publishers or _is_published_by(alert, only.publishers))
        and only.priority in (None, alert.priority)
    )


def _meets(asked: Collection[str], tags: Collection[str]) -> bool:
    """Whether one of the tags is asked for, or none is."""
    return not asked or not set(asked).isdisjoint(tags)


def _is_muted(alert: Alert, mute: Muting) -> bool:
    """Whether the speaker or publisher is muted, or all that is new in the alert."""
    new = {statement.id for statement in alert.new_statements}
    return (
        _is_one_of(alert.speaker.name, mute.speakers)
        or _is_published_by(alert, mute.publishers)
        or (bool(new) and new <= set(mute.statements))
    )


def _of_new(alert: Alert, field: str) -> set[str]:
    return {tag for s in alert.new_statements for tag in getattr(s, field)}


def _is_one_of(name: str, names: Iterable[str]) -> bool:
    return any(same_person(name, other) for other in names)


def _is_published_by(alert: Alert, publishers: Sequence[str]) -> bool:
    publisher = " ".join(alert.article.publisher.casefold().split())
    return any(publisher == " ".join(other.casefold().split()) for other in publishers)
