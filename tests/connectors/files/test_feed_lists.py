"""Lists of feeds: lines and OPML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.files.feed_lists import read_feed_list, write_opml
from schemas.errors import ConfigurationError
from schemas.feed import Feed


def mistakes(text: str | bytes) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read_feed_list(text, "feeds")
    return caught.value.mistakes


def test_lines_are_feeds_and_comments_are_not() -> None:
    text = "# ours\r\n\r\nhttps://a.example/rss#new  # the A\n  http://127.0.0.1:8899/x.xml\n"
    assert read_feed_list(text, "feeds") == (
        Feed("https://a.example/rss#new"),
        Feed("http://127.0.0.1:8899/x.xml"),
    )


def test_a_byte_order_mark_is_no_matter() -> None:
    assert read_feed_list(b"\xef\xbb\xbfhttps://a.example/", "f") == (Feed("https://a.example/"),)


def test_each_feed_counts_once_where_it_first_stands() -> None:
    text = "https://a.example/\nhttps://b.example/\nhttps://a.example/\n"
    assert [feed.url[8] for feed in read_feed_list(text, "f")] == ["a", "b"]


def test_every_bad_line_is_told() -> None:
    lines = mistakes("https://a.example/\nnot a feed\n\nftp://b.example/\nhttp://\x1b[2J/\n")
    assert [line.split(" is not")[0] for line in lines] == [
        "feeds:2: 'not a feed'",
        "feeds:4: 'ftp://b.example/'",
        "feeds:5: 'http://\\x1b[2J/'",
    ]


def test_a_bad_line_shows_no_secret() -> None:
    text = "https://me:hidden@a.example/\nftp://a.example/?key=hidden\nhttps//me:hidden@a.example/"
    told = mistakes(text)
    assert len(told) == 3
    assert "hidden" not in "".join(told)


def test_an_empty_list_is_empty() -> None:
    assert read_feed_list("", "feeds") == ()


OPML = """<?xml version="1.0"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="News"><outline text="A &amp; B" type="rss" xmlUrl="https://a.example/?x=1&amp;y=2"/>
  </outline>
  <outline title="C" text="ignored" XMLURL=" https://c.example/ "/><outline text="no feed"/>
</body></opml>"""


def test_opml_is_read_at_any_depth() -> None:
    assert read_feed_list(OPML, "feeds") == (
        Feed("https://a.example/?x=1&y=2", "A & B"),
        Feed("https://c.example/", "C"),
    )


def test_a_bad_address_in_opml_is_told_with_its_line() -> None:
    (line,) = mistakes('<opml>\n\n<outline xmlUrl="file:///etc/passwd"/></opml>')
    assert line.startswith("feeds:3: 'file:///etc/passwd' is not a web address")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<opml><body></opml>", "feeds:1: not valid XML: mismatched tag"),
        ("<rss version='2.0'></rss>", "neither OPML nor a list of URLs"),
        ("<html><body>Hello</body></html>", "neither OPML nor a list of URLs"),
        ("<", "feeds:1: not valid XML"),
        ("<?xml version='1.0' encoding='ebcdic-xx'?><opml/>", "feeds:1: "),
        (
            '<!DOCTYPE opml [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><opml>&c;</opml>',
            "remove the <!DOCTYPE",
        ),
        ('<!DOCTYPE o SYSTEM "file:///etc/passwd"><opml/>', "remove the <!DOCTYPE"),
    ],
)
def test_what_is_no_list_is_told(text: str, told: str) -> None:
    (line,) = mistakes(text)
    assert told in line


@given(
    st.one_of(st.binary(max_size=80), st.text(max_size=40), st.text("<opml/> =\"'&!", max_size=40))
)
def test_anything_is_read_or_told(body: bytes | str) -> None:
    told: list[str] = []
    try:
        read_feed_list(body, "feeds")
    except ConfigurationError as error:
        told = error.mistakes
    assert all(line.startswith("feeds:") and line.isprintable() for line in told)


names = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=12)


@given(st.lists(names, unique=True, max_size=5), names)
def test_what_is_written_reads_back(publishers: list[str], title: str) -> None:
    feeds = tuple(Feed(f"https://h{i}.example/?a=1&b=2", p) for i, p in enumerate(publishers))
    expected = tuple(Feed(feed.url, feed.publisher or feed.url) for feed in feeds)
    assert read_feed_list(write_opml(feeds, title), "feeds") == expected
