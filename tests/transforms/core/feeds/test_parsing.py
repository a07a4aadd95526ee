from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import Instant
from schemas.errors import FeedError
from schemas.feed import Feed, FeedEntry
from schemas.ids import hash_of
from transforms.core.feeds.parsing import ParsedFeed, parse_feed

FEED = Feed("https://harbour.example/news/feed.xml")
SEEN = Instant(1_750_000_000)


def parse(body: str | bytes, feed: Feed = FEED, content_type: str = "") -> ParsedFeed:
    data = body.encode() if isinstance(body, str) else body
    return parse_feed(feed, data, content_type, SEEN)


def rss(*items: str, title: str = "Harbour Post") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"><channel><title>{title}</title>{inside}</channel></rss>'


def only(parsed: ParsedFeed) -> FeedEntry:
    (entry,) = parsed.entries
    return entry


def test_rss_gives_an_entry_with_all_it_states() -> None:
    entry = only(
        parse(
            rss(
                "<title>Talks &lt;b&gt;resume&lt;/b&gt; &amp;amp; stall</title>"
                "<link>/a?utm_source=rss</link><guid isPermaLink='false'>id-1</guid>"
                "<author>Ann Quill</author>"
                "<description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</description>"
                "<pubDate>Mon, 02 Jun 2025 10:00:00 +0200</pubDate>"
            )
        )
    )
    assert entry.title == "Talks resume & stall"
    assert entry.summary == "One. Two."
    assert entry.url == "https://harbour.example/a?utm_source=rss"
    assert entry.canonical_url == "https://harbour.example/a"
    assert entry.id == hash_of(FEED.url, "id-1")
    assert entry.author == "Ann Quill"
    assert entry.publisher == "Harbour Post"
    assert entry.seen_at == SEEN
    assert entry.stated_published_at == Instant.from_rfc3339("2025-06-02T08:00:00Z")


@pytest.mark.parametrize(
    "body",
    [
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour Post</title><entry>'
        '<title type="html">A &amp;amp; B</title><id>urn:x</id><link href="a"/>'
        "<published>2025-06-02T08:00:00Z</published></entry></feed>",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>Harbour Post</title></channel><item><title>A &amp; B</title>"
        "<link>https://harbour.example/news/a</link><dc:date>2025-06-02T08:00:00Z</dc:date>"
        "</item></rdf:RDF>",
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Harbour Post",
                "items": [
                    {
                        "id": "1",
                        "url": "a",
                        "title": "A & B",
                        "date_published": "2025-06-02T10:00:00+02:00",
                    }
                ],
            }
        ),
    ],
    ids=["atom", "rdf", "json"],
)
def test_every_dialect_gives_the_same_entry(body: str) -> None:
    parsed = parse(body)
    entry = only(parsed)
    assert parsed.title == "Harbour Post"
    assert entry.title == "A & B"
    assert entry.canonical_url == "https://harbour.example/news/a"
    assert entry.stated_published_at == Instant.from_rfc3339("2025-06-02T08:00:00Z")


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Not found</body></html>", b"{}", b"\x00\xff" * 50, b"plain words"]
)
def test_a_body_that_is_no_feed_is_an_error_with_its_address(body: bytes) -> None:
    with pytest.raises(FeedError, match=r"harbour\.example"):
        parse(body)


def test_entries_come_oldest_first_and_undated_ones_keep_their_place() -> None:
    def item(name: str, day: int | None) -> str:
        date = f"<pubDate>{day:02} Jun 2025 08:00:00 GMT</pubDate>" if day else ""
        return f"<title>{name}</title><link>/{name}</link>{date}"

    parsed = parse(rss(item("d", 4), item("c", None), item("a", 1), item("b", 2)))
    assert [entry.title for entry in parsed.entries] == ["a", "c", "b", "d"]


def test_undated_entries_come_in_reverse_feed_order() -> None:
    items = [f"<title>{name}</title><link>/{name}</link>" for name in "cba"]
    assert [entry.title for entry in parse(rss(*items)).entries] == ["a", "b", "c"]


def test_entries_without_a_usable_link_are_left_out() -> None:
    parsed = parse(
        rss(
            "<title>none</title>",
            "<title>script</title><link>javascript:alert(1)</link>",
            "<title>user</title><link>https://u:p@harbour.example/</link>",
            "<title>good</title><link>/good</link>",
        )
    )
    assert [entry.title for entry in parsed.entries] == ["good"]


def test_a_guid_that_several_links_share_identifies_none_of_them() -> None:
    parsed = parse(
        rss(*(f"<title>{n}</title><link>/{n}</link><guid>same</guid>" for n in ("a", "b")))
    )
    assert {entry.id for entry in parsed.entries} == {
        hash_of(FEED.url, "https://harbour.example/a"),
        hash_of(FEED.url, "https://harbour.example/b"),
    }


def test_an_entry_listed_twice_is_one() -> None:
    item = "<title>a</title><link>/a</link><guid>1</guid>"
    assert len(parse(rss(item, item)).entries) == 1


def test_the_watch_names_the_publisher_and_the_host_stands_in_for_a_missing_title() -> None:
    item = "<title>a</title><link>/a</link>"
    named = parse(rss(item), Feed(FEED.url, publisher="The Harbour"))
    untitled = parse(rss(item, title=""))
    assert only(named).publisher == "The Harbour"
    assert only(untitled).publisher == "harbour.example"


def test_no_control_character_survives() -> None:
    body = rss("<title>Deal\u202e off\u2066</title><link>/a</link>")
    assert only(parse(body)).title == "Deal off"


