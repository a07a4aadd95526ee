"""Which addresses may be fetched, checked on the very address that is connected to."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Any

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from connectors.web.deadlines import WatchedHTTPConnection, WatchedHTTPSConnection, in_time
from schemas.errors import FetchError

MAX_URL_CHARS = 2048
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")


def check_url(url: str) -> Url:
    """The parts of an address that may be asked for.

    Read by urllib3, the parser that will fetch it: a backslash or a user name is where
    parsers are known to disagree about the host, so both are refused.

    Raises:
        FetchError: "bad_url", saying what is wrong with it.
    """
    if len(url) > MAX_URL_CHARS:
        raise FetchError("bad_url", url[:200], f"longer than {MAX_URL_CHARS} characters")
    if _FORBIDDEN.search(url):
        raise FetchError("bad_url", url, "holds a backslash, blank or control character")
    try:
        parts = parse_url(url)
    except (LocationParseError, ValueError) as error:
        raise FetchError("bad_url", url, "not a readable address") from error
    if parts.scheme not in ("http", "https") or not parts.host:
        raise FetchError("bad_url", url, "not an http or https address")
    if parts.auth is not None:
        raise FetchError("bad_url", url, "names a user")
    return parts


def bare_host(host: str) -> str:
    """A host as it is compared: lower case, without the brackets of an IPv6 address."""
    return host.lower().strip("[]")


class AddressCheckingAdapter(IPFilterAdapter):
    """Connects to public addresses, and to private ones of the hosts that were allowed.

    requests-hardened resolves the name, checks the address and connects to that very one,
    so that a name which resolves anew to a private address gains nothing. On top of its
    list, whatever the standard library does not call global is refused.
    """

    def __init__(self, *, is_https: bool, allow_hosts: Iterable[str], pool_size: int) -> None:
        self._allow_hosts = frozenset(bare_host(host) for host in allow_hosts)
        super().__init__(is_https_proto=is_https)
        self.init_poolmanager(pool_size, pool_size)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Use connections that obey the deadline of a whole answer."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        """Where to connect, pinned to the address that was checked."""
        host = bare_host(parse_url(request.url or "").host or "")
        if host in self._allow_hosts:
            return HTTPAdapter.build_connection_pool_key_attributes(self, request, verify, cert)
        resolve = super().build_connection_pool_key_attributes
        host_params, pool_kwargs = in_time(lambda: resolve(request, verify, cert))
        address = ipaddress.ip_address(host_params["host"].strip("[]"))
        is_local = address.is_multicast or address.is_reserved or _is_site_local(address)
        if is_local or not address.is_global:
            raise InvalidIPAddress(address)
        return host_params, pool_kwargs


def _is_site_local(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """fec0::/10, private until 2004 (RFC 3879), which the library now calls global."""
    return isinstance(address, ipaddress.IPv6Address) and address.is_site_local


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = WatchedHTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = WatchedHTTPSConnection
