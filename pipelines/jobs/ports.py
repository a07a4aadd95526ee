"""How a job reaches the world: factories, which its stages call once per worker."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

from connectors.archive import ArchivePlace
from connectors.models.onnx_meaning import load_meaning_model
from connectors.models.spacy_model import find_language_model, load_language_model
from connectors.web.fetcher import HttpFetcher
from connectors.web.recorded import RecordedFetcher
from connectors.web.warc import RecordingFetcher
from pipelines.settings.run_config import MonitorConfig
from transforms.core.novelty.meaning import no_model
from transforms.core.ports import Fetcher, LanguageModel, MeaningModel
from transforms.core.text.urls import registrable_domain


@dataclass(frozen=True)
class Ports:
    """How the stages reach the world: factories, called once per worker."""

    open_fetcher: Callable[[], Fetcher]  #: for feeds
    open_page_fetcher: Callable[[], Fetcher]  #: for pages; it obeys robots.txt
    archive: ArchivePlace
    load_model: Callable[[], LanguageModel]
    workers: int = 1  #: processes that annotate
    load_meaning: Callable[[], MeaningModel | None] = no_model


def ports_of(config: MonitorConfig) -> Ports:
    """The factories that the stages call once per worker.

    Raises:
        ConfigurationError: the language model is not installed, or that of meaning is none.
    """
    find_language_model(config.model)
    load_meaning_model(config.meaning)
    load_model = functools.partial(load_language_model, config.model)
    open_fetcher, open_page_fetcher = fetchers_of(config)
    archive = ArchivePlace(config.archive, config.channels())
    load_meaning = functools.partial(load_meaning_model, config.meaning)
    return Ports(open_fetcher, open_page_fetcher, archive, load_model, config.workers, load_meaning)


def fetchers_of(config: MonitorConfig) -> tuple[Callable[[], Fetcher], Callable[[], Fetcher]]:
    """What asks for feeds, and what for pages: only for these robots.txt is obeyed."""
    http = functools.partial(
        HttpFetcher,
        allow_hosts=config.allow_hosts,
        contact=config.contact,
        domain_of=registrable_domain,
    )
    for_feeds: Callable[[], Fetcher] = http
    for_pages: Callable[[], Fetcher] = functools.partial(http, obey_robots=True)
    if config.recorded:
        for_feeds = for_pages = functools.partial(RecordedFetcher, config.recorded)
    if config.warc is None:
        return for_feeds, for_pages
    record = functools.partial(RecordingFetcher, path=config.warc)
    return functools.partial(record, for_feeds), functools.partial(record, for_pages)
