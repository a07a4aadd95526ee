"""Addresses of Pub/Sub subscriptions and topics, as options and watches write them."""

from __future__ import annotations

import re
from typing import Literal

#: How each is written.
FORMS = {
    "topics": "pubsub:projects/PROJECT/topics/TOPIC",
    "subscriptions": "pubsub:projects/PROJECT/subscriptions/SUBSCRIPTION",
}
_PREFIX = "pubsub:"
#: A project's id, perhaps with its domain, or its number. Emulators take any.
_PROJECT = r"[A-Za-z0-9][A-Za-z0-9.:_-]{0,99}"
#: https://docs.cloud.google.com/pubsub/docs/pubsub-basics#resource_names
_NAME = r"(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}"
_PATH = re.compile(rf"projects/{_PROJECT}/(topics|subscriptions)/{_NAME}")


def read_pubsub_path(text: str, kind: Literal["topics", "subscriptions"]) -> str:
    """The resource that an address names, as Pub/Sub's own clients take it.

    Raises:
        ValueError: it is no address of that kind; says how one is written.

    >>> read_pubsub_path("pubsub:projects/desk/topics/alerts", "topics")
    'projects/desk/topics/alerts'
    >>> read_pubsub_path("pubsub:projects/desk/topics/alerts", "subscriptions")
    Traceback (most recent call last):
    ...
    ValueError: names a topic; write pubsub:projects/PROJECT/subscriptions/SUBSCRIPTION
    """
    path = text.removeprefix(_PREFIX)
    found = _PATH.fullmatch(path)
    if path == text or found is None:
        raise ValueError(
            f"is no Pub/Sub address; write {FORMS[kind]}, names of 3 to 255 characters"
        )
    if found[1] != kind:
        raise ValueError(f"names a {found[1][:-1]}; write {FORMS[kind]}")
    return path
