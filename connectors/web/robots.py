"""What sites ask of robots (RFC 9309): robots.txt, read once per site and run.

Pages are asked for only where it allows them; feeds are made for programs, and by custom no
feed reader asks. A site that cannot tell what it allows, because it is down or busy, has its
pages tried again later: that is a failure of the fetch, not a refusal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NamedTuple

from protego import Protego
from urllib3.util import Url

from schemas.distribution import DISTRIBUTION
from schemas.errors import FetchError

#: The name by which robots.txt calls us; a group for "Parley" is for us, too.
PRODUCT = DISTRIBUTION

#: RFC 9309 §2.5 asks for at least 500 KiB; what stands behind is not read.
MAX_BYTES = 512 * 1024

#: Longer delays are cut, or a few pages of one site would hold up a run; news-please and
#: fundus honour any. Some sites ask for minutes, meant for crawlers of millions of pages.
MAX_CRAWL_DELAY_SECONDS = 10.0

#: What leaves open what a site allows. Google takes 429 for a server error, too.
_NO_ANSWER = frozenset({"unreachable", "timeout", "http_busy"})


class _Site:
    """One site's robots.txt: read by the first who asks, while the others wait."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rules: Protego | None = None
        self.error: FetchError | None = None


class Verdict(NamedTuple):
    """What a site says of one address."""

    is_allowed: bool
    crawl_delay_seconds: float


class Robots:
    """The rules of all sites that were asked; safe to use from several threads."""

    def __init__(self, fetch: Callable[[str], bytes]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._sites: dict[str, _Site] = {}

    def ask(self, parts: Url) -> Verdict:
        """Whether the address may be fetched, and how long to wait between two.

        Raises:
            FetchError: as reading robots.txt failed, if that may pass.
        """
        origin = Url(parts.scheme, None, parts.host, parts.port).url
        with self._lock:
            site = self._sites.setdefault(origin, _Site())
        with site.lock:
            if site.rules is None and site.error is None:
                self._read(site, origin)
        if site.error is not None:
            raise FetchError(
                site.error.reason,
                parts.url,
                f"its robots.txt cannot be read: {site.error.detail}",
                site.error.retry_after_seconds,
            )
        assert site.rules is not None  # noqa: S101 -- for the type checker
        delay = site.rules.crawl_delay(PRODUCT) or 0.0
        is_allowed = bool(site.rules.can_fetch(parts.url, PRODUCT))
        return Verdict(is_allowed, min(float(delay), MAX_CRAWL_DELAY_SECONDS))

    def _read(self, site: _Site, origin: str) -> None:
        """RFC 9309 §2.3.1: a site without a readable file allows all; one that does not
        answer, or with a server error, must be taken to allow nothing yet.
        """
        try:
            body = self._fetch(f"{origin}/robots.txt")
        except FetchError as error:
            if error.reason in _NO_ANSWER or error.http_status >= 500:
                site.error = error
                return
            body = b""
        site.rules = Protego.parse(body[:MAX_BYTES].decode("utf-8-sig", "replace"))
