"""What chat and push services get: short, who and what first, one link."""

from __future__ import annotations

import dataclasses
import json
from types import SimpleNamespace
from typing import Any

import pytest

from connectors.channels.apprise import AppriseMessenger
from connectors.formats.chat import HTML, MOST_CHARACTERS, TEXT, chat_body
from schemas.alert import Bundle
from schemas.delivery import Message, Notice
from support import alerts

SERVICES = {
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "telegram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
    "google": "gchat://workspace/key/token",
    "ntfy": "ntfy://topic",
}
LONG = alerts.alert(
    speaker=dataclasses.replace(alerts.MIRREN, name="Ada " * 40, role="fellow " * 90),
    article=dataclasses.replace(
        alerts.ARTICLE, publisher="Gazette " * 40, url=f"{alerts.URL}{'x' * 900}"
    ),
    statements=[dataclasses.replace(alerts.GUARANTEE, text="*word* _of_ <b> & " * 300)],
)  # fmt: skip


def message(*bundles: Bundle, kind: str = "bundle") -> Message:
    return Message("m", kind, bundles, ["chat"])  # type: ignore[arg-type]


DIGEST = message(*(alerts.bundle(id=f"b{n}") for n in range(30)), kind="digest")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []

    def take(*_: Any, **options: Any) -> Any:
        calls.append(json.loads(options["data"]))
        return SimpleNamespace(
            status_code=200, content=b"ok", text="ok", headers={}, json=lambda: {"ok": True}
        )

    for name in ("request", "post"):
        monkeypatch.setattr(f"requests.{name}", take)
    return calls


def text_of(service: str, call: dict[str, Any]) -> str:
    if service == "slack":
        (call,) = call["attachments"]
    return str(call["message"] if service == "ntfy" else call["text"])


QUOTED = {
    "slack": "*Ada Mirren*, senior fellow, the Quayside Institute\n\n> “A ceasefire",
    "google": "*Ada Mirren*, senior fellow, the Quayside Institute\n\n> “A ceasefire",
    "telegram": "<b>Ada Mirren</b>, senior fellow, the Quayside Institute\r\n<blockquote>“A cease",
    "ntfy": "Ada Mirren, senior fellow, the Quayside Institute\n“A ceasefire",
}


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_gets_its_own_writing(service: str, sent: list[dict[str, Any]]) -> None:
    AppriseMessenger(SERVICES[service]).send(message(alerts.bundle(alerts.alert())))
    shown = text_of(service, sent[0])
    assert shown.startswith(QUOTED[service])
    assert shown.count("https://") == 1
    assert alerts.URL in shown
    assert "and 1 more: parley alerts alert-mi --full" in shown


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "told",
    [message(alerts.bundle(LONG)), message(alerts.bundle()), DIGEST,
     message(*[alerts.bundle(LONG, id=f"b{n}") for n in range(9)], kind="digest"),
     message(alerts.bundle(alerts.hostile_alert()))],
    ids=["long", "two", "digest", "long digest", "hostile"],
)  # fmt: skip
def test_none_gets_more_than_600_characters(
    service: str, told: Message, sent: list[dict[str, Any]]
) -> None:
    AppriseMessenger(SERVICES[service]).send(told)
    assert 0 < len(text_of(service, sent[0])) <= MOST_CHARACTERS


def test_a_digest_says_how_many_are_left_out_and_links_to_the_first() -> None:
    shown = chat_body(DIGEST, TEXT)
    assert shown.startswith("60 alerts on 30 articles since the last digest.\nAda Mirren")
    assert shown.count("https://") == 1
    told = shown.count("A ceasefire without") + shown.count("Both sides now")
    assert shown.endswith(f"and {60 - told} more: parley alerts")


def test_what_is_taken_back_says_why() -> None:
    reasons = [alerts.AlertReason("x", "the speaker is a minister")]
    back = alerts.alert(type="withdrawn", follows="alert-mirren", reasons=reasons)
    shown = chat_body(message(alerts.bundle(back), kind="withdrawal"), HTML)
    assert shown.startswith(
        "<p><b>Withdrawn: Ada Mirren</b>, because: the speaker is a minister</p>"
    )


def test_a_notice_is_its_text() -> None:
    notice = Notice("n", "w", "Quiet", "No alert since May. " * 90, alerts.NOON, alerts.NOON)
    told = dataclasses.replace(message(), kind="silence", notice=notice)
    assert len(chat_body(told, HTML)) <= MOST_CHARACTERS
    assert chat_body(told, TEXT).startswith("No alert since May. No")
