"""Finds what is allowed in a watch and yet keeps it silent, or makes it mean nothing.

Each doubt is one line for people: what is wrong, where in the watch, and what to do about it.
"""

from __future__ import annotations

import dataclasses
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator

from schemas.watch import Actor, Topic, Watch
from transforms.core.relevance.subjects import own_states, sides_of
from transforms.core.text.phrases import is_acronym, read_sections, spelling_of

#: Characters by which people write patterns; a phrase is taken as it stands.
_PATTERN_MARKS = frozenset("*?|[](){}^\\")


def watch_doubts(watch: Watch) -> Iterator[str]:
    """Every doubt about the watch, in the order in which its keys stand in a file.

    >>> for doubt in watch_doubts(Watch("w", "W", (), (), [Topic("t", "T", ["the"], True)])):
    ...     print(doubt)
    topics[t]: phrase 'the' stands in every article; write words that only the talks have
    """
    yield from _side_doubts(watch)
    for actor in watch.actors:
        for name in (actor.name, *actor.aliases):
            if doubt := _name_doubt(name):
                yield f"actors[{actor.id}]: {doubt}"
    if not any(topic.is_negotiation for topic in watch.topics):
        yield (
            "no topic is `about: negotiation`, so nothing can alert; "
            "add it to the topic that names the talks"
        )
    for topic in watch.topics:
        yield from _topic_doubts(topic)


def _side_doubts(watch: Watch) -> Iterator[str]:
    sides = sides_of(watch)
    members: dict[str, list[Actor]] = defaultdict(list)
    for actor in watch.actors:
        if actor.id in sides:
            members[actor.side].append(actor)
        elif sides and actor.role == "party":
            yield (
                f"actors[{actor.id}]: a party without a side counts for none; add side:, or "
                "write role: official"
            )
    for side, actors in members.items():
        if not any(actor.aliases for actor in actors):
            yield (
                f"side {side!r} is known only as {_listed(actor.name for actor in actors)}; add "
                "aliases (adjective, capital, leaders), for an article must name two sides"
            )
    if len(members) > 1:
        yield from _mediator_doubts(watch)


def _mediator_doubts(watch: Watch) -> Iterator[str]:
    """An article that names a third state more often than the second side is not the watch's."""
    if not own_states(watch):
        yield (
            "no actor is a state, so any state that an article names more often than a side "
            "outweighs them all; add the country of the talks with role: official"
        )
        return
    officials = [actor for actor in watch.actors if actor.role == "official"]
    if not own_states(dataclasses.replace(watch, actors=officials)):
        yield (
            "no state that mediates or hosts is among the actors; one that an article names more "
            "often than the second side outweighs the sides, and the article is left out: add "
            "such states with role: official"
        )


def _name_doubt(written: str) -> str:
    """What is wrong with one name or phrase; "" if nothing is."""
    words = spelling_of(written).split()
    if not any(word[0].isalnum() for word in words):
        return f"{written!r} has no letter and names nothing; write a word"
    if marks := sorted(_PATTERN_MARKS.intersection(written)):
        return (
            f"{written!r} is taken as it stands, {' '.join(marks)} too; write the words "
            "themselves: plurals and hyphens are found without patterns"
        )
    if not is_acronym(written) and _are_common(words):
        return f"{written!r} stands in every article; write words that only the talks have"
    return ""


def _are_common(words: list[str]) -> bool:
    """Reports if words say nothing: stop words and letters, or one number."""
    if len(words) == 1 and words[0].isdecimal():
        return True
    return all(word in _stop_words() or (len(word) < 2 and word.isalpha()) for word in words)


@functools.cache
def _stop_words() -> frozenset[str]:
    return frozenset(
        word for line in read_sections("wording.txt")["stop words"] for word in line.split()
    )


def _topic_doubts(topic: Topic) -> Iterator[str]:
    for phrase in topic.phrases:
        if doubt := _name_doubt(phrase):
            yield f"topics[{topic.id}]: phrase {doubt}"


def _listed(names: Iterable[str]) -> str:
    return " and ".join(repr(name) for name in names)
