"""Alerts as plain text and for terminals."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from connectors.formats import headlines, phrasing
from connectors.formats.console import label_of, put, put_field, put_whole
from connectors.formats.sanitizing import clean_line, web_address
from schemas.alert import Alert, AlertArticle, AlertStatement, Bundle

#: Shown of the text on either side of the words: about a line on an ordinary terminal.
_CONTEXT_CHARACTERS = 80


def print_bundle(bundle: Bundle, console: Console) -> None:
    """Print one Bundle as a block that ends with an empty line."""
    put(console, Text(headlines.headline(bundle), style="bold"))
    for alert in bundle.alerts:
        put_whole(console, Text())
        put(console, Text(phrasing.who(alert.speaker), style="bold cyan"), "  ", "    ")
        put_field(console, "Because", Text(phrasing.because(alert), style="bold"))
        for number, statement in enumerate(alert.statements):
            if number:
                put_whole(console, Text())
            _print_statement(statement, alert, console)
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
        put_field(console, "Around", phrasing.around(statement, _CONTEXT_CHARACTERS))
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
