"""Hostile text stays text, wherever it stands in an archive."""

import dataclasses
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from starlette.testclient import TestClient

from connectors.archive import open_archive
from pipelines.reading_room.app import build_app
from schemas.dossier import Commentary
from support.dossiers import VALEK, WATCH, dossier, introduction, poll
from transforms.core.people.names import name_key

TELLING = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></blockquote></main><h1>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp;amp; &#x3c;i&#x3e;",
    "\u202eevil\u202c \u2066x\u2069",
    "إيرينا فاليك",
    "<!-- --><![CDATA[ ]]>",
    "\x1b[31m\x00\ud800\ufffe",
    "javascript:alert(1)",
    "] %}{{ request }}",
]
KEY = name_key("Irena Valek")
ELEMENTS = {
    "html", "head", "meta", "title", "link", "body", "a", "header", "p", "nav", "ul", "li", "main",
    "h1", "h2", "h3", "h4", "bdi", "article", "section", "div", "span", "blockquote", "time", "dl",
    "dt", "dd", "ol", "q", "strong", "code", "mark", "form", "label", "input", "button", "footer",
}  # fmt: skip


def hostile_dossier(text, url):
    """An article in which everything that comes from outside is the text."""
    words = f"a {text} z"
    role = f"director {text} z"
    stored = dossier("talks", words, introductions=[introduction(role, url=url, key=KEY)])
    speaker = dataclasses.replace(
        VALEK, as_written=words, role=role, evidence=words, affiliation=""
    )
    match = stored.commentaries[0].occurrences[0].matches[0]
    reason = dataclasses.replace(match.reasons[0], text=words)
    match = dataclasses.replace(match, evidence=words, reasons=[reason], is_held=True)
    said = stored.commentaries[0].occurrences[0]
    attribution = dataclasses.replace(
        said.attribution,
        speaker=speaker,
        told_to=words,
        cue=dataclasses.replace(said.attribution.cue, text=words),
    )
    said = dataclasses.replace(said, attribution=attribution, matches=[match])
    article = dataclasses.replace(
        stored.article, url=url, title=words, publisher=words, author=words, language=text[:30]
    )
    commentary = Commentary(KEY, speaker, [said])
    (alert,) = stored.alerts
    alert = dataclasses.replace(
        alert,
        watch=WATCH,
        speaker=dataclasses.replace(alert.speaker, role=role, evidence=words),
        article=dataclasses.replace(
            alert.article, url=url, title=words, publisher=words, language=text[:30]
        ),
        statements=[dataclasses.replace(s, link=url, text=words) for s in alert.statements],
        reasons=[dataclasses.replace(alert.reasons[0], text=words)],
    )
    return dataclasses.replace(stored, article=article, commentaries=[commentary], alerts=[alert])


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """The file of an archive without anything: made once, for making one takes long."""
    file = tmp_path_factory.mktemp("empty") / "archive.db"
    open_archive(f"sqlite:///{file}").close()
    return file


@pytest.fixture(scope="module")
def plain(empty):
    """The shape of each page where all outside text is a word."""
    found = pages(empty, "word", "https://herald.example/talks")
    return {address: shape(tree) for address, tree in found}


def pages(empty, text, url):
    """Each page of an archive full of the text, with its address."""
    file = empty.with_name(f"{len(list(empty.parent.iterdir()))}.db")
    shutil.copy(empty, file)
    archive = open_archive(f"sqlite:///{file}", {WATCH: []})
    try:
        stored = hostile_dossier(text, url)
        archive.dossiers.store_dossier(stored)
        failed = poll(status="failed", reason="timeout")
        feed = dataclasses.replace(failed.feed, publisher=f"a {text} z")
        archive.feeds.record_poll(dataclasses.replace(failed, feed=feed, message=f"a {text} z"))
        statement = stored.commentaries[0].occurrences[0].verdict.statement_id
        addresses = [
            "/",
            f"/?watch={WATCH}",
            "/held?days=3650",
            "/sources",
            "/expert?name=Irena+Valek",
            "/search?speaker=Valek",
            f"/statement/{statement}",
            f"/article/{stored.article.id}",
        ]
        with TestClient(build_app(archive), base_url="http://localhost:8765") as room:
            for address in addresses:
                answer = room.get(address)
                assert answer.status_code == 200, address
                yield address, html.document_fromstring(answer.content.decode("utf8"))
            asked = f"Valek {text}"[:150].replace("\0", "").encode("utf8", "replace").decode()
            for address in ("/search", "/expert"):
                name = "words" if address == "/search" else "name"
                answer = room.get(address, params={name: asked})
                yield address, html.document_fromstring(answer.content.decode("utf8"))
    finally:
        archive.close()


def shape(tree):
    """The elements in order, each with the names of its attributes."""
    return [(node.tag, tuple(sorted(node.attrib))) for node in tree.iter()]


def check(tree):
    for node in tree.iter():
        assert node.tag in ELEMENTS, node.tag
        assert not [name for name in node.attrib if name.startswith("on") or name == "style"]
        address = node.get("href") or ""
        assert address.startswith(("/", "#", "https://", "http://")) or not address, address
        assert not address.startswith("//")
        if node.tag == "a" and address.startswith("http"):
            assert "noreferrer" in node.get("rel")
        assert node.get("src") is None


def check_shapes(empty, plain, text):
    for address, tree in pages(empty, text, "https://herald.example/talks"):
        check(tree)
        if address in plain and address not in ("/search", "/expert"):
            assert shape(tree) == plain[address], address


@pytest.mark.parametrize("text", TELLING)
def test_markup_never_leaves_its_element(empty, plain, text):
    check_shapes(empty, plain, text)


@settings(max_examples=10)
@given(text=st.text(st.sampled_from("<>\"'&;/={}%#-! ab\u202e\u2028م\x00"), max_size=40))
def test_any_text_keeps_the_shape_of_its_page(empty, plain, text):
    check_shapes(empty, plain, text)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "java\nscript:alert(1)",
        "//evil.example/x",
        "vbscript:x",
        "file:///etc/passwd",
        'https://herald.example/"onclick="alert(1)',
    ],
)
def test_only_web_addresses_become_links(empty, url):
    for _, tree in pages(empty, "word", url):
        check(tree)


def test_names_from_right_to_left_are_set_apart(empty):
    for _, tree in pages(empty, "عمر", "https://herald.example/talks"):
        for node in tree.find(".//main").iter():
            if "عمر" in (node.text or ""):
                around = [node, *node.iterancestors()]
                assert any(each.tag == "bdi" or each.get("dir") == "auto" for each in around), (
                    html.tostring(node)
                )
