"""Outside text made fit to be shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.formats.sanitizing import (
    clean_in_place,
    clean_line,
    shorten,
    web_address,
    without_passwords,
)

_BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text(st.characters(exclude_categories=())))
def test_a_clean_line_moves_no_cursor_and_turns_no_text(text: str) -> None:
    cleaned = clean_line(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in cleaned)
    assert not any(unicodedata.bidirectional(c) in _BIDI for c in cleaned)
    assert clean_line(cleaned) == cleaned == " ".join(cleaned.split())


@given(st.text(st.characters(exclude_categories=())))
def test_cleaning_in_place_keeps_every_offset(text: str) -> None:
    cleaned = clean_in_place(text)
    assert len(cleaned) == len(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in cleaned if c != "\n")
    assert not any(unicodedata.bidirectional(c) in _BIDI for c in cleaned)
    safe = {c for c in text if c.isalnum() or c in "“”\n "}
    assert all(a == b for a, b in zip(text, cleaned, strict=True) if a in safe)


@pytest.mark.parametrize(
    "harmful",
    [chr(n) for n in range(0xA0) if chr(n) not in "\t\n\v\f\r\x85" and not chr(n).isprintable()]
    + list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    + ["\ufff9", "\ufffe", "\uffff", "\ufdd0", "\ud800", "\udfff", "\U000e0001", "\U000e0041"],
)
def test_each_harmful_character_is_taken_out(harmful: str) -> None:
    assert clean_line(f"a{harmful}é") == "aé"
    assert clean_in_place(f"a{harmful}é") == "a\ufffdé"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x", "x"),
        ("\x1b]8;;https://a.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never closed, still read", "0;never closed, still read"),
        ("\x93quoted\x94 \x9bnot a sequence", "quoted not a sequence"),
        ("soft\u00adhyphen and zero\u200bwidth", "softhyphen and zerowidth"),
        ("Київ, تهران, 北京, O’Neill", "Київ, تهران, 北京, O’Neill"),
        ("a\r\nb\u2028c\td", "a b c d"),
    ],
)
def test_clean_line(text: str, shown: str) -> None:
    assert clean_line(text) == shown


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://x/%0aalert(1)",
        "java\nscript://alert(1)",
        "data:text/html,hi",
        "file:///etc/passwd",
        "//example.org/x",
        "/relative",
        "https:",
        "http://[broken",
        "",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert web_address(url) == ""


def test_web_addresses_are_kept_without_what_hides_in_them() -> None:
    assert (
        web_address("HTTPS://example.org/a?b=c#:~:text=d") == "HTTPS://example.org/a?b=c#:~:text=d"
    )
    assert web_address("https://example.org/\x1b[2Ja\n b") == "https://example.org/ab"


@given(st.text(), st.integers(1, 40))
def test_shortened_text_fits(text: str, limit: int) -> None:
    shown = shorten(text, limit)
    assert shown == text if len(text) <= limit else len(shown) <= limit


def test_a_long_word_is_cut() -> None:
    assert shorten("incomprehensibilities", 8) == "incompr…"


@pytest.mark.parametrize(
    "text",
    [
        "https://social.example:8080/@ann/feed.xml",
        "webhook:https://social.example/@ann",
        "mailto:desk@example.org",
        "sqlite:///parley.db",
        "ann@example.org:22",
        "run talks.yaml --out ann@example.org",
    ],
)
def test_an_address_without_a_password_is_shown_whole(text: str) -> None:
    assert without_passwords(text) == text
