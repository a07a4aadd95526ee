"""HttpFetcher: one GET after another, politely, within limits, and never into a private network.

Knows HTTP and its failures, each of which gets a name. It does not know what a feed or an
article is, nor what was fetched before: validators come from the caller.
"""

from __future__ import annotations

import html
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NamedTuple
from urllib.parse import urljoin

import requests
import stamina
import urllib3
from requests_hardened.ip_filter import InvalidIPAddress
from urllib3.util import Url

from connectors.web.addresses import AddressCheckingAdapter, bare_host, check_url
from connectors.web.bodies import MAX_BODY_BYTES, read_body
from connectors.web.deadlines import Deadline, DeadlineWatcher
from connectors.web.pacing import HostPace
from connectors.web.robots import Robots
from connectors.web.statuses import (
    PERMANENT,
    REDIRECTS,
    TransientFetchError,
    error_for_status,
    fresh_seconds,
)
from connectors.web.user_agent import user_agent
from schemas.errors import FetchError
from schemas.page import Response

#: Longer validators are dropped; Media Cloud's rss-fetcher cuts at the same length.
_MAX_VALIDATOR_CHARS = 1000

#: Only what the standard library undoes, with a bound on what comes out.
_ACCEPT_ENCODING = "gzip, deflate"
_ACCEPT = "text/html,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.8"

#: A Retry-After of at most so many seconds is waited for; longer ones end the attempt.
_MAX_WAIT_SECONDS = 3

#: Before the second attempt, when the server named no time of its own.
_FIRST_WAIT_SECONDS = 0.3

_ATTEMPTS = 3

_FRESHNESS = ("Cache-Control", "Expires", "Date")


#: A page that only sends its reader on: short, and at once.
_MAX_REFRESH_BYTES = 8 * 1024
_REFRESH = re.compile(
    rb"""<meta\b[^>]{0,100}http-equiv\s*=\s*["']?refresh["']?[^>]{0,100}content\s*=\s*["']?\s*"""
    rb"""[0-5](?:\.\d+)?\s*[;,]\s*url\s*=\s*["']?([^"'>\s]{1,2000})""",
    re.IGNORECASE,
)
#: Cookies that a chain of redirects may set; sites that ask for one set two or three.
_MAX_COOKIES = 20
_COOKIE = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}=[^;,\s\x00-\x1f]{0,1000})")


class _Redirect(NamedTuple):
    location: str
    is_permanent: bool
    cookies: tuple[str, ...] = ()  #: "name=value", set on the way


