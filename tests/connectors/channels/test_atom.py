"""The Atom feed: valid by RFC 4287, stable, and harmless whatever the articles hold."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from connectors.channels.atom import AtomSink, render_feed
from connectors.channels.json_feed import render_json_feed
from connectors.channels.registry import open_sink
from connectors.channels.terminal import TerminalSink
from connectors.formats import headlines
from connectors.formats.html import bundle_html
from schemas.alert import Bundle
from schemas.errors import ConfigurationError
from support import alerts

ATOM = "{http://www.w3.org/2005/Atom}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


def _render(*bundles: Bundle) -> bytes:
    return render_feed(bundles, title="Parley: riverside", feed_id="urn:example:feed")


def _texts(element: etree._Element, name: str) -> list[str]:
    return [child.text or "" for child in element.findall(ATOM + name)]


@pytest.mark.parametrize(
    "bundles",
    [
        [],
        [alerts.bundle()],
        [alerts.bundle(), alerts.bundle(alerts.bare_alert(), id="b2")],
        [alerts.bundle(alerts.hostile_alert())],
    ],
)
def test_required_elements_of_rfc_4287(bundles: list[Bundle]) -> None:
    feed = etree.fromstring(_render(*bundles))
    assert feed.tag == ATOM + "feed"
    for element in [feed, *feed.findall(ATOM + "entry")]:
        for name in ("id", "title", "updated"):  # exactly one each: 4.1.1, 4.1.2
            (text,) = _texts(element, name)
            assert text
        assert RFC3339.fullmatch(_texts(element, "updated")[0])
        assert element.find(f"{ATOM}author/{ATOM}name") is not None
        assert re.match(r"[a-z]+:\S+$", _texts(element, "id")[0])
    for entry in feed.findall(ATOM + "entry"):
        (link,) = entry.findall(ATOM + "link")
        assert link.get("rel") == "alternate"
        (content,) = entry.findall(ATOM + "content")
        assert content.get("type") == "html"
    ids = [_texts(entry, "id")[0] for entry in feed.findall(ATOM + "entry")]
    assert len(ids) == len(set(ids)) == len(bundles)


def test_a_feed_reader_reads_it() -> None:
    read = feedparser.parse(_render(alerts.bundle()))
    assert not read.bozo
    assert read.version == "atom10"
    (entry,) = read.entries
    assert entry.id == "urn:parley:bundle:bundle-1:1"
    assert entry.link == alerts.URL
    assert entry.published == "2025-11-22T11:00:00+00:00"  # the article
    assert entry.updated == "2025-11-22T12:00:00+00:00"  # the alert
    assert [author.name for author in entry.authors] == ["Ada Mirren", "Tom Okafor"]
    assert entry.title == (
        "Ada Mirren: “A ceasefire without a guarantee is a pause with better "
        "catering.”; also Tom Okafor (via The Gazette)"
    )
    assert entry.summary == (
        "Ada Mirren, senior fellow, the Quayside Institute (The Gazette, 22 Nov 2025, 11:00 UTC): "
        "“A ceasefire without a guarantee is a pause with better catering.” – 1 more of theirs; "
        "also Tom Okafor"
    )
    assert "new voice: nothing of theirs in memory" in entry.content[0].value
    (item,) = json.loads(render_json_feed([alerts.bundle()], title="Parley"))["items"]
    assert (item["summary"], item["title"]) == (entry.summary, entry.title)
    assert {tag.term for tag in entry.tags} >= {"riverside-talks", "ceasefire", "territory"}


def test_a_summary_is_short_and_stays_text() -> None:
    for told in (alerts.hostile_alert(), alerts.bare_alert()):
        bundle = alerts.bundle(told)
        assert len(headlines.summary(bundle)) < 600
        (entry,) = feedparser.parse(_render(bundle)).entries
        assert "<script" not in entry.summary


def test_the_content_has_the_best_words_first() -> None:
    idle = dataclasses.replace(alerts.GUARANTEE, id="s-idle", text="We'll see", context_after="")
    html = bundle_html(alerts.bundle(alerts.alert(statements=[idle, alerts.GUARANTEE])))
    assert html.index("without a guarantee") < html.index("We'll see")


def test_the_content_says_who_what_where_and_why() -> None:
    html = bundle_html(alerts.bundle())
    for part in (
        "Ada Mirren, senior fellow, the Quayside Institute",
        "<strong>“A ceasefire without a guarantee is a pause with better catering.”</strong>",
        "by “she”, 93% sure",
        "expert, by “senior fellow at the Quayside Institute”",
        "Harbour Radio",
        "The Gazette, 22 Nov 2025, 11:00 UTC",
        "not a copy of an article read before",
        "an expert by role; speaks of ceasefire",
        "Neither capital is ready",
        "not known to say the same: both speak of dates",
        f'href="{alerts.URL}#:~:text=A%20ceasefire%20without,better%20catering"',
        "new voice",
        "alert-okafor",
    ):
        assert part in html
    assert html.index("without a guarantee") < html.index("run out of venues")


def test_newest_first_and_the_same_bytes_in_any_order() -> None:
    old = alerts.bundle(alerts.alert(alerted_at=alerts.NOON - 60), id="old")
    new, same_time = alerts.bundle(id="new"), alerts.bundle(id="newer")
    rendered = _render(old, new, same_time)
    assert rendered == _render(same_time, new, old) == _render(new, old, same_time)
    ids = [entry.id.split(":")[3] for entry in feedparser.parse(rendered).entries]
    assert ids == ["newer", "new", "old"]


def test_a_revision_is_an_entry_of_its_own() -> None:
    first = alerts.bundle(alerts.alert())
    second = alerts.bundle(alerts.alert(type="updated", revision=2))
    wrong = alerts.bundle(alerts.alert(type="withdrawn", revision=2))
    entries = feedparser.parse(_render(first, first, second, wrong)).entries
    assert {entry.id for entry in entries} == {
        "urn:parley:bundle:bundle-1:1",
        "urn:parley:bundle:bundle-1:2",
        "urn:parley:bundle:bundle-1:2:withdrawn",
    }
    assert {entry.published for entry in entries} == {
        "2025-11-22T11:00:00+00:00",  # the article
        "2025-11-22T12:00:00+00:00",  # what is said of it later
    }
    assert {entry.title.split(":")[0] for entry in entries} == {
        "Ada Mirren",
        "Updated",
        "Withdrawn",
    }


def test_the_title_says_that_it_was_withdrawn_and_of_whom() -> None:
    mirren, okafor = alerts.bundle().alerts
    gone = alerts.alert(
        id="gone",
        type="withdrawn",
        revision=2,
        follows=okafor.id,
        speaker=okafor.speaker,
        statements=okafor.statements,
    )
    words = "Ada Mirren: “A ceasefire without a guarantee is a pause with better catering.”"
    for told in (alerts.bundle(mirren, gone), alerts.bundle(mirren, okafor, gone)):
        assert _titles(told) == [
            f"Withdrawn in part: {words}; withdrawn: Tom Okafor (via The Gazette)"
        ]
        feed = json.loads(render_json_feed([told], title="Parley"))
        assert [item["title"] for item in feed["items"]] == _titles(told)
    assert _titles(alerts.bundle(gone))[0].startswith("Withdrawn: Tom Okafor: ")
    assert _titles(alerts.bundle(okafor, gone))[0].startswith("Withdrawn: Tom Okafor: ")
    again = dataclasses.replace(okafor, id="again", type="updated", revision=3)
    assert _titles(alerts.bundle(okafor, gone, again))[0].startswith("Tom Okafor: ")


def _titles(bundle: Bundle) -> list[str]:
    return [entry.title for entry in feedparser.parse(_render(bundle)).entries]


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


def test_hostile_text_stays_text() -> None:
    html = bundle_html(alerts.bundle(alerts.hostile_alert()))
    parser = _Elements()
    parser.feed(html)
    tags = {tag for tag, _ in parser.found}
    assert tags <= {"h3", "p", "blockquote", "strong", "em", "br", "a"}
    assert all(tag == "a" or not attrs for tag, attrs in parser.found)
    assert "a" not in tags  # every address of this alert is one that must not be followed
    assert "&lt;script&gt;" in html
    assert html.replace("\n", "").isprintable()


def test_a_hostile_feed_is_well_formed_and_links_nowhere() -> None:
    feed = etree.fromstring(_render(alerts.bundle(alerts.hostile_alert())))
    assert [link.get("href") for link in feed.iter(ATOM + "link")] == [
        "urn:parley:bundle:bundle-1:1"
    ]


def test_the_sink_replaces_the_file_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "alerts.xml"
    sink = AtomSink(path, title="Riverside")
    sink.write([])
    assert feedparser.parse(path.read_bytes()).feed.title == "Riverside"
    sink.write([alerts.bundle()])
    before = path.read_bytes()
    AtomSink(path, title="Riverside").write([alerts.bundle()])
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["alerts.xml"]


def test_feeds_at_two_places_have_two_ids(tmp_path: Path) -> None:
    paths = [tmp_path / "a.xml", tmp_path / "b.xml"]
    for path in paths:
        AtomSink(path).write([])
    ids = {feedparser.parse(path.read_bytes()).feed.id for path in paths}
    assert len(ids) == 2
    assert all(id_.startswith("urn:uuid:") for id_ in ids)


def test_a_place_that_cannot_be_written_is_a_clear_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"atom:.*there is no folder .*mkdir -p"):
        open_sink(f"atom:{tmp_path}/missing/alerts.xml")


def test_a_place_that_goes_away_is_an_error_that_names_it(tmp_path: Path) -> None:
    folder = tmp_path / "feeds"
    folder.mkdir()
    sink = AtomSink(folder / "alerts.xml")
    folder.rmdir()
    with pytest.raises(OSError, match=r"could not be written.*alerts\.xml"):
        sink.write([])


def test_open_sink_knows_its_kinds(tmp_path: Path) -> None:
    assert isinstance(open_sink("terminal"), TerminalSink)
    open_sink(f"atom:{tmp_path}/a.xml", title="A").write([alerts.bundle()])
    open_sink(f"jsonl:{tmp_path}/a.jsonl").write([alerts.bundle()])
    assert sorted(os.listdir(tmp_path)) == ["a.jsonl", "a.xml"]


@pytest.mark.parametrize("target", ["", "pigeon:coop", "atom:", "jsonl", "terminal:1"])
def test_open_sink_refuses_other_targets(target: str) -> None:
    with pytest.raises(ConfigurationError, match="use terminal, atom:FILE, jsonfeed:FILE"):
        open_sink(target)


def test_markup_that_escaping_missed_is_still_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.formats.html.escape", lambda text: text)
    parser = _Elements()
    parser.feed(bundle_html(alerts.bundle(alerts.hostile_alert())))
    assert {tag for tag, _ in parser.found}.isdisjoint({"script", "img"})
    assert all(tag == "a" or not attrs for tag, attrs in parser.found)
