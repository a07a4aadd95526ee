"""An archive of its own for each test: on SQLite, and on PostgreSQL if one is named.

``PARLEY_TEST_POSTGRESQL=postgresql+psycopg://USER@HOST/DATABASE make test`` runs the same
tests there too, each in a schema of its own.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from connectors.archive import Archive, open_archive
from support.dossiers import WATCH

POSTGRESQL = os.environ.get("PARLEY_TEST_POSTGRESQL", "")


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRESQL else ["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/archive.db"
        return
    schema = f"test_{uuid.uuid4().hex}"
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
        try:
            options = {"options": f"-csearch_path={schema}"}
            named = make_url(POSTGRESQL).update_query_dict(options)
            yield named.render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    server.dispose()


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    opened = open_archive(url, {WATCH: ["terminal", "atom:alerts.xml"]})
    yield opened
    opened.close()
