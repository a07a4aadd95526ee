from __future__ import annotations

import contextlib
import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article
from schemas.base import Instant
from schemas.errors import ExtractionError
from schemas.feed import FeedEntry
from schemas.ids import hash_of
from schemas.page import Page
from transforms.core.articles.extraction import extract_article, text_article

URL = "https://harbour.example/news/talks"
SEEN = Instant(1_750_000_000)
STATED = Instant.from_rfc3339("2025-06-02T08:00:00Z")

TOPICS = ("ferries", "the lighthouse", "customs duties", "the fish market", "pilots", "tides")
TEXT = "".join(
    f"<p>The two port councils spoke about {topic} for most of the afternoon, and agreed to "
    f"hear the harbour masters again before anyone signs a paper on {topic}.</p>"
    for topic in TOPICS
)


def page(
    body: str | bytes,
    content_type: str = "text/html; charset=utf-8",
    url: str = URL,
    **entry: object,
) -> Page:
    given = FeedEntry("entry", "https://harbour.example/feed", url, url, "", "Harbour Post", SEEN)
    data = body.encode() if isinstance(body, str) else body
    return Page(dataclasses.replace(given, **entry), url, content_type, data, SEEN + 60)


def html(body: str = TEXT, head: str = "") -> str:
    return (
        f"<html><head><title>Talks</title>{head}</head><body><nav>Home</nav>"
        f"<article><h1>Talks</h1>{body}</article></body></html>"
    )


def paragraphs(article: Article) -> list[tuple[str, str]]:
    return [(p.kind, article.text[p.start : p.end]) for p in article.paragraphs]


def test_text_is_the_paragraphs_joined_by_one_blank_line() -> None:
    article = extract_article(page(html()))
    words = [text for _, text in paragraphs(article)]
    assert article.text == "\n\n".join(words)
    assert len([w for w in words if w.startswith("The two port councils")]) == len(TOPICS)
    assert article.id == hash_of(URL)
    assert article.language == "en"


def test_paragraphs_have_their_kind() -> None:
    body = (
        TEXT + "<h2>What comes next</h2><ul><li>A vote on the piers</li></ul>"
        "<blockquote><p>Nobody signs in the dark.</p></blockquote>"
    )
    found = paragraphs(extract_article(page(html(body + TEXT.replace("afternoon", "night")))))
    assert ("heading", "What comes next") in found
    assert ("item", "A vote on the piers") in found
    assert ("blockquote", "Nobody signs in the dark.") in found


@pytest.mark.parametrize(
    "markup",
    [
        "<blockquote><p>Nobody signs in the dark.</p>"
        "<footer>Ann Quill, analyst</footer></blockquote>",
        "<blockquote>Nobody signs in the dark. <cite>Ann Quill, analyst</cite></blockquote>",
        "<figure><blockquote><p>Nobody signs in the dark.</p></blockquote>"
        "<figcaption>Ann Quill, analyst</figcaption></figure>",
        '<div class="quote"><p>Nobody signs in the dark.</p>'
        '<span class="author">Ann Quill, analyst</span></div>',
        "<aside><blockquote>Nobody signs in the dark.</blockquote>"
        "<cite>Ann Quill, analyst</cite></aside>",
    ],
    ids=["footer", "cite", "figure", "div", "aside"],
)
def test_an_attribution_stands_right_behind_its_block_quotation(markup: str) -> None:
    body = TEXT + markup + TEXT.replace("afternoon", "night")
    found = paragraphs(extract_article(page(html(body))))
    place = found.index(("blockquote", "Nobody signs in the dark."))
    assert found[place + 1] == ("p", "Ann Quill, analyst")


def test_a_quotation_beside_a_picture_survives() -> None:
    body = TEXT + '<figure><img src="a.jpg"><blockquote>Low tide.</blockquote></figure>' + TEXT
    assert ("blockquote", "Low tide.") in paragraphs(extract_article(page(html(body))))


def test_a_title_cited_inside_a_quotation_stays_where_it_is() -> None:
    body = TEXT + "<blockquote><p>As <cite>The Pilot</cite> wrote, wait.</p></blockquote>" + TEXT
    found = paragraphs(extract_article(page(html(body))))
    assert ("blockquote", "As The Pilot wrote, wait.") in found


def test_inline_quotations_get_the_marks_that_a_browser_shows() -> None:
    body = TEXT + "<p>It was <q>the end of <b>all</b> tides</q>, she said in the harbour.</p>"
    article = extract_article(page(html(body)))
    assert "“the end of all tides”, she said" in article.text


def test_a_page_of_inline_quotations_keeps_its_words_and_their_marks() -> None:
    told = " ".join(f"<q>the {i}th <b>tide</b></q> and <i>more</i>," for i in range(3000))
    article = extract_article(page(html(f"{TEXT}<p>They spoke of {told} she said.</p>")))
    assert "They spoke of “the 0th tide” and more, “the 1th tide” and more," in article.text
    assert article.text.endswith("“the 2999th tide” and more, she said.")


