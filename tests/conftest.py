"""What tests of several packages need from outside, and how to get it where it is missing."""

import os
import uuid

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no failure.
settings.register_profile("parley", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("parley")


@pytest.fixture(scope="session")
def pubsub_host():
    """A Pub/Sub server: the one in PUBSUB_EMULATOR_HOST, or one of our own."""
    pytest.importorskip("google.pubsub_v1", reason="pip install 'parley-monitor[pubsub]'")
    from support.pubsub import MissingError, Server, given_host

    if host := given_host():
        yield host
        return
    try:
        server = Server()
    except MissingError as error:
        pytest.skip(f"Pub/Sub server: {error}")
    yield server.host
    server.close()


@pytest.fixture
def desk(pubsub_host, monkeypatch):
    """A project of its own on the server, which Google's clients find."""
    from support.pubsub import Desk

    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub_host)
    desk = Desk(pubsub_host)
    yield desk
    desk.close()


POSTGRESQL = os.environ.get("PARLEY_TEST_POSTGRESQL", "")


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRESQL else ["sqlite"])
def archive_url(request, tmp_path):
    """The URL of an empty archive: on SQLite, and on PostgreSQL if one is named.

    ``PARLEY_TEST_POSTGRESQL=postgresql+psycopg://USER@HOST/DATABASE make test`` runs the same
    tests there too, each in a schema of its own.
    """
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/archive.db"
        return
    from sqlalchemy import create_engine, make_url, text

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
