"""Finds every mistake in a file's data, and says of each where it stands and what to do.

One pass lists all of them, so that a file is mended in one go: what the models refuse, keys
that stand twice, and ids and names that clash. An environment variable that is not set is none:
it is left as it stands, and hinders only the subscription that needs it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from connectors.channels.variables import VARIABLE
from connectors.watchfile.fields import FileModel
from connectors.watchfile.located_yaml import Located, Path

ItemT = TypeVar("ItemT", bound=FileModel)

#: Lists whose members are told apart by one key.
_UNIQUE = (("feeds", "url"), ("actors", "id"), ("topics", "id"), ("subscriptions", "name"))

#: Where it stands, and what is wrong and to be done.
Mistake = tuple[Path, str]


def validate(
    model: type[ItemT],
    located: Located,
    place: str,
    environment: Mapping[str, str],
    known: Iterable[Mistake] = (),
) -> tuple[ItemT | None, list[str]]:
    """The ``model`` in ``located``, and one line per mistake in order of lines; None if any.

    ``known`` are mistakes that the caller has found already. ``${NAME}`` in a subscription's
    ``to``, ``secret`` and ``unsubscribe`` is replaced from ``environment``.
    """
    if not isinstance(located.value, dict):
        return None, [f"{place}:1: this is not {model.nature}"]
    told = [*known, *_expand(located.value, environment)]
    watch, refused = _modelled(model, located.value)
    explained = [path for path, _ in told]  # what the model says of these follows from it
    found = [*told, *_repeated(located.value), *_shared_names(located.value)]
    found += [each for each in refused if not any(each[0][: len(p)] == p for p in explained)]
    lines = [(located.line(path), path, text) for path, text in found]
    lines += [(line, path, text) for path, line, text in located.mistakes]
    lines.sort(key=lambda mistake: mistake[0])
    texts = [f"{place}:{line}: {_dotted(path)}: {text}" for line, path, text in lines]
    return (None if texts else watch), texts


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A remedy for a word that is not among ``known``.

    >>> did_you_mean("phrase", ["id", "name", "phrases"])
    "did you mean 'phrases'?"
    """
    known = list(known)
    near = _nearest(word, known)
    return f"did you mean {near!r}?" if near else f"use one of {', '.join(known)}"


def _nearest(word: str, known: Sequence[str]) -> str:
    return next(iter(difflib.get_close_matches(word[:80].lower(), known, n=1, cutoff=0.6)), "")


def _modelled(model: type[ItemT], data: dict[str, Any]) -> tuple[ItemT | None, list[Mistake]]:
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        details = [(tuple(detail["loc"]), dict(detail)) for detail in error.errors()]
        meant = {
            (*path[:-1], _nearest(str(path[-1]), _keys_at(model, path[:-1])))
            for path, detail in details
            if detail["type"] == "extra_forbidden"
        }
        return None, [
            (path, _explain(model, detail))
            for path, detail in details
            if detail["type"] != "missing" or path not in meant  # one slip of the pen, told once
        ]


def _explain(model: type[BaseModel], detail: dict[str, Any]) -> str:
    """Problem and remedy for one of pydantic's errors, with the value where it may be shown."""
    kind, path, context = detail["type"], tuple(detail["loc"]), detail.get("ctx", {})
    shown = "the value" if _may_be_secret(path) else _shown(detail["input"])
    name = str(path[-1]) if path else ""
    if kind == "mistake":
        return str(detail["msg"])
    if kind == "missing":
        return f"is missing; add {name}: …"
    if kind == "extra_forbidden":
        return f"unknown key; {did_you_mean(name, _keys_at(model, path[:-1]))}"
    if kind == "literal_error":
        if path == ("version",):
            return f"{shown} is not a version that this Parley reads; write version: 1"
        choices = re.findall(r"'([^']+)'", str(context.get("expected", "")))
        return f"{shown} is not known here; {did_you_mean(str(detail['input']), choices)}"
    if kind == "string_pattern_mismatch":
        example = next((_FORMS[step] for step in path if step in _FORMS), "small-words-and-digits")
        return f"{shown} does not fit; write {example}"
    if name == "min_confidence" and kind in _BOUNDS:
        return f"{shown} is out of range; write a number from 0 to 1"
    return f"{shown} {_WRONG.get(kind, _FALLBACK).format(**context)}"


#: What is wrong and what to do, by pydantic's error type. Braces take the error's context.
_WRONG = {
    "string_type": "is not text; put it in quotes, or give it a value",
    "string_too_short": "is empty; give it a value, or remove the key",
    "string_too_long": "is longer than {max_length} characters; shorten it",
    "list_type": "is not a list; write [one, two] or lines that begin with a dash",
    "too_short": "is empty; give at least one",
    "model_type": "is not a mapping; write keys and values, as in {{name: value}}",
    "bool_type": "is not true or false; write one of them without quotes",
    "float_type": "is not a number; write one without quotes",
    "int_type": "is not a whole number; write one without quotes",
    "greater_than_equal": "is out of range; write {ge} or more",
}
_BOUNDS = {"greater_than_equal", "less_than_equal"}
#: How texts of a set form are written, by their key.
_FORMS: dict[str | int, str] = {
    "languages": "two small letters, as in en",
    "statements": "an id of 32 digits and letters, as `parley alerts --json` shows it",
}
_FALLBACK = "cannot be used here; see the template watch for what may stand"


