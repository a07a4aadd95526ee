"""Drafts a watch file: commented, and ready for `parley check`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from anyascii import anyascii

from schemas.feed import Feed

_MAX_ID_CHARS = 80


class Named(NamedTuple):
    """A side or mediator, and the other names that articles use for it."""

    name: str
    aliases: tuple[str, ...] = ()


def read_named(text: str) -> Named:
    """The name and aliases in ``NAME=ALIAS,ALIAS``.

    >>> read_named("Norland = Norlanders, Norville")
    Named(name='Norland', aliases=('Norlanders', 'Norville'))
    """
    name, _, rest = text.partition("=")
    return Named(name.strip(), tuple(filter(None, (alias.strip() for alias in rest.split(",")))))


def id_of(name: str) -> str:
    """An id made of a name; "" if it has no letter or digit.

    >>> id_of("Côte d'Ivoire: talks")
    'cote-d-ivoire-talks'
    """
    return re.sub(r"[^a-z0-9]+", "-", anyascii(name).lower())[:_MAX_ID_CHARS].strip("-")


def draft_watch(
    title: str,
    *,
    sides: Sequence[Named] = (),
    mediators: Sequence[Named] = (),
    phrases: Sequence[str] = (),
    feeds: Iterable[Feed] = (),
    schema: str = "",
) -> str:
    """The text of a watch file.

    Args:
        title: what people call the talks; the id is made of it.
        sides: that negotiate.
        mediators: that host or mediate, and govern.
        phrases: words that name these talks, beside the usual ones.
        feeds: that are polled.
        schema: address of the published schema, for editors.
    """
    lines = [f"# yaml-language-server: $schema={schema}"] if schema else []
    lines += [
        "version: 1",
        f"id: {id_of(title)}",
        f"title: {_quoted(title)}",
        "# contact: desk@example.org   # for sites that wonder who reads them",
        "",
        "# What is polled. `parley feeds find URL` finds the feeds of a site.",
        *_section("feeds", map(_feed, feeds)),
        "",
        "# Who negotiates (party, with a side), and who mediates, hosts or governs (official).",
        "# Aliases are what articles use: adjective, capital, leaders, short forms. An article",
        "# must name two sides, and no state that is not here more often than these.",
        *_section(
            "actors",
            [
                *(_actor(each, f"role: party, side: {id_of(each.name)}") for each in sides),
                *(_actor(each, "role: official") for each in mediators),
            ],
        ),
        "",
        "# What is talked about; `about: negotiation` where a mention means the talks themselves.",
        "topics:",
        f"  - {{id: talks, name: Talks, about: negotiation, phrases: {_flow(_talks(phrases))}}}",
        "  - {id: ceasefire, name: Ceasefire, about: negotiation, "
        "phrases: [ceasefire, cease-fire, truce]}",
        "",
        "# Who is told; `parley run` prints on the terminal without being asked.",
        "subscriptions:",
        '  - {name: desk, to: "atom:alerts.xml"}',
    ]
    return "\n".join(lines) + "\n"


def _talks(phrases: Sequence[str]) -> list[str]:
    usual = ("peace talk", "round of talks", "negotiation", "negotiator")
    return list(dict.fromkeys([*phrases, *usual]))


def _section(key: str, items: Iterable[str]) -> list[str]:
    lines = [f"  - {item}" for item in items]
    return [f"{key}:", *lines] if lines else [f"{key}: []"]


def _feed(feed: Feed) -> str:
    publisher = f", publisher: {_quoted(feed.publisher)}" if feed.publisher else ""
    return f"{{url: {_quoted(feed.url)}{publisher}}}"


def _actor(named: Named, rest: str) -> str:
    aliases = f", aliases: {_flow(named.aliases)}" if named.aliases else ""
    return f"{{id: {id_of(named.name)}, name: {_quoted(named.name)}, {rest}{aliases}}}"


def _flow(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _quoted(text: str) -> str:
    """The text as YAML reads it back, in quotation marks: JSON's are YAML's, too."""
    return json.dumps(text, ensure_ascii=False)
