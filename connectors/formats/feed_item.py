"""What feeds show besides bundles: one entry, in any form of feed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from schemas.base import Instant


class FeedItem(NamedTuple):
    """One entry of a feed, all of it fit to be shown."""

    id: str  #: a URN; readers show an entry whose id they know no second time
    title: str
    url: str  #: "" for none
    html: str  #: a fragment, escaped and cleaned
    published_at: Instant
    updated_at: Instant
    authors: Sequence[str] = ()
    tags: Sequence[str] = ()
