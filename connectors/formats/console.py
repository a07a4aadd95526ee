"""Lays text out on a console: wrapped, indented, and free of trailing blanks when piped."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

#: Longer lines are hard to read on a wide terminal.
_WIDEST = 100


def is_coloured(console: Console) -> bool:
    """Whether colours reach the reader: not in a pipe, nor under NO_COLOR."""
    return console.color_system is not None and not console.no_color


def put(console: Console, text: Text, first: Text | str = "", rest: str = "") -> None:
    """Print ``text`` wrapped, its first line after ``first``, the others after ``rest``.

    Text is never read as markup, and nothing in it is highlighted.
    """
    lead = Text(first) if isinstance(first, str) else first
    indent = max(lead.cell_len, len(rest))
    width = max(20, min(console.width, _WIDEST) - indent)
    for number, line in enumerate(text.wrap(console, width) or [Text("")]):
        line.rstrip()
        put_whole(console, Text.assemble(lead if number == 0 else rest, line))


def put_whole(console: Console, text: Text) -> None:
    """Print ``text`` on one line, however long: an address that is broken cannot be followed."""
    console.print(text, soft_wrap=True, highlight=False)


def label_of(label: str, style: str, indent: int = 2) -> Text:
    """A label with the space up to its text, which begins a little later after a long label."""
    return Text(f"{'':{indent}}{label:<8} ", style)


def put_field(console: Console, label: str, text: Text | str, indent: int = 2) -> None:
    """Print a label in a column of its own with the text beside it; nothing without text."""
    shown = Text(text) if isinstance(text, str) else text
    if shown.plain:
        lead = label_of(label, "dim", indent)
        put(console, shown, lead, " " * lead.cell_len)
