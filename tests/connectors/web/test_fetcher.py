from __future__ import annotations

import gzip
import socket
import threading
import zlib
from collections.abc import Callable, Iterator

import pytest
import stamina

from connectors.web.addresses import check_url
from connectors.web.fetcher import HttpFetcher
from connectors.web.pacing import HostPace
from connectors.web.statuses import error_for_status, fresh_seconds
from schemas.errors import FetchError
from schemas.outcome import Reason

Script = Callable[[socket.socket, bytes], None]


def answer(
    body: bytes = b"hello", status: str = "200 OK", headers: str = "", length: int | None = None
) -> bytes:
    declared = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Length: {declared}\r\n{headers}\r\n"
    return head.encode("latin-1") + body


class Server:
    """A server on loopback that answers each request as the test's script says."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.script: Script = lambda connection, request: connection.sendall(answer())
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def answers(self, *answers: bytes) -> None:
        """Send these one after another, the last of them again and again."""
        waiting = list(answers)
        self.script = lambda connection, request: connection.sendall(
            waiting.pop(0) if len(waiting) > 1 else waiting[0]
        )

    def trickles(self, start: bytes, unit: bytes) -> None:
        def script(connection: socket.socket, request: bytes) -> None:
            connection.sendall(start)
            while not self._stopped.wait(0.02):
                connection.sendall(unit)

        self.script = script

    def close(self) -> None:
        self._stopped.set()
        self._listener.close()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while request := _read_request(connection):
                    self.requests.append(request)
                    self.script(connection, request)
            except OSError:
                return


def _read_request(connection: socket.socket) -> bytes:
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        received = connection.recv(4096)
        if not received:
            return b""
        request += received
    return request


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.fixture
def fetcher() -> Iterator[HttpFetcher]:
    made = make_fetcher()
    yield made
    made.close()


def make_fetcher(**options: object) -> HttpFetcher:
    given = {"allow_hosts": ["127.0.0.1"], "sleep": lambda seconds: None} | options
    return HttpFetcher(**given)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2, cap=True):
        yield


def reason_of(fetcher: HttpFetcher, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    return caught.value.reason


def test_an_answer_comes_with_its_validators_verbatim(server: Server, fetcher: HttpFetcher) -> None:
    server.answers(answer(headers='ETag: W/"a"\r\nLast-Modified: then\r\nContent-Type: a/b\r\n'))
    response = fetcher.fetch(server.url + "/x")
    assert (response.status, response.body, response.url) == (200, b"hello", server.url + "/x")
    assert (response.etag, response.last_modified) == ('W/"a"', "then")
    assert response.content_type == "a/b"


def test_a_conditional_get_sends_both_validators_and_accepts_304(
    server: Server, fetcher: HttpFetcher
) -> None:
    server.answers(b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n')
    response = fetcher.fetch(server.url, etag='"a"', last_modified="then")
    assert (response.status, response.body) == (304, b"")
    assert b'If-None-Match: "a"\r\n' in server.requests[0]
    assert b"If-Modified-Since: then\r\n" in server.requests[0]


def test_304_that_nobody_asked_for_is_an_error(server: Server, fetcher: HttpFetcher) -> None:
    server.answers(b"HTTP/1.1 304 Not Modified\r\n\r\n")
    assert reason_of(fetcher, server.url) == "http_error"


def test_the_reader_says_who_it_is_and_sends_no_cookies(
    server: Server, fetcher: HttpFetcher
) -> None:
    server.answers(answer(headers="Set-Cookie: id=1; Path=/\r\n"))
    fetcher.fetch(server.url)
    fetcher.fetch(server.url)
    assert b"User-Agent: parley-monitor/" in server.requests[1]
    assert b"cookie" not in server.requests[1].lower()


def test_the_user_agent_names_the_contact(server: Server) -> None:
    server.answers(answer())
    fetcher = make_fetcher(contact="mailto:desk@example.org")
    fetcher.fetch(server.url)
    fetcher.close()
    assert b"(news monitor; +mailto:desk@example.org)\r\n" in server.requests[0]


def test_one_connection_serves_many_requests(server: Server, fetcher: HttpFetcher) -> None:
    for _ in range(5):
        fetcher.fetch(server.url)
    assert (len(server.requests), server.connections) == (5, 1)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("400 Bad", "http_error"),
        ("401 No", "gated"),
        ("402 Pay", "gated"),
        ("403 No", "gated"),
        ("404 No", "gone"),
        ("410 Gone", "gone"),
        ("451 Law", "gated"),
        ("429 Slow", "http_busy"),
        ("500 Oops", "http_error"),
        ("503 Busy", "http_busy"),
        ("300 Many", "http_error"),
    ],
)
def test_each_status_has_its_reason(
    server: Server, fetcher: HttpFetcher, status: str, reason: str
) -> None:
    server.answers(answer(status=status))
    assert reason_of(fetcher, server.url) == reason


@pytest.mark.parametrize("status", ["500 Oops", "502 Oops", "504 Oops"])
def test_a_passing_failure_is_tried_again(
    server: Server, fetcher: HttpFetcher, status: str
) -> None:
    server.answers(answer(status=status), answer(status=status), answer(b"at last"))
    assert fetcher.fetch(server.url).body == b"at last"


def test_a_lasting_failure_ends_after_three_attempts(server: Server, fetcher: HttpFetcher) -> None:
    server.answers(answer(status="500 Oops"))
    assert reason_of(fetcher, server.url) == "http_error"
    assert len(server.requests) == 3


def test_a_short_retry_after_is_waited_for(server: Server) -> None:
    waits: list[float] = []
    fetcher = make_fetcher(sleep=waits.append)
    server.answers(answer(status="429 Slow", headers="Retry-After: 2\r\n"), answer())
    assert fetcher.fetch(server.url).body == b"hello"
    assert waits == [2.0]
    fetcher.close()


def test_a_long_retry_after_ends_the_attempt(server: Server, fetcher: HttpFetcher) -> None:
    server.answers(answer(status="503 Busy", headers="Retry-After: 60\r\n"))
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(server.url)
    assert (caught.value.reason, caught.value.retry_after_seconds) == ("http_busy", 60)
    assert len(server.requests) == 1


# Redirects


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", status, f"Location: {location}\r\n")


def test_a_redirect_is_followed_and_the_answering_address_reported(
    server: Server, fetcher: HttpFetcher
) -> None:
    server.answers(redirect("/new?x=1", "301 Moved"), answer(b"new"))
    response = fetcher.fetch(server.url + "/old")
    assert (response.url, response.body) == (server.url + "/new?x=1", b"new")


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://localhost:1/", "private_address"),
        ("http://169.254.169.254/latest/meta-data", "private_address"),
        ("http://[::ffff:10.0.0.1]/", "private_address"),
        ("file:///etc/hostname", "bad_url"),
        ("http://user:secret@127.0.0.1/", "bad_url"),
        ("http://127.0.0.1\\@harbour.example/", "bad_url"),
    ],
)
def test_a_redirect_gains_nothing(
    server: Server, fetcher: HttpFetcher, location: str, reason: str
) -> None:
    server.answers(redirect(location))
    assert reason_of(fetcher, server.url) == reason
    assert len(server.requests) == 1


@pytest.mark.parametrize("coding", ["", "Content-Encoding: gzip\r\n"])
def test_the_body_of_a_redirect_is_not_read(
    server: Server, fetcher: HttpFetcher, coding: str
) -> None:
    """It may be endless, or unpack to gigabytes."""
    head = f"HTTP/1.1 302 Found\r\nLocation: /new\r\nTransfer-Encoding: chunked\r\n{coding}\r\n"
    sent = []

    def script(connection: socket.socket, request: bytes) -> None:
        if b"/new" in request:
            connection.sendall(answer(b"new"))
            return
        connection.sendall(head.encode())
        while len(sent) < 4096:
            connection.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            sent.append(1)

    server.script = script
    assert fetcher.fetch(server.url).body == b"new"
    assert len(sent) < 512  # what the sockets buffer


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://[::1", "bad_url"),
        ("//[oops", "bad_url"),
        ("http://h.example:port/", "bad_url"),
        ("\udcff\udcfe", "http_error"),
    ],
)
def test_a_malformed_redirect_has_a_name(
    server: Server, fetcher: HttpFetcher, location: str, reason: str
) -> None:
    raw = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    server.answers(raw.encode("latin-1", "surrogateescape"), answer(status="404 Not Found"))
    assert reason_of(fetcher, server.url) in (reason, "gone")


@pytest.mark.parametrize("length", ["²", "5, 50", "-1", "five", "1e3", ""])
def test_a_malformed_length_is_survived(server: Server, fetcher: HttpFetcher, length: str) -> None:
    raw = f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\nhello"

    def script(connection: socket.socket, request: bytes) -> None:
        connection.sendall(raw.encode("latin-1"))
        connection.close()

    server.script = script
    try:
        assert fetcher.fetch(server.url).body in (b"hello", b"")
    except FetchError as error:
        assert error.reason in ("http_error", "unreachable")  # noqa: PT017
        assert "validator" not in str(error)  # noqa: PT017


def test_a_circle_of_redirects_ends(server: Server, fetcher: HttpFetcher) -> None:
    server.answers(redirect("/b"), redirect("/a"), redirect("/b"))
    assert reason_of(fetcher, server.url + "/a") == "too_many_redirects"
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("chain", "leads_to"),
    [
        ([("301", "/b")], "/b"),
        ([("308", "/b"), ("301", "/c")], "/c"),
        ([("301", "/b"), ("302", "/c")], ""),
        ([("307", "/b")], ""),
        ([], ""),
    ],
    ids=["301", "two", "then for now", "307", "none"],
)
def test_only_a_chain_of_permanent_redirects_is_reported_as_a_move(
    server: Server, fetcher: HttpFetcher, chain: list[tuple[str, str]], leads_to: str
) -> None:
    server.answers(*(redirect(to, f"{status} Moved") for status, to in chain), answer())
    moved_to = fetcher.fetch(server.url + "/a").moved_to
    assert moved_to == (server.url + leads_to if leads_to else "")


def test_an_answer_says_how_long_it_stays_fresh(server: Server, fetcher: HttpFetcher) -> None:
    server.answers(answer(headers="Cache-Control: public, max-age=600\r\n"))
    assert fetcher.fetch(server.url).fresh_seconds == 600


@pytest.mark.parametrize(
    ("cache_control", "expires", "date", "seconds"),
    [
        ("no-store, max-age=60", "", "", 0),
        ('MAX-AGE="60"', "", "", 60),
        ("max-age=" + "9" * 40, "", "", 86400),
        ("max-age=-1", "", "", 0),
        ("", "0", "Mon, 02 Jun 2025 12:00:00 GMT", 0),
        ("", "Mon, 02 Jun 2025 12:10:00 GMT", "Mon, 02 Jun 2025 12:00:00 GMT", 600),
        ("", "Mon, 02 Jun 2025 12:10:00 GMT", "", 0),
        ("", "Mon, 02 Jun 2025 11:00:00 GMT", "Mon, 02 Jun 2025 12:00:00 GMT", 0),
        ("", "soon", "now", 0),
    ],
)
def test_freshness_is_read_from_hostile_headers(
    cache_control: str, expires: str, date: str, seconds: int
) -> None:
    assert fresh_seconds(cache_control, expires, date) == seconds


def test_an_error_tells_its_status(server: Server, fetcher: HttpFetcher) -> None:
    server.answers(answer(status="410 Gone"))
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(server.url)
    assert caught.value.http_status == 410


def test_an_endless_chain_of_redirects_ends_after_ten(server: Server, fetcher: HttpFetcher) -> None:
    numbers = iter(range(100))
    server.script = lambda connection, _: connection.sendall(redirect(f"/{next(numbers)}"))
    assert reason_of(fetcher, server.url) == "too_many_redirects"
    assert len(server.requests) == 11


# Addresses


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fec0::1]",
        "[fc00::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ],
)
def test_no_private_address_is_connected_to(host: str) -> None:
    fetcher = make_fetcher(allow_hosts=[])
    assert reason_of(fetcher, f"http://{host}:9/") == "private_address"
    fetcher.close()


def test_an_allowed_host_is_that_name_and_no_other(server: Server) -> None:
    fetcher = make_fetcher(allow_hosts=["127.0.0.10", "27.0.0.1", "127.0.0"])
    assert reason_of(fetcher, server.url) == "private_address"
    assert server.requests == []
    fetcher.close()


def test_a_name_that_resolves_to_a_private_address_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def rebound(host: str, *args: object, **kwargs: object) -> object:
        return real("127.0.0.1" if host == "rebound.example" else host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    fetcher = make_fetcher()
    url = server.url.replace("127.0.0.1", "rebound.example")
    assert reason_of(fetcher, url) == "private_address"
    assert server.requests == []
    fetcher.close()


@pytest.mark.parametrize(
    "url",
    ["", "x", "ftp://a/", "http://", "http://a b/", "http://a/\x1b", "http://a/" + "x" * 3000],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        check_url(url)
    assert caught.value.reason == "bad_url"


def test_a_closed_port_is_unreachable(fetcher: HttpFetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert reason_of(fetcher, f"http://127.0.0.1:{port}/") == "unreachable"


# Bodies


def test_a_compressed_body_is_unpacked(server: Server, fetcher: HttpFetcher) -> None:
    server.answers(answer(gzip.compress(b"packed"), headers="Content-Encoding: gzip\r\n"))
    assert fetcher.fetch(server.url).body == b"packed"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (answer(b"x", length=99_999_999), "too_large"),
        (answer(b"x" * 3000), "too_large"),
        (answer(gzip.compress(b"x" * 3000), headers="Content-Encoding: gzip\r\n"), "too_large"),
        (answer(b"nonsense", headers="Content-Encoding: gzip\r\n"), "bad_encoding"),
        (answer(zlib.compress(b"x"), headers="Content-Encoding: gzip, gzip\r\n"), "bad_encoding"),
        (answer(b"x", length=10), "unreachable"),
    ],
    ids=["declared", "sent", "unpacked", "not gzip", "nested", "cut short"],
)
def test_a_bad_body_has_a_named_reason(server: Server, made: bytes, reason: str) -> None:
    def script(connection: socket.socket, request: bytes) -> None:
        connection.sendall(made)
        connection.shutdown(socket.SHUT_WR)

    server.script = script
    fetcher = make_fetcher(max_body_bytes=2000)
    assert reason_of(fetcher, server.url) == reason
    fetcher.close()


def test_a_bomb_is_stopped_by_its_ratio(server: Server, fetcher: HttpFetcher) -> None:
    bomb = gzip.compress(bytes(8 * 1024 * 1024))
    server.answers(answer(bomb, headers="Content-Encoding: gzip\r\n"))
    with pytest.raises(FetchError, match="times its size"):
        fetcher.fetch(server.url)


@pytest.mark.parametrize(
    ("start", "unit"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["status", "headers", "body", "chunks"],
)
def test_a_trickle_ends_at_the_time_limit_of_the_whole_answer(
    server: Server, start: bytes, unit: bytes
) -> None:
    server.trickles(start, unit)
    fetcher = make_fetcher(total_timeout_seconds=0.3)
    assert reason_of(fetcher, server.url) in ("timeout", "unreachable")
    fetcher.close()


def test_headers_without_end_are_refused(server: Server, fetcher: HttpFetcher) -> None:
    server.answers(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000_000)
    assert reason_of(fetcher, server.url) == "unreachable"


@pytest.mark.parametrize(
    "made",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1_500_000,
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000_000 + b"\r\n\r\n",
        b"\x00" * 10_000_000,
    ],
    ids=["many", "long", "no HTTP at all"],
)
def test_ten_megabytes_of_headers_are_refused(
    server: Server, fetcher: HttpFetcher, made: bytes
) -> None:
    server.answers(made)
    assert reason_of(fetcher, server.url) in ("unreachable", "http_error")


def test_a_stream_without_end_is_cut_off_at_the_limit(server: Server) -> None:
    server.trickles(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 100_000)
    fetcher = make_fetcher(max_body_bytes=300_000)
    assert reason_of(fetcher, server.url) == "too_large"
    fetcher.close()


def test_gzip_within_gzip_is_unpacked_once_only(server: Server, fetcher: HttpFetcher) -> None:
    inner = gzip.compress(b"<p>hello")
    server.answers(answer(gzip.compress(inner), headers="Content-Encoding: gzip\r\n"))
    assert fetcher.fetch(server.url).body == inner


def test_the_address_that_was_checked_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A rebinding name: the first answer is public, and all later ones lead home."""
    answers = iter(["93.184.215.14"])
    real = socket.getaddrinfo
    connected: list[str] = []

    def rebinding(host: str, *args: object, **kwargs: object) -> object:
        known = next(answers, "127.0.0.1") if host == "rebound.example" else host
        return real(known, *args, **kwargs)  # type: ignore[arg-type]

    def refuse(address: tuple[str, int], *args: object, **kwargs: object) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr("urllib3.util.connection.create_connection", refuse)
    fetcher = make_fetcher(allow_hosts=[])
    assert reason_of(fetcher, "http://rebound.example:9/") in ("unreachable", "private_address")
    assert connected == ["93.184.215.14"]
    fetcher.close()


