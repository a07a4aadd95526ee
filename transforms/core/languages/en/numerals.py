"""Numbers in words and in figures made one: "seventy-two" is 72."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

# fmt: off
_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19,
}
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}
# fmt: on
_SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
#: Longer ones are no quantities; they stay as they are.
_MAX_DIGITS = 18
#: No quantity takes more words than this.
_MAX_WORDS = 24
_WORDS = {**_UNITS, **_TENS}
#: Parts of a whole; a "second" is none, and a "quarter" is one with a number before it.
_PARTS = {
    "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
}  # fmt: skip
_MAX_PARTS = 10
_TIMES = ("second", "minute", "hour", "day", "night", "week", "month", "year", "decade")


def joined_numbers(words: Iterable[str]) -> Iterator[str]:
    """The words with number words put as figures; "one" alone stays, being a pronoun as often.

    >>> list(joined_numbers("a hundred and forty five percent in one day".split()))
    ['a', '145', 'percent', 'in', 'one', 'day']
    >>> list(joined_numbers("750 billion dollars".split()))
    ['750000000000', 'dollars']
    >>> list(joined_numbers("one in three of us has two thirds of it".split()))
    ['33', 'percent', 'of', 'us', 'has', '67', 'percent', 'of', 'it']
    """
    run: list[str] = []
    for word in [*_in_percent(list(words)), ""]:
        if _is_number(word) or (run and word == "and"):
            if run and _is_figure(run[-1]) and word not in _SCALES:
                yield from _joined(run)
                run = []
            run.append(word)
            continue
        yield from _joined(run)
        run = []
        if word:
            yield word


def _in_percent(words: Sequence[str]) -> Iterator[str]:
    """The words with fractions put in percent: two thirds, nine out of ten."""
    place = 0
    while place < len(words):
        size, percent = _fraction(words[place : place + 5])
        yield from [str(percent), "percent"] if size else [words[place]]
        place += size or 1


def _fraction(words: Sequence[str]) -> tuple[int, int]:
    """How many of these words are a fraction that they begin with, and how much it is."""
    padded = [*words, "", "", "", ""]
    number, rest = padded[0], padded[1:]
    part, name = _small(number), rest[0].removesuffix("s")
    if part and name in _PARTS and rest[0].endswith("s") == (part > 1):
        return 2, round(100 * part / _PARTS[name])
    if number == "a" and rest[0] in _PARTS and rest[1] == "of":
        return 2, round(100 / _PARTS[rest[0]])
    return _ratio(part, rest)


def _ratio(part: int, rest: Sequence[str]) -> tuple[int, int]:
    """The same for "nine out of ten", of which ``part`` is the first word, 0 if it is none."""
    size = 3 if rest[0] == "in" else 4 if rest[:2] == ["out", "of"] else 0
    if not part or not size:
        return 0, 0
    whole, then = _small(rest[size - 2]), rest[size - 1]
    is_part = part < whole <= _MAX_PARTS and not then.startswith(_TIMES)
    return (size, round(100 * part / whole)) if is_part else (0, 0)


def _small(word: str) -> int:
    """The number that a word stands for if it can be one of a few parts; 0 if not."""
    number = int(word) if _is_figure(word) else _UNITS.get(word, 0)
    return number if number <= _MAX_PARTS else 0


def _is_figure(word: str) -> bool:
    return word.isdecimal() and len(word) <= _MAX_DIGITS


def _is_number(word: str) -> bool:
    return word in _WORDS or word in _SCALES or _is_figure(word)


def _joined(run: list[str]) -> Iterator[str]:
    """One run of number words as a figure, with what turns out not to belong to it."""
    if len(run) > _MAX_WORDS or set(run) <= {"one", "and"}:
        yield from run
        return
    rest: list[str] = []
    while run[-1] == "and":
        rest.append(run.pop())
    if "and" in run and set(run).isdisjoint(_SCALES):
        yield from (word if word == "and" else str(_value([word])) for word in run)
    else:
        yield str(_value(run))
    yield from rest


def _value(run: list[str]) -> int:
    """The number that a run of number words and figures stands for.

    >>> _value("two thousand five hundred".split()), _value(["12"]), _value(["hundred"])
    (2500, 12, 100)
    """
    total = current = 0
    for word in run:
        if word in _SCALES:
            current = max(current, 1) * _SCALES[word]
            if _SCALES[word] >= 1000:
                total, current = total + current, 0
        elif word != "and":
            current += _WORDS[word] if word in _WORDS else int(word)
    return total + current
