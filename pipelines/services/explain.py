"""`parley annotate` and `parley explain`: the understanding of texts, without feeds or memory."""

from __future__ import annotations

import functools
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from connectors.files.article_records import Given, field, given_page, read_object
from connectors.files.articles import read_inputs
from connectors.files.feed_lists import is_web_address
from connectors.files.whole_files import check_writable, written_whole
from connectors.formats.annotation_json import annotation_json, explanation_json, read_fields
from connectors.formats.cloudevents import json_line, write_json_line
from connectors.formats.explanation import print_explanation
from connectors.models.spacy_model import find_language_model, load_language_model
from connectors.watchfile.loading import bundled_watches, load_watches
from connectors.web.fetcher import HttpFetcher
from pipelines.settings.contact import contact_for
from pipelines.settings.run_config import BUNDLED, WATCHES, watches_named
from schemas.article import Article
from schemas.base import Instant
from schemas.distribution import VERSION
from schemas.dossier import Dossier
from schemas.errors import ConfigurationError, RecordError
from schemas.feed import FeedEntry
from schemas.page import Page
from schemas.watch import Watch
from transforms.core.articles.extraction import extract_article, text_article
from transforms.core.quotes.annotate import annotate
from transforms.core.relevance.matching import match
from transforms.core.relevance.subjects import any_negotiation
from transforms.core.text.tags import Lexicon
from transforms.core.text.urls import canonical_url

#: What is read of a line of a corpus; other keys may stand in it.
_DOCUMENT_KEYS = frozenset({"doc_id", "text", "html", "url", "title", "author", "publisher"})
_HTML_UTF8 = "text/html; charset=utf-8"
#: How the line of a text begins that could not be annotated.
_FAILED = b'{"error":'
#: Texts handed to a worker process at once: enough that handing over costs nothing.
CHUNK = 8


class Document(NamedTuple):
    """One line of a corpus: an article's text or, without a text, its HTML."""

    doc_id: str
    given: Given
    text: str | None
    html: str = ""

    def article(self) -> Article:
        """The article; a text is kept as it is, and so are offsets in it.

        Raises:
            ExtractionError: the HTML holds none.
        """
        about = self.given
        if self.text is None:
            body = self.html.encode()
            return extract_article(given_page(about, body, _HTML_UTF8, Instant(0)))
        return text_article(
            self.text,
            url=about.url,
            title=about.title,
            author=about.author,
            publisher=about.publisher,
        )


class Reader:
    """Reads articles against watches: model and patterns loaded once."""

    def __init__(self, watches: Sequence[Watch], model: str | None) -> None:
        self._watches = tuple(watches)
        self._lexicon = Lexicon(self._watches)
        self._model = load_language_model(model)

    @property
    def engine(self) -> dict[str, str]:
        """The versions of what reads."""
        return {"parley": VERSION, "model": self._model.name}

    def read_document(self, document: Document, fields: Collection[str]) -> dict[str, Any]:
        """The annotation of a document, as `parley annotate` writes it.

        Raises:
            ExtractionError: its HTML holds no article.
        """
        dossier = self.read_article(document.article())
        return annotation_json(document.doc_id, dossier, self.engine, fields)

    def read_page(self, page: Page) -> Dossier:
        """What is said on a page.

        Raises:
            ExtractionError: it holds no article.
        """
        return self.read_article(extract_article(page))

    def read_article(self, article: Article) -> Dossier:
        """What is said in an article."""
        return match(annotate(article, self._model, self._lexicon), self._watches)


def annotate_file(
    source: Path,
    target: Path,
    watches: Sequence[str],
    *,
    workers: int,
    model: str | None,
    console: Console,
    fields: str = "",
) -> None:
    """Annotate each line of ``source`` into ``target``, in order; replace it when all is done.

    "-" is standard output, which gets each line as it comes. ``fields`` is as `--fields` has it.

    Raises:
        ConfigurationError: a line is no object with "text" or "html", or a field is none.
    """
    try:
        wanted = read_fields(fields)
    except ValueError as error:
        raise ConfigurationError([f"--fields: {error}"]) from error
    if str(target) == "-":
        loaded = _watches(watches)
        for line in _annotated(list(_read_documents(source)), loaded, model, workers, wanted):
            sys.stdout.buffer.write(line)
        return
    check_writable(target, str(target))
    if target.exists() and target.samefile(source):
        raise ConfigurationError([f"{target}: is the input too; write to another file"])
    loaded = _watches(watches)
    texts = list(_read_documents(source))
    failed = 0
    with written_whole(target) as out, console.status("loading") as status:
        for n, line in enumerate(_annotated(texts, loaded, model, workers, wanted), 1):
            out.write(line)
            failed += line.startswith(_FAILED)
            status.update(f"annotated {n} of {len(texts)}")
    console.print(f"annotated {len(texts) - failed} texts")
    if failed:
        console.print(f"{failed} could not be annotated; their lines have an “error”")


