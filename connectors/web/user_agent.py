"""The User-Agent: which program asks, in which version, and whom a site can write to."""

from __future__ import annotations

import re
from collections.abc import Mapping

from schemas.distribution import DISTRIBUTION, VERSION

#: The environment variable that names the operator's contact.
CONTACT_VARIABLE = "PARLEY_CONTACT"

#: One mail or web address, in characters that neither end a header nor its comment.
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_WEB = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~:/?#!$&'*+,;=%-]*)?")
_MAX_CHARS = 200


def read_contact(text: str) -> str:
    """A mail or web address as it stands in the User-Agent.

    Raises:
        ValueError: with problem and remedy, parted by a semicolon.

    >>> read_contact("desk@example.org"), read_contact(" https://example.org/bot ")
    ('mailto:desk@example.org', 'https://example.org/bot')
    """
    address = text.strip().removeprefix("mailto:")
    if len(address) <= _MAX_CHARS and _MAIL.fullmatch(address):
        return f"mailto:{address}"
    if len(address) <= _MAX_CHARS and _WEB.fullmatch(address):
        return address
    raise ValueError(
        f"{ascii(text)[:60]} is neither a mail nor a web address; "
        "write desk@example.org or https://example.org/about"
    )


def contact_in(environment: Mapping[str, str]) -> str:
    """The contact that the environment names; "" if it names none.

    Raises:
        ValueError: with problem and remedy, parted by a semicolon.
    """
    given = environment.get(CONTACT_VARIABLE, "").strip()
    return read_contact(given) if given else ""


def user_agent(contact: str = "") -> str:
    """The value of the header; ``contact`` as ``read_contact`` gives it.

    >>> user_agent("mailto:desk@example.org")
    'parley-monitor/0.1.0 (news monitor; +mailto:desk@example.org)'
    >>> user_agent()
    'parley-monitor/0.1.0 (news monitor)'
    """
    told = f"; +{contact}" if contact else ""
    return f"{DISTRIBUTION}/{VERSION} (news monitor{told})"
