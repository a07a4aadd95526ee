"""Where what comes nearest was published first; the judge knew only where it was read first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from connectors.archive.memory import StatementOccurrence, places
from schemas.alert import Alert, AlertNearest, AlertStatement

#: The places of each statement, by time of publication.
Places = dict[str, list[StatementOccurrence]]


def places_of(connection: Connection, nearest: Iterable[AlertNearest | None]) -> Places:
    """Where those statements stand."""
    found: Places = {}
    for place in places(connection, sorted({each.id for each in nearest if each})):
        found.setdefault(place.statement_id, []).append(place)
    return found


def where_first(nearest: AlertNearest, known: Places, article_url: str) -> AlertNearest:
    """What is nearest to words of an article, with the first place elsewhere where it stands."""
    elsewhere = (p for p in known.get(nearest.id, ()) if p.article_url != article_url)
    first = next(elsewhere, None)
    if first is None:
        return nearest
    return replace(nearest, url=first.article_url, said_at=first.published_at)


def with_originals(connection: Connection, raised: Iterable[Alert]) -> list[Alert]:
    """The alerts, what comes nearest to their statements shown where it was published first."""
    raised = list(raised)
    known = places_of(connection, (s.nearest for alert in raised for s in alert.statements))
    return [
        replace(alert, statements=[*_mended(alert.statements, known, alert.article.url)])
        for alert in raised
    ]


def _mended(
    statements: Sequence[AlertStatement], known: Places, article_url: str
) -> Iterable[AlertStatement]:
    for each in statements:
        near = each.nearest and where_first(each.nearest, known, article_url)
        yield replace(each, nearest=near)
