"""What an alert shows of each statement: the words, where they stand, what they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from urllib.parse import quote, urldefrag

from schemas.alert import AlertStatement
from schemas.annotation import Attribution
from schemas.article import Article
from schemas.dossier import Dossier, Occurrence
from schemas.statement import Novelty, Verdict
from schemas.watch import Actor, Topic, Watch
from transforms.core.relevance.subjects import tags_within

#: How much of the neighbouring text goes along with a statement, in characters.
_CONTEXT_CHARS = 200


def statements_of(
    dossier: Dossier, due: Sequence[Occurrence], new: tuple[str, ...], watch: Watch
) -> list[AlertStatement]:
    """One per occurrence that is due, in the order of ``new_first``."""
    here = Counter(verdict.statement_id for _, verdict, _ in new_first(due, new))
    return [
        _statement(
            dossier,
            occurrence,
            verdict,
            watch,
            occurrence.elsewhere + here[verdict.statement_id],
            is_new=is_new,
        )
        for occurrence, verdict, is_new in new_first(due, new)
    ]


def new_first(
    due: Sequence[Occurrence], new: Collection[str]
) -> list[tuple[Occurrence, Verdict, bool]]:
    """The occurrences that were judged, with whether they are told as new: those first, each
    group in text order.
    """
    met: set[str] = set()
    found: list[tuple[Occurrence, Verdict, bool]] = []
    for occurrence in due:
        if (verdict := occurrence.verdict) is not None:
            is_new = verdict.statement_id in new and verdict.statement_id not in met
            met.add(verdict.statement_id)
            found.append((occurrence, verdict, is_new))
    return sorted(found, key=lambda each: not each[2])


def _statement(
    dossier: Dossier,
    occurrence: Occurrence,
    verdict: Verdict,
    watch: Watch,
    stands: int,
    *,
    is_new: bool,
) -> AlertStatement:
    article, attribution = dossier.article, occurrence.attribution
    spans = attribution.quotation.spans
    before, after = context_around(article, spans[0].start, spans[-1].end)
    tags = [tag for tag in dossier.tags if tag.watch == watch.id]
    about = _names(watch, {tag.id for tag in tags_within(tags, spans)})
    around = _names(watch, {*occurrence.topics, *occurrence.actors})
    match = occurrence.match_for(watch.id)
    return AlertStatement(
        id=verdict.statement_id,
        text=occurrence.text,
        kind=attribution.quotation.kind,
        form=attribution.quotation.form,
        verdict="new" if is_new else _told_before(verdict),
        confidence=attribution.confidence,
        attribution=_attribution(attribution),
        link=text_link(article.url, article.text[spans[0].start : spans[0].end]),
        context_before=before,
        context_after=after,
        actors=_in_order(watch.actors, occurrence.actors),
        topics=_in_order(watch.topics, occurrence.topics),
        about=about,
        nearby=[name for name in around if name not in about],
        occurrences=stands,
        nearest=verdict.nearest.as_told() if verdict.nearest else None,
        subject_sureness=match.subject_sureness if match else None,
    )


def _told_before(verdict: Verdict) -> Novelty:
    """The verdict on a statement that this watch was told before, or that stands here twice."""
    return "repeated" if verdict.novelty == "new" else verdict.novelty


def _in_order(listed: Iterable[Actor | Topic], ids: Collection[str]) -> list[str]:
    """The ids in the order in which a watch lists what they stand for."""
    return [one.id for one in listed if one.id in ids]


def _names(watch: Watch, ids: Collection[str]) -> list[str]:
    """The names of those topics and actors of the watch that have one of the ids, in its order."""
    topics = [topic.name for topic in watch.topics if topic.id in ids]
    return topics + [actor.name for actor in watch.actors if actor.id in ids]


def _attribution(attribution: Attribution) -> str:
    """How the speaker was found, for people: "she → Ana Ruiz", "carried over → Ana Ruiz"."""
    as_written, name = attribution.speaker.as_written, attribution.speaker.name
    if attribution.quotation.form == "authored":
        return f"written by {name}"
    return name if as_written == name else f"{as_written or 'carried over'} → {name}"


def context_around(article: Article, start: int, end: int) -> tuple[str, str]:
    """What stands before and after, cut at words, at most ``_CONTEXT_CHARS`` each."""
    before = article.text[max(0, start - _CONTEXT_CHARS) : start]
    after = article.text[end : end + _CONTEXT_CHARS]
    if start > _CONTEXT_CHARS:
        before = "… " + before.partition(" ")[2]
    if end + _CONTEXT_CHARS < len(article.text):
        after = after.rpartition(" ")[0] + " …"
    return " ".join(before.split()), " ".join(after.split())


#: Longer quotations are given by their first and last words, which survive small edits.
_MAX_WORDS = 12
_EDGE_WORDS = 5


def text_link(url: str, text: str) -> str:
    """The URL with a text fragment that selects ``text``, a passage of the page.

    >>> text_link("https://a.example/b#top", "No deal, yet")
    'https://a.example/b#:~:text=No%20deal%2C%20yet'
    >>> text_link("https://a.example/b", " ".join("abcdefghijklmn"))
    'https://a.example/b#:~:text=a%20b%20c%20d%20e,j%20k%20l%20m%20n'
    """
    base, _ = urldefrag(url)
    words = text.split()
    if not words:
        return base
    if len(words) <= _MAX_WORDS:
        return f"{base}#:~:text={_term(words)}"
    return f"{base}#:~:text={_term(words[:_EDGE_WORDS])},{_term(words[-_EDGE_WORDS:])}"


def _term(words: list[str]) -> str:
    return quote(" ".join(words), safe="").replace("-", "%2D")