class HttpFetcher:
    """Satisfies the Fetcher port over HTTP; safe to call from several threads at once.

    Hosts in ``allow_hosts`` may have private addresses, are not paced, and their robots.txt is
    not asked; names are compared whole. ``obey_robots`` is for pages. ``domain_of`` tells to
    which domain an address belongs: one that asks to be left alone is left alone on all its
    hosts; without it, on the one host. ``contact``, a mail
    or web address, stands in the User-Agent. Limits follow CONVENTIONS: 15 MiB after decompression
    (miniflux), ten redirects (Go, changedetection.io), 20 to 30 s for an answer (miniflux,
    Media Cloud). Proxies and netrc files of the environment are not used; its
    REQUESTS_CA_BUNDLE is.
    """

    def __init__(
        self,
        *,
        allow_hosts: Sequence[str] = (),
        max_body_bytes: int = MAX_BODY_BYTES,
        connect_timeout_seconds: float = 10.0,
        total_timeout_seconds: float = 25.0,
        max_redirects: int = 10,
        contact: str = "",
        obey_robots: bool = False,
        domain_of: Callable[[str], str] | None = None,
        pace: HostPace | None = None,
        pool_size: int = 32,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._allow_hosts = frozenset(bare_host(host) for host in allow_hosts)
        self._max_body_bytes = max_body_bytes
        self._timeout = (connect_timeout_seconds, total_timeout_seconds)
        self._max_redirects = max_redirects
        self._pace = pace or HostPace()
        self._sleep = sleep
        self._headers = {
            "User-Agent": user_agent(contact),
            "Accept": _ACCEPT,
            "Accept-Encoding": _ACCEPT_ENCODING,
        }
        self._robots = Robots(self._fetch_robots) if obey_robots else None
        self._domain_of = domain_of or (lambda url: bare_host(check_url(url).host or ""))
        self._session = open_session(self._allow_hosts, pool_size)
        self._deadlines = DeadlineWatcher()

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Response:
        """The answer to a GET, conditional when a validator is given; both go out verbatim.

        Redirects are followed one by one, each address checked anew. A reset, a refused
        connection, a connect timeout and a 500, 502 or 504 get two more attempts.

        Raises:
            FetchError: with the named reason.
        """
        headers = dict(self._headers)
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        return self._attempt(url, headers, self._robots)

    def lane(self, url: str) -> str:
        """The host that is paced, as the Fetcher port says; "" where hosts are not."""
        try:
            host = bare_host(check_url(url).host or "")
        except FetchError:  # fetching it will say so
            return ""
        return "" if host in self._allow_hosts else host

    def close(self) -> None:
        """Give back the connections and end the thread that watches deadlines."""
        self._session.close()
        self._deadlines.close()

    def _fetch_robots(self, url: str) -> bytes:
        return self._attempt(url, dict(self._headers), None).body

    def _attempt(self, url: str, headers: dict[str, str], robots: Robots | None) -> Response:
        try:
            return self._follow(url, headers, robots)
        except FetchError as error:
            wait = _wait_before_retry(error)
            if not wait:
                raise
        self._sleep(_FIRST_WAIT_SECONDS if wait is True else wait)
        return self._retry(url, headers, robots)

    def _retry(self, url: str, headers: dict[str, str], robots: Robots | None) -> Response:
        """The attempts after the first; apart, because most requests never need it."""
        for attempt in stamina.retry_context(
            on=_wait_before_retry,
            attempts=_ATTEMPTS - 1,
            timeout=None,
            wait_initial=0.5,
            wait_max=_MAX_WAIT_SECONDS,
            wait_jitter=0.5,
        ):
            with attempt:
                return self._follow(url, headers, robots)
        raise AssertionError("stamina returns or raises")

    def _follow(self, url: str, headers: dict[str, str], robots: Robots | None) -> Response:
        seen: set[tuple[str, str]] = set()
        target = url
        cookies: dict[str, tuple[str, ...]] = {}  # by host, for this chain of redirects only
        has_moved = True  # until a redirect says that it is not for good
        while len(seen) <= self._max_redirects:
            jar = "; ".join(cookies.get(bare_host(check_url(target).host or ""), ()))
            if (target, jar) in seen:
                break
            seen.add((target, jar))
            parts = check_url(target)
            host = bare_host(parts.host or "")
            if robots is not None and host not in self._allow_hosts:
                self._ask_robots(robots, parts, host)
            asked = {**headers, "Cookie": jar} if jar else headers
            answer = self._ask_in_turn(host, target, asked)
            if isinstance(answer, Response):
                is_led = has_moved and len(seen) > 1
                return replace(answer, moved_to=answer.url) if is_led else answer
            has_moved = has_moved and answer.is_permanent
            if answer.cookies:
                cookies[host] = (*cookies.get(host, ()), *answer.cookies)[-_MAX_COOKIES:]
            try:
                target = urljoin(target, answer.location)
            except ValueError:
                raise FetchError("bad_url", url, "redirects to what is no address") from None
        is_circle = len(seen) <= self._max_redirects
        detail = "redirects in a circle" if is_circle else f"more than {len(seen)} addresses"
        raise FetchError("too_many_redirects", url, detail)

    def _ask_robots(self, robots: Robots, parts: Url, host: str) -> None:
        verdict = robots.ask(parts)
        if not verdict.is_allowed:
            raise FetchError("robots", parts.url, "its site's robots.txt disallows it")
        if verdict.crawl_delay_seconds:
            self._pace.slow_down(host, verdict.crawl_delay_seconds)

    def _ask_in_turn(self, host: str, url: str, headers: dict[str, str]) -> Response | _Redirect:
        if host in self._allow_hosts:
            return self._ask(url, headers)
        domain = self._domain_of(url)
        with self._pace.turn(host, url, domain):
            try:
                return self._ask(url, headers)
            except FetchError as error:
                if error.retry_after_seconds > _MAX_WAIT_SECONDS:
                    self._pace.leave_alone(domain, error.retry_after_seconds)
                raise

    def _ask(self, url: str, headers: dict[str, str]) -> Response | _Redirect:
        """One request: the response, or where it is said to be."""
        with self._deadlines.watching(self._timeout[1]) as deadline:
            try:
                answer = self._exchange(url, headers)
                if deadline.is_overdue:  # cut off among the headers, which looks like their end
                    raise TimeoutError
                return answer
            except FetchError:
                raise
            except ANSWER_ERRORS as error:
                raise named_failure(error, url, deadline) from error

    def _exchange(self, url: str, headers: dict[str, str]) -> Response | _Redirect:
        try:
            request = requests.Request("GET", url, headers=headers).prepare()
        except requests.exceptions.InvalidHeader:
            raise FetchError("bad_url", url, "a stored validator holds a line break") from None
        with self._session.send(
            request, stream=True, allow_redirects=False, timeout=self._timeout
        ) as answer:
            status = answer.status_code
            location = redirect_location(answer)
            if location:
                return _Redirect(location, status in PERMANENT, _cookies(answer))
            is_unchanged = status == 304 and _is_conditional(headers)
            if not is_unchanged and not 200 <= status < 300:
                raise error_for_status(status, url, answer.headers.get("Retry-After", ""))
            body = b"" if is_unchanged else read_body(answer.raw, url, self._max_body_bytes)
            refresh = _REFRESH.search(body) if len(body) <= _MAX_REFRESH_BYTES else None
            if refresh is not None:
                target = html.unescape(refresh[1].decode("utf8", "replace"))
                return _Redirect(target, is_permanent=False, cookies=_cookies(answer))
            return Response(
                url,
                status,
                body,
                answer.headers.get("Content-Type", "")[:_MAX_VALIDATOR_CHARS],
                _validator(answer.headers.get("ETag", "")),
                _validator(answer.headers.get("Last-Modified", "")),
                fresh_seconds(*(answer.headers.get(name, "") for name in _FRESHNESS)),
            )


#: What sending a request and reading its answer raise; a malformed answer is a ValueError.
ANSWER_ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)


