"""A Message for chat and push services: who and what in a few lines, with one link."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from connectors.formats import headlines, phrasing
from connectors.formats.message import introduction, subject
from connectors.formats.sanitizing import clean_line, shorten, web_address
from schemas.alert import Alert
from schemas.delivery import Message
from transforms.core.delivery.ranking import best_of, most_important_first

#: Of a whole message: about what a phone shows without scrolling.
MOST_CHARACTERS = 600
_ROLE_CHARACTERS, _TITLE_CHARACTERS = 80, 180
#: A longer address leaves no room for words.
_ADDRESS_CHARACTERS = 250
#: Characters of each statement, the most that fit; then fewer alerts are shown.
_WORDS = (400, 280, 200, 140, 90)
_FEWEST_WORDS = (60, 20)
_MOST_ALERTS = 8


@dataclass(frozen=True)
class Markup:
    """How a service's text is written."""

    expert: Callable[[str, str], str]  #: name and role
    quotation: Callable[[str], str]
    link: Callable[[str, str], str]  #: words and address
    line: Callable[[str], str]


HTML = Markup(
    expert=lambda name, role: f"<p><b>{escape(name)}</b>{escape(role)}</p>",
    quotation=lambda words: f"<blockquote>{escape(words)}</blockquote>",
    link=lambda words, url: f'<p><a href="{escape(url)}">{escape(words)}</a></p>',
    line=lambda words: f"<p>{escape(words)}</p>",
)
TEXT = Markup(
    expert=lambda name, role: f"{name}{role}\n",
    quotation=lambda words: f"{words}\n",
    link=lambda words, url: f"{words}\n{url}\n",
    line=lambda words: f"{words}\n",
)


def chat_title(message: Message) -> str:
    """The title, for services that have one."""
    return shorten(subject(message), _TITLE_CHARACTERS)


def chat_body(message: Message, markup: Markup, length: Callable[[str], int] = len) -> str:
    """The most of the message that ``length`` finds to have at most ``MOST_CHARACTERS``.

    The best words of each expert, the most important first; how many were left out; and one link,
    to the first.
    """
    if message.notice is not None:
        return markup.line(shorten(clean_line(message.notice.text), MOST_CHARACTERS - 20))
    alerts = most_important_first(alert for b in message.bundles for alert in b.alerts)
    body = ""
    for shown, characters in _sizes(min(len(alerts), _MOST_ALERTS)):
        body = _body(message, alerts, shown, characters, markup)
        if length(body) <= MOST_CHARACTERS:
            break
    return body


def _sizes(alerts: int) -> Iterator[tuple[int, int]]:
    """How many alerts, and how many characters of each, from the most to the least."""
    yield from ((alerts, characters) for characters in _WORDS)
    yield from ((fewer, _WORDS[-1]) for fewer in range(alerts - 1, 0, -1))
    yield from ((1, characters) for characters in _FEWEST_WORDS)


def _body(
    message: Message, alerts: Sequence[Alert], shown: int, characters: int, markup: Markup
) -> str:
    first = alerts[0]
    is_one = len(message.bundles) == 1
    start = "" if is_one and message.kind != "rest" else markup.line(introduction(message))
    outlets = [not is_one and number > 0 for number in range(shown)]  # the first has a link
    said = [_said(*each, characters, markup) for each in zip(alerts, outlets, strict=False)]
    said.insert(len(said) if is_one else 1, _link(first, markup))
    more = len(alerts) - shown
    left = f"and {more} more: parley alerts" if more else ""
    if len(alerts) == 1:
        left = phrasing.left_out(first, 1)
    return f"{start}{''.join(said)}{markup.line(left) if left else ''}".rstrip()


def _said(alert: Alert, has_outlet: bool, characters: int, markup: Markup) -> str:
    role = phrasing.described("", alert.speaker.role, alert.speaker.affiliation)
    if alert.is_withdrawal:
        role = f"because: {phrasing.because(alert)}"
    elif has_outlet:
        role = clean_line(alert.article.publisher)
    role = shorten(role, _ROLE_CHARACTERS)
    name = headlines.speaker_of(alert)
    words = phrasing.words_of(best_of(alert), characters)
    return markup.expert(name, f", {role}" if role else "") + markup.quotation(words)


def _link(alert: Alert, markup: Markup) -> str:
    place = phrasing.outlet(alert.article)
    address = web_address(alert.article.url)
    if not address or len(address) > _ADDRESS_CHARACTERS:
        return markup.line(place)
    return markup.link(place, address)
