from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.core.text.urls import canonical_url, registrable_domain


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://127.0.0.1:8899/x", "http://127.0.0.1:8899/x"),
        ("https://harbour.example", "https://harbour.example/"),
        ("https://harbour.example/a?at_medium=RSS&at_campaign=x", "https://harbour.example/a"),
        ("https://harbour.example/a?page=2&utm_id=1&id=7", "https://harbour.example/a?id=7&page=2"),
        ("https://harbour.example/?12345", "https://harbour.example/?12345"),
        ("https://harbour.example/@quill/~a;b", "https://harbour.example/@quill/~a;b"),
        ("http://harbour.example:8080/a#part", "http://harbour.example:8080/a"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("  https://harbour.example/a\n", "https://harbour.example/a"),
        ("urn:parley:0123456789abcdef", "urn:parley:0123456789abcdef"),
    ],
)
def test_one_spelling_per_page(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://harbour.example/a",
        "javascript:alert(1)",
        "mailto:quill@harbour.example",
        "https://user:secret@harbour.example/",
        "https://harbour.example\\@evil.example/",
        "https://harbour.example/a\x1b[31m",
        "https://harbour.example/" + "a" * 2048,
        "http:///nowhere",
        "http://harbour.example:99999/",
        "urn:parley:\x1b[31m",
        "urn:isbn:123",
    ],
)
def test_an_address_that_no_page_has_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="'"):
        canonical_url(url)


def test_the_error_names_the_address_without_its_escape_sequences() -> None:
    with pytest.raises(ValueError, match=r"x\\x1b\[31m") as caught:
        canonical_url("https://harbour.example/x\x1b[31m")
    assert "\x1b" not in str(caught.value)


def test_a_relative_link_is_resolved_against_its_page() -> None:
    assert canonical_url("../b", "https://harbour.example/x/y/") == "https://harbour.example/x/b"


_PATH = st.text(max_size=40)


@given(path=_PATH, query=_PATH, port=st.integers(1, 65535))
def test_canonical_is_a_fixed_point(path: str, query: str, port: int) -> None:
    try:
        once = canonical_url(f"http://harbour.example:{port}/{path}?{query}")
    except ValueError:
        return
    assert canonical_url(once) == once
    assert "#" not in once


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert canonical_url(text)


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://a.b.harbour.co.uk/x", "harbour.co.uk"),
        ("https://quill.blogspot.com/x", "quill.blogspot.com"),
        ("http://[::1]/x", "[::1]"),
        ("http://intranet/x", "intranet"),
    ],
)
def test_registrable_domain(url: str, domain: str) -> None:
    assert registrable_domain(url) == domain
