from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors.files.articles import check_inputs, read_inputs
from schemas.base import Instant
from schemas.errors import ConfigurationError
from schemas.ids import hash_of
from schemas.page import Page

SEEN = Instant(1_750_000_000)


def read(*paths: Path) -> list[Page]:
    return list(read_inputs([str(path) for path in paths], SEEN))


def write_lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_a_line_gives_all_that_it_states(tmp_path: Path) -> None:
    record = {
        "url": "https://harbour.example/a",
        "title": "Talks",
        "author": "Ann Quill",
        "publisher": "Harbour Post",
        "published_at": "2025-06-02T10:00:00+02:00",
        "text": "“No deal.”",
        "doc_id": "ignored",
    }
    (page,) = read(write_lines(tmp_path / "a.jsonl", record))
    entry = page.entry
    assert (entry.title, entry.author, entry.publisher) == ("Talks", "Ann Quill", "Harbour Post")
    assert entry.id == hash_of("", "https://harbour.example/a")
    assert entry.stated_published_at == Instant.from_rfc3339("2025-06-02T08:00:00Z")
    assert (entry.feed_url, entry.seen_at, page.fetched_at) == ("", SEEN, SEEN)
    assert page.content_type == "text/plain; charset=utf-8"
    assert page.body.decode() == "“No deal.”"


@pytest.mark.parametrize(
    "stated", ["2025-06-02T08:00:00Z", "2025-06-02 08:00:00", "2025-06-02T08:00"]
)
def test_times_without_a_zone_are_utc(tmp_path: Path, stated: str) -> None:
    (page,) = read(write_lines(tmp_path / "a.jsonl", {"text": "x", "published_at": stated}))
    assert page.entry.stated_published_at == Instant.from_rfc3339("2025-06-02T08:00:00Z")


def test_an_article_without_an_address_is_named_after_its_content(tmp_path: Path) -> None:
    one = write_lines(tmp_path / "one.jsonl", {"text": "A"}, {"text": "B"}, {"text": "A"})
    first, second, third = read(one)
    assert first.url.startswith("urn:parley:")
    assert first.entry.id == third.entry.id == hash_of("", first.url)
    assert first.url != second.url


def test_files_of_each_kind_and_folders_in_order(tmp_path: Path) -> None:
    inner = tmp_path / "b"
    inner.mkdir()
    (tmp_path / "a.html").write_bytes(b"<p>A")
    (inner / "c.txt").write_bytes(b"C")
    (inner / "ignored.png").write_bytes(b"P")
    write_lines(tmp_path / "d.jsonl", {"html": "<p>D"})
    pages = read(tmp_path, inner / "c.txt")
    assert [page.body for page in pages] == [b"<p>A", b"C", b"<p>D", b"C"]
    assert [page.content_type.split(";")[0] for page in pages] == [
        "text/html",
        "text/plain",
        "text/html",
        "text/plain",
    ]


def test_blank_lines_and_null_fields_are_no_mistakes(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('\n{"text": "A", "title": null, "url": ""}\n\n', encoding="utf-8")
    assert len(read(path)) == 1


def test_a_lone_surrogate_keeps_the_offsets(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a\\ud800b"}', encoding="utf-8")
    (page,) = read(path)
    assert page.body == b"a?b"


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("{", r"a\.jsonl:2: not JSON"),
        ("[1]", r"a\.jsonl:2: \[1\] is not an object"),
        ('{"title": "x"}', r"a\.jsonl:2: has neither 'html' nor 'text'"),
        ('{"text": 7}', r"a\.jsonl:2: 'text' is 7"),
        ('{"text": "x", "published_at": "soon"}', r"a\.jsonl:2: 'published_at' is 'soon'"),
        ('{"text": "x", "url": "javascript:x"}', r"a\.jsonl:2: 'url' is 'javascript:x'"),
    ],
)
def test_a_bad_line_is_named_with_its_value(tmp_path: Path, line: str, mistake: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "good"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=mistake):
        read(path)


@pytest.mark.parametrize(
    ("name", "mistake"),
    [
        ("nowhere.html", "no such file"),
        ("day.warc.gz", "holds no WARC record"),
        ("picture.png", "cannot tell"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, mistake: str) -> None:
    if name != "nowhere.html":
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(ConfigurationError, match=mistake):
        read(tmp_path / name)


def test_the_first_bad_lines_are_told_and_how_many_more(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "good"}\n' + "nonsense\n" * 9, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        check_inputs([str(path)])
    *told, last = caught.value.mistakes
    assert [line.partition(": ")[0] for line in told] == [f"{path}:{n}" for n in range(2, 7)]
    assert last == f"{path}: and 4 more lines like these"