def test_a_resolver_that_hangs_ends_at_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def hang(*args: object, **kwargs: object) -> object:
        released.wait(10)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    fetcher = make_fetcher(total_timeout_seconds=0.2)
    assert reason_of(fetcher, "http://slow-name.example/") == "timeout"
    released.set()
    fetcher.close()


# Robots


def robots_fetcher() -> HttpFetcher:
    """One that may reach the server on loopback, and treats it as a stranger."""
    made = make_fetcher(obey_robots=True, pace=HostPace(gap_seconds=0))
    made._allow_hosts = frozenset()
    return made


def test_robots_txt_is_read_once_and_obeyed_for_pages(server: Server) -> None:
    server.answers(answer(b"User-agent: *\nDisallow: /private/\n"), answer(b"page"))
    fetcher = robots_fetcher()
    assert fetcher.fetch(server.url + "/news/1").body == b"page"
    assert fetcher.fetch(server.url + "/news/2").body == b"page"
    assert reason_of(fetcher, server.url + "/private/1") == "robots"
    assert [request.split()[1] for request in server.requests] == [
        b"/robots.txt",
        b"/news/1",
        b"/news/2",
    ]
    fetcher.close()


def test_a_redirect_to_what_robots_txt_disallows_is_not_followed(server: Server) -> None:
    rules = answer(b"User-agent: parley\nDisallow: /private/\n")
    server.answers(rules, redirect("/private/1"))
    fetcher = robots_fetcher()
    assert reason_of(fetcher, server.url + "/news") == "robots"
    assert len(server.requests) == 2
    fetcher.close()


