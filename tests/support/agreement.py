"""One day's articles, with copies, repetitions and an edit, and what an archive holds after it."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from connectors.archive import open_archive

WATCH = """
version: 1
id: river-talks
title: Talks between Norland and Sudria
max_age: all
alert_on: {speakers: [expert], named: true, min_confidence: 0.3}
feeds: []
actors:
  - {id: norland, name: Norland, role: party, side: norland, aliases: [Norlanders]}
  - {id: sudria, name: Sudria, role: party, side: sudria}
topics:
  - {id: ceasefire, name: Ceasefire, about: negotiation, phrases: [ceasefire, truce]}
"""
LEAD = "Norland and Sudria went on with their peace talks on Monday, far from a truce."
AUTUMN = (
    "“Norland will not sign a ceasefire before the autumn,” said Mirja Oskarsen, a senior fellow "
    "at the Fjord Institute for International Affairs, a think tank."
)
WAITING = "“It gains more from waiting than from any paper,” Oskarsen said."
FERRIES = (
    "“Whoever runs the ferries will hold the ceasefire in his hand,” said Ulf Brandt, a professor "
    "of law at the University of Torvik."
)
WINTER = "“The ceasefire will come with the ice and go with it,” Mirja Oskarsen said."
TOLLS = "“A truce that leaves out the tolls is worth nothing,” Brandt said."
FISH = (
    "“The fishermen of Sudria want this ceasefire more than its generals do,” said Ana Lindqvist, "
    "a former ambassador to Norland."
)


def _article(slug: str, hour: int, *paragraphs: str) -> dict[str, str]:
    return {
        "url": f"https://{slug}.example/talks",
        "title": f"A report of the {slug}",
        "publisher": f"The {slug.title()}",
        "published_at": f"2026-11-10T{hour:02}:00:00Z",
        "text": "\n\n".join((LEAD, *paragraphs)),
    }


HERALD = _article("herald", 6, AUTUMN, WAITING)
COURIER = _article("courier", 7, AUTUMN, FERRIES)
MIRROR = _article("mirror", 8, FERRIES, TOLLS, WINTER)
EDITED = _article("herald", 6, AUTUMN, WAITING, FISH)
LEDGER = _article("ledger", 9, FISH, AUTUMN, TOLLS)
QUIET = _article("quiet", 9)
#: In order of arrival.
ARTICLES = (HERALD, COURIER, HERALD, MIRROR, QUIET, EDITED, COURIER, MIRROR, LEDGER, EDITED)


def write_day(folder: Path, articles=ARTICLES) -> tuple[Path, Path]:
    """The watch's file, and the articles' ."""
    watch, day = folder / "watch.yaml", folder / "day.jsonl"
    watch.write_text(WATCH)
    day.write_text("".join(json.dumps(article) + "\n" for article in articles))
    return watch, day


def held(archive_url: str) -> dict[str, list]:
    """Statements, verdicts and alerts in an archive, in an order that does not depend on time."""
    with contextlib.closing(open_archive(archive_url)) as archive:
        return {
            "statements": sorted(
                (s.statement_id, s.novelty, s.speaker, s.article_url, s.text, s.is_first)
                for s in archive.statements.all()
            ),
            "alerts": sorted(
                (a.id, a.type, a.revision, a.speaker.name, a.article.url, sorted(a.others))
                for a in archive.alerts.all()
            ),
            "told": sorted(
                statement.text
                for a in archive.alerts.all()
                for statement in a.statements
                if statement.verdict == "new" and a.type != "withdrawn"
            ),
        }
