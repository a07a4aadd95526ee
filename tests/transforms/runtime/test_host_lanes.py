import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from transforms.runtime.host_lanes import LanedExecutor


@pytest.fixture
def pool():
    with ThreadPoolExecutor(8) as threads:
        yield threads


def test_no_lane_runs_more_than_its_width_and_all_are_run(pool):
    lock, running, most = threading.Lock(), [], {}

    def work(name):
        with lock:
            running.append(name[0])
            most[name[0]] = max(most.get(name[0], 0), running.count(name[0]))
        threading.Event().wait(0.002)
        with lock:
            running.remove(name[0])
        return name

    lanes = LanedExecutor(pool, lambda name: name[0], width=2)
    names = [f"{lane}{n}" for n in range(20) for lane in "abc"]
    futures = [lanes.submit(work, name) for name in names]
    assert [future.result(20) for future in futures] == names
    assert set(most.values()) <= {1, 2}


def test_an_error_reaches_its_own_future_and_frees_the_lane(pool):
    lanes = LanedExecutor(pool, lambda _: "a", width=1)
    bad, good = lanes.submit(int, "x"), lanes.submit(int, "7")
    assert good.result(20) == 7
    with pytest.raises(ValueError, match="invalid literal"):
        bad.result(20)


def test_what_waits_for_its_lane_at_the_end_never_begins(pool):
    gate, begun = threading.Event(), []

    def work(name):
        begun.append(name)
        assert gate.wait(20)

    lanes = LanedExecutor(pool, lambda _: "a", width=1)
    first, second = lanes.submit(work, "first"), lanes.submit(work, "second")
    lanes.shutdown(wait=False)
    gate.set()
    first.result(20)
    assert second.cancelled()
    assert begun == ["first"]