def test_an_allowed_host_is_not_asked_for_robots_txt(server: Server) -> None:
    fetcher = make_fetcher(obey_robots=True)
    fetcher.fetch(server.url + "/news")
    assert [request.split()[1] for request in server.requests] == [b"/news"]
    fetcher.close()


@pytest.mark.parametrize("status", ["404 No", "403 No", "400 Bad", "410 Gone"])
def test_a_site_without_robots_txt_allows_all(server: Server, status: str) -> None:
    server.answers(answer(b"", status), answer(b"page"))
    fetcher = robots_fetcher()
    assert fetcher.fetch(server.url + "/news").body == b"page"
    fetcher.close()


@pytest.mark.parametrize(
    ("status", "reason"), [("503 Busy", "http_busy"), ("500 No", "http_error")]
)
def test_pages_wait_for_a_site_that_cannot_tell_what_it_allows(
    server: Server, status: str, reason: str
) -> None:
    server.answers(answer(b"", status))
    fetcher = robots_fetcher()
    assert reason_of(fetcher, server.url + "/news") == reason
    asked = len(server.requests)
    assert reason_of(fetcher, server.url + "/other") == reason
    assert len(server.requests) == asked, "asked again though it had failed"
    assert {request.split()[1] for request in server.requests} == {b"/robots.txt"}
    fetcher.close()


