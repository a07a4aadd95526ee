"""Bundles on the terminal: one readable block each, plain when piped."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from connectors.formats.console import put, put_whole
from connectors.formats.sanitizing import clean_line
from connectors.formats.text import print_brief
from schemas.alert import Bundle
from schemas.delivery import Notice


class TerminalSink:
    """Prints a short block for each expert, best words first."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def write(self, bundles: Sequence[Bundle], notices: Sequence[Notice] = ()) -> None:
        """Print the bundles in the order given, then the notices."""
        for bundle in bundles:
            print_brief(bundle, self._console)
        for notice in notices:
            put(self._console, Text(clean_line(notice.title), style="bold"))
            put(self._console, Text(clean_line(notice.text)), "  ", "  ")
            put_whole(self._console, Text())
