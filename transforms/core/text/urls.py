"""Addresses: one canonical form per page, and the domain that answers for it.

Knows which spellings of an address lead to the same page without asking the network. It
does not know redirects, nor what a page says of its own address (articles.py).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import cast
from urllib.parse import urljoin

from tld import get_fld
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

#: Longer addresses are refused; Media Cloud's rss-fetcher draws the same line.
MAX_URL_CHARS = 2048

#: The name of an article that came without an address: made from its content.
_PARLEY_URN = re.compile(r"urn:parley:[0-9a-f]{8,64}")

#: On lists of trackers, and what some sites keep their articles under.
_MAY_NAME_PAGES = frozenset(("cid", "ref_id", "sid", "s_id", "mid", "iid"))

_DEFAULT_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\]")


def canonical_url(url: str, base: str = "") -> str:
    """The one spelling under which a page is known: absolute, without tracking and fragment.

    The address is taken apart by urllib3, the parser that will fetch it, so that no other
    reading of a doubtful address can slip past a check. Host and scheme are lower-cased,
    default ports and dot segments go, tracking parameters (courlan's list, from AdGuard,
    ClearURLs and Firefox) go, the others are kept as they are, sorted by name. Names with
    ``urn:parley:`` pass unchanged.

    >>> canonical_url("HTTPS://News.Example.org:443/a/../b?utm_source=rss&id=7&ed=2#top")
    'https://news.example.org/b?ed=2&id=7'
    >>> canonical_url("/x?12", base="http://127.0.0.1:8899/feed.xml")
    'http://127.0.0.1:8899/x?12'

    Raises:
        ValueError: naming the address, when it is not http or https, names a user, or holds
            a backslash, control characters or more than 2048 characters.
    """
    url = url.strip(" \t\r\n")
    if _PARLEY_URN.fullmatch(url):
        return url
    parts = _parse(url, base)
    scheme, host = parts.scheme, parts.host
    if scheme not in _DEFAULT_PORTS or not host:
        raise ValueError(f"{_shown(url)}: not an http or https address")
    if parts.auth is not None:
        raise ValueError(f"{_shown(url)}: names a user, which no news page does")
    port = None if parts.port == _DEFAULT_PORTS[scheme] else parts.port
    canonical = Url(scheme, None, host, port, parts.path or "/", _clean_query(parts.query)).url
    if len(canonical) > MAX_URL_CHARS:
        raise ValueError(f"{_shown(url)}: longer than {MAX_URL_CHARS} characters")
    return canonical


def registrable_domain(url: str) -> str:
    """The domain that someone registered, or the bare host where there is none.

    Public suffixes run by companies (blogspot.com) count as suffixes: their customers do
    not speak for one another.

    >>> registrable_domain("https://www.news.example.co.uk/a")
    'example.co.uk'
    >>> registrable_domain("http://127.0.0.1:8899/x")
    '127.0.0.1'
    """
    host = parse_url(url).host or ""
    return _registrable(host)


def without_secrets(url: str) -> str:
    """The address as an error may show it: without its user, password, query and fragment.

    An address that no parser reads is treated alike.

    >>> without_secrets("https://me:pw@news.example/rss?key=abc&page=2")
    'https://***@news.example/rss?***'
    >>> without_secrets("https//me:pw@news.example/rss"), without_secrets("https://a.example/rss")
    ('https//***@news.example/rss', 'https://a.example/rss')
    """
    address, mark, _ = re.split(r"([?#])", f"{url}?", maxsplit=1)
    start, at, rest = address.rpartition("@")
    scheme = start[: start.rfind("//") + 2] if "//" in start else ""
    shown = f"{scheme}***@{rest}" if at else address
    return f"{shown}{mark}***" if len(address) < len(url) else shown


@lru_cache(maxsize=4096)
def _registrable(host: str) -> str:
    domain = get_fld(f"http://{host}", fail_silently=True, search_private=True)
    if domain:
        return str(domain)
    labels = host.split(".")
    is_name = not host.startswith("[") and not labels[-1].isdigit()
    # A suffix that the list does not know is one label (publicsuffix.org, "the rule is *").
    return ".".join(labels[-2:]) if is_name else host


def _parse(url: str, base: str) -> Url:
    if len(url) > MAX_URL_CHARS:
        raise ValueError(f"{_shown(url)}: longer than {MAX_URL_CHARS} characters")
    if _FORBIDDEN.search(url):
        raise ValueError(f"{_shown(url)}: holds a backslash or control character")
    url = url.replace(" ", "%20")
    try:
        return parse_url(urljoin(base, url) if base else url)
    except (LocationParseError, ValueError) as error:
        raise ValueError(f"{_shown(url)}: not a readable address") from error


def _clean_query(query: str | None) -> str | None:
    """The query without tracking parameters; None when nothing is left."""
    pieces = [piece for piece in (query or "").split("&") if piece]
    kept = [piece for piece in pieces if not _is_tracker(_name(piece).lower())]
    return "&".join(sorted(kept, key=_name)) or None


def _is_tracker(name: str) -> bool:
    """Reports if a parameter only tracks; "cid" and the like name the page as often."""
    return name not in _MAY_NAME_PAGES and _trackers().search(name) is not None


def _name(piece: str) -> str:
    return piece.partition("=")[0]


def _shown(url: str) -> str:
    """The address as an error may show it: short, and harmless on a terminal."""
    return ascii(url[:120])


@lru_cache(maxsize=1)
def _trackers() -> re.Pattern[str]:
    from courlan.clean import TRACKERS_RE  # slow to load, and not needed to list what is stored

    return cast("re.Pattern[str]", TRACKERS_RE)
