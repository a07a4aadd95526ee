"""Articles given as files instead of feeds: HTML, text, JSON lines, WARC, folders of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from connectors.addresses import check_url
from connectors.warc import is_warc, read_warc
from schemas.base import Timestamp
from schemas.errors import ConfigurationError, FetchError
from schemas.feed import FeedEntry
from schemas.page import Page

_HTML = frozenset({".html", ".htm"})
_TEXT = frozenset({".txt"})
_JSON_LINES = frozenset({".jsonl"})
_READABLE = _HTML | _TEXT | _JSON_LINES
_KEYS = frozenset({"url", "title", "author", "publisher", "published_at", "html", "text"})


@dataclass(frozen=True)
class _Given:
    """What is known of one article besides its body."""

    url: str = ""
    title: str = ""
    author: str = ""
    publisher: str = ""
    published_at: Timestamp | None = None


def read_inputs(paths: Sequence[str], seen_at: Timestamp) -> Iterator[Page]:
    """The pages in the files, in the order of ``paths``; folders by name, all levels deep.

    A WARC gives all its answers, feeds among them.

    An article without an address is named after its content (``urn:parley:…``), so that the
    same article has the same id wherever the file lies.

    Raises:
        ConfigurationError: at the first file or line that cannot be read, with its place.
    """
    for path in _files(paths):
        suffix = path.suffix.lower()
        if is_warc(path):
            yield from _read_answers(path)
        elif suffix in _JSON_LINES:
            yield from _read_json_lines(path, seen_at)
        else:
            content_type = "text/plain" if suffix in _TEXT else "text/html"
            yield _page(_Given(), _read_bytes(path), content_type, seen_at)


def _files(paths: Sequence[str]) -> Iterator[Path]:
    for name in paths:
        path = Path(name)
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and _is_readable(p))
        elif not path.exists():
            raise ConfigurationError([f"{name}: no such file or folder"])
        elif _is_readable(path):
            yield path
        else:
            known = ".html, .htm, .txt, .jsonl, .warc, .warc.gz"
            raise ConfigurationError(
                [f"{name}: cannot tell what this is; give {known} or a folder"]
            )


def check_inputs(paths: Sequence[str]) -> None:
    """Read all but WARC files, which are large, and of those the first record.

    Raises:
        ConfigurationError: at the first file or line that cannot be read, with its place.
    """
    for path in _files(paths):
        pages = read_inputs([str(path)], Timestamp(0))
        if is_warc(path):
            next(pages, None)
        else:
            for _ in pages:
                pass


def _is_readable(path: Path) -> bool:
    return path.suffix.lower() in _READABLE or is_warc(path)


def _read_answers(path: Path) -> Iterator[Page]:
    """The answers in a WARC, seen and fetched when it says that they came."""
    for answer in read_warc(path):
        page = _page(_Given(answer.url), answer.body, answer.content_type, answer.fetched_at)
        yield page


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be read: {error.strerror}"]) from error


def _read_json_lines(path: Path, seen_at: Timestamp) -> Iterator[Page]:
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _page_from_line(line, f"{path}:{number}", seen_at)
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be read: {error.strerror}"]) from error


def _page_from_line(line: bytes, place: str, seen_at: Timestamp) -> Page:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(
            [f"{place}: not JSON: {line[:60].decode('latin-1')!a}; one object a line"]
        ) from error
    mistakes = [f"{place}: {mistake}" for mistake in _mistakes(record)]
    if mistakes:
        raise ConfigurationError(mistakes)
    given = _Given(
        url=_field(record, "url").strip(),
        title=_field(record, "title"),
        author=_field(record, "author"),
        publisher=_field(record, "publisher"),
        published_at=_instant(_field(record, "published_at")),
    )
    # "text" is taken as it is; "html" would have to be read, so text wins when both are there.
    kind = "text" if record.get("text") is not None else "html"
    content_type = "text/plain; charset=utf-8" if kind == "text" else "text/html; charset=utf-8"
    # A lone surrogate cannot be encoded: one "?" in its place keeps all offsets.
    return _page(given, record[kind].encode("utf-8", "replace"), content_type, seen_at)


def _mistakes(record: Any) -> Iterator[str]:
    if not isinstance(record, dict):
        yield f"{ascii(record)[:60]} is not an object with the keys {', '.join(sorted(_KEYS))}"
        return
    for key in sorted(_KEYS & record.keys()):
        value = record[key]
        if value is not None and not isinstance(value, str):
            yield f"{key!r} is {ascii(value)[:60]}; give text in quotation marks"
            return
    if record.get("html") is None and record.get("text") is None:
        yield "has neither 'html' nor 'text'; give one of them"
    try:
        _instant(_field(record, "published_at"))
    except ValueError:
        value = ascii(record["published_at"])[:60]
        yield f"'published_at' is {value}; write it like 2025-06-02T08:00:00Z"
    if _field(record, "url").strip():
        try:
            check_url(_field(record, "url").strip())
        except FetchError as error:
            yield f"'url' is {ascii(error.url)[:120]}: {error.detail}; leave it out or mend it"


def _field(record: dict[str, Any], key: str) -> str:
    return record.get(key) or ""


def _instant(value: str) -> Timestamp | None:
    """An ISO 8601 date or time as an instant; UTC when it names no zone.

    >>> _instant("2025-06-02 08:00") == _instant("2025-06-02T10:00:00+02:00")
    True
    """
    if not value.strip():
        return None
    text = value.strip()
    at = datetime.fromisoformat(text[:-1] + "+00:00" if text[-1] in "Zz" else text)
    return Timestamp(int((at if at.tzinfo else at.replace(tzinfo=timezone.utc)).timestamp()))


def _page(given: _Given, body: bytes, content_type: str, seen_at: Timestamp) -> Page:
    url = given.url or "urn:parley:" + _hash_of(given.title, hashlib.sha256(body).hexdigest())
    entry = FeedEntry(
        id=_hash_of("", url),
        feed_url="",
        url=url,
        canonical_url=url,
        title=given.title,
        publisher=given.publisher,
        seen_at=seen_at,
        author=given.author or None,
        stated_published_at=given.published_at,
    )
    return Page(entry, url, content_type, body, seen_at)


def _hash_of(*parts: str) -> str:
    """The id rule of transforms.core.ids, which connectors may not import; a test keeps
    the two alike.
    """
    return hashlib.sha256("\x1f".join(parts).encode("utf8", "surrogatepass")).hexdigest()[:32]