class _OneAnswerSession(requests.Session):
    """A session that never looks past the answer it was asked for.

    Even with ``allow_redirects=False`` requests prepares the next request of a redirect, and for
    that reads and unpacks the whole body, without any limit.
    """

    def resolve_redirects(self, *_: Any, **__: Any) -> Iterator[Any]:
        """Follows none."""
        return iter(())


def redirect_location(answer: requests.Response) -> str:
    """Where the answer redirects, "" if nowhere; bytes that are no UTF-8 are replaced."""
    if answer.status_code not in REDIRECTS:
        return ""
    return answer.headers.get("Location", "").encode("latin-1", "replace").decode("utf8", "replace")


def _cookies(answer: requests.Response) -> tuple[str, ...]:
    """The cookies that an answer sets, as they go back, without their attributes."""
    stated = answer.raw.headers.getlist("Set-Cookie")[:_MAX_COOKIES]
    return tuple(found[1] for value in stated if (found := _COOKIE.match(value)))


def open_session(allow_hosts: frozenset[str], pool_size: int) -> requests.Session:
    """A session that checks addresses, and takes nothing else from the environment but trust."""
    session = _OneAnswerSession()
    session.trust_env = False
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("http", "https"):
        adapter = AddressCheckingAdapter(
            is_https=scheme == "https", allow_hosts=allow_hosts, pool_size=pool_size
        )
        session.mount(f"{scheme}://", adapter)
    return session


def _is_conditional(headers: dict[str, str]) -> bool:
    return "If-None-Match" in headers or "If-Modified-Since" in headers


def _validator(value: str) -> str:
    return value if len(value) <= _MAX_VALIDATOR_CHARS else ""


def _wait_before_retry(error: Exception) -> bool | float:
    """Whether another attempt may help; as a number, the wait that the server asked for."""
    if isinstance(error, TransientFetchError):
        return True
    wait = error.retry_after_seconds if isinstance(error, FetchError) else 0
    return float(wait) if 0 < wait <= _MAX_WAIT_SECONDS else False


def named_failure(error: Exception, url: str, deadline: Deadline) -> FetchError:
    """The failure by its name in the one list of reasons."""
    if deadline.is_overdue:
        return FetchError("timeout", url, "the whole answer took longer than the time limit")
    if isinstance(error, InvalidIPAddress):
        remedy = "--allow-host HOST excepts it, if you trust it"
        return FetchError("private_address", url, f"its host is at {error}; {remedy}")
    if isinstance(error, requests.ConnectTimeout):
        return TransientFetchError("timeout", url, "no connection within the time limit")
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)):
        return FetchError("timeout", url, "no answer within the time limit")
    if isinstance(error, requests.exceptions.SSLError):
        return FetchError("unreachable", url, "its certificate or encryption is not accepted")
    if isinstance(error, urllib3.exceptions.DecodeError):
        return FetchError("bad_encoding", url, "the body is not compressed as it says")
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
        return FetchError("bad_url", url, "not an address that can be fetched")
    if isinstance(error, (requests.exceptions.InvalidHeader, UnicodeError)):
        return FetchError("http_error", url, "a header of the answer is malformed")
    if "resolve" in str(error):
        return FetchError("unreachable", url, "its host name is unknown")
    return TransientFetchError("unreachable", url, f"connection failed ({type(error).__name__})")
