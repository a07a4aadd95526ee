"""`parley annotate` and `parley explain`: the understanding of texts, without feeds or memory."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console

from connectors.files.articles import read_inputs
from connectors.files.whole_files import check_writable, written_whole
from connectors.formats.annotation_json import annotation_json, explanation_json
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
from schemas.errors import ConfigurationError
from schemas.feed import FeedEntry
from schemas.page import Page
from schemas.watch import Watch
from transforms.core.articles.extraction import extract_article, text_article
from transforms.core.quotes.annotate import annotate
from transforms.core.relevance.matching import match
from transforms.core.relevance.subjects import any_negotiation
from transforms.core.text.tags import Lexicon
from transforms.core.text.urls import canonical_url

#: How the line of a text begins that could not be annotated.
_FAILED = b'{"error":'
#: Texts handed to a worker process at once: enough that handing over costs nothing.
CHUNK = 8


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

    def read_text(self, doc_id: str, text: str) -> dict[str, Any]:
        """The annotation of a bare text, as `parley annotate` writes it."""
        dossier = self.read_article(text_article(text))
        return annotation_json(doc_id, dossier, self.engine)

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
) -> None:
    """Annotate each line of ``source`` into ``target``, in order; replace it when all is done.

    "-" is standard output, which gets each line as it comes.

    Raises:
        ConfigurationError: a line is not an object with "doc_id" and "text".
    """
    if str(target) == "-":
        loaded = _watches(watches)
        for line in _annotated(list(_read_texts(source)), loaded, model, workers):
            sys.stdout.buffer.write(line)
        return
    check_writable(target, str(target))
    if target.exists() and target.samefile(source):
        raise ConfigurationError([f"{target}: is the input too; write to another file"])
    loaded = _watches(watches)
    texts = list(_read_texts(source))
    failed = 0
    with written_whole(target) as out, console.status("loading") as status:
        for n, line in enumerate(_annotated(texts, loaded, model, workers), start=1):
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
    texts: Sequence[tuple[str, str]], watches: Sequence[Watch], model: str | None, workers: int
) -> Iterator[bytes]:
    if workers == 1:
        reader = Reader(watches, model)
        yield from (_line(reader, *text) for text in texts)
        return
    find_language_model(model)  # a missing model is told here, and not by a broken pool
    annotate_text = functools.partial(_annotate_text, tuple(watches), model)
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(annotate_text, texts, chunksize=CHUNK)


@functools.cache
def _reader(watches: tuple[Watch, ...], model: str | None) -> Reader:
    """One reader a process."""
    return Reader(watches, model)


def _annotate_text(watches: tuple[Watch, ...], model: str | None, text: tuple[str, str]) -> bytes:
    return _line(_reader(watches, model), *text)


def _line(reader: Reader, doc_id: str, text: str) -> bytes:
    """The annotation as a line; of a text that cannot be read, what went wrong.

    One document in a corpus must not cost the others.
    """
    try:
        return json_line(reader.read_text(doc_id, text))
    except Exception as error:
        return json_line({"error": f"{type(error).__name__}: {error}"[:500], "doc_id": doc_id})


def _read_texts(source: Path) -> Iterator[tuple[str, str]]:
    """The (doc_id, text) of each line."""
    try:
        with source.open(encoding="utf8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _read_line(line, f"{source}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigurationError([f"{source}: {why}; give a UTF-8 file of JSON lines"]) from error


def _read_line(line: str, place: str) -> tuple[str, str]:
    try:
        row = json.loads(line)
        doc_id, text = row["doc_id"], row["text"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConfigurationError(
            [f'{place}: {line.strip()[:60]!r}; give {{"doc_id": "…", "text": "…"}}']
        ) from error
    if not isinstance(doc_id, str) or not isinstance(text, str):
        raise ConfigurationError([f"{place}: doc_id and text must be strings"])
    return doc_id, text


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