#: What of a subscription is shown: no target, secret or address is ever written there.
_SHOWN_KEYS = {"name", "watches", "only", "mute", "group", "digest", "quiet", "budget", "tz"}


def _may_be_secret(path: Path) -> bool:
    """Whether a target or secret may be in the value."""
    is_whole = len(path) < 3 or (len(path) == 3 and path[2] in ("only", "mute", "digest", "quiet"))
    return path[:1] == ("subscriptions",) and (is_whole or path[2] not in _SHOWN_KEYS)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the model at ``path`` in ``model`` knows."""
    for step in path:
        if isinstance(step, str):
            model = next(iter(_models_in(model.model_fields[step].annotation)), model)
    return [field.alias or name for name, field in model.model_fields.items()]


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _expand(data: dict[str, Any], environment: Mapping[str, str]) -> Iterator[Mistake]:
    """Replace ``${NAME}`` where secrets may stand; yields the secrets that stand in the file."""
    for i, subscription in enumerate(_mappings(data.get("subscriptions"))):
        for key in ("to", "secret", "unsubscribe"):
            value = subscription.get(key)
            if isinstance(value, str):
                yield from _expand_one(subscription, key, ("subscriptions", i, key), environment)
            elif isinstance(value, list):
                for j, text in enumerate(value):
                    if isinstance(text, str):
                        path: Path = ("subscriptions", i, key, j)
                        yield from _expand_one(value, j, path, environment)


def _expand_one(
    holder: Any, key: str | int, path: Path, environment: Mapping[str, str]
) -> Iterator[Mistake]:
    text = holder[key]
    if "secret" in path and not VARIABLE.fullmatch(text):
        yield path, "a secret never stands in the file; write ${NAME} and export NAME"
    else:
        holder[key] = VARIABLE.sub(lambda found: environment.get(found[1]) or found[0], text)


def unknown_ids(
    data: Mapping[str, Any], actors: Iterable[str], topics: Iterable[str]
) -> list[Mistake]:
    """The actors and topics that a subscription is narrowed to and no watch knows."""
    known = {"actors": list(actors), "topics": list(topics)}
    return [
        (
            ("subscriptions", i, "only", key, *((j,) if isinstance(only[key], list) else ())),
            f"{_shown(name)} is none of the watch's {key}; {did_you_mean(name, ids)}",
        )
        for i, subscription in enumerate(_mappings(data.get("subscriptions")))
        if isinstance(only := subscription.get("only"), dict)
        for key, ids in known.items()
        for j, name in enumerate(
            [only[key]] if isinstance(only.get(key), str) else only.get(key) or ()
        )
        if isinstance(name, str) and name not in ids
    ]


def ids_of(data: Mapping[str, Any], section: str) -> list[str]:
    """The ids in a section, as far as they are text."""
    return [item["id"] for item in _mappings(data.get(section)) if isinstance(item.get("id"), str)]


def _repeated(data: Mapping[str, Any]) -> Iterator[Mistake]:
    for section, key in _UNIQUE:
        seen: set[str] = set()
        for i, item in enumerate(_mappings(data.get(section))):
            value = item.get(key)
            if not isinstance(value, str):
                continue
            if value in seen:
                yield (section, i, key), f"{_shown(value)} stands twice; keep one, or rename it"
            seen.add(value)


def _shared_names(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Names that two actors, or two topics, both claim: a text could not tell them apart."""
    for section, key in (("actors", "aliases"), ("topics", "phrases")):
        owner: dict[str, int] = {}
        for i, item in enumerate(_mappings(data.get(section))):
            names = item.get(key)
            listed = names if isinstance(names, list) else []
            places: list[tuple[Path, object]] = [
                ((section, i, key, j), n) for j, n in enumerate(listed)
            ]
            if section == "actors":
                places.append(((section, i, "name"), item.get("name")))
            for path, name in places:
                if isinstance(name, str) and owner.setdefault(name.casefold(), i) != i:
                    other = f"{section}[{owner[name.casefold()]}]"
                    yield path, f"{_shown(name)} also names {other}; keep it at one of them"


def _mappings(value: object) -> list[dict[str, Any]]:
    """The mappings of a list, others as empty ones so that positions stay right."""
    items: Sequence[object] = value if isinstance(value, list) else []
    return [item if isinstance(item, dict) else {} for item in items]


def _dotted(path: Path) -> str:
    """``topics[3].phrases`` for ("topics", 3, "phrases")."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step[:60]}" for step in path)
    # A key is the file's own text: repr keeps its control characters off the terminal.
    clean = text.lstrip(".") or "watch"
    return clean if clean.isprintable() else repr(clean)