@pytest.mark.parametrize("tag", ["q", "b", "i", "a", "span", "sup", "font", "cite", "x-y"])
def test_however_many_inline_elements_a_paragraph_has_its_words_stay(tag: str) -> None:
    words = [f"word{i}" for i in range(1200)]
    marked = " ".join(f"<{tag}>{word}</{tag}>," for word in words)
    article = extract_article(page(html(f"{TEXT}<p>They said {marked} all.</p>")))
    last = article.text.split("\n\n")[-1]
    assert re.findall(r"\w+", last) == ["They", "said", *words, "all"]


def test_words_struck_out_or_beside_the_text_go_from_a_crowded_paragraph() -> None:
    body = "one <s>two</s> <style>three</style> <button>four</button> <time>five</time> six. " * 400
    article = extract_article(page(html(f"{TEXT}<p>{body}</p>")))
    assert article.text.split("\n\n")[-1] == ("one six. " * 400).strip()


def test_a_deeply_nested_page_is_too_large() -> None:
    body = f"{TEXT}{'<div>' * 100}{'<p>a</p>' * 6000}"
    with pytest.raises(ExtractionError) as raised:
        extract_article(page(html(body)))
    assert raised.value.reason == "too_large"


def test_many_short_pieces_of_text_are_read_by_the_quick_pass() -> None:
    article = extract_article(page(html(TEXT + "<option>a</option>" * 5000)))
    assert all(f"spoke about {topic} for" in article.text for topic in TOPICS)


def test_the_texts_between_very_many_blocks_are_paragraphs() -> None:
    body = "".join(f"<form>Vote</form>The tide of day {i} was high. " for i in range(600))
    article = extract_article(page(html(f"{TEXT}{body}")))
    assert article.text.endswith("The tide of day 598 was high.\n\nThe tide of day 599 was high.")


def test_metadata_comes_from_json_ld_and_meta_elements() -> None:
    head = (
        '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": '
        '"Talks &amp; tides", "author": [{"name": "By Ann Quill"}, {"name": "Ben Sand"}], '
        '"datePublished": "2025-06-02T10:00:00+0200"}]}</script>'
    )
    article = extract_article(page(html(head=head)))
    assert article.title == "Talks & tides"
    assert article.author == "Ann Quill, Ben Sand"
    assert article.published_at == article.stated_published_at == STATED


def test_the_feeds_title_publisher_and_time_win_over_the_pages() -> None:
    head = '<meta property="article:published_time" content="2020-01-01T00:00:00Z">'
    entry = {"title": "From the feed", "stated_published_at": STATED}
    article = extract_article(page(html(head=head), **entry))
    assert (article.title, article.publisher) == ("From the feed", "Harbour Post")
    assert article.published_at == STATED


@pytest.mark.parametrize(
    ("stated", "published"),
    [(None, SEEN), (SEEN + 300, SEEN + 300), (SEEN + 301, SEEN), (STATED, STATED)],
)
def test_missing_and_future_times_are_clamped(stated: Instant, published: Instant) -> None:
    article = extract_article(page(html(), stated_published_at=stated))
    assert article.published_at == published
    assert article.stated_published_at == stated


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://www.harbour.example/talks?utm_source=x", "https://www.harbour.example/talks"),
        ("/talks", "https://harbour.example/talks"),
        ("https://other.example/talks", URL),
        ("https://harbour.example/", URL),
        ("javascript:alert(1)", URL),
    ],
)
def test_a_page_may_name_its_address_on_its_own_domain_only(link: str, url: str) -> None:
    article = extract_article(page(html(head=f'<link rel="canonical" href="{link}">')))
    assert (article.url, article.id) == (url, hash_of(url))


def test_the_hash_of_the_words_ignores_case_and_punctuation() -> None:
    one = text_article("“No deal,” she said.")
    assert one.text_hash == text_article("no DEAL she\n\nsaid").text_hash
    assert one.text_hash != text_article("No deal, he said.").text_hash


# What is no article


def reason_of(given: Page) -> str:
    with pytest.raises(ExtractionError) as caught:
        extract_article(given)
    assert caught.value.url == given.url
    return caught.value.reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "empty_body"),
        (" \n ", "empty_body"),
        ("<html><body></body></html>", "not_an_article"),
        (html("<p>Short.</p>"), "too_short"),
        ("<html><head><title>Just a moment...</title></head><body>Wait</body></html>", "gated"),
        (bytes(range(256)) * 100, "bad_encoding"),
        ("<html><body>" + "<b>x</b>" * 70_000, "too_large"),
    ],
)
def test_what_is_no_article_has_a_named_reason(body: str | bytes, reason: str) -> None:
    assert reason_of(page(body)) == reason


