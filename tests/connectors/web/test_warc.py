from __future__ import annotations

import functools
import gzip
import logging
from datetime import datetime, timezone
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from connectors.files.articles import read_inputs
from connectors.web import warc
from connectors.web.warc import RecordingFetcher, read_warc, warc_file
from schemas.base import Instant
from schemas.errors import ConfigurationError, FetchError
from schemas.page import Response
from support.fakes import FakeFetcher

URL = "https://herald.example/talks"


def recording(path: Path, answers: dict[str, object]) -> RecordingFetcher:
    return RecordingFetcher(functools.partial(FakeFetcher, answers), path)


def test_what_was_fetched_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "day.warc.gz"
    before = Instant.now()
    answers = {URL: Response(URL, 200, b"<p>Talks \xff\x00", "text/html; charset=latin-1", '"1"')}
    fetcher = recording(path, answers)
    assert fetcher.fetch(URL) == answers[URL]
    fetcher.fetch(URL, etag='"1"')  # 304, which holds nothing
    with pytest.raises(FetchError):
        fetcher.fetch("https://herald.example/gone")
    fetcher.close()
    (found,) = read_warc(path)
    assert (found.url, found.body) == (URL, b"<p>Talks \xff\x00")
    assert found.content_type == "text/html; charset=latin-1"
    assert before.micros - 10 <= found.fetched_at.micros <= Instant.now().micros


def test_a_redirected_page_is_found_under_the_address_that_was_asked(tmp_path: Path) -> None:
    path = tmp_path / "day.warc.gz"
    recording(path, {URL: Response(URL + "?moved", 200, b"x")}).fetch(URL)
    assert [answer.url for answer in read_warc(path)] == [URL]


def test_two_fetchers_may_share_a_file_and_runs_add_to_it(tmp_path: Path) -> None:
    path = tmp_path / "day.warc.gz"
    for body in (b"feed", b"page"):
        recording(path, {URL: Response(URL, 200, body)}).fetch(URL)
    assert [answer.body for answer in read_warc(path)] == [b"feed", b"page"]


def test_a_file_cut_short_is_read_as_far_as_it_goes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "day.warc.gz"
    fetcher = recording(path, {URL: Response(URL, 200, bytes(range(256)) * 99)})
    fetcher.fetch(URL)
    whole = path.stat().st_size
    fetcher.fetch(URL)
    path.write_bytes(path.read_bytes()[: whole + whole // 2])
    with caplog.at_level(logging.ERROR):
        assert len(list(read_warc(path))) in (1, 2)


@pytest.mark.parametrize(
    "body", [b"this is no WARC at all", gzip.compress(b"nor this"), b"\x1f\x8b"]
)
def test_what_is_no_warc_is_refused(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "day.warc.gz"
    path.write_bytes(body)
    with pytest.raises(ConfigurationError, match="holds no WARC record"):
        list(read_warc(path))


def test_an_empty_file_is_a_day_without_news(tmp_path: Path) -> None:
    path = tmp_path / "day.warc.gz"
    path.touch()
    assert list(read_warc(path)) == []


def written(path: Path, url: str, status: str, body: bytes, headers: list[tuple[str, str]]) -> None:
    with path.open("ab") as file:
        writer = WARCWriter(file, gzip=True)
        writer._create_temp_file = BytesIO
        head = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
        date = {"WARC-Date": "2025-05-20T06:07:08Z"}
        for kind in ("request", "response"):
            record = writer.create_warc_record(
                url, kind, payload=BytesIO(body), http_headers=head, warc_headers_dict=date
            )
            writer.write_record(record)


def test_a_crawlers_warc_is_read_with_its_own_times(tmp_path: Path) -> None:
    path = tmp_path / "CC-NEWS-1.warc.gz"
    packed = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    written(path, URL, "200 OK", gzip.compress(b"<p>Talks"), packed)
    written(path, URL + "/gone", "404 Not Found", b"gone", [])
    written(path, "dns:herald.example", "200 OK", b"1.2.3.4", [])
    written(path, "http://a\\b/", "200 OK", b"hostile", [])
    written(path, URL + "/big", "200 OK", gzip.compress(bytes(16 << 20)), packed)
    (page,) = read_inputs([str(path)], Instant(0))
    assert (page.url, page.body) == (URL, b"<p>Talks")
    day = datetime(2025, 5, 20, 6, 7, 8, tzinfo=timezone.utc)
    assert page.fetched_at == page.entry.seen_at == Instant.from_utc_datetime(day)


def test_the_file_is_the_given_one_or_a_new_one_in_the_folder(tmp_path: Path) -> None:
    noon = datetime(2025, 6, 2, 12, tzinfo=timezone.utc)
    assert warc_file(str(tmp_path), noon).name.startswith("parley-20250602T120000Z-")
    assert warc_file(str(tmp_path / "new") + "/", noon).parent == tmp_path / "new"
    assert warc_file(str(tmp_path / "day.warc"), noon) == tmp_path / "day.warc"


@pytest.mark.parametrize(
    ("given", "complaint"),
    [("day.txt", "give a folder, or a name in .warc.gz"), ("/dev/null/x.warc", "check it")],
)
def test_a_place_that_cannot_be_written_is_refused(given: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        warc_file(given, datetime.now(timezone.utc))


def test_without_warcio_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "warcio", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'parley-monitor\[warc\]'"):
        warc.warc_file("day.warc.gz", datetime.now(timezone.utc))


@pytest.mark.parametrize(
    "broken",
    [
        (b"WARC-Target-URI: https://herald.example/talks\r\n", b""),
        (b"HTTP/1.1 200 OK", b"HTTQ/9 oops"),
        (b"Content-Type: text/html", b"Content-Type\xff text/html"),
    ],
    ids=["no address", "no status line", "bad header"],
)
def test_a_broken_record_costs_no_other(tmp_path: Path, broken: tuple[bytes, bytes]) -> None:
    path = tmp_path / "day.warc.gz"
    recording(path, {URL: Response(URL, 200, b"first", "text/html")}).fetch(URL)
    first = gzip.decompress(path.read_bytes()).replace(*broken)
    path.unlink()
    recording(path, {URL: Response(URL, 200, b"second", "text/html")}).fetch(URL)
    path.write_bytes(gzip.compress(first) + path.read_bytes())
    assert [answer.body for answer in read_warc(path)][-1] == b"second"
