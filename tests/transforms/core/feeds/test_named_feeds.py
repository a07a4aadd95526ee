import pytest

from transforms.core.feeds.named_feeds import is_same_site, named_feeds, well_known_feeds

SITE = "https://www.harbour.example/news/"


def named(head: str) -> list[str]:
    return named_feeds(f"<html><head>{head}</head><body><p>x</body>".encode(), "text/html", SITE)


def test_feeds_are_named_by_links_those_of_comments_last() -> None:
    assert named(
        '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">'
        '<link rel="ALTERNATE" type="Application/Atom+XML; charset=utf-8" href="all.atom">'
        '<link rel="alternate" type="application/feed+json" href="//feeds.harbour.example/j">'
        '<link rel="alternate" type="text/html" hreflang="de" href="/de">'
        '<link rel="stylesheet" type="application/rss+xml" href="/no.css">'
    ) == [
        "https://www.harbour.example/news/all.atom",
        "https://feeds.harbour.example/j",
        "https://www.harbour.example/comments/feed",
    ]


def test_a_base_element_is_minded() -> None:
    link = '<base href="/top/"><link rel="alternate" type="text/xml" href="rss">'
    assert named(link) == ["https://www.harbour.example/top/rss"]


@pytest.mark.parametrize(
    "href",
    ["", "javascript:alert(1)", "file:///etc/passwd", "http://a\\b/", "http://u:p@a.example/"],
)
def test_hostile_links_are_no_feeds(href: str) -> None:
    assert named(f'<link rel="alternate" type="text/xml" href="{href}">') in ([], [SITE])


def test_a_page_may_name_thousands_and_a_few_are_read() -> None:
    links = "".join(f'<link rel=alternate type="text/xml" href="/{n}">' for n in range(5000))
    assert len(named(links)) == 20


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"<", b"%PDF-1.7"])
def test_what_is_no_page_names_nothing(body: bytes) -> None:
    assert named_feeds(body, "", SITE) == []


def test_well_known_names_are_tried_beside_the_page_and_at_the_top() -> None:
    tried = well_known_feeds("https://harbour.example/news/world?x=1")
    assert "https://harbour.example/news/rss.xml" in tried
    assert "https://harbour.example/rss.xml" in tried
    assert len(tried) == len(set(tried))


def test_customers_of_one_host_are_not_one_site() -> None:
    assert not is_same_site("https://a.blogspot.com/rss", "https://b.blogspot.com/")
    assert is_same_site("https://news.bbc.co.uk/rss", "https://www.bbc.co.uk/")
