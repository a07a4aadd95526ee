import functools
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

import pytest

from transforms.runtime.steady_pool import SteadyPool, WorkerDiedError


def work(number):
    if number < 0:
        os._exit(9)
    if number == 0:
        raise ValueError("nothing comes of nothing")
    return number


def open_pool(size):
    return ProcessPoolExecutor(size, multiprocessing.get_context("spawn"))


@pytest.fixture
def pool():
    with SteadyPool(open_pool, 2, lambda argument, error: (argument, error)) as steady:
        yield steady


def test_one_that_kills_its_process_is_named_and_all_others_are_done(pool):
    numbers = [1, 2, -3, 4, 5, 6, -7, 8]
    results = [pool.submit(work, number) for number in numbers]
    results = [future.result(60) for future in results]
    assert [r for r in results if isinstance(r, int)] == [1, 2, 4, 5, 6, 8]
    died = [r for r in results if not isinstance(r, int)]
    assert [argument for argument, _ in died] == [-3, -7]
    assert all(isinstance(error, WorkerDiedError) for _, error in died)
    assert pool.submit(work, 9).result(60) == 9


def test_a_second_death_much_later_is_outlived_too(pool):
    assert pool.submit(work, -1).result(60)[0] == -1
    assert pool.submit(work, -2).result(60)[0] == -2
    assert pool.submit(work, 3).result(60) == 3


def test_the_process_apart_may_die_while_it_rests(pool):
    assert pool.submit(work, -1).result(60)[0] == -1
    innocent = [pool.submit(work, number) for number in (-2, 4)]  # 4 may leave it idle
    assert innocent[1].result(60) == 4
    for process in list((pool._apart._processes if pool._apart else {}).values()):
        process.kill()
        process.join()
    assert pool.submit(work, -3).result(60)[0] == -3
    assert pool.submit(work, 5).result(60) == 5


def test_an_error_is_the_calls_own(pool):
    with pytest.raises(ValueError, match="nothing comes"):
        pool.submit(work, 0).result(60)


def test_a_closed_pool_begins_nothing():
    pool = SteadyPool(functools.partial(open_pool), 1, lambda argument, error: error)
    pool.shutdown()
    with pytest.raises(RuntimeError):
        pool.submit(work, 1)
