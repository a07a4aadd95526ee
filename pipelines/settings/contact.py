"""Whom sites can write to about this Parley: the environment's contact, else a watch's."""

from __future__ import annotations

import os
from collections.abc import Iterable

from connectors.web.user_agent import CONTACT_VARIABLE, contact_in
from schemas.errors import ConfigurationError
from schemas.watch import Watch

#: What a command that fetches says once, at its start, when nobody is named.
NO_CONTACT = (
    f"sites cannot tell whom to write to: set {CONTACT_VARIABLE}=you@example.org, or "
    "contact: in the watch, and it goes into the User-Agent"
)


def contact_for(watches: Iterable[Watch] = ()) -> str:
    """The contact for the User-Agent; "" if neither environment nor watches name one.

    Of several watches with a contact, the first one's is taken.

    Raises:
        ConfigurationError: the environment's is no address.
    """
    try:
        named = contact_in(os.environ)
    except ValueError as error:
        raise ConfigurationError([f"{CONTACT_VARIABLE}: {error}"]) from error
    return named or next((watch.contact for watch in watches if watch.contact), "")
