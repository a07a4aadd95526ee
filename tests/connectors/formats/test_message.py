"""Mail: contents first, small, the same in text and HTML, light and dark."""

from __future__ import annotations

import dataclasses
import re
from html import unescape

import pytest

from connectors.channels.mail import render_mail
from connectors.formats.message import message_html, message_text
from schemas.alert import Bundle
from schemas.delivery import Message
from support import alerts


def message(*bundles: Bundle, kind: str = "digest") -> Message:
    return Message("m", kind, bundles, ["desk"])  # type: ignore[arg-type]


def speaking(name: str, topic: str, text: str, **changes: object) -> Bundle:
    said = dataclasses.replace(
        alerts.GUARANTEE, id=f"s-{name}", text=text, topics=(topic,), about=(topic.capitalize(),)
    )
    speaker = dataclasses.replace(alerts.MIRREN, name=name)
    one = alerts.alert(id=f"id-{name}", speaker=speaker, statements=[said], **changes)
    return alerts.bundle(one, id=name)


def many(number: int, length: int = 60) -> list[Bundle]:
    said = [
        dataclasses.replace(alerts.GUARANTEE, id=f"s{n}", text=f"“Claim” {n} " + "wörd " * length)
        for n in range(30)
    ]
    one = alerts.alert(statements=said)
    return [alerts.bundle(one, id=f"b{n}") for n in range(number)]


def bytes_of(told: Message) -> int:
    return len(render_mail(told, "Parley <a@news.example>", "ann@example.org").as_bytes())


DIGEST = message(
    speaking("Ana Low", "truce", "A truce"),
    speaking("Bo High", "border", "The border commission decides this ceasefire before winter",
             priority="high"),
    speaking("Cy Also", "truce", "Nobody pays for a truce that no monitor watches at night"),
)  # fmt: skip


def test_a_digest_begins_with_contents_by_topic_the_most_important_first() -> None:
    text = message_text(DIGEST)
    head = text.partition("Bo High: “The border commission decides this ceasefire before winter”\n")
    assert head[0].splitlines() == [
        "3 alerts on 3 articles since the last digest.",
        "",
        "Border",
        "- Bo High: “The border commission decides this ceasefire …” (The Gazette)",
        "",
        "Truce",
        "- Cy Also: “Nobody pays for a truce that no monitor watches …” (The Gazette)",
        "- Ana Low: “A truce” (The Gazette)",
        "",
    ]
    assert re.findall(r"^(\w+ \w+): “", head[2], re.MULTILINE) == ["Cy Also", "Ana Low"]


@pytest.mark.parametrize("told", [DIGEST, message(alerts.bundle(), kind="bundle")])
def test_the_html_tells_what_the_text_tells(told: Message) -> None:
    body = message_html(told).partition("<body>")[2]
    words = set(re.findall(r"\w+", unescape(re.sub(r"<[^>]+>", " ", body))))
    plain = re.sub(r"https?://\S+", "", message_text(told))
    assert set(re.findall(r"\w+", plain)) <= words


def test_the_html_has_colours_for_light_and_dark() -> None:
    html = message_html(DIGEST)
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme:dark)" in html
    assert "width=device-width" in html
    assert not re.search(r"width:\s*\d{3,}px|<table", html)


def test_headline_and_outlet_are_at_the_top_of_each() -> None:
    html = message_html(message(alerts.bundle(alerts.alert()), kind="bundle"))
    top = html.partition("<body>\n")[2]
    assert top.startswith("<h3>Ada Mirren: “A ceasefire without a guarantee is a pause")
    assert re.match(r".*</h3>\n<p><a href=\"https://gazette[^>]*>The Gazette, 22 Nov", top)


def test_a_single_alert_ends_with_what_only_some_ask_for() -> None:
    near = dataclasses.replace(alerts.NEAREST, relation="contradicts", reason="denied there")
    best = dataclasses.replace(alerts.GUARANTEE, nearest=near)
    other = dataclasses.replace(alerts.GUARANTEE, id="s-9", text="A ceasefire", kind="indirect")
    reasons = [
        alerts.AlertReason("names_talks", "mentions a ceasefire", ["s-1"]),
        alerts.AlertReason("near_talks", "stands close to talks", ["s-9"]),
    ]
    one = alerts.alert(statements=[other, best], reasons=reasons)
    flat = " ".join(message_text(message(alerts.bundle(one), kind="bundle")).split())
    details = flat.partition("(expert) ")[2]
    assert details.startswith("Around it The delegations met for six hours. […] Neither side")
    assert "Nearest 13 Nov 2025, 12:00 UTC: Neither capital is ready" in details
    assert "denied there" in details
    assert "only this one of a guarantee" not in details  # another point: not worth a mail
    assert "Why mentions a ceasefire Title Envoys leave" in details
    assert "Alert alert-mirren of watch riverside-talks" in details


@pytest.mark.parametrize("length", [2, 60, 600])
def test_a_mail_has_20_kb_an_alert_and_80_a_digest(length: int) -> None:
    assert bytes_of(message(*many(1, length), kind="bundle")) <= 20_000
    for number in (2, 24, 200):
        assert bytes_of(message(*many(number, length))) <= 80_000
    assert bytes_of(message(*many(24, length))) <= 40_000


def test_contents_that_are_too_long_say_how_many_are_left() -> None:
    text = render_mail(message(*many(900)), "a@news.example", "b@news.example")
    body = text.get_body(("plain",))
    assert body is not None
    listed = body.get_content().count("\n- ")
    assert 50 < listed < 900
    assert f"And {900 - listed} more: parley alerts" in body.get_content()


def test_long_addresses_and_hostile_alerts_stay_small() -> None:
    article = dataclasses.replace(alerts.ARTICLE, url=alerts.URL + "y" * 70_000)
    assert bytes_of(message(alerts.bundle(alerts.alert(article=article)), kind="bundle")) <= 20_000
    assert bytes_of(message(alerts.bundle(alerts.hostile_alert()), kind="bundle")) <= 20_000
