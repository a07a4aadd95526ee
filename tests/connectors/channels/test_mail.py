from __future__ import annotations

import dataclasses
from email import message_from_bytes, policy

import pytest

from connectors.channels.mail import MailServer, render_mail
from schemas.delivery import Message
from schemas.errors import ConfigurationError
from support import alerts


def rendered(*bundles, kind="bundle"):
    message = Message("a" * 32, kind, bundles, ["desk"])
    raw = render_mail(message, "Parley <alerts@news.example>", "ann@example.org").as_bytes()
    return raw, message_from_bytes(raw, policy=policy.default)


@pytest.mark.parametrize("length", range(40, 90))
def test_a_subject_of_any_length_begins_with_its_first_word(length):
    statement = dataclasses.replace(alerts.GUARANTEE, kind="indirect", text="a " * (length // 2))
    _, mail = rendered(alerts.bundle(alerts.alert(statements=[statement])))
    assert mail["Subject"].startswith("Ada Mirren: a a")


def test_a_hostile_alert_adds_no_header_and_no_markup():
    raw, mail = rendered(alerts.bundle(alerts.hostile_alert()))
    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line[:1].isspace()]
    assert len(names) == len(set(names))
    assert "\n" not in mail["Subject"]
    assert "<script" not in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    "word",
    [
        "=?utf-8?q?Truce=0D=0AReply-To:_d@evil.example?=",
        "=?utf-8?q?Truce=0D=0A=0D=0AContent-Type:_text/html?=",
        "=?utf-8?b?VHJ1Y2UNCkJjYzogZEBldmlsLmV4YW1wbGU=?=",
        "=?ascii?q?=E9?=",
        "=?utf-16?q?=D8=00?= =?latin-1?q?=0ABcc:_x?=",
    ],
)
@pytest.mark.parametrize("place", ["text", "name", "publisher", "title"])
def test_an_encoded_word_stays_text(word, place):
    one = alerts.alert()
    if place == "text":
        said = dataclasses.replace(one.statements[0], text=word)
        one = dataclasses.replace(one, statements=(said, *one.statements[1:]))
    elif place == "name":
        one = dataclasses.replace(one, speaker=dataclasses.replace(one.speaker, name=word))
    else:
        one = dataclasses.replace(one, article=dataclasses.replace(one.article, **{place: word}))
    plain, _ = rendered(alerts.bundle())
    _, mail = rendered(alerts.bundle(one))
    assert mail.keys() == message_from_bytes(plain, policy=policy.default).keys()
    assert mail.get_content_type() == "multipart/alternative"


def test_lines_are_as_short_as_mail_wants_them():
    raw, _ = rendered(alerts.bundle(), alerts.bundle(alerts.okafor(), id="b2"), kind="digest")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    body = raw.partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://h:port"]
)
def test_what_is_no_mail_server_is_refused_and_not_shown(url):
    with pytest.raises(ConfigurationError, match="PARLEY_SMTP_URL: not a mail server") as caught:
        MailServer.from_environment({"PARLEY_SMTP_URL": url})
    assert url not in str(caught.value).partition(";")[0]


def test_a_sender_that_is_none_is_told_beside_the_server_or_without():
    for url, number in {"smtp://": 2, "": 1}.items():
        with pytest.raises(ConfigurationError) as caught:
            MailServer.from_environment({"PARLEY_SMTP_URL": url, "PARLEY_MAIL_FROM": "desk"})
        assert len(caught.value.mistakes) == number
        assert caught.value.mistakes[-1].startswith("PARLEY_MAIL_FROM: not a sender; ")


def test_a_server_s_parts_are_read():
    server = MailServer.from_environment(
        {
            "PARLEY_SMTP_URL": "smtps://ann%40example.org:p%2Fw@mail.example.org",
            "PARLEY_MAIL_FROM": "Parley <alerts@news.example>",
        }
    )
    assert (server.host, server.port, server.user, server.password) == (
        "mail.example.org", 465, "ann@example.org", "p/w",
    )  # fmt: skip
    assert "p/w" not in repr(server)
    assert MailServer.from_environment({}) is None
