"""What readers put right in articles, kept through whatever becomes of these."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import select, update

from connectors.archive.store import Store, columns_of, reading, writing
from connectors.archive.tables import alerts, articles, corrections, occurrences
from schemas.alert import Alert
from schemas.annotation import Attribution
from schemas.article import Article
from schemas.base import Span
from schemas.correction import Correction
from transforms.core.alerts.bundles import new_ids
from transforms.core.alerts.corrections import corrected_part

#: The rule by which words are somebody's because a reader said so.
_BY_HAND = "corrected"
#: Between the parts of words that stand apart in the text.
_GAP = " … "


class Reattributions(Store):
    """Words that a reader gave to another speaker."""

    @reading
    def moved_away(self, article_id: str) -> set[str]:
        """The ids of the statements that a reader said are somebody else's words in this article,
        and did not take that back.
        """
        query = (
            select(alerts.c.alert, *columns_of(corrections, Correction))
            .join(corrections, corrections.c.alert_id == alerts.c.id)
            .where(alerts.c.article_id == article_id, corrections.c.kind.in_(("speaker", "right")))
            .order_by(corrections.c.corrected_at)
        )
        moved: dict[str, set[str]] = {}
        for alert, *values in self._execute(query):
            correction = Correction(*values)
            ids = moved.setdefault(alert.id, set())
            if correction.kind == "speaker":
                ids |= new_ids(corrected_part(alert, correction))
            else:
                ids.clear()
        return set[str]().union(*moved.values())

    @writing
    def move(self, occurrence_id: str, attribution: Attribution, spans: Sequence[Span]) -> None:
        """Let an occurrence that a reader put right stand there; where its cue stands is not
        known.
        """
        quotation = dataclasses.replace(attribution.quotation, spans=spans)
        moved = dataclasses.replace(attribution, quotation=quotation, cue=None)
        row = update(occurrences).where(occurrences.c.id == occurrence_id)
        self._execute(row.values(attribution=moved, position=spans[0].start))

    @writing
    def put_back(self, statement_ids: Collection[str], correction: Correction) -> None:
        """Let words that a reader had given to somebody be their first speaker's again, where the
        article of the alert still holds them.
        """
        its_article = select(alerts.c.article_id).where(alerts.c.id == correction.alert_id)
        article_id = self._one(its_article)
        of_it = articles.c.id == article_id
        text, title = self._execute(select(articles.c.text, articles.c.title).where(of_it)).one()
        rows = self._execute(select(occurrences).where(occurrences.c.article_id == article_id))
        found = rows.all()
        theirs = [row for row in found if row.statement_id in statement_ids]
        texts = {row.text for row in theirs}
        for row in found:
            stands = all(part in f"{title}\n{text}" for part in row.text.split(_GAP))
            if is_by_hand(row.attribution) and row.text in texts:
                withdrawn_at = correction.corrected_at
            elif row in theirs and stands:
                withdrawn_at = None
            else:
                continue
            one = update(occurrences).where(occurrences.c.id == row.id)
            self._execute(one.values(withdrawn_at=withdrawn_at))


def without(moved: Collection[str], raised: Iterable[Alert]) -> Iterator[Alert]:
    """The alerts without the ``moved`` statements; a withdrawal of these stays whole."""
    for alert in raised:
        left = [s for s in alert.statements if s.id not in moved]
        if alert.is_withdrawal or len(left) == len(alert.statements):
            yield alert
        elif new_ids(alert) - set(moved):
            yield dataclasses.replace(alert, statements=left)


def is_by_hand(attribution: Attribution) -> bool:
    """Whether a reader said whose words they are."""
    return attribution.rule == _BY_HAND


def spans_of(words: str, article: Article) -> list[Span] | None:
    """Where the text holds the words, part after part; nowhere for a title's; None if the article
    no longer holds them.
    """
    spans, place = list[Span](), 0
    for part in words.split(_GAP):
        start = article.text.find(part, place)
        if start < 0 or not part:
            return [] if words in article.title else None
        place = start + len(part)
        spans.append(Span(start, place))
    return spans
