"""Lists of feeds: plain lines of URLs, and OPML 2.0 (http://opml.org/spec2.opml).

A list may come from anywhere, so OPML with a document type is refused: without one, XML has
no entities to expand and no files to include.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.parsers import expat

from schemas.errors import ConfigurationError
from schemas.feed import Feed
from transforms.core.text.urls import without_secrets

#: Some fifty thousand feeds; more than one process can poll.
MAX_LIST_BYTES = 8 << 20


def is_web_address(text: str) -> bool:
    """Whether ``text`` is an http or https URL with a host, and without a password.

    >>> is_web_address("https://news.example/rss"), is_web_address("news.example/rss")
    (True, False)
    """
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises on a port that is none
    except ValueError:
        return False
    has_plain_text = text.isprintable() and " " not in text
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return is_web and has_plain_text and "@" not in parts.netloc


def read_feed_list(text: str | bytes, place: str) -> tuple[Feed, ...]:
    r"""The feeds in ``text``, in order and each once: one URL a line, or OPML.

    Empty lines, and what follows ``#`` at the start of a line or after a blank, are left
    out. ``place`` names the list in errors.

    Raises:
        ConfigurationError: with one line per mistake.

    >>> read_feed_list("# ours\nhttps://news.example/rss", "feeds.txt")[0].url
    'https://news.example/rss'
    """
    body = text.encode("utf8", "surrogatepass") if isinstance(text, str) else text
    if len(body) > MAX_LIST_BYTES:
        message = f"{place}: larger than {MAX_LIST_BYTES} bytes; is it a feed list?"
        raise ConfigurationError([message])
    if body.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        found = _Outlines(place).read(body)
    else:
        found = list(_lines(body))
    mistakes = [
        f"{place}:{line}: {without_secrets(feed.url)[:80]!r} is not a web address; "
        "write https://…, no password"
        for line, feed in found
        if not is_web_address(feed.url)
    ]
    if mistakes:
        raise ConfigurationError(mistakes)
    feeds: dict[str, Feed] = {}
    for _, feed in found:
        feeds.setdefault(feed.url, feed)
    return tuple(feeds.values())


def write_opml(feeds: Iterable[Feed], title: str = "Parley's feeds") -> str:
    """An OPML 2.0 document that lists ``feeds`` in order.

    >>> opml = write_opml([Feed("https://news.example/rss?a=1&b=2", "News & Views")])
    >>> read_feed_list(opml, "feeds.opml")
    (Feed(url='https://news.example/rss?a=1&b=2', publisher='News & Views'),)
    """
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = _xml_text(title)
    body = ElementTree.SubElement(root, "body")
    for feed in feeds:
        name = _xml_text(feed.publisher or feed.url)
        ElementTree.SubElement(body, "outline", type="rss", text=name, xmlUrl=_xml_text(feed.url))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _lines(body: bytes) -> Iterator[tuple[int, Feed]]:
    text = body.decode("utf-8-sig", "replace")
    for number, line in enumerate(text.split("\n"), start=1):
        url = f" {line}".split(" #", 1)[0].strip()
        if url:
            yield number, Feed(url)


def _xml_text(text: str) -> str:
    """``text`` without the characters that XML 1.0 cannot hold."""
    return "".join(char for char in text if char.isprintable())


class _Outlines:
    """Collects the feeds of an OPML document while expat reads it."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._feeds: list[tuple[int, Feed]] = []
        self._is_opml = False
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start

    def read(self, body: bytes) -> list[tuple[int, Feed]]:
        try:
            self._parser.Parse(body, True)
        except expat.ExpatError as error:
            problem = expat.ErrorString(error.code)
            told = f"not valid XML: {problem}; export the OPML again"
            raise self._mistake(error.lineno, told) from error
        except (ValueError, LookupError) as error:  # an encoding that Python does not know
            raise self._mistake(1, "its encoding is not known; save it as UTF-8") from error
        if not self._is_opml:
            raise self._mistake(1, "neither OPML nor a list of URLs; is it a feed itself?")
        return self._feeds

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._is_opml = self._is_opml or tag.lower() == "opml"
        known = {name.lower(): value.strip() for name, value in attributes.items()}
        if tag.lower() == "outline" and known.get("xmlurl"):
            publisher = known.get("title") or known.get("text") or ""
            self._feeds.append(
                (self._parser.CurrentLineNumber, Feed(known["xmlurl"], " ".join(publisher.split())))
            )

    def _refuse_doctype(self, *_: object) -> None:
        line = self._parser.CurrentLineNumber
        raise self._mistake(line, "a document type may hide entities; remove the <!DOCTYPE …>")

    def _mistake(self, line: int, text: str) -> ConfigurationError:
        return ConfigurationError([f"{self._place}:{line}: {text}"])
