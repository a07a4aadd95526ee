from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from urllib3.util import parse_url

from connectors.web.robots import MAX_BYTES, MAX_CRAWL_DELAY_SECONDS, Robots
from schemas.errors import FetchError

PAGE = parse_url("https://herald.example/news/1?id=2")


def robots(body: bytes) -> Robots:
    return Robots(lambda url: body)


@pytest.mark.parametrize(
    ("rules", "is_allowed"),
    [
        (b"", True),
        (b"User-agent: *\nDisallow: /", False),
        (b"User-agent: *\nDisallow: /\nUser-agent: parley\nAllow: /", True),
        (b"User-agent: Parley\nDisallow: /news/", False),
        (b"User-agent: OtherBot\nDisallow: /", True),
        (b"User-agent: *\nDisallow: /*?id=", False),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /news", False),
        (b"<html><p>Not found</p></html>", True),
        (b"\x00\xff\xfe" * 1000, True),
    ],
)
def test_rules_are_read_as_sites_write_them(rules: bytes, is_allowed: bool) -> None:
    assert robots(rules).ask(PAGE).is_allowed is is_allowed


def test_what_stands_behind_the_limit_is_not_read() -> None:
    rules = b"User-agent: *\n" + b"#" * MAX_BYTES + b"\nDisallow: /\n"
    assert robots(rules).ask(PAGE).is_allowed


def test_a_crawl_delay_is_honoured_within_a_bound() -> None:
    for asked, waited in ((3, 3.0), (600, MAX_CRAWL_DELAY_SECONDS), (0, 0.0)):
        rules = f"User-agent: *\nCrawl-delay: {asked}".encode()
        assert robots(rules).ask(PAGE).crawl_delay_seconds == waited


def test_each_site_is_asked_once_though_many_threads_want_to_know() -> None:
    asked: list[str] = []
    begun = threading.Barrier(4)

    def fetch(url: str) -> bytes:
        asked.append(url)
        return b""

    rules = Robots(fetch)

    def ask(number: int) -> None:
        begun.wait(10)
        rules.ask(parse_url(f"https://herald.example:{443 if number % 2 else 8443}/{number}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(4)))
    assert sorted(asked) == [
        "https://herald.example:443/robots.txt",
        "https://herald.example:8443/robots.txt",
    ]


def test_a_failure_to_read_it_names_itself_and_the_page() -> None:
    def fetch(url: str) -> bytes:
        raise FetchError("timeout", url, "no answer within the time limit")

    with pytest.raises(FetchError, match=r"robots\.txt cannot be read: no answer") as caught:
        Robots(fetch).ask(PAGE)
    assert (caught.value.reason, caught.value.url) == ("timeout", PAGE.url)