def test_other_media_are_no_articles() -> None:
    assert reason_of(page(b"%PDF-1.7", "application/pdf")) == "not_an_article"


WALL = (
    '<script type="application/ld+json">'
    '{"@type": "NewsArticle", "isAccessibleForFree": %s}</script>'
)


@pytest.mark.parametrize("value", ['"False"', "false", '"http://schema.org/False"'])
def test_a_page_for_subscribers_with_little_text_is_gated(value: str) -> None:
    assert reason_of(page(html(head=WALL % value))) == "gated"


def test_a_page_for_subscribers_with_all_its_text_is_read() -> None:
    long = TEXT + TEXT.replace("port", "river") + TEXT.replace("port", "lake")
    assert extract_article(page(html(long, WALL % "false"))).text


def test_an_article_about_robots_is_read() -> None:
    head = '<meta property="og:title" content="Are you a robot? What the tests ask">'
    long = TEXT + TEXT.replace("port", "river") + TEXT.replace("port", "lake")
    assert extract_article(page(html(long, head))).text


# Charsets


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("cp1252", "text/html; charset=utf-8"),
        ("cp1252", "text/html; charset=iso-8859-1"),
        ("utf-8", "text/html; charset=iso-8859-1"),
        ("utf-8-sig", ""),
        ("utf-16", "text/html"),
        ("utf-16-le", "text/html"),
        ("utf-16-be", "text/html; charset=utf-8"),
        ("utf-8", "text/html; charset=no-such"),
        ("utf-8", "text/html; charset=rot13"),
    ],
)
def test_a_page_in_a_wrong_charset_is_read(encoding: str, content_type: str) -> None:
    body = html(TEXT + "<p>“Nobody signs – ever,” said Zoë Sjöberg of the harbour.</p>")
    article = extract_article(page(body.encode(encoding), content_type))
    assert "“Nobody signs – ever,” said Zoë Sjöberg" in article.text


def test_text_that_was_encoded_twice_is_mended() -> None:
    body = html(TEXT + "<p>“Nobody signs,” said the pilot’s aide in town.</p>")
    spoiled = body.encode().decode("cp1252", "replace").replace("\ufffd", "\x9d").encode()
    assert "“Nobody signs,” said the pilot’s" in extract_article(page(spoiled)).text


def test_nuls_and_deep_markup_do_no_harm() -> None:
    assert extract_article(page(html().replace("the", "t\0he"))).text
    assert reason_of(page("<div>" * 50_000)) in ("not_an_article", "too_short")
    assert extract_article(
        page(html(head='<script type="application/ld+json">' + "[" * 99_999 + "</script>"))
    )


@given(st.binary(max_size=400))
def test_any_bytes_are_an_article_or_a_named_error(body: bytes) -> None:
    for start in (b"", b"<html><body><p>"):
        with contextlib.suppress(ExtractionError):
            assert extract_article(page(start + body, "")).text


# Text that is given


@given(st.text(max_size=200) | st.text('a"”, .\n', max_size=40))
def test_given_text_is_kept_and_its_lines_are_its_paragraphs(text: str) -> None:
    article = text_article(text)
    assert article.text == text
    for paragraph in article.paragraphs:
        line = text[paragraph.start : paragraph.end]
        assert line == line.strip()
        for before in re.split(r"\s*[\r\n]\s*", line)[:-1]:
            assert before[-1] in '”"»'  # who said it stands in the next line
    covered = "".join(text[p.start : p.end] for p in article.paragraphs)
    assert "".join(covered.split()) == "".join(text.split())


def test_a_given_page_is_never_too_short() -> None:
    given = page("“No deal.”", "text/plain; charset=utf-8", feed_url="", author="Ann Quill")
    article = extract_article(given)
    assert (article.text, article.author) == ("“No deal.”", "Ann Quill")
    assert article.title == "“No deal.”"


def test_text_without_an_address_is_named_after_its_words() -> None:
    assert text_article("One.").url != text_article("Two.").url
    assert text_article("One.").id == text_article("One.").id


@pytest.mark.parametrize(
    "reference", ["&#3;", "&#8;", "&#27;", "&#x1B;", "&#xFFFE;", "&#0;", "&#xD800;", "&#99999999;"]
)
def test_a_reference_that_no_text_can_hold_costs_nothing_else(reference: str) -> None:
    body = TEXT.replace("harbour masters", f"har{reference}bour masters", 1)
    article = extract_article(page(html(body)))
    assert article.text == extract_article(page(html())).text


def test_struck_out_words_and_soft_hyphens_are_no_text() -> None:
    body = TEXT.replace("harbour masters", "har&shy;bour mas\u00adters", 1) + "<p><s>Gone.</s></p>"
    assert extract_article(page(html(body))).text == extract_article(page(html())).text