# Pace


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def test_starts_on_one_host_are_a_gap_apart_and_other_hosts_go_on() -> None:
    clock = Clock()
    pace = HostPace(gap_seconds=1.0, clock=clock, sleep=clock.sleep)
    for host in ("a", "b", "a", "a"):
        with pace.turn(host, "http://x/", host):
            clock.now += 0.25
    assert clock.waits == [0.5, 0.75]


def test_at_most_so_many_requests_to_a_host_at_once() -> None:
    pace = HostPace(gap_seconds=0, max_parallel=1)
    order: list[str] = []

    def second() -> None:
        with pace.turn("a", "http://a/", "a.example"):
            order.append("second")

    with pace.turn("a", "http://a/", "a.example"):
        waiting = threading.Thread(target=second)
        waiting.start()
        with pace.turn("b", "http://b/", "b.example"):
            order.append("other host")
        order.append("first")
    waiting.join()
    assert order == ["other host", "first", "second"]


def test_a_host_that_asked_for_it_is_left_alone() -> None:
    clock = Clock()
    pace = HostPace(clock=clock, sleep=clock.sleep)
    pace.leave_alone("a.example", 60)
    with pytest.raises(FetchError) as caught, pace.turn("a", "http://a/", "a.example"):
        pass
    assert (caught.value.reason, caught.value.retry_after_seconds) == ("http_busy", 60)
    clock.now += 61
    with pace.turn("a", "http://a/", "a.example"):
        pass


