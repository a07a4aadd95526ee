"""What was not read on, and why: dead letters for failures, skips for decisions."""

from typing import Literal, Optional, get_args

from schemas.base import Instant, row

#: Every reason for which an element leaves the flow. Those up to "error" are failures and
#: become DeadLetters, the others are decisions and become Skips.
Reason = Literal[
    "unreachable",
    "timeout",
    "http_error",
    "http_busy",
    "gone",
    "too_large",
    "too_many_redirects",
    "private_address",
    "bad_url",
    "bad_encoding",
    "not_a_feed",
    "not_an_article",
    "empty_body",
    "bad_message",
    "error",
    "gated",
    "robots",
    "not_found",
    "needs_script",
    "too_short",
    "wrong_language",
    "no_watch_terms",
    "already_read",
    "unchanged",
    "copy",
    "duplicate_entry",
    "published",
]

#: One line for people, per reason.
MEANING: dict[Reason, str] = {
    "unreachable": "the host could not be reached or closed the connection",
    "timeout": "the answer took longer than the time limit",
    "http_error": "the server answered with an error status",
    "http_busy": "the server asked to come back later (429 or 503)",
    "gone": "the server says that it is gone for good (404 or 410)",
    "too_large": "the body is larger than the size limit, after decompression",
    "too_many_redirects": "more redirects than the limit, or a loop of them",
    "private_address": "the address is private; --allow-host HOST excepts a host",
    "bad_url": "the address is not a plain http or https URL",
    "bad_encoding": "the body could not be decoded",
    "not_a_feed": "the body is neither RSS, Atom, RDF, JSON Feed nor a news sitemap",
    "not_an_article": "no main text could be found on the page",
    "empty_body": "the server sent nothing",
    "bad_message": "the message holds neither an article nor an address",
    "error": "a step failed in a way that no rule foresaw",
    "gated": "a paywall, consent page or bot wall stands before the text",
    "robots": "the site's robots.txt asks readers like this one not to fetch the page",
    "not_found": "the site shows its home page, or that nothing is there, in the article's place",
    "needs_script": "the page shows its text only to browsers that run scripts",
    "too_short": "too little text to be an article",
    "wrong_language": "the article is in none of the watches' languages",
    "no_watch_terms": "no watch's actors and topics are named in it",
    "already_read": "the same text at the same address was read before",
    "unchanged": "the server says that the page has not changed since it was read",
    "copy": "word for word an article that is known",
    "duplicate_entry": "another entry already led to this article",
    "published": "the entry was handed on to a topic, for others to read",
}

#: Failures that may pass: the next runs try them again by themselves.
TRANSIENT: frozenset[Reason] = frozenset(
    {
        "unreachable",
        "timeout",
        "http_error",
        "http_busy",
        "too_large",
        "too_many_redirects",
        "bad_encoding",
        "empty_body",
    }
)

assert set(MEANING) == set(get_args(Reason))  # noqa: S101 -- a reason without a meaning is a bug


_REASONS: tuple[Reason, ...] = get_args(Reason)


def is_failure(reason: Reason) -> bool:
    """Whether the reason makes a DeadLetter.

    >>> is_failure("bad_message"), is_failure("gated")
    (True, False)
    """
    return _REASONS.index(reason) <= _REASONS.index("error")


@row
class DeadLetter:
    """An element that failed in a step, with enough to find and retry it."""

    id: str  #: hash of step and key
    step: str  #: the transform's name, e.g. "FetchPages"
    key: str  #: what failed: a feed's or page's URL, or an article's id
    entry_id: str  #: the feed entry it came from; "" for a feed
    reason: Reason
    message: str  #: one line
    element: str  #: the element as JSON, bodies left out
    trace: str  #: the traceback, for reason "error" only
    failed_at: Instant


@row
class Skip:
    """A feed entry that was looked at and, by a decision, not read on."""

    entry_id: str
    url: str
    step: str
    reason: Reason
    skipped_at: Instant
    copy_of: Optional[str] = None  #: for reason "copy": the id of the article it repeats
    etag: str = ""  #: of the page, for the next reading
    last_modified: str = ""  #: of the page, for the next reading
