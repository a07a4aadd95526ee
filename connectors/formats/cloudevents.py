"""Alerts and notices as CloudEvents 1.0 JSON: the form in which they reach other programs.

The form is a promise (``schemas/alert.schema.json``): fields are never left out, and what an
article does not give is null. Words stand as the article has them; only what a line of JSON
cannot carry safely is escaped.
"""

from __future__ import annotations

import json
import re
from typing import Any, BinaryIO

from connectors.formats.phrasing import reasons_of
from schemas.alert import Alert, AlertNearest, AlertSpeaker, AlertStatement
from schemas.base import Instant
from schemas.delivery import Notice

#: Names the published schema. CloudEvents asks for a URI, not for one that can be fetched:
#: this one is the ``$id`` of ``schemas/alert.schema.json``, which ships with the package.
#: Its number rises when a field changes its meaning or goes.
DATA_SCHEMA = "urn:parley:schemas/1/alert.schema.json"
#: The same of a notice, ``schemas/notice.schema.json``.
NOTICE_SCHEMA = "urn:parley:schemas/1/notice.schema.json"
SILENT = "parley.watch.silent"  #: the type of a notice

# What ``json.dumps`` leaves as it is, and what would break lines (JSON lines are split on
# more than line feeds by some readers) or act on a terminal that shows ``--out -``.
_ESCAPED = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def event_of(alert: Alert, sent_at: Instant | None = None) -> dict[str, Any]:
    """The alert as a CloudEvents 1.0 event in JSON's structured mode.

    ``sent_at`` is when it leaves for its receiver; an event that is only shown has none.
    """
    return {
        "specversion": "1.0",
        "id": alert.id,
        "source": f"parley/{alert.watch}",
        "type": f"parley.commentary.{alert.type}",
        "subject": alert.speaker.id,
        "time": instant(alert.alerted_at),
        "datacontenttype": "application/json",
        "dataschema": DATA_SCHEMA,
        "data": _data(alert, sent_at),
    }


def notice_event(notice: Notice) -> dict[str, Any]:
    """The notice that a watch is silent, as such an event."""
    return {
        "specversion": "1.0",
        "id": notice.id,
        "source": f"parley/{notice.watch}",
        "type": SILENT,
        "subject": notice.watch,
        "time": instant(notice.at),
        "datacontenttype": "application/json",
        "dataschema": NOTICE_SCHEMA,
        "data": {
            "watch": notice.watch,
            "title": notice.title,
            "text": notice.text,
            "silent_since": instant(notice.since),
        },
    }


def _data(alert: Alert, sent_at: Instant | None) -> dict[str, Any]:
    return {
        "watch": alert.watch,
        "revision": alert.revision,
        "follows": alert.follows,
        "priority": alert.priority,
        "bundle": {"id": alert.bundle_id, "others": list(alert.others)},
        "speaker": _speaker(alert.speaker),
        "article": _article(alert),
        "statements": [_statement(statement) for statement in alert.statements],
        "reasons": [{"code": code, "text": text} for code, text in reasons_of(alert)],
        "timing": {
            "published_at": instant(alert.article.published_at),
            "seen_at": instant(alert.seen_at),
            "fetched_at": instant(alert.fetched_at),
            "alerted_at": instant(alert.alerted_at),
            "sent_at": instant(sent_at) if sent_at is not None else None,
        },
    }


def _speaker(speaker: AlertSpeaker) -> dict[str, Any]:
    return {
        "id": speaker.id,
        "name": speaker.name,
        "role": speaker.role or None,
        "affiliation": speaker.affiliation or None,
        "category": speaker.category,
        "evidence": speaker.evidence or None,
        "first_seen": instant(speaker.first_seen) if speaker.first_seen is not None else None,
        "new_voice": speaker.new_voice,
    }


def _article(alert: Alert) -> dict[str, Any]:
    article = alert.article
    return {
        "url": article.url,
        "title": article.title or None,
        "publisher": article.publisher or None,
        "published_at": instant(article.published_at),
        "is_dated": article.is_dated,
        "language": article.language or None,
        "told_to": article.told_to or None,
        "is_copy": article.copy_of is not None,
        "copy_of": article.copy_of,
    }


def _statement(statement: AlertStatement) -> dict[str, Any]:
    return {
        "id": statement.id,
        "text": statement.text,
        "kind": statement.kind,
        "form": statement.form,
        "verdict": statement.verdict,
        "confidence": rounded(statement.confidence),
        "context_before": statement.context_before or None,
        "context_after": statement.context_after or None,
        "attribution": statement.attribution,
        "actors": list(statement.actors),
        "topics": list(statement.topics),
        "about": list(statement.about),
        "nearby": list(statement.nearby),
        "link": statement.link,
        "occurrences": statement.occurrences,
        "nearest": nearest_data(statement.nearest),
    }


def nearest_data(nearest: AlertNearest | None) -> dict[str, Any] | None:
    """What comes nearest, as programs get it."""
    if nearest is None:
        return None
    return {
        "id": nearest.id,
        "text": nearest.text,
        "url": nearest.url,
        "said_at": instant(nearest.said_at),
        "relation": nearest.relation,
        "similarity": rounded(nearest.similarity),
        "reason": nearest.reason,
    }


def instant(at: Instant) -> str:
    """The instant as RFC 3339 in UTC; fractions of a second only where there are any.

    >>> instant(Instant(1763769600))
    '2025-11-22T00:00:00Z'
    """
    return str(at.to_rfc3339())


def rounded(fraction: float) -> float:
    """A confidence or similarity to four places: more would be noise that changes."""
    return round(float(fraction), 4)


def json_line(value: dict[str, Any]) -> bytes:
    r"""The value as one line of UTF-8 JSON with its line feed, safe to print and to split.

    >>> print(json_line({"words": "we\u2028 „can“ \x9b wait"}).decode(), end="")
    {"words": "we\u2028 „can“ \u009b wait"}
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return (_ESCAPED.sub(lambda m: f"\\u{ord(m[0]):04x}", text) + "\n").encode("utf8")


def write_json_line(stream: BinaryIO, value: dict[str, Any]) -> None:
    """Write the value as one line of JSON."""
    stream.write(json_line(value))
