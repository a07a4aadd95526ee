"""One article in many places: annotated once, alerted on once, an occurrence each."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from connectors.archive import ArchivePlace, open_archive
from connectors.models.spacy_model import load_language_model
from pipelines.jobs.ports import Ports
from pipelines.jobs.stages import alerts_of_articles, archive_outcomes, articles_of_pages
from schemas.page import Page
from support.newsroom import TALKS, WATCH, html, page
from transforms.core.text.urls import canonical_url
from transforms.runtime.outcomes import Outcomes

CANONICAL = '<link rel="canonical" href="https://herald.example/talks">'


class CountingModel:
    """The model, counting what it parses; by class, for stages copy what they are given."""

    name = "counting"
    parses = 0

    def parse(self, texts: Any) -> Any:
        """Parse, and count."""
        type(self).parses += 1
        return load_language_model().parse(texts)


def at(url: str, body: bytes | None = None, entry_id: str = "") -> Page:
    """The report on the talks at this address."""
    found = page(body or html(TALKS))
    entry = dataclasses.replace(
        found.entry, id=entry_id or url, url=url, canonical_url=canonical_url(url)
    )
    return dataclasses.replace(found, entry=entry, url=url)


def run(url: str, pages: Sequence[Page]) -> None:
    """One run that reads these pages."""
    outcomes, place = Outcomes(), ArchivePlace(url, {WATCH.id: []})
    with closing(place.open()) as archive:
        archive.entries.record_input([each.entry for each in pages])
    ports = Ports(lambda: None, lambda: None, place, CountingModel)  # type: ignore[arg-type, return-value]
    with beam.Pipeline(options=PipelineOptions(["--runner=FnApiRunner"])) as pipeline:
        given = pipeline | beam.Create(pages, reshuffle=False)
        articles = articles_of_pages(given, [WATCH], outcomes)
        alerts_of_articles(articles, [WATCH], ports, outcomes)
        archive_outcomes(outcomes, place.dossiers)


WIRE = ["https://herald.example/talks", "https://gazette.example/talks", "https://post.example/a"]
ADDRESSES = [
    "https://herald.example/talks",
    "https://herald.example/talks?utm_source=feed&utm_medium=rss",
    "https://herald.example/amp/talks",
    "https://m.herald.example/talks",
]


@pytest.mark.parametrize(
    "runs",
    [pytest.param(1, id="in one run"), pytest.param(3, id="a run each", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize(
    ("case", "places"), [("wire", 3), ("addresses", 1), ("guids", 1)], ids=lambda case: str(case)
)
def test_one_article_in_many_places(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, case: str, places: int, runs: int
) -> None:
    body = html(TALKS).replace(b"</head>", CANONICAL.encode() + b"</head>")
    pages = {
        "wire": [at(url) for url in WIRE],
        "addresses": [at(url, body) for url in ADDRESSES],
        "guids": [at(WIRE[0], entry_id=f"guid-{n}") for n in range(4)],
    }[case]
    monkeypatch.setattr(CountingModel, "parses", 0)
    url = f"sqlite:///{tmp_path}/archive.db"
    for part in [pages] if runs == 1 else [[each] for each in pages]:
        run(url, part)
    with closing(open_archive(url)) as archive:
        (alert,) = archive.alerts.all()
        stand = archive.statements.places([alert.statements[0].id])
        assert len({place.article_url for place in stand}) == len(stand) == places
        assert sum(status == "pending" for status, _ in archive.entries.counts()) == 0
    assert CountingModel.parses == 1
