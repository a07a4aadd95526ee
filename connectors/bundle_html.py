"""A Bundle as HTML, for feed readers and mail.

Outside text is escaped where it is put in, and the whole is cleaned again to the few
elements used here: a mistake in this module must not become a script in someone's reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import nh3

from connectors import phrasing
from connectors.sanitizing import clean_line, web_address
from schemas.alert import Alert, AlertStatement, Bundle

_ELEMENTS = {"a", "blockquote", "br", "em", "h3", "p", "strong"}


def bundle_html(bundle: Bundle) -> str:
    """The bundle as an HTML fragment: each expert with the words that are new first."""
    experts = "".join(part for alert in bundle.alerts for part in _expert(alert))
    article = bundle.alerts[0].article
    where = [escape(phrasing.where(article)), escape(phrasing.originality(article))]
    where.append(_link(article.url, "the article"))
    return nh3.clean(
        experts + _field("Where", *where),
        tags=_ELEMENTS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
    )


def _expert(alert: Alert) -> Iterator[str]:
    yield f"<h3>{escape(phrasing.who(alert.speaker))}</h3>\n"
    yield _field("Withdrawn, because", escape(phrasing.because(alert)))
    for statement in alert.statements:
        yield from _statement(statement, alert)
    evidence, known = phrasing.evidence(alert.speaker), phrasing.acquaintance(alert.speaker)
    if alert.type != "withdrawn":
        yield _field("Who", escape(evidence), escape(known))
        yield _field("Told to", escape(clean_line(alert.article.told_to)))
        yield _field("Why", escape(phrasing.why(alert)))
    yield _field("When", escape(phrasing.course(alert)))
    yield _field("Alert", escape(phrasing.origin(alert)))


def _statement(statement: AlertStatement, alert: Alert) -> Iterator[str]:
    said = escape(phrasing.words_of(statement))
    verdict, stands = phrasing.mark(statement, alert), phrasing.said_how(statement)
    how = f"<em>{escape(verdict)}</em>, {escape(stands)}"
    is_new = phrasing.is_news(statement, alert)
    yield f"<blockquote><p>{f'<strong>{said}</strong>' if is_new else said}</p></blockquote>\n"
    yield f"<p>{_joined(how, _link(statement.link, 'read it in the article'))}</p>\n"
    if is_new:
        yield _field("Around it", escape(phrasing.around(statement)))
        yield _field("About", escape(phrasing.about(statement)))
    if alert.type == "withdrawn":
        return
    earlier, compared = (escape(part) for part in phrasing.nearest(statement, alert.speaker))
    there = _link(statement.nearest.url, "where it stood") if statement.nearest and compared else ""
    yield _field("Nearest", earlier, _joined(compared, there))


def _field(label: str, *lines: str) -> str:
    """A paragraph with a label and lines of HTML; nothing without lines."""
    shown = "<br>".join(line for line in lines if line)
    return f"<p><strong>{escape(label)}:</strong> {shown}</p>\n" if shown else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _link(url: str, label: str) -> str:
    address = web_address(url)
    return f'<a href="{escape(address)}">{escape(label)}</a>' if address else ""
