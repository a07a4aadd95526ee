"""YAML with its lines, and its limits."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.watchfile.located_yaml import MAX_YAML_BYTES, read_located
from schemas.errors import ConfigurationError


def mistake(body: bytes) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read_located(body, "w.yaml")
    (line,) = caught.value.mistakes
    return line


def test_every_value_knows_its_line() -> None:
    located = read_located(b"a: 1\nb:\n  - x\n  - c: y\n    d: {e: [p,\n      q]}\n", "w.yaml")
    assert located.value == {"a": 1, "b": ["x", {"c": "y", "d": {"e": ["p", "q"]}}]}
    assert [located.line(p) for p in [("a",), ("b",), ("b", 0), ("b", 1, "c")]] == [1, 2, 3, 4]
    assert [located.line(("b", 1, "d", "e", i)) for i in (0, 1)] == [5, 6]


def test_what_is_missing_stands_where_its_holder_does() -> None:
    located = read_located(b"a: 1\nb:\n  - x: 1\n", "w.yaml")
    assert located.line(("b", 0, "name")) == 3
    assert located.line(("nowhere",)) == 1


@pytest.mark.parametrize(
    "word", ["no", "on", "yes", "off", "y", "07:00", "1e3", "2025-05-06", "0x1F"]
)
def test_words_stay_words(word: str) -> None:
    assert read_located(f"a: {word}".encode(), "w.yaml").value == {"a": word}


def test_plain_values_are_read() -> None:
    body = b"[true, False, ~, null, -3, 0.8, '7', 007]"
    assert read_located(body, "w.yaml").value == [True, False, None, None, -3, 0.8, "7", 7]


def test_a_key_that_stands_twice_is_noted_and_the_first_kept() -> None:
    located = read_located(b"a: 1\nb: 2\na: 3\n", "w.yaml")
    assert located.value == {"a": 1, "b": 2}
    assert located.mistakes == [(("a",), 3, "the key stands twice, first on line 1; keep one")]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"a: [1, 2\nb: 3\n", "w.yaml:2:2: not valid YAML"),
        (b"a: 'open\n", "w.yaml:2:1: not valid YAML"),
        (b"a: 1\n b: 2\n", "w.yaml:2:3: not valid YAML"),
        (b"\ta: 1\n", "w.yaml:1:1: not valid YAML"),
        (b"a: *b\n", "w.yaml:1:4: not valid YAML: found undefined alias"),
        (b"a: 1\n---\nb: 2\n", "w.yaml:2:1: not valid YAML"),
        (b"a: !!python/object/apply:os.system [x]\n", "found"),
        (b"a: !!python/name:os.system x\n", "the tag 'tag:yaml.org,2002:python/name:os.system'"),
        (b"a: !!binary eA==\n", "is not allowed; write plain text"),
        (b"a: !!int x\n", "'x' is not a number; remove its tag"),
        (b"a: \xff\n", "w.yaml:1: not UTF-8 text"),
        (b"ok: 1\na: \x1b[2J\n", "U+001B is not allowed in YAML"),
        (b"[" * 5000, "nested more than"),
        (b"- " * 5000, "nested more than"),
        (b"a: &a [*a]\n", "aliases make it too large"),
        (b" " * (MAX_YAML_BYTES + 1), "larger than"),
    ],
)
def test_what_cannot_be_read_is_told(body: bytes, told: str) -> None:
    if told == "found":
        assert read_located(body, "w.yaml").value == {"a": ["x"]}  # the tag is never acted upon
        return
    assert told in mistake(body)


def test_aliases_cannot_multiply() -> None:
    levels = [b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for i in range(1, 8):
        refs = b", ".join([f"*a{i - 1}".encode()] * 10)
        levels.append(f"a{i}: &a{i} [".encode() + refs + b"]")
    assert "aliases make it too large" in mistake(b"\n".join(levels))


def test_an_alias_repeats_its_value() -> None:
    assert read_located(b"a: &x [1]\nb: *x\n", "w.yaml").value == {"a": [1], "b": [1]}


@given(st.one_of(st.binary(max_size=60), st.text("ab:-[]{}&*!|>\n \t'\"#%@?,~0", max_size=40)))
def test_anything_is_read_or_told(body: bytes | str) -> None:
    raw = body if isinstance(body, bytes) else body.encode()
    with contextlib.suppress(ConfigurationError):
        located = read_located(raw, "w.yaml")
        assert () in located.lines or located.value is None
