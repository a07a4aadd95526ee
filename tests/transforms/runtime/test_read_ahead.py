import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from transforms.runtime import read_ahead
from transforms.runtime.read_ahead import ReadAhead


@pytest.fixture
def pool():
    with ThreadPoolExecutor(4) as threads:
        yield threads


def test_results_keep_the_order_though_later_ones_are_finished_first(pool):
    second_is_done = threading.Event()

    def work(name):
        if name == "first":
            assert second_is_done.wait(20)
        else:
            second_is_done.set()
        return name

    ahead = ReadAhead(work, pool, limit=4)
    early = [*ahead.submit("first"), *ahead.submit("second")]
    assert early + list(ahead.drain()) == ["first", "second"]


def test_what_takes_too_long_is_overtaken(pool, monkeypatch):
    monkeypatch.setattr(read_ahead, "PATIENCE_SECONDS", 0.0)
    release = threading.Event()

    def work(name):
        assert name != "slow" or release.wait(20)
        return name

    ahead = ReadAhead(work, pool, limit=1)
    assert list(ahead.submit("slow")) == []
    assert list(ahead.submit("quick")) == ["quick"]
    release.set()
    assert list(ahead.drain()) == ["slow"]


def test_no_more_than_the_limit_is_in_flight(pool):
    started = []
    gate = threading.Event()

    def work(name):
        started.append(name)
        assert gate.wait(20)
        return name

    ahead = ReadAhead(work, pool, limit=2)
    assert [*ahead.submit("a"), *ahead.submit("b")] == []
    gate.set()
    assert len([*ahead.submit("c"), *ahead.drain()]) == 3
