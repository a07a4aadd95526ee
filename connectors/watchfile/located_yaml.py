"""YAML that remembers where everything stands, read as hostile input.

Knows the file format, not what a watch is. Only plain values are read: text, numbers,
``true``/``false``, null, lists and mappings. A word such as ``on`` or ``no`` stays a word, as
in YAML 1.2: YAML 1.1 would turn the language code ``no`` into a truth value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from schemas.errors import ConfigurationError

#: Where a value stands: keys and list positions from the root.
Path = tuple[str | int, ...]

#: Far above any watch written by hand (the largest bundled one has some 40 kB, 2,000 values
#: and 6 levels), far below what would stall the reader.
MAX_YAML_BYTES = 1 << 20
MAX_VALUES = 50_000
MAX_DEPTH = 24

_TAG = "tag:yaml.org,2002:"


class _Loader(yaml.SafeLoader):
    """Composes nodes with their marks; refuses deep nesting before recursion runs out."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise yaml.MarkedYAMLError(
                problem=f"values are nested more than {MAX_DEPTH} deep; write a flatter file",
                problem_mark=self.get_mark(),
            )
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


for _kind, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", [*"~nN", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", [*"tTfF"]),
    ("int", r"[-+]?[0-9]{1,18}", [*"-+0123456789"]),
    ("float", r"[-+]?[0-9]{1,18}\.[0-9]{1,18}", [*"-+0123456789"]),
):
    _Loader.add_implicit_resolver(f"{_TAG}{_kind}", re.compile(f"(?:{_pattern})$"), _first)


@dataclass
class Located:
    """A file's data, the line of every value in it, and what could not be taken."""

    value: object
    lines: dict[Path, int] = field(default_factory=dict)  #: counted from 1
    mistakes: list[tuple[Path, int, str]] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of the value at ``path``, or of what should have held it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_located(body: bytes, place: str) -> Located:
    r"""The one YAML document in ``body``; ``place`` names it in errors.

    A key that stands twice is noted in ``mistakes``, and its first value kept.

    Raises:
        ConfigurationError: too large, not UTF-8, not YAML, or nested beyond the limits.

    >>> located = read_located(b"a: 1\nb: [x, no]", "w.yaml")
    >>> located.value, located.line(("b", 1))
    ({'a': 1, 'b': ['x', 'no']}, 2)
    """
    located = Located(None)
    try:
        node = _compose(_decoded(body, place))
        if node is not None:
            located.value = _Builder(located).build(node, ())
    except yaml.MarkedYAMLError as error:
        raise ConfigurationError([_syntax_line(place, error)]) from error
    except yaml.reader.ReaderError as error:
        raise ConfigurationError(
            [f"{place}: character U+{int(error.character):04X} is not allowed in YAML; remove it"]
        ) from error
    return located


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _decoded(body: bytes, place: str) -> str:
    if len(body) > MAX_YAML_BYTES:
        message = f"{place}: larger than {MAX_YAML_BYTES} bytes; is it the right file?"
        raise ConfigurationError([message])
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise ConfigurationError([f"{place}:{line}: not UTF-8 text; save it as UTF-8"]) from error


def _syntax_line(place: str, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    where = f"{place}:{mark.line + 1}:{mark.column + 1}" if mark else place
    problem = " ".join(part for part in (error.problem, error.context) if part)
    remedy = "" if ";" in problem else "; mend the indentation, brackets or quotes there"
    return f"{where}: not valid YAML: {problem}{remedy}"


class _Builder:
    """Turns nodes into plain values; counts them, so that aliases cannot multiply."""

    def __init__(self, located: Located) -> None:
        self._located = located
        self._built = 0

    def build(self, node: yaml.Node, path: Path) -> object:
        self._built += 1
        if self._built > MAX_VALUES or len(path) > MAX_DEPTH:
            raise yaml.MarkedYAMLError(
                problem="aliases make it too large; write the values out",
                problem_mark=node.start_mark,
            )
        self._located.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        return _scalar(node)

    def _pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, object]]:
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            line = key_node.start_mark.line + 1
            if key in seen:
                problem = f"the key stands twice, first on line {seen[key]}; keep one"
                self._located.mistakes.append(((*path, key), line, problem))
                continue
            seen[key] = line
            inner = (*path, key)
            self._located.lines[inner] = line
            yield key, self.build(value_node, inner)


def _scalar(node: yaml.Node) -> object:
    kind, text = node.tag.removeprefix(_TAG), str(node.value)
    if kind == "str":
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind in {"int", "float"}:
        return _number(node, kind, text)
    raise yaml.MarkedYAMLError(
        problem=f"the tag {node.tag!r} is not allowed; write plain text",
        problem_mark=node.start_mark,
    )


def _number(node: yaml.Node, kind: str, text: str) -> int | float:
    try:
        return int(text) if kind == "int" else float(text)
    except ValueError as error:  # an explicit !!int before something else
        raise yaml.MarkedYAMLError(
            problem=f"{text[:40]!r} is not a number; remove its tag", problem_mark=node.start_mark
        ) from error
