"""Keeps a library that opens its own connections out of private networks.

Some libraries take no session or adapter of ours. Python tells an audit hook (PEP 578) of
every connection, whatever made it, with the very address that is connected to; inside
``public_addresses_only`` the thread's connections to others fail.
"""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import sys
import threading
from collections.abc import Iterator

#: What sends to an address: connections, and datagrams that need none.
_REACHING = frozenset(("socket.connect", "socket.sendto", "socket.sendmsg"))

_guarded = threading.local()


@contextlib.contextmanager
def public_addresses_only() -> Iterator[None]:
    """Let this thread connect to public addresses alone, inside the block."""
    _install()
    _guarded.is_on = True
    try:
        yield
    finally:
        _guarded.is_on = False


@functools.cache
def _install() -> None:
    """Add the hook, once: hooks cannot be taken away."""
    sys.addaudithook(_audit)


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _REACHING or not getattr(_guarded, "is_on", False):
        return
    address = arguments[1]
    if address is None:  # a datagram on a socket that was connected, and checked, before
        return
    host = str(address[0]) if isinstance(address, tuple) and address else ""
    if not _is_public(host):
        raise ConnectionRefusedError("not a public address")


def _is_public(host: str) -> bool:
    """Whether the host is a public address; a name or a local socket's path is not.

    >>> _is_public("93.184.216.34"), _is_public("10.0.0.1"), _is_public("/run/bus")
    (True, False, False)
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    is_site_local = getattr(address, "is_site_local", False)
    is_usable = not (address.is_multicast or address.is_reserved or is_site_local)
    return address.is_global and is_usable
