"""Articles given as files instead of feeds: HTML, text, JSON lines, WARC, folders of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from connectors.files.article_records import Given, given_page, page_of_record, read_object
from connectors.formats import humanize
from connectors.formats.sanitizing import without_passwords
from connectors.web.warc import is_warc, read_warc
from schemas.base import Instant
from schemas.errors import ConfigurationError, RecordError
from schemas.page import Page

_HTML = frozenset({".html", ".htm"})
_TEXT = frozenset({".txt"})
_JSON_LINES = frozenset({".jsonl"})
#: Of one file, so many are told one by one.
_MOST_MISTAKES = 5
_READABLE = _HTML | _TEXT | _JSON_LINES


def read_inputs(paths: Sequence[str], seen_at: Instant) -> Iterator[Page]:
    """The pages in the files, in the order of ``paths``; folders by name, all levels deep.

    A WARC gives all its answers, feeds among them.

    An article without an address is named after its content (``urn:parley:…``), so that the
    same article has the same id wherever the file lies.

    Raises:
        ConfigurationError: at the first file that cannot be read; at the end of one that holds
            lines which cannot, with the first few of these.
    """
    for path in _files(paths):
        suffix = path.suffix.lower()
        if is_warc(path):
            yield from _read_answers(path)
        elif suffix in _JSON_LINES:
            yield from _read_json_lines(path, seen_at)
        else:
            content_type = "text/plain" if suffix in _TEXT else "text/html"
            yield given_page(Given(), _read_bytes(path), content_type, seen_at)


def _files(paths: Sequence[str]) -> Iterator[Path]:
    for name in paths:
        path = Path(name)
        if path.is_dir():
            try:
                found = sorted(p for p in path.rglob("*") if p.is_file() and _is_readable(p))
            except OSError as error:
                raise ConfigurationError(
                    [f"{error.filename or name}: cannot be read: {error.strerror}"]
                ) from error
            yield from found
        elif not path.exists():
            shown = without_passwords(name)
            raise ConfigurationError([f"{shown}: no such file or folder"])
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
        ConfigurationError: at the first file that cannot be read, with its lines.
    """
    for path in _files(paths):
        pages = read_inputs([str(path)], Instant(0))
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
        page = given_page(Given(answer.url), answer.body, answer.content_type, answer.fetched_at)
        yield page


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be read: {error.strerror}"]) from error


def _read_json_lines(path: Path, seen_at: Instant) -> Iterator[Page]:
    mistakes: list[str] = []
    more = 0
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    page = page_of_record(read_object(line), seen_at)
                except RecordError as error:
                    told = [f"{path}:{number}: {mistake}" for mistake in error.mistakes]
                    is_full = len(mistakes) >= _MOST_MISTAKES
                    more += is_full
                    mistakes += () if is_full else told
                else:
                    yield page
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be read: {error.strerror}"]) from error
    if more:
        mistakes.append(f"{path}: and {humanize.counted(more, 'more line')} like these")
    if mistakes:
        raise ConfigurationError(mistakes)
