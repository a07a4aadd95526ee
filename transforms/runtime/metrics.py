"""Every metric by name, with its meaning. Namespace: "parley"."""

from __future__ import annotations

from typing import Any

from schemas.outcome import Reason

NAMESPACE = "parley"

#: name -> what it counts. pipelines/README.md repeats this table, and a test compares.
MEANING = {
    "feeds_polled": "feeds asked for, whatever the answer",
    "feeds_changed": "feeds that answered with a new body",
    "feeds_unchanged": "feeds that answered 304, or with the body known already",
    "feeds_failed": "feeds that gave no usable answer",
    "articles_given": "articles given by --input",
    "messages_read": "messages that came from a queue, whatever they hold",
    "feeds_resting": "feeds not asked, because their rhythm or their server says so",
    "feeds_failing": "feeds, asked now or resting, whose last poll failed",
    "feeds_muted": "feeds not asked, because they said 410 Gone",
    "entries_cut": "feed entries beyond the 2000th of a feed, which are not read",
    "entries_due": "feed entries to be read: new, left over, or to be tried again",
    "entries_published": "feed entries handed on by `parley poll`",
    "pages_fetched": "pages received within the limits",
    "fetch_ms": "time from the start of a request to its whole answer, milliseconds",
    "page_bytes": "size of pages after decompression, bytes",
    "articles_extracted": "pages from which a main text was taken",
    "articles_selected": "articles that may matter to a watch and are annotated",
    "outcome_<reason>": "elements that ended there, by the reasons of schemas/outcome.py",
    "attributions_found": "attributed quotations in annotated articles",
    "paragraphs_unparsed": "paragraphs not searched for attributions: past a limit, or no prose",
    "annotate_ms": "time to annotate one article, milliseconds",
    "speakers_recalled": "speakers known by what earlier articles told, or users ruled",
    "statements_new": "statements judged new",
    "statements_repeated": "statements judged repeated or extended",
    "statements_held": "new statements that alert nobody, because something is unsure",
    "alerts_published": "alerts published to a topic by a stream, repetitions included",
    "dead_letters_published": "dead letters published to a topic by a stream, repetitions included",
    "alert_delay_ms": "from when an article was first seen to its published alert, milliseconds",
    "alerts_raised": "alerts raised and recorded for the first time",
}


def count_outcome(reason: Reason) -> None:
    """Count an element that was not read on, by its reason."""
    _beam().counter(NAMESPACE, f"outcome_{reason}").inc()


def count(name: str, n: int = 1) -> None:
    """Add ``n`` to the counter ``name``, which must be in ``MEANING``."""
    _beam().counter(NAMESPACE, _known(name)).inc(n)


def measure(name: str, value: float) -> None:
    """Add a value to the distribution ``name``, rounded to a whole number."""
    _beam().distribution(NAMESPACE, _known(name)).update(round(value))


def _known(name: str) -> str:
    if name not in MEANING:
        raise KeyError(f"metric {name!r} has no meaning in transforms/metrics.py")
    return name


def _beam() -> Any:
    from apache_beam.metrics import Metrics  # a second of CPU, which names alone must not cost

    return Metrics