def test_a_domain_is_left_alone_on_all_its_hosts() -> None:
    clock = Clock()
    pace = HostPace(clock=clock, sleep=clock.sleep)
    pace.leave_alone("a.example", 60)
    with pytest.raises(FetchError), pace.turn("b.a.example", "http://b.a.example/", "a.example"):
        pass
    with pace.turn("b.example", "http://b.example/", "b.example"):
        pass


def test_a_crawl_delay_slows_one_host_down() -> None:
    clock = Clock()
    pace = HostPace(gap_seconds=1.0, clock=clock, sleep=clock.sleep)
    pace.slow_down("a", 5.0)
    pace.slow_down("a", 0.1)
    for host in ("a", "a", "b", "b"):
        with pace.turn(host, "http://x/", host):
            pass
    assert clock.waits == [5.0, 1.0]


def fail(pace: HostPace, reason: Reason) -> FetchError:
    with pytest.raises(FetchError) as caught, pace.turn("a", "http://a/", "a.example"):
        raise FetchError(reason, "http://a/", "as the test says")
    return caught.value


def test_a_host_that_never_answers_rests_and_is_asked_again_later() -> None:
    clock = Clock()
    pace = HostPace(clock=clock, sleep=clock.sleep)
    told = [str(fail(pace, "timeout")) for _ in range(4)]
    assert ["not asked" in message for message in told] == [False, False, False, True]
    with pace.turn("b", "http://b/", "b.example"):
        pass
    clock.now += 601
    assert "as the test says" in str(fail(pace, "unreachable"))
    assert "not asked" in str(fail(pace, "timeout")), "one more silence is enough"