def test_of_many_entries_the_first_two_thousand_are_read() -> None:
    items = [f"<title>{n}</title><link>/{n}</link>" for n in range(2500)]
    parsed = parse(rss(*items))
    assert len(parsed.entries) == 2000
    assert parsed.entries[-1].title == "0"
    assert parsed.entries[0].title == "1999"


def test_growing_entities_are_not_expanded() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha">{entities}]>' + rss(
        "<title>a</title><link>/a</link>", title="&e11;"
    )
    assert len(parse(body).title) <= 200


def test_entities_do_not_read_files() -> None:
    body = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + rss(
        "<title>a</title><link>/a</link>", title="[&x;]"
    )
    assert parse(body).title in ("[]", "[&x;]", "")


@pytest.mark.parametrize("unit", [b"<a>", b"<item>", b"<item><title>a & b < c</title>"])
def test_broken_markup_without_end_is_refused_before_it_costs_time(unit: bytes) -> None:
    with pytest.raises(FeedError, match="too much to mend"):
        parse(b'<rss version="2.0"><channel>' + unit * 100_000)


@pytest.mark.parametrize("content_type", ["", "text/xml", "application/rss+xml", "text/html"])
def test_utf8_is_read_as_such_whatever_the_header_leaves_out(content_type: str) -> None:
    parsed = parse(rss("<title>“Ja” – né</title><link>/a</link>"), content_type=content_type)
    assert only(parsed).title == "“Ja” – né"


def test_a_declared_charset_is_obeyed() -> None:
    declaration = b'<?xml version="1.0" encoding="windows-1251"?>'
    body = rss("<title>Переговоры</title><link>/a</link>").encode("cp1251")
    assert only(parse(declaration + body)).title == "Переговоры"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_a_feed_error(body: bytes) -> None:
    for prefix in (b"", b'<rss version="2.0"><channel><item>', b"{"):
        with contextlib.suppress(FeedError):
            parse(prefix + body)


def test_the_article_s_own_link_and_publisher_are_taken() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Collected</title><entry>
      <title>Talks</title><id>1</id>
      <link rel="alternate" hreflang="en" href="https://a.example/en talks?cid=7"/>
      <link rel="alternate" hreflang="fr" href="https://a.example/fr"/>
      <source><title>Harbour Post</title></source></entry></feed>"""
    (entry,) = parse_feed(Feed("https://a.example/atom"), body, "", Instant(0)).entries
    assert entry.url == "https://a.example/en%20talks?cid=7"
    assert entry.canonical_url == "https://a.example/en%20talks?cid=7"
    assert entry.publisher == "Harbour Post"


WHOLE = "".join(f"<p>The pilots of pier {n} met the council.</p>" for n in range(12))
ESCAPED = WHOLE.replace("<", "&lt;")
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><link href="/a"/>%s'
JSON_FEED = {"version": "https://jsonfeed.org/version/1.1", "title": "Harbour Post"}


def json_feed(**item: str) -> str:
    return json.dumps({**JSON_FEED, "items": [{"id": "1", "url": "/a", **item}]})


@pytest.mark.parametrize(
    "body",
    [
        rss(
            "<link>/a</link><description>Short.</description><content:encoded xmlns:content="
            f"'http://purl.org/rss/1.0/modules/content/'><![CDATA[{WHOLE}]]></content:encoded>"
        ),
        rss(f"<link>/a</link><description>{ESCAPED}</description>"),
        ATOM % f'<summary>Short.</summary><content type="html">{ESCAPED}</content></entry></feed>',
        ATOM % '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        f"{WHOLE}</div></content></entry></feed>",
        json_feed(content_html=WHOLE, summary="Short."),
    ],
)
def test_an_entry_holds_the_article_where_the_feed_gives_it(body: str) -> None:
    content = only(parse(body)).content
    assert content.count("<p>") == 12
    assert "pier 11 met" in content


def test_plain_text_in_a_feed_is_no_markup() -> None:
    text = "Pilots < masters. " * 30
    assert only(parse(json_feed(content_text=text))).content.startswith("Pilots &lt; masters.")


def test_a_summary_is_no_article_and_a_book_is_cut() -> None:
    summary = "<description>The pilots met.</description>"
    assert only(parse(rss(f"<link>/a</link>{summary}"))).content == ""
    huge = only(parse(json_feed(content_html="<p>Pilots</p>" * 40_000))).content
    assert len(huge) == 200_000


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<title>Talks</title>", "<title>Corrected: talks</title>"),
        ("<description>Two met.</description>", "<description>Three met.</description>"),
        (
            f"<description>{ESCAPED}</description>",
            f"<description>{ESCAPED}6.</description>",
        ),
        ("", "<updated>2025-06-02T09:00:00Z</updated>"),
        (
            "<atom:updated xmlns:atom='http://www.w3.org/2005/Atom'>2025-06-02</atom:updated>",
            "<atom:updated xmlns:atom='http://www.w3.org/2005/Atom'>2025-06-03</atom:updated>",
        ),
    ],
)
def test_another_revision_is_told_by_what_the_feed_says(before: str, after: str) -> None:
    date = "<link>/a</link><pubDate>Mon, 02 Jun 2025 10:00:00 GMT</pubDate>"
    old, same, new = (only(parse(rss(date + said))) for said in (before, before, after))
    assert old.revision == same.revision != new.revision
    assert old.stated_published_at == new.stated_published_at
