"""A reading room over an archive of its own, asked as a browser on this machine would ask."""

import pytest
from starlette.testclient import TestClient

from connectors.archive import open_archive
from pipelines.reading_room.app import build_app
from support.dossiers import WATCH


@pytest.fixture
def archive(archive_url):
    opened = open_archive(archive_url, {WATCH: ["terminal"]})
    yield opened
    opened.close()


@pytest.fixture
def room(archive):
    with TestClient(build_app(archive), base_url="http://localhost:8765") as client:
        yield client