def _watches(references: Sequence[str]) -> tuple[Watch, ...]:
    """The watches named; without any, all bundled ones and any other negotiation."""
    if references:
        return watches_named(references)
    bundled = load_watches(bundled_watches([WATCHES]), bundled=BUNDLED)
    return (*bundled, any_negotiation(bundled))


def _annotated(
    documents: Sequence[Document],
    watches: Sequence[Watch],
    model: str | None,
    workers: int,
    fields: Sequence[str],
) -> Iterator[bytes]:
    find_language_model(model)  # a missing model is told here, and not by a broken pool
    annotate_one = functools.partial(_annotate_one, tuple(watches), model, fields)
    if workers == 1:
        yield from map(annotate_one, documents)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(annotate_one, documents, chunksize=CHUNK)


@functools.cache
def _reader(watches: tuple[Watch, ...], model: str | None) -> Reader:
    """One reader a process."""
    return Reader(watches, model)


def _annotate_one(
    watches: tuple[Watch, ...], model: str | None, fields: Sequence[str], document: Document
) -> bytes:
    """The annotation as a line; of a document that cannot be read, what went wrong.

    One document in a corpus must not cost the others.
    """
    reader = _reader(watches, model)
    try:
        return json_line(reader.read_document(document, fields))
    except Exception as error:
        told = f"{type(error).__name__}: {error}"[:500]
        return json_line({"error": told, "doc_id": document.doc_id})


def _read_documents(source: Path) -> Iterator[Document]:
    try:
        with source.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _read_document(line, number, f"{source}:{number}")
    except OSError as error:
        raise ConfigurationError(
            [f"{source}: {error.strerror}; give a UTF-8 file of JSON lines"]
        ) from error


def _read_document(line: bytes, number: int, place: str) -> Document:
    """The document in a line; without "doc_id" known by its address, else by the line's number."""
    try:
        record = read_object(line, _DOCUMENT_KEYS)
        if record.get("text") is None and record.get("html") is None:
            shown = line.strip()[:60].decode("utf8", "replace")
            raise RecordError(
                [f'{shown!r} has neither text nor html; give {{"doc_id": "…", "text": "…"}}']
            )
    except RecordError as error:
        raise ConfigurationError([f"{place}: {mistake}" for mistake in error.mistakes]) from error
    url = field(record, "url").strip()
    given = Given(
        url if is_web_address(url) else "",
        field(record, "title"),
        field(record, "author"),
        field(record, "publisher"),
    )
    text = field(record, "text") if record.get("text") is not None else None
    doc_id = field(record, "doc_id") or url or str(number)
    return Document(doc_id, given, text, field(record, "html"))


def explain_source(
    source: str,
    watches: Sequence[str],
    *,
    as_json: bool,
    allow_hosts: Sequence[str],
    model: str | None,
    console: Console,
) -> None:
    """Explain each article in a file, or the one at a URL.

    Raises:
        FetchError, ExtractionError: the page cannot be had or read.
    """
    loaded = _watches(watches)
    reader = Reader(loaded, model)
    for page in _pages(source, allow_hosts, loaded):
        dossier = reader.read_page(page)
        if as_json:
            write_json_line(sys.stdout.buffer, explanation_json(dossier, reader.engine))
        else:
            print_explanation(dossier, console)


def _pages(source: str, allow_hosts: Sequence[str], watches: Sequence[Watch]) -> Iterable[Page]:
    now = Instant.now()
    if "://" not in source:
        return read_inputs([source], now)
    fetcher = HttpFetcher(allow_hosts=allow_hosts, contact=contact_for(watches))
    try:
        answer = fetcher.fetch(source)
    finally:
        fetcher.close()
    entry = FeedEntry(
        id="",
        feed_url="",
        url=source,
        canonical_url=canonical_url(answer.url),
        title="",
        publisher="",
        seen_at=now,
    )
    return [Page(entry, answer.url, answer.content_type, answer.body, now)]
