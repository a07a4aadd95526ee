"""Lays text out on a console: wrapped, indented, and free of trailing blanks when piped."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from rich.console import Console
from rich.text import Text

#: Longer lines are hard to read on a wide terminal.
_WIDEST = 100


def is_coloured(console: Console) -> bool:
    """Whether colours reach the reader: not in a pipe, nor under NO_COLOR."""
    return console.color_system is not None and not console.no_color


#: What terminals set that show links (OSC 8): VTE (GNOME and others), kitty, Windows Terminal,
#: Konsole, and by name iTerm2, WezTerm, VS Code, Ghostty.
_LINKING = ("VTE_VERSION", "KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION")
_LINKING_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty"})


def shows_links(console: Console, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a link can hide behind words: only where a terminal is known to show it."""
    is_known = environment.get("TERM_PROGRAM", "") in _LINKING_PROGRAMS
    return (
        console.is_terminal
        and is_coloured(console)
        and (is_known or any(environment.get(name) for name in _LINKING))
        and not environment.get("TMUX")
    )


def width_of(console: Console) -> int:
    """The columns to fill: those of the console, but no more than are easy to read."""
    return max(20, min(console.width, _WIDEST))


_PLAIN = Console(color_system=None, force_terminal=False)


def fitted(words: Callable[[int], str], width: int, lines: int) -> list[str]:
    """What ``words`` gives for a number of characters, as long as fits into so many lines.

    >>> fitted(lambda limit: "No deal before the thaw"[:limit], 10, 2)
    ['No deal', 'before the']
    """
    limit = width * lines
    while True:
        shown = [line.plain.rstrip() for line in Text(words(limit)).wrap(_PLAIN, width)]
        if len(shown) <= lines or limit <= width // 2:
            return shown[:lines]
        limit -= max(1, limit // 20)


def shared(needs: Sequence[int], least: int, room: int) -> list[int]:
    """The lines that each text gets of ``room``: at least one, the first ``least``; what is
    left goes to the first that need more. Texts for which there is no room get none.

    >>> shared([5, 3, 1, 2], least=2, room=8), shared([9, 1, 1], least=2, room=3)
    ([5, 1, 1, 1], [2, 1])
    """
    given = [min(need, 1 if number else least) for number, need in enumerate(needs)]
    while given and sum(given) > room:
        given.pop()
    spare = room - sum(given)
    for number, need in enumerate(needs[: len(given)]):
        more = min(need - given[number], spare)
        given[number] += more
        spare -= more
    return given


def put(console: Console, text: Text, first: Text | str = "", rest: str = "") -> None:
    """Print ``text`` wrapped, its first line after ``first``, the others after ``rest``.

    Text is never read as markup, and nothing in it is highlighted.
    """
    lead = Text(first) if isinstance(first, str) else first
    indent = max(lead.cell_len, len(rest))
    width = max(20, width_of(console) - indent)
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
