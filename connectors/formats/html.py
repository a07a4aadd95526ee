"""A Bundle as HTML, for feed readers and mail.

Outside text is escaped where it is put in, and the whole is cleaned again to the few
elements used here: a mistake in this module must not become a script in someone's reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import nh3

from connectors.formats import headlines, phrasing
from connectors.formats.sanitizing import web_address
from connectors.formats.sizes import Size
from schemas.alert import Alert, AlertStatement, Bundle
from transforms.core.delivery.ranking import most_important_first

_ELEMENTS = {"a", "blockquote", "br", "em", "h3", "li", "p", "small", "strong", "ul"}
#: A longer address is left out: it would fill the mail.
_ADDRESS_CHARACTERS = 1000
_ROLE_CHARACTERS = 160


def bundle_html(bundle: Bundle) -> str:
    """The bundle as an HTML fragment: each expert with the words that are new first."""
    experts = "".join(
        part for alert in most_important_first(bundle.alerts) for part in _expert(alert)
    )
    article = bundle.alerts[0].article
    where = _paragraph(
        _field("Where", _joined(escape(phrasing.where(article)), _link(article.url, "read it"))),
        escape(phrasing.originality(article)),
    )
    return _cleaned(experts + where)


def alert_html(alert: Alert, size: Size) -> str:
    """The alert in brief: who and what, where, the other new words, who the expert is; and the
    details, if the size has them.
    """
    shown = headlines.telling(alert, size.statements)
    best, *others = (phrasing.words_of(s, size.characters) for s in shown)
    address = shown[0].link if size.has_details else alert.article.url
    place = escape(phrasing.place(alert))
    items = [f"<li>{escape(words)}</li>" for words in others]
    more = phrasing.left_out(alert, len(shown))
    end = [escape(more), f"<small>{escape(phrasing.standing(alert, _ROLE_CHARACTERS))}</small>"]
    parts = [
        f"<h3>{escape(headlines.speaker_of(alert))}: {escape(best)}</h3>\n",
        _paragraph(_link(address, phrasing.place(alert)) or place),
        f"<ul>{''.join(items)}</ul>\n" if items else "",
        _paragraph(*end),
    ]
    if size.has_details:
        details = phrasing.details(alert, shown)
        lines = [_field(label, escape(text)) if label else escape(text) for label, text in details]
        parts.append(f"<p><small>{'<br>'.join(lines)}</small></p>\n")
    return _cleaned("".join(parts))


def _cleaned(html: str) -> str:
    return nh3.clean(
        html, tags=_ELEMENTS, attributes={"a": {"href"}}, url_schemes={"http", "https"}
    )


def _expert(alert: Alert) -> Iterator[str]:
    yield f"<h3>{escape(phrasing.who(alert.speaker))}</h3>\n"
    yield _paragraph(_field("Withdrawn, because", escape(phrasing.because(alert))))
    for group in phrasing.passages(alert):
        for statement in group:
            yield from _statement(statement, alert)
        if any(phrasing.is_news(statement, alert) for statement in group):
            yield _paragraph(_field("Around it", escape(phrasing.around(group))))
    details = [
        _field("When", escape(phrasing.course(alert))),
        _field("Alert", escape(phrasing.origin(alert))),
    ]
    if not alert.is_withdrawal:
        known = escape(phrasing.acquaintance(alert.speaker))
        details = [
            _field("Who", _joined(escape(phrasing.evidence(alert.speaker)), known)),
            _field("Told to", escape(phrasing.told_to(alert.article))),
            _field("Why", escape(phrasing.why(alert))),
            *details,
        ]
    yield _paragraph(*details)


def _statement(statement: AlertStatement, alert: Alert) -> Iterator[str]:
    said = escape(phrasing.words_of(statement))
    verdict, stands = phrasing.mark(statement, alert), phrasing.said_how(statement, alert)
    how = f"<em>{escape(verdict)}</em>, {escape(stands)}"
    is_new = phrasing.is_news(statement, alert)
    yield f"<blockquote><p>{f'<strong>{said}</strong>' if is_new else said}</p></blockquote>\n"
    lines = [_joined(how, _link(statement.link, "read it in the article"))]
    if is_new:
        lines.append(_field("About", escape(phrasing.about(statement))))
    if not alert.is_withdrawal:
        earlier, compared = map(escape, phrasing.nearest(statement, alert.speaker))
        nearest = statement.nearest if compared else None
        there = _link(nearest.url, "where it stood") if nearest else ""
        lines.append(_field("Nearest", _joined(earlier, compared, there)))
    yield _paragraph(*lines)


def _paragraph(*lines: str) -> str:
    """The lines of HTML as a paragraph; nothing without any."""
    shown = "<br>".join(line for line in lines if line)
    return f"<p>{shown}</p>\n" if shown else ""


def _field(label: str, shown: str) -> str:
    """A line of HTML with a label; nothing without any."""
    return f"<strong>{escape(label)}:</strong> {shown}" if shown else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _link(url: str, label: str) -> str:
    address = web_address(url)
    address = address if len(address) <= _ADDRESS_CHARACTERS else ""
    return f'<a href="{escape(address)}">{escape(label)}</a>' if address else ""
