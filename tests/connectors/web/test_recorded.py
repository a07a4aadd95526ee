from __future__ import annotations

from pathlib import Path

import pytest

from connectors.web.recorded import RecordedFetcher
from schemas.errors import ConfigurationError, FetchError

INDEX = """
responses:
  - url: https://harbour.example/feed.xml
    file: feed.xml
    content_type: application/rss+xml
    etag: '"v1"'
    last_modified: Mon, 02 Jun 2025 08:00:00 GMT
  - url: https://harbour.example/old
    status: 301
    location: /feed.xml
  - url: https://harbour.example/circle
    status: 302
    location: https://harbour.example/circle
  - url: https://harbour.example/gone
    status: 404
"""


@pytest.fixture
def fetcher(tmp_path: Path) -> RecordedFetcher:
    return made(tmp_path, INDEX)


def made(folder: Path, index: str) -> RecordedFetcher:
    (folder / "responses.yaml").write_text(index, encoding="utf-8")
    (folder / "feed.xml").write_bytes(b"<rss/>")
    return RecordedFetcher(folder)


def test_a_saved_response_is_given_as_it_is(fetcher: RecordedFetcher) -> None:
    response = fetcher.fetch("https://harbour.example/feed.xml")
    assert (response.status, response.body) == (200, b"<rss/>")
    assert (response.etag, response.content_type) == ('"v1"', "application/rss+xml")


@pytest.mark.parametrize(
    ("etag", "last_modified", "status"),
    [
        ('"v1"', "", 304),
        ('"v0"', "", 200),
        ("", "Mon, 02 Jun 2025 08:00:00 GMT", 304),
        ('"v0"', "Mon, 02 Jun 2025 08:00:00 GMT", 200),
        ("", "", 200),
    ],
)
def test_a_known_validator_gets_304(
    fetcher: RecordedFetcher, etag: str, last_modified: str, status: int
) -> None:
    url = "https://harbour.example/feed.xml"
    response = fetcher.fetch(url, etag=etag, last_modified=last_modified)
    assert response.status == status
    assert bool(response.body) == (status == 200)


def test_a_redirect_is_followed(fetcher: RecordedFetcher) -> None:
    assert fetcher.fetch("https://harbour.example/old").url == "https://harbour.example/feed.xml"


@pytest.mark.parametrize(
    ("path", "reason"),
    [("circle", "too_many_redirects"), ("gone", "gone"), ("never-saved", "unreachable")],
)
def test_failures_have_the_reasons_of_the_network(
    fetcher: RecordedFetcher, path: str, reason: str
) -> None:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(f"https://harbour.example/{path}")
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("index", "mistake"),
    [
        ("nothing: here", "needs a list"),
        ("[", "not YAML"),
        ("responses: [{file: feed.xml}]", "has no 'url'"),
        ("responses: [{url: 'http://a/', file: lost.xml}]", "lost.xml"),
        ("responses: [{url: 'http://a/', status: 301}]", "needs a 'location'"),
        ("responses: [{url: 'http://a/', status: soon}]", "'soon' is not a number"),
        ("responses: [{url: 'http://a/', file: feed.xml, colour: red}]", "colour"),
    ],
)
def test_a_wrong_index_says_what_is_wrong(tmp_path: Path, index: str, mistake: str) -> None:
    with pytest.raises(ConfigurationError, match=mistake):
        made(tmp_path, index)


def test_a_missing_folder_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        RecordedFetcher(tmp_path / "nowhere")