def test_any_answer_shows_that_a_host_is_there() -> None:
    clock = Clock()
    pace = HostPace(clock=clock, sleep=clock.sleep)
    reasons: list[Reason] = ["timeout", "timeout", "http_error", "timeout", "timeout"]
    assert all("as the test says" in str(fail(pace, reason)) for reason in reasons)


def test_a_lane_is_a_paced_host() -> None:
    fetcher = HttpFetcher(allow_hosts=["intranet"])
    urls = ("http://A.example:80/x", "http://intranet/x", "ftp://a.example/")
    assert [fetcher.lane(url) for url in urls] == ["a.example", "", ""]
    fetcher.close()


def test_retry_after_takes_both_forms_and_has_an_upper_bound() -> None:
    assert error_for_status(429, "http://a/", "7").retry_after_seconds == 7
    assert error_for_status(429, "http://a/", "9" * 50).retry_after_seconds == 86400
    past = "Mon, 02 Jun 2025 12:00:00 GMT"
    assert error_for_status(429, "http://a/", past).retry_after_seconds == 0
    assert error_for_status(404, "http://a/", "7").retry_after_seconds == 0


def test_a_cookie_set_on_the_way_is_kept_for_that_chain_alone(
    server: Server, fetcher: HttpFetcher
) -> None:
    def script(connection: socket.socket, request: bytes) -> None:
        if b"GET /set" in request:
            headers = "Location: /a\r\nSet-Cookie: seen=1; Path=/; HttpOnly\r\n"
            connection.sendall(answer(b"", "302 Found", headers))
        elif b"Cookie: seen=1" in request:
            connection.sendall(answer(b"article"))
        else:
            connection.sendall(redirect("/set"))

    server.script = script
    assert fetcher.fetch(server.url + "/a").body == b"article"
    assert fetcher.fetch(server.url + "/a").body == b"article"
    assert len(server.requests) == 6  # nothing is remembered between two chains


def test_a_page_that_only_sends_on_is_followed(server: Server, fetcher: HttpFetcher) -> None:
    refresh = b"<meta http-equiv='refresh' content='0; url=/a?x=1&amp;y=2'>"
    server.answers(answer(refresh), answer(b"article"))
    response = fetcher.fetch(server.url)
    assert (response.url, response.body) == (server.url + "/a?x=1&y=2", b"article")


def test_a_page_that_reloads_itself_ends(server: Server, fetcher: HttpFetcher) -> None:
    server.answers(answer(b"<meta http-equiv=refresh content='0;url=/'>"))
    assert reason_of(fetcher, server.url + "/") == "too_many_redirects"


def test_gzip_that_no_header_tells_of_is_unpacked(server: Server, fetcher: HttpFetcher) -> None:
    server.answers(answer(gzip.compress(b"<urlset/>")))
    assert fetcher.fetch(server.url).body == b"<urlset/>"
    server.answers(answer(gzip.compress(b"x" * 20_000_000)))
    assert reason_of(fetcher, server.url) == "too_large"
