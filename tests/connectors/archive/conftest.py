"""An archive of its own for each test: on SQLite, and on PostgreSQL if one is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.archive import Archive, open_archive
from support.dossiers import WATCH


@pytest.fixture
def url(archive_url: str) -> str:
    return archive_url


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    opened = open_archive(url, {WATCH: ["terminal", "atom:alerts.xml"]})
    yield opened
    opened.close()
