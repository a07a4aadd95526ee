"""Alerts as plain text and for terminals: in brief, or with all that is known."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from rich.console import Console
from rich.text import Text

from connectors.formats import headlines, phrasing
from connectors.formats.console import (
    fitted,
    label_of,
    put,
    put_field,
    put_whole,
    shared,
    shows_links,
    width_of,
)
from connectors.formats.sanitizing import clean_line, shorten, web_address
from connectors.formats.sizes import Size
from schemas.alert import Alert, AlertArticle, AlertStatement, Bundle
from transforms.core.delivery.ranking import most_important_first

#: Shown of the text on either side of the words: about a line on an ordinary terminal.
_CONTEXT_CHARACTERS = 80
_BLOCK = Size(statements=5, characters=1000, lines=12)
#: Of the best statement, whatever else there is.
_HEADLINE_LINES = 2


def print_brief(bundle: Bundle, console: Console) -> None:
    """Print a block of at most twelve lines for each expert: who and what, where, other new
    words, and who the expert is. The address stands in the first.
    """
    for number, alert in enumerate(most_important_first(bundle.alerts)):
        print_alert(alert, console, has_place=not number)


def print_alert(
    alert: Alert,
    console: Console,
    size: Size = _BLOCK,
    *,
    has_place: bool = True,
) -> None:
    """Print a block of at most so many lines and statements as the size has, an empty line last.

    Without ``has_place`` it says that it is on the article of the block before.
    """
    shown, lines = headlines.telling(alert, size.statements), size.lines
    place = _place(alert, console, is_first=has_place)
    width = width_of(console)
    who = f"{headlines.speaker_of(alert)}: "
    leads, widths = [who, *[""] * len(shown[1:])], [width, *[width - 4] * len(shown[1:])]
    texts = [partial(_after, *each, size.characters) for each in zip(leads, shown, strict=True)]
    needs = [len(fitted(t, w, lines)) for t, w in zip(texts, widths, strict=True)]
    room = lines - len(place) - 3  # how to see the rest, who the expert is, the empty line
    given = shared(needs, _HEADLINE_LINES, room)
    wrapped = [fitted(*each) for each in zip(texts, widths, given, strict=False)]
    _print_headline(wrapped[0], who, console)
    others = [
        Text(f"    {line}" if number else f"  · {line}")
        for each in wrapped[1:]
        for number, line in enumerate(each)
    ]
    ends = [phrasing.left_out(alert, len(wrapped)), phrasing.standing(alert, width - 2)]
    below = [Text(f"  {end}", "dim") for end in ends if end]
    for line in (*place, *others, *below, Text()):
        put_whole(console, line)


def _after(lead: str, statement: AlertStatement, most: int, limit: int) -> str:
    return f"{lead}{phrasing.words_of(statement, min(most, max(1, limit - len(lead))))}"


def _print_headline(lines: Sequence[str], who: str, console: Console) -> None:
    for number, line in enumerate(lines):
        shown = Text(line, "bold")
        if not number:
            shown.stylize("cyan", 0, len(who.rstrip(" :")))
        put_whole(console, shown)


def _place(alert: Alert, console: Console, *, is_first: bool) -> list[Text]:
    """Outlet and time, and the address: behind these where the terminal shows links."""
    width = width_of(console) - 2
    url = web_address(alert.article.url)
    where = shorten(phrasing.place(alert), width)
    if not is_first:
        return [Text(f"  {shorten(f'same article, alert {phrasing.short_id(alert)}', width)}")]
    if url and shows_links(console):
        return [Text.assemble("  ", (where, f"blue link {url}"))]
    address = url or clean_line(alert.article.url)
    return [Text(f"  {where}"), Text.assemble("  ", (address, "blue"))]


def print_details(alert: Alert, most: int, console: Console) -> None:
    """Print what only some readers ask for, after a block with ``most`` statements."""
    for label, text in phrasing.details(alert, headlines.telling(alert, most)):
        put_field(console, label, text)
    put_whole(console, Text())


def print_bundle(bundle: Bundle, console: Console) -> None:
    """Print all that is known of one Bundle, as a block that ends with an empty line."""
    put(console, Text(headlines.headline(bundle), style="bold"))
    for alert in bundle.alerts:
        put_whole(console, Text())
        put(console, Text(phrasing.who(alert.speaker), style="bold cyan"), "  ", "    ")
        put_field(console, "Because", Text(phrasing.because(alert), style="bold"))
        for number, group in enumerate(phrasing.passages(alert)):
            if number:
                put_whole(console, Text())
            for statement in group:
                _print_statement(statement, alert, console)
            if any(phrasing.is_news(statement, alert) for statement in group):
                put_field(console, "Around", phrasing.around(group, _CONTEXT_CHARACTERS))
        put_whole(console, Text())
        _print_reasons(alert, console)
    put_whole(console, Text())
    _print_article(bundle.alerts[0].article, console)
    put_whole(console, Text())


def _print_statement(statement: AlertStatement, alert: Alert, console: Console) -> None:
    is_new = phrasing.is_news(statement, alert)
    mark = label_of(phrasing.mark(statement, alert), "green" if is_new else "yellow")
    words = Text(phrasing.words_of(statement), style="bold" if is_new else "")
    put(console, words, mark, " " * mark.cell_len)
    put_field(console, "", Text(phrasing.said_how(statement, alert), style="dim"))
    if is_new:
        put_field(console, "About", phrasing.about(statement))
        _print_address("Source", statement.link, console)
    if alert.is_withdrawal:
        _print_address("Source", statement.link, console)
        return
    earlier, how = phrasing.nearest(statement, alert.speaker)
    put_field(console, "Nearest", earlier)
    put_field(console, "", Text(how, style="dim"))
    if statement.nearest is not None and how:
        _print_address("", statement.nearest.url, console)


def _print_reasons(alert: Alert, console: Console) -> None:
    if not alert.is_withdrawal:
        put_field(console, "Who", phrasing.evidence(alert.speaker))
        put_field(console, "", phrasing.acquaintance(alert.speaker))
        put_field(console, "Told to", phrasing.told_to(alert.article))
        put_field(console, "Why", phrasing.why(alert))
    put_field(console, "When", phrasing.course(alert))
    put_field(console, "Alert", Text(phrasing.origin(alert), style="dim"))


def _print_article(article: AlertArticle, console: Console) -> None:
    put_field(console, "Where", phrasing.where(article))
    put_field(console, "", phrasing.originality(article))
    _print_address("", article.url, console)


def _print_address(label: str, url: str, console: Console) -> None:
    shown = web_address(url) or clean_line(url)
    if shown:
        put_whole(console, Text.assemble("  ", (f"{label:<9}", "dim"), (shown, "blue")))
