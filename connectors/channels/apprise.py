"""Messages to chat and push services through Apprise, which knows each one's dialect.

One address a messenger: Apprise tells of a call only whether all of it worked. The message
goes in as our own cleaned HTML and leaves escaped as the service wants it.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import logging
import re
import warnings
from collections.abc import Sequence
from typing import Any

from connectors.formats.chat import HTML, TEXT, chat_body, chat_title
from connectors.web.addresses import bare_host
from connectors.web.guarded_connects import public_addresses_only
from schemas.delivery import Message
from schemas.distribution import install_hint
from schemas.errors import ConfigurationError, DeliveryError

_NOT_INSTALLED = f"Apprise is not installed; {install_hint('apprise')}"
_UNKNOWN = (
    "a subscription's address is of no service that Apprise knows; "
    "see its list of services for how to write one"
)
# What chat services take for a call to everyone or to one of them, or for a link that shows one
# address and leads to another, were it to stand in an article. Some that are said to take plain
# text read it so all the same (Mattermost).
_MARKUP = re.compile(
    r"@(?=everyone\b|here\b|channel\b|all\b)|(?:<|&lt;)(?=[@#!&]|https?:|mailto:)|\](?=\()",
    re.IGNORECASE,
)


_TAG = re.compile(r"<(?=[A-Za-z/!?])")


class AppriseMessenger:
    """Sends each message as one notification to one service."""

    def __init__(self, url: str, *, allow_hosts: Sequence[str] = ()) -> None:
        """Take the service that ``url`` names.

        Raises:
            ConfigurationError: Apprise is not there, or knows no such service.
        """
        self._service = _open(url)
        host = bare_host(str(getattr(self._service, "host", "") or ""))
        self._is_allowed = host in {bare_host(allowed) for allowed in allow_hosts}
        formats = _formats(self._service)
        self._format = next((f for f in ("html", "markdown") if f in formats), "text")
        # Left to choose, Apprise may take text, which the service then reads as markdown.
        self._service.notify_format = self._format
        self._has_title = self._service.title_maxlen > 0  # else Apprise puts it before the body

    def send(self, message: Message) -> None:
        """Hand the notification to the service.

        Raises:
            DeliveryError: it did not take it; Apprise does not say why.
        """
        # Made text of, our HTML would lose the addresses of its links.
        is_text = self._format == "text"
        title = _untagged(_unmarked(chat_title(message))) if self._has_title else ""
        markup = TEXT if is_text else HTML
        body = chat_body(message, markup, lambda text: self._length(_unmarked(text)) + len(title))
        guard = contextlib.nullcontext() if self._is_allowed else public_addresses_only()
        with guard:
            try:
                is_taken = self._service.notify(
                    title=title,
                    body=_unmarked(body),
                    body_format="text" if is_text else "html",
                )
            except Exception as error:  # 130 services, each with errors of its own
                raise DeliveryError(f"the service failed: {type(error).__name__}") from None
        if not is_taken:
            raise DeliveryError(
                "the service did not take it, or is no public address; if you trust that, "
                "`parley deliver --retry --allow-host HOST`"
            )

    def close(self) -> None:
        """Nothing is kept open."""

    def _length(self, body: str) -> int:
        """The characters of the body as it goes in and as the service gets it, the greater."""
        if self._format != "markdown":
            return len(body)
        conversion = importlib.import_module("apprise.conversion")
        return max(len(body), len(conversion.convert_between("html", "markdown", body)))


def _formats(service: Any) -> set[str]:
    """What the service can be given, by the names that Apprise has for it."""
    found = service.notify_format
    listed = found if isinstance(found, tuple | list | set) else [found]
    return {str(getattr(each, "value", each)) for each in listed}


def _open(url: str) -> Any:
    service = _library().Apprise.instantiate(url, suppress_exceptions=True)
    if service is None:
        raise ConfigurationError([_UNKNOWN])
    return service


@functools.cache
def _library() -> Any:
    """Apprise with all its services loaded, once: they import what Python warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            import apprise
        except ImportError as error:
            raise ConfigurationError([_NOT_INSTALLED]) from error
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it logs addresses
        apprise.Apprise.instantiate("json://localhost", suppress_exceptions=True)
    return apprise


def _untagged(text: str) -> str:
    """The text with an invisible word joiner in what would be a tag.

    A title goes in as it is, and some services read it as HTML beside a body of HTML.
    """
    return _TAG.sub("<\u2060", text)


def _unmarked(text: str) -> str:
    """The text with an invisible word joiner in what would be a mention or a masked link."""
    return _MARKUP.sub("\\g<0>\u2060", text)
