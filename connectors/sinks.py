"""Where alerts go on this machine: files and the terminal; what leaves it is in messengers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from rich.console import Console

from connectors.channels.atom import AtomSink
from connectors.channels.json_feed import JsonFeedSink
from connectors.channels.json_lines import JsonLinesSink
from connectors.channels.terminal import TerminalSink
from schemas.alert import Bundle
from schemas.delivery import Notice
from schemas.errors import ConfigurationError

_KINDS = "terminal, atom:FILE, jsonfeed:FILE or jsonl:FILE"


class Sink(Protocol):
    """Takes Bundles: one message each for people, one event per alert for programs; and Notices."""

    def write(self, bundles: Sequence[Bundle], notices: Sequence[Notice] = ()) -> None:
        """Deliver them: a feed file then holds exactly these, all else adds them.

        Raises:
            OSError: they could not be delivered; nothing or part of it has arrived.
        """


def open_sink(target: str, *, console: Console | None = None, title: str = "Parley alerts") -> Sink:
    """The sink that a subscription names: terminal, atom:FILE, jsonfeed:FILE or jsonl:FILE.

    ``console`` is where the terminal's bundles go, standard output by default; ``title`` is
    what a feed reader calls the feed.

    Raises:
        ConfigurationError: there is no such kind, or the place cannot be written.
    """
    kind, _, place = target.partition(":")
    if target == "terminal":
        return TerminalSink(console or Console())
    if place and kind == "atom":
        return AtomSink(Path(place), title=title)
    if place and kind == "jsonfeed":
        return JsonFeedSink(Path(place), title=title)
    if place and kind == "jsonl":
        return JsonLinesSink(place, append=True)
    raise ConfigurationError([f"{target!r}: no such destination; use {_KINDS}"])