def test_the_json_ld_that_names_the_page_counts_not_the_first() -> None:
    node = (
        '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{}",{}}}</script>'
    )
    other = node.format("Ferry strike", '"url":"/ferry","datePublished":"2019-01-02T00:00:00Z"')
    own = node.format("Talks end", f'"url":"{URL}","datePublished":"2025-06-02T08:00:00Z"')
    article = extract_article(page(html(head=other + own)))
    assert (article.title, article.published_at) == ("Talks end", STATED)


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        ("https://harbour.example/collectConsent", "gated"),
        ("https://harbour.example/account/login?next=/news/talks", "gated"),
        ("https://harbour.example/", "not_found"),
        ("https://harbour.example/Index.html", "not_found"),
        ("https://harbour.example/404", "not_found"),
        ("https://harbour.example/errors/not-found.html", "not_found"),
        ("https://harbour.example/en/page-not-found/", "not_found"),
    ],
)
def test_an_address_that_leads_elsewhere_is_no_article(answered: str, reason: str) -> None:
    led = dataclasses.replace(page(html()), url=answered)
    with pytest.raises(ExtractionError) as caught:
        extract_article(led)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("“No deal,”\nsaid Ann Lee.", ["“No deal,”\nsaid Ann Lee."]),
        ("“No deal?”\r\nasked Ann Lee.", ["“No deal?”\r\nasked Ann Lee."]),
        ('"No deal,"\nAnn Lee said.', ['"No deal,"\nAnn Lee said.']),
        ("“No deal.”\nAnn Lee said so.", ["“No deal.”", "Ann Lee said so."]),
        ("No deal,\nsaid Ann Lee.", ["No deal,", "said Ann Lee."]),
    ],
)
def test_a_line_goes_on_that_says_who_spoke(text: str, paragraphs: list[str]) -> None:
    found = text_article(text).paragraphs
    assert [text[paragraph.start : paragraph.end] for paragraph in found] == paragraphs


BOT_CHECK = "<html><head><title>Just a moment...</title></head><body>Wait</body></html>"
SHELL = "<html><body><div id=root></div><script src=a.js></script></body></html>"
LOST = "<html><head><title>Page not found</title></head><body><p>Search the site</p></body></html>"
PLAIN = "\n".join(
    f"The two port councils spoke about {topic} for most of the afternoon, and agreed to hear the "
    "harbour masters again before anyone signs a paper."
    for topic in TOPICS
)


@pytest.mark.parametrize("body", [BOT_CHECK, SHELL, LOST, html("<p>Subscribe.</p>"), "<p></p>"])
@pytest.mark.parametrize("content", [TEXT, PLAIN, f"<div><div>{TEXT}</div></div>"])
def test_the_feeds_own_text_is_read_where_the_page_gives_none(body: str, content: str) -> None:
    article = extract_article(page(body, content=content, title="Talks", etag='"old"'))
    assert "spoke about pilots" in article.text
    assert len([p for p in article.paragraphs if p.kind == "p"]) == len(TOPICS)
    assert (article.id, article.is_provisional, article.etag) == (hash_of(URL), True, "")


def test_the_feeds_own_text_is_read_where_the_page_is_elsewhere() -> None:
    led = dataclasses.replace(page(html(), content=TEXT), url="https://harbour.example/login")
    assert extract_article(led).url == URL


def test_the_feeds_whole_text_is_taken_for_a_page_that_breaks_off() -> None:
    teaser = TEXT[: TEXT.index("</p>", 200) + 4]
    assert "pilots" in extract_article(page(html(teaser), content=TEXT)).text
    assert "pilots" in extract_article(page(html(TEXT), content=teaser)).text


def test_a_summary_in_the_feed_does_not_hide_why_the_page_was_not_read() -> None:
    assert reason_of(page(BOT_CHECK, content="<p>The councils met.</p>")) == "gated"


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (TEXT + "<p>More to follow.</p>", "Talks"),
        ("<p><em>This is a developing story.</em></p>" + TEXT, "Talks"),
        (TEXT + "<p>This article will be updated.</p>", "Talks"),
        (TEXT, "Live: talks on the quay"),
        (TEXT, "Talks on the quay – live updates"),
    ],
)
def test_what_says_that_more_will_come_is_provisional(body: str, title: str) -> None:
    markup = html(body).replace("<title>Talks", f"<title>{title}")
    assert extract_article(page(markup)).is_provisional


@pytest.mark.parametrize("title", ["Talks", "Live music on the quay", "How they live now"])
def test_other_articles_are_not_provisional(title: str) -> None:
    markup = html().replace("<title>Talks", f"<title>{title}")
    assert not extract_article(page(markup)).is_provisional
