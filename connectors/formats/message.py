"""What people read in a message: its subject, and the whole as text and as HTML.

A message of one bundle is that bundle; one of several begins with how many, why they come
together, and a line for each.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape

from rich.console import Console
from rich.text import Text

from connectors.formats import headlines, humanize
from connectors.formats.console import put
from connectors.formats.html import alert_html
from connectors.formats.sanitizing import clean_line, shorten
from connectors.formats.sizes import Size, sizes
from connectors.formats.text import print_alert, print_details
from schemas.alert import Alert
from schemas.delivery import Message
from transforms.core.delivery.ranking import by_topic, most_important_first

#: Mail is read in narrow windows, and quoted; RFC 5322 2.1.1 asks for 78 characters.
_TEXT_WIDTH = 76
_TOPIC_CHARACTERS = 60
#: Names in a digest's subject.
_MOST_NAMES = 3

#: Colours of our own in both schemes: programs that invert only some of them make mail unreadable.
_STYLE = (
    ":root{color-scheme:light dark;supported-color-schemes:light dark}"
    "body{font:16px/1.45 sans-serif;max-width:42em;margin:0 auto;padding:12px;"
    "overflow-wrap:anywhere;color:#1c1c1c;background:#fff}"
    "h2{font-size:1em;margin:1em 0 .2em}h3{font-size:1.1em;margin:1.6em 0 .3em}"
    "p,ul{margin:.3em 0}ul{padding-left:1.2em}a{color:#0b57d0}small{color:#5c5c5c}"
    "hr{border:0;border-top:1px solid #888;margin:1.5em 0}"
    "@media (prefers-color-scheme:dark){body{color:#e6e6e6;background:#181818}"
    "a{color:#8ab4f8}small{color:#a8a8a8}}"
)


_Groups = Sequence[tuple[str, Sequence[Alert]]]


def subject(message: Message) -> str:
    """Who and what, in one line.

    A digest names its most important experts: what is in it, not that there is one.
    """
    if message.notice is not None:
        return clean_line(message.notice.title)
    if len(message.bundles) == 1 and message.kind != "rest":
        return headlines.headline(message.bundles[0])
    ordered = most_important_first(_all(message))
    names = list(dict.fromkeys(clean_line(alert.speaker.name) for alert in ordered))
    shown = names[:_MOST_NAMES]
    if len(names) > len(shown):
        shown.append(f"{len(names) - len(shown)} more")
    return f"{humanize.counted(_alerts(message), 'new alert')}: {humanize.listed(shown)}"


def introduction(message: Message) -> str:
    """Why several bundles come together, or what is said without any; "" for one."""
    if message.notice is not None:
        return clean_line(message.notice.text)
    many = humanize.counted(_alerts(message), "alert")
    if message.kind == "rest":
        budget = humanize.counted(message.budget or 0, "message")
        return f"{many} beyond the {budget} a day that you asked for at most."
    if len(message.bundles) == 1:
        return ""
    articles = humanize.counted(len(message.bundles), "article")
    what = "since the last digest" if message.kind == "digest" else "that came close together"
    return f"{many} on {articles} {what}."


def closing(message: Message) -> str:
    """When it was sent, and which subscriptions brought it."""
    names = humanize.listed([clean_line(name) for name in message.subscriptions])
    kind = "subscription" if len(message.subscriptions) == 1 else "subscriptions"
    when = f" on {humanize.moment(message.sent_at)}" if message.sent_at is not None else ""
    return f"Sent by Parley{when} for the {kind} {names}." if names else f"Sent by Parley{when}."


def message_text(message: Message, size: Size | None = None) -> str:
    """The message as plain text, by default in its largest size."""
    size = size or next(sizes(_alerts(message)))
    out = io.StringIO()
    console = Console(file=out, width=_TEXT_WIDTH, color_system=None, force_terminal=False)
    if introduction(message):
        put(console, Text(introduction(message)))
        out.write("\n")
    groups = by_topic(_all(message))
    for topic, lines in _contents(message, groups, size):
        put(console, Text(topic))
        for line in lines:
            put(console, Text(line), "- ", "  ")
        out.write("\n")
    for alert in _shown(groups, size):
        print_alert(alert, console, size)
        if size.has_details:
            print_details(alert, size.statements, console)
    if message.summary:
        put(console, Text(message.summary))
        out.write("\n")
    out.write(f"-- \n{closing(message)}\n")
    return out.getvalue()


def message_html(message: Message, size: Size | None = None) -> str:
    """The message as a whole HTML document, by default in its largest size."""
    size = size or next(sizes(_alerts(message)))
    parts = [f"<p>{escape(introduction(message))}</p>\n"] if introduction(message) else []
    groups = by_topic(_all(message))
    for topic, lines in _contents(message, groups, size):
        items = "".join(f"<li>{escape(line)}</li>\n" for line in lines)
        parts.append(f"<h2>{escape(topic)}</h2>\n<ul>{items}</ul>\n")
    parts += [alert_html(alert, size) for alert in _shown(groups, size)]
    if message.summary:
        parts.append(f"<hr>\n<p>{escape(message.summary)}</p>\n")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="supported-color-schemes" content="light dark">\n'
        f"<title>{escape(subject(message))}</title>\n<style>{_STYLE}</style></head>\n<body>\n"
        f"{''.join(parts)}<hr>\n<p><small>{escape(closing(message))}</small></p>\n</body></html>\n"
    )


def _contents(message: Message, groups: _Groups, size: Size) -> list[tuple[str, list[str]]]:
    """By topic a line for each alert of several articles, the most important first."""
    if len(message.bundles) < 2:
        return []
    found, left = list[tuple[str, list[str]]](), _alerts(message)
    room = left if size.listed is None else size.listed
    for topic, alerts in groups:
        if lines := [headlines.line(alert) for alert in alerts[:room]]:
            found.append((shorten(clean_line(topic), _TOPIC_CHARACTERS) or "Other", lines))
        room, left = room - len(lines), left - len(lines)
    return [*found, (f"And {left} more: parley alerts", [])] if left else found


def _shown(groups: _Groups, size: Size) -> list[Alert]:
    """The alerts in order of the contents."""
    ordered = [alert for _, alerts in groups for alert in alerts]
    return ordered if size.alerts is None else ordered[: size.alerts]


def _all(message: Message) -> list[Alert]:
    return [alert for bundle in message.bundles for alert in bundle.alerts]


def _alerts(message: Message) -> int:
    return len(_all(message))
