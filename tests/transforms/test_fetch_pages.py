import dataclasses
import functools
import threading

from schemas.errors import FetchError
from schemas.page import Response
from support.fakes import FakeFetcher
from support.newsroom import entry, html
from support.run import run_stage
from transforms.fetch_pages import FetchPages


def fetched(open_fetcher, entries):
    return run_stage(entries, lambda outcomes: FetchPages(open_fetcher, outcomes=outcomes))


def test_a_page_that_fails_is_recorded_and_the_others_come():
    good, gone, slow = entry("good"), entry("gone"), entry("slow")
    answers = {good.url: html("<p>Hello"), slow.url: FetchError("timeout", slow.url, "too slow")}
    pages, letters, _ = fetched(functools.partial(FakeFetcher, answers), [gone, good, slow])
    assert [page.entry.id for page in pages] == ["id-good"]
    assert {(letter.step, letter.reason, letter.entry_id) for letter in letters} == {
        ("FetchPages", "gone", "id-gone"),
        ("FetchPages", "timeout", "id-slow"),
    }


def test_an_empty_body_is_a_failure():
    url = entry("empty").url
    _, letters, _ = fetched(functools.partial(FakeFetcher, {url: b" \n"}), [entry("empty")])
    assert [letter.reason for letter in letters] == ["empty_body"]


def test_an_unforeseen_error_in_the_fetcher_becomes_a_dead_letter_with_its_trace():
    url = entry("odd").url
    answers = {url: ZeroDivisionError("surprise")}
    _, letters, _ = fetched(functools.partial(FakeFetcher, answers), [entry("odd")])
    assert letters[0].reason == "error"
    assert "ZeroDivisionError" in letters[0].trace


_together = threading.Barrier(4, timeout=20)


class _MeetingFetcher:
    """Answers only when four requests are in flight at once."""

    def fetch(self, url, *, etag="", last_modified=""):
        _together.wait()
        return Response(url, 200, b"<p>met")

    def lane(self, url):
        return ""

    def close(self):
        """Nothing to give back."""


def test_pages_are_asked_for_side_by_side():
    pages, letters, _ = fetched(_MeetingFetcher, [entry(slug) for slug in "abcd"])
    assert len(pages) == 4, letters


def test_what_robots_txt_disallows_is_a_skip_and_no_failure():
    refused = FetchError("robots", entry("talks").url, "its site's robots.txt disallows it")
    fetcher = functools.partial(FakeFetcher, {entry("talks").url: refused})
    pages, letters, skips = run_stage(
        [entry("talks")], lambda outcomes: FetchPages(fetcher, outcomes=outcomes)
    )
    assert (pages, letters) == ([], [])
    assert [(skip.entry_id, skip.reason, skip.step) for skip in skips] == [
        ("id-talks", "robots", "FetchPages")
    ]


_others_came = threading.Event()


class _TarpitFetcher:
    """One host answers only when the other has answered all that it was asked."""

    left = 4

    def fetch(self, url, *, etag="", last_modified=""):
        if "slow" in url:
            assert _others_came.wait(20), "the other host had to wait"
        else:
            type(self).left -= 1
            if not self.left:
                _others_came.set()
        return Response(url, 200, b"<p>talks")

    def lane(self, url):
        return "slow.example" if "slow" in url else ""

    def close(self):
        """Nothing to give back."""


def test_pages_that_wait_for_a_slow_host_hold_up_no_other():
    slow = [entry(f"slow-{n}") for n in range(40)]  # more than there are threads
    pages, letters, _ = fetched(_TarpitFetcher, [*slow, *(entry(slug) for slug in "abcd")])
    assert len(pages) == 44, letters


def test_a_refused_page_is_replaced_by_the_article_in_its_feed():
    text = "<p>" + "The pilots met the council on the quay. " * 10
    refusals = ("gated", "gone", "robots", "timeout")
    entries = [dataclasses.replace(entry(reason), content=text) for reason in refusals]
    answers = {e.url: FetchError(r, e.url, "no") for e, r in zip(entries, refusals, strict=True)}
    pages, letters, skips = fetched(functools.partial(FakeFetcher, answers), entries)
    assert [page.entry.id for page in pages] == ["id-gated", "id-gone", "id-robots"]
    assert all(b"The pilots met" in page.body for page in pages)
    assert [letter.reason for letter in letters] == ["timeout"]
    assert skips == []


class _Unmoved:
    """Knows one version of every page."""

    def fetch(self, url, *, etag="", last_modified=""):
        if etag == '"1"' and last_modified == "Mon":
            return Response(url, 304, b"", "", etag, last_modified)
        return Response(url, 200, b"<p>Hello", "text/html", '"1"', "Mon")

    def lane(self, url):
        return ""

    def close(self):
        pass


def test_a_page_is_asked_for_by_the_version_that_was_read():
    read = dataclasses.replace(entry("read"), etag='"1"', last_modified="Mon")
    pages, letters, skips = fetched(_Unmoved, [read, entry("new")])
    assert [(p.entry.id, p.etag, p.last_modified) for p in pages] == [("id-new", '"1"', "Mon")]
    assert [(skip.entry_id, skip.reason) for skip in skips] == [("id-read", "unchanged")]
    assert letters == []
