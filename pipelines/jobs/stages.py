"""The pipeline: every stage a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import apache_beam as beam

from pipelines.jobs.ports import Ports
from schemas.alert import Alert
from schemas.article import Article
from schemas.dossier import Dossier
from schemas.feed import FeedEntry
from schemas.page import Page
from schemas.queue_message import QueueMessage
from schemas.watch import Watch
from transforms.annotate_articles import AnnotateArticles
from transforms.archive_dossiers import ArchiveDeadLetters, ArchiveDossiers, ArchiveSkips
from transforms.core.novelty.meaning import no_model
from transforms.core.ports import (
    DossierStore,
    LanguageModel,
    MeaningModel,
    Memory,
)
from transforms.extract_articles import ExtractArticles
from transforms.fetch_pages import FetchPages
from transforms.judge_by_speaker import JudgeBySpeaker
from transforms.judge_novelty import JudgeNovelty
from transforms.match_watches import MatchWatches
from transforms.raise_alerts import RaiseAlerts
from transforms.read_messages import ReadMessages
from transforms.recall_persons import RecallPersons
from transforms.record_arrivals import RecordEntries, RecordPages
from transforms.runtime.outcomes import Outcomes
from transforms.screen_pages import ScreenPages
from transforms.select_articles import SelectArticles


def pages_of_messages(
    messages: beam.PCollection[QueueMessage],
    left: beam.PCollection[FeedEntry],
    read: Callable[[QueueMessage], FeedEntry | Page],
    ports: Ports,
    outcomes: Outcomes,
) -> beam.PCollection[Page]:
    """The articles in messages, and the pages that messages name, or entries ``left`` of
    earlier ones.
    """
    found = messages | "ReadMessages" >> ReadMessages(read, outcomes=outcomes)
    fresh = found.entries | "RecordEntries" >> RecordEntries(ports.archive.entries)
    due = (left, fresh) | "BothEntries" >> beam.Flatten()
    fetched = due | "FetchPages" >> FetchPages(ports.open_page_fetcher, outcomes=outcomes)
    given = found.pages | "RecordPages" >> RecordPages(ports.archive.entries)
    return (given, fetched) | "BothPages" >> beam.Flatten()


def articles_of_pages(
    pages: beam.PCollection[Page],
    watches: Sequence[Watch],
    outcomes: Outcomes,
    open_memory: Callable[[], Memory] | None = None,
) -> beam.PCollection[Article]:
    """The articles on the pages, of those that may matter, or did to an alert in memory."""
    return (
        pages
        | "ScreenPages" >> ScreenPages(watches, open_memory, outcomes=outcomes)
        | "ExtractArticles" >> ExtractArticles(outcomes=outcomes)
    )


def alerts_of_articles(
    articles: beam.PCollection[Article], watches: Sequence[Watch], ports: Ports, outcomes: Outcomes
) -> beam.PCollection[Alert]:
    """What experts newly say in the articles; all that was said there goes to the archive."""
    return (
        articles
        | "SelectArticles" >> SelectArticles(watches, ports.archive.memory, outcomes=outcomes)
        | "AnnotateArticles"
        >> AnnotateArticles(
            watches,
            ports.load_model,
            outcomes=outcomes,
            open_memory=ports.archive.memory,
            workers=ports.workers,
        )
        | "MatchWatches" >> MatchWatches(watches, outcomes=outcomes)
        | "RecallPersons" >> RecallPersons(watches, ports.archive.memory, outcomes=outcomes)
        | "JudgeNovelty"
        >> JudgeNovelty(
            watches, ports.archive.memory, outcomes=outcomes, load_meaning=ports.load_meaning
        )
        | "RaiseAlerts" >> RaiseAlerts(watches, ports.archive.memory, outcomes=outcomes)
        | "ArchiveDossiers" >> ArchiveDossiers(ports.archive.dossiers)
    )


def dossiers_of_pages(
    pages: beam.PCollection[Page],
    watches: Sequence[Watch],
    load_model: Callable[[], LanguageModel],
    outcomes: Outcomes,
    load_meaning: Callable[[], MeaningModel | None] = no_model,
    *,
    has_watermark: bool = True,
) -> beam.PCollection[Dossier]:
    """What is said on the pages, judged against memory that the engine keeps."""
    return (
        articles_of_pages(pages, watches, outcomes)
        | "SelectArticles" >> SelectArticles(watches, None, outcomes=outcomes)
        | "AnnotateArticles" >> AnnotateArticles(watches, load_model, outcomes=outcomes)
        | "MatchWatches" >> MatchWatches(watches, outcomes=outcomes)
        | "JudgeBySpeaker"
        >> JudgeBySpeaker(
            watches, outcomes=outcomes, load_meaning=load_meaning, has_watermark=has_watermark
        )
    )


def archive_outcomes(outcomes: Outcomes, open_dossiers: Callable[[], DossierStore]) -> None:
    """Record what was not read on, step by step."""
    for step, skips in outcomes.skips.items():
        skips | f"Skips{step}" >> ArchiveSkips(open_dossiers)
    for step, dead_letters in outcomes.dead_letters.items():
        dead_letters | f"DeadLetters{step}" >> ArchiveDeadLetters(open_dossiers)
