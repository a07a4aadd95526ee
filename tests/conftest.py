"""What tests of several packages need from outside, and how to get it where it is missing."""

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
