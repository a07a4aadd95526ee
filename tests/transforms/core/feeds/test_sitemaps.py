import pytest

from schemas.base import Instant
from schemas.errors import FeedError
from schemas.feed import Feed
from transforms.core.feeds.limits import MAX_ENTRIES
from transforms.core.feeds.parsing import parse_feed
from transforms.core.feeds.sitemaps import read_news_sitemap

FEED = Feed("https://harbour.example/news-sitemap.xml")
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><!-- made nightly -->'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
)


def url(slug: str, title: str = "Talks resume", date: str = "2025-06-02T08:00:00Z") -> str:
    return (
        f"<url><loc>https://harbour.example/{slug}</loc><news:news><news:publication>"
        "<news:name>Harbour Post</news:name><news:language>en</news:language></news:publication>"
        f"<news:publication_date>{date}</news:publication_date><news:title>{title}</news:title>"
        "</news:news><image:image><image:loc>https://harbour.example/a.jpg</image:loc>"
        "<image:title>A boat</image:title></image:image></url>"
    )


def read(body: str):
    return parse_feed(FEED, body.encode(), "application/xml", Instant(0))


def test_a_news_sitemap_is_a_feed() -> None:
    read_ = read(HEAD + url("a", "Talks &amp; tea") + url("b", date="2025-06-01") + "</urlset>")
    assert read_.title == "Harbour Post"
    assert [(e.canonical_url, e.title, e.publisher) for e in read_.entries] == [
        ("https://harbour.example/b", "Talks resume", "Harbour Post"),
        ("https://harbour.example/a", "Talks & tea", "Harbour Post"),
    ]
    assert read_.entries[1].stated_published_at == Instant(1_748_851_200)


def test_more_than_the_limit_is_counted_and_not_read() -> None:
    urls = "".join(url(str(n)) for n in range(MAX_ENTRIES + 3))
    found = read(HEAD + urls + "</urlset>")
    assert (len(found.entries), found.cut) == (MAX_ENTRIES, 3)


@pytest.mark.parametrize(
    "body",
    [
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>/a</loc></url></urlset>",
        HEAD + url("a") + "</url",
        "<!DOCTYPE urlset [<!ENTITY a 'b'>]>" + HEAD + url("a", "&a;") + "</urlset>",
    ],
    ids=["no news", "cut short", "entities"],
)
def test_what_is_no_sound_news_sitemap_is_no_feed(body: str) -> None:
    with pytest.raises(FeedError):
        read(body)


@pytest.mark.parametrize("date", ["", "yesterday", "99999-01-01", "2025-06-02T08:00:00+02:00"])
def test_any_date_is_survived(date: str) -> None:
    assert len(read(HEAD + url("a", date=date) + "</urlset>").entries) == 1


@pytest.mark.parametrize("unit", [b"<!---->", b"<?a ?>", b"\n", b"<!-- x --> "])
def test_what_stands_before_the_root_is_read_once(unit: bytes) -> None:
    """A pattern over comments took time exponential in their number."""
    assert read_news_sitemap(unit * 20_000 + b"<rss></rss>") is None
    news = b'<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"></urlset>'
    assert read_news_sitemap(unit * 20 + news) is not None
