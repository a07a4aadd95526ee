"""What readers put right in articles, kept through whatever becomes of these."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import Connection, select, update

from connectors.archive.tables import alerts, articles, corrections, occurrences
from schemas.alert import Alert
from schemas.annotation import Attribution
from schemas.article import Article
from schemas.base import Span
from schemas.correction import Correction

#: The rule by which words are somebody's because a reader said so.
_BY_HAND = "corrected"
#: Between the parts of words that stand apart in the text.
_GAP = " … "


def moved_away(connection: Connection, article_id: str) -> set[str]:
    """The ids of the statements that a reader said are somebody else's words in this article,
    and did not take that back.
    """
    query = (
        select(alerts.c.id, alerts.c.alert, corrections.c.kind)
        .join(corrections, corrections.c.alert_id == alerts.c.id)
        .where(alerts.c.article_id == article_id, corrections.c.kind.in_(("speaker", "right")))
        .order_by(corrections.c.corrected_at)
    )
    last = {row.id: row for row in connection.execute(query)}
    wrong = [row.alert for row in last.values() if row.kind == "speaker"]
    return {s.id for alert in wrong for s in alert.new_statements}


def without(moved: Collection[str], raised: Iterable[Alert]) -> Iterator[Alert]:
    """The alerts without the ``moved`` statements; a withdrawal of these is one still."""
    for alert in raised:
        left = [s for s in alert.statements if s.id not in moved]
        if alert.is_withdrawal or len(left) == len(alert.statements):
            yield alert
        elif any(statement.is_new for statement in left):
            yield dataclasses.replace(alert, statements=left)


def is_by_hand(attribution: Attribution) -> bool:
    """Whether a reader said whose words they are."""
    return attribution.rule == _BY_HAND


def spans_of(words: str, article: Article) -> list[Span] | None:
    """Where the text holds the words, part after part; nowhere for a title's; None if the
    article holds them no more.
    """
    spans, place = list[Span](), 0
    for part in words.split(_GAP):
        start = article.text.find(part, place)
        if start < 0 or not part:
            return [] if words in article.title else None
        place = start + len(part)
        spans.append(Span(start, place))
    return spans


def move(
    connection: Connection, occurrence_id: str, attribution: Attribution, spans: Sequence[Span]
) -> None:
    """Let an occurrence that a reader put right stand there; where its cue stands is not known."""
    quotation = dataclasses.replace(attribution.quotation, spans=spans)
    moved = dataclasses.replace(attribution, quotation=quotation, cue=None)
    row = update(occurrences).where(occurrences.c.id == occurrence_id)
    connection.execute(row.values(attribution=moved, position=spans[0].start))


def put_back(connection: Connection, statement_ids: Sequence[str], correction: Correction) -> None:
    """Let words that a reader had given to somebody be their first speaker's again, where the
    article of the alert still holds them.
    """
    its_article = select(alerts.c.article_id).where(alerts.c.id == correction.alert_id)
    article_id = connection.execute(its_article).scalar_one()
    text, title = connection.execute(
        select(articles.c.text, articles.c.title).where(articles.c.id == article_id)
    ).one()
    of_article = occurrences.c.article_id == article_id
    rows = connection.execute(select(occurrences).where(of_article)).all()
    theirs = [row for row in rows if row.statement_id in statement_ids]
    texts = {row.text for row in theirs}
    for row in rows:
        stands = all(part in f"{title}\n{text}" for part in row.text.split(_GAP))
        if is_by_hand(row.attribution) and row.text in texts:
            withdrawn_at = correction.corrected_at
        elif row in theirs and stands:
            withdrawn_at = None
        else:
            continue
        of_it = update(occurrences).where(occurrences.c.id == row.id)
        connection.execute(of_it.values(withdrawn_at=withdrawn_at))
