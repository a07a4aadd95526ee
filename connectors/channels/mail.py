"""Messages as mail: text and HTML, threaded by statement, sent over SMTP."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, compat32
from email.utils import format_datetime, parseaddr
from functools import partial
from urllib.parse import quote, unquote, urlsplit

from connectors.formats.message import message_html, message_text, subject
from connectors.formats.sizes import Size, fitting
from schemas.base import Instant
from schemas.delivery import Message
from schemas.errors import ConfigurationError, DeliveryError

#: Where the operator names the mail server, with user and password if it wants them.
SERVER_VARIABLE = "PARLEY_SMTP_URL"
SENDER_VARIABLE = "PARLEY_MAIL_FROM"
_REMEDY = "write smtp://HOST:25, or smtps://USER:PASSWORD@HOST:465 (STARTTLS: smtp+starttls://)"
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_TIMEOUT_SECONDS = 30.0
#: Gmail cuts a mail after 102 KB; and nobody reads that much.
_MOST_BYTES = 80_000
#: Of one alert, and of each other in the same mail: 24 have 40 KB.
_ALERT_BYTES, _OTHER_BYTES = 20_000, 850
#: Threads are named by so many statements of a message: headers have their limits.
_MOST_REFERENCES = 20


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, and from whom it is."""

    scheme: str
    host: str
    port: int
    sender: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> MailServer | None:
        """The server that the operator names; None if they name none.

        Raises:
            ConfigurationError: what they name is not one.
        """
        url = environment.get(SERVER_VARIABLE, "")
        sender = environment.get(SENDER_VARIABLE, "")
        mistakes = []
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            host, port = "", 0
        if url and not (host and port):
            mistakes.append(f"{SERVER_VARIABLE}: not a mail server's address; {_REMEDY}")
        if sender and ("@" not in parseaddr(sender)[1] or not sender.isprintable()):
            mistakes.append(f"{SENDER_VARIABLE}: not a sender; write NAME <name@example.org>")
        if mistakes:
            raise ConfigurationError(mistakes)
        if not url:
            return None
        sender = sender or f"parley@{socket.getfqdn()}"
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.scheme, host, port, sender, user, password)


class MailMessenger:
    """Sends each message as one mail to one address; one connection for all of a run."""

    def __init__(self, server: MailServer | None, to: str, *, unsubscribe: str = "") -> None:
        if server is None:
            raise ConfigurationError(
                [
                    f"environment variable {SERVER_VARIABLE} is not set; {_REMEDY}; and in "
                    f"{SENDER_VARIABLE}, who sends"
                ]
            )
        self._server, self._to, self._unsubscribe = server, to, unsubscribe
        self._connection: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        """Hand the mail over.

        Raises:
            DeliveryError: the server did not take it.
        """
        mail = render_mail(message, self._server.sender, self._to, self._unsubscribe)
        try:
            self._connected().send_message(mail, parseaddr(self._server.sender)[1], [self._to])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
            self.close()
            raise _refused(error) from None
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise DeliveryError(f"mail server: {type(error).__name__}") from None

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            try:
                connection.quit()
            except (smtplib.SMTPException, OSError):
                connection.close()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = _connect(self._server)
        return self._connection


def _connect(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.scheme == "smtps":
        connection = smtplib.SMTP_SSL(
            server.host, server.port, timeout=_TIMEOUT_SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_SECONDS)
    try:
        if server.scheme == "smtp+starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _refused(
    error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException,
) -> DeliveryError:
    """By RFC 5321 4.2.1, a code of 500 and more is final; others may pass.

    The server's words are left out: they like to name the address.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
        return DeliveryError(f"mail server: recipient refused, code {code}")
    code = error.smtp_code
    is_data = isinstance(error, smtplib.SMTPDataError)
    return DeliveryError(f"mail server: code {code}", is_refusal=is_data and code >= 500)


def render_mail(message: Message, sender: str, to: str, unsubscribe: str = "") -> EmailMessage:
    """The message as mail: of one alert at most 20 KB, of 24 40 KB, of any number 80 KB.

    The Message-ID is the message's own, however often it is sent. References name the
    statements, so that what is said of one again (an update, a withdrawal) joins its thread.
    """
    alerts = sum(len(bundle.alerts) for bundle in message.bundles)
    return fitting(
        partial(_rendered, message, sender, to, unsubscribe),
        alerts,
        min(_MOST_BYTES, _ALERT_BYTES + _OTHER_BYTES * max(0, alerts - 1)),
        lambda mail: len(mail.as_bytes()),
    )


def _rendered(message: Message, sender: str, to: str, unsubscribe: str, size: Size) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    domain = parseaddr(sender)[1].rpartition("@")[2]
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = _as_data(subject(message))
    mail["Date"] = format_datetime(_dated(message).to_utc_datetime())
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    new = [s.id for b in message.bundles for alert in b.alerts for s in alert.new_statements]
    references = [f"<statement.{i}@{domain}>" for i in dict.fromkeys(new)][:_MOST_REFERENCES]
    if references:
        mail["References"] = " ".join(references)
    mail["List-ID"] = f"Parley alerts <{_list_name(message)}.parley.{domain}>"
    leave = f"<mailto:{parseaddr(sender)[1]}?subject={quote('unsubscribe ' + to)}>"
    mail["List-Unsubscribe"] = f"<{unsubscribe}>, {leave}" if unsubscribe else leave
    if unsubscribe:
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices in return
    mail.set_content(message_text(message, size))
    mail.add_alternative(message_html(message, size), subtype="html")
    if mail["Subject"].isascii():
        # Python would put a subject of 70 to 78 characters on a line of its own, and readers
        # show the blank that this begins with. RFC 5322 2.1.1 allows 998; encoded words, which
        # only other subjects have, must be short.
        mail.policy = SMTP.clone(max_line_length=998)
    _check_headers(mail)
    return mail


def _dated(message: Message) -> Instant:
    """When it is sent, or when the last of what it tells was raised."""
    if message.sent_at is not None:
        return message.sent_at
    if message.notice is not None:
        return message.notice.at
    return max(alert.alerted_at for bundle in message.bundles for alert in bundle.alerts)


def _as_data(text: str) -> str:
    """Text for a header in which nothing is an encoded word.

    Python before 3.13 decodes encoded words (RFC 2047) in what a header is set to, and a line
    break that comes out of one begins a header of the page's own.

    >>> _as_data("=?utf-8?q?Hello=0D=0ABcc:_x?=")
    '= ?utf-8?q?Hello=0D=0ABcc:_x?='
    """
    return text.replace("=?", "= ?")


def _check_headers(mail: EmailMessage) -> None:
    """Refuse a mail that would reach the server with a header that was not set here.

    Raises:
        DeliveryError: a text became a header or ended the head.
    """
    written = BytesParser(policy=compat32).parsebytes(mail.as_bytes(), headersonly=True)
    if written.keys() != mail.keys():
        raise DeliveryError("mail: a text in it would have become a header", is_refusal=True)


def _list_name(message: Message) -> str:
    watches = dict.fromkeys(bundle.watch for bundle in message.bundles)
    if message.notice is not None:
        return message.notice.watch
    return ".".join(watches)
