"""What people read in a message: its subject, and the whole as text and as HTML.

A message of one bundle is that bundle; one of several begins with how many, and why they
come together.
"""

from __future__ import annotations

import io
from html import escape

from rich.console import Console
from rich.text import Text

from connectors.formats import headlines, humanize
from connectors.formats.console import put
from connectors.formats.html import bundle_html
from connectors.formats.sanitizing import clean_line
from connectors.formats.text import print_bundle
from schemas.delivery import Message

#: Mail is read in narrow windows, and quoted; RFC 5322 2.1.1 asks for 78 characters.
_TEXT_WIDTH = 76
#: Names in a digest's subject.
_MOST_NAMES = 3

#: No colours but for lines: those of the reader's program, light or dark, are the right ones.
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:16px/1.5 sans-serif;max-width:42em;margin:1em auto;padding:0 1em;"
    "overflow-wrap:anywhere}"
    "blockquote{font-size:1.1em;margin:.8em 0;padding-left:1em;border-left:3px solid #888}"
    "blockquote p{margin:0}p{margin:.6em 0}hr{border:0;border-top:1px solid #888;margin:1.5em 0}"
    "h2{font-size:1.2em;margin:2em 0 0;padding-top:.8em;border-top:3px double #888}"
    "h3{font-size:1.1em;margin:1.6em 0 .4em}"
)


def subject(message: Message) -> str:
    """Who and what, in one line.

    A digest names its first experts: what is in it, not that there is one.
    """
    if message.notice is not None:
        return clean_line(message.notice.title)
    if len(message.bundles) == 1 and message.kind != "rest":
        return headlines.headline(message.bundles[0])
    names = list(dict.fromkeys(n for b in message.bundles for n in headlines.names(b)))
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


def message_text(message: Message) -> str:
    """The message as plain text."""
    out = io.StringIO()
    console = Console(file=out, width=_TEXT_WIDTH, color_system=None, force_terminal=False)
    if introduction(message):
        put(console, Text(introduction(message)))
        out.write("\n")
    for number, bundle in enumerate(message.bundles):
        if number:
            out.write(f"{'-' * _TEXT_WIDTH}\n\n")
        print_bundle(bundle, console)
    if message.summary:
        put(console, Text(message.summary))
        out.write("\n")
    out.write(f"-- \n{closing(message)}\n")
    return out.getvalue()


def message_html(message: Message) -> str:
    """The message as a whole HTML document."""
    parts = [f"<p>{escape(introduction(message))}</p>\n"] if introduction(message) else []
    parts.append(articles_html(message))
    if message.summary:
        parts.append(f"<hr>\n<p>{escape(message.summary)}</p>\n")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(subject(message))}</title>\n<style>{_STYLE}</style></head>\n<body>\n"
        f"{''.join(parts)}<hr>\n<p><small>{escape(closing(message))}</small></p>\n</body></html>\n"
    )


def articles_html(message: Message) -> str:
    """The bundles as a fragment, each under the title of its article if there are several."""
    parts = []
    for bundle in message.bundles:
        if len(message.bundles) > 1:
            parts.append(f"<h2>{escape(headlines.title(bundle))}</h2>\n")
        parts.append(bundle_html(bundle))
    return "".join(parts)


def _alerts(message: Message) -> int:
    return sum(len(bundle.alerts) for bundle in message.bundles)
