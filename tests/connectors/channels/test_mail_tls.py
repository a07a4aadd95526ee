"""Mail over TLS to a real SMTP server: begun in the clear and upgraded, or from the first byte."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from connectors.channels.mail import MailMessenger, MailServer
from schemas.delivery import Message
from schemas.errors import DeliveryError
from support import alerts
from support.receivers import MailReceiver

# The library cannot know that the server below speaks TLS only.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
USER, PASSWORD = "desk@news.example", "p/w s3cret"
MESSAGE = Message("m" * 32, "bundle", [alerts.bundle()], ["desk"])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine that it signs itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return public, private


def _is_known(*given: object) -> AuthResult:
    data = given[-1]
    known = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == known, handled=False)  # the server answers


@contextmanager
def mail_server(scheme: str, certificate: tuple[Path, Path]) -> Iterator[tuple[MailReceiver, str]]:
    """A server that takes mail over TLS from who has the password, and its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    receiver = MailReceiver()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    tls = (
        {"tls_context": context, "require_starttls": True}
        if scheme == "smtp+starttls"
        else {"ssl_context": context, "auth_require_tls": False}
    )
    with_password = {"auth_required": True, "authenticator": _is_known}
    controller = Controller(receiver, hostname="127.0.0.1", port=port, **with_password, **tls)
    controller.start()
    try:
        yield receiver, f"{scheme}://desk%40news.example:p%2Fw%20s3cret@127.0.0.1:{port}"
    finally:
        controller.stop()


def send(url: str) -> None:
    server = MailServer.from_environment({"PARLEY_SMTP_URL": url, "PARLEY_MAIL_FROM": USER})
    with closing(MailMessenger(server, "ann@example.org")) as messenger:
        messenger.send(MESSAGE)
        messenger.send(MESSAGE)  # over the same connection


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_mail_goes_over_tls_to_a_server_that_is_trusted(
    scheme: str, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with mail_server(scheme, certificate) as (receiver, url):
        send(url)
    first, second = receiver.mails
    assert first["Subject"].startswith("Ada Mirren: “A ceasefire without a guarantee")
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_server_that_is_not_trusted_gets_neither_password_nor_mail(
    scheme: str, certificate: tuple[Path, Path]
) -> None:
    with (
        mail_server(scheme, certificate) as (receiver, url),
        pytest.raises(DeliveryError) as caught,
    ):
        send(url)
    assert caught.value.detail == "mail server: SSLCertVerificationError"
    assert receiver.mails == []


def test_a_password_that_is_refused_is_not_shown(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with (
        mail_server("smtps", certificate) as (receiver, url),
        pytest.raises(DeliveryError) as caught,
    ):
        send(url.replace("s3cret", "other"))
    assert caught.value.detail == "mail server: code 535"
    assert receiver.mails == []
