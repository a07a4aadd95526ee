"""Names of people: what two spellings have in common, and when two names are one person.

``name_key`` is coarse on purpose: it decides where memory looks, and a variant that falls
under another key is lost there. ``same_person`` is the finer test among those of one key.
Neither knows who anybody is.
"""

from __future__ import annotations

import functools
import re

from anyascii import anyascii
from rapidfuzz import fuzz

from transforms.core.text.phrases import read_sections

#: What is longer is no name; hostile input must not cost more than this.
_MAX_NAME_CHARS = 120
#: Spellings of one last name are so much alike (rapidfuzz's ratio, 0 to 100): Hrytsenko and
#: Gritsenko 78. What folding makes one by accident lies below: Hale and Gill.
_MIN_LAST_NAME_RATIO = 60
#: Folded given names that are so much alike are one: Mykhailo and Mikhail.
_MIN_GIVEN_NAME_RATIO = 80
#: Pinyin, Wade–Giles, Cantonese and Korean syllables, more or less.
_SYLLABLE = (
    r"(?:zh|ch|sh|ts|tz|hs|kw|ng|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:[aeiouü]{1,3})(?:ng|n|m|k|p|t|r|l|h|w)?"
)
#: What stands before a name without being one: "Turkish mediation expert" Selin Demir.
_LEADING_WORDS = re.compile(
    r"^.*(?<![\w-])(?!(?:v[ao]n|de[nrl]?|di|du|d[ao]s?|della|la|le|al|el|bin|ben|ibn|abu|bint|zu|ter|y|e|s)\b)"
    r"[a-zäöüßçéèø]{2,}\s+(?=\S*[A-ZÀ-Þ])"
)
_ASIAN_GIVEN = re.compile(rf"(?:{_SYLLABLE}){{1,2}}")

#: Apostrophes go; Azerbaijan's own writing of Aliyev begins with what others read as an A.
_PLAIN = str.maketrans({"’": "", "'": "", "`": "", "ə": "a", "Ə": "A"})

_SPELLINGS = [
    (re.compile(pattern), plain)
    for pattern, plain in [
        # The article, written as one: Elbaradei. No Arabic name begins with two consonants, but
        # for one that is written with two letters: Albright is none.
        (r"^[ae]l(?=(?:[bcdfghjkmnp-tv-z]|[dgkst]h)[aeiou][a-z]{3})", ""),
        (r"(?<=[a-z]{2}[^aeiou][aiu]|[a-z][^aeiou]ou)g$", "k"),  # Siddig, Siddik; but Craig, Berg
        (r"dzh|dj", "j"),
        (r"shch|sch|sh", "s"),
        (r"tch|ch|cz", "c"),
        (r"zh", "z"),
        (r"kh|gh", "h"),
        (r"wh", "w"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"ck|q|c(?=[aou])", "k"),
        (r"x", "ks"),
        (r"(?<=[aeiou])w(?![aeiou])", "u"),
        (r"w", "v"),
        (r"ff?$", "v"),
        (r"(?<=[a-z])h$", ""),
        (r"(?<=[a-z]{2}[b-df-hj-np-tv-z])e$", ""),
        (r"g", "h"),
        (r"[eyj](?=[aeiouy]|$)|[ey]", "i"),
        (r"o", "u"),
        (r"i(?=[au])", ""),
        (r"([aiu])[aiu]+", r"\1"),
        (r"([a-z])\1+", r"\1"),
    ]
]


#: A q is read as in Qaddumi, which others write Kaddoumi, or as in Araqchi, or Araghchi.
_READINGS_OF_Q = ("q", "gh")


@functools.lru_cache(maxsize=65536)
def _folded(word: str) -> str:
    """One word folded over transliteration and spelling; three vowels are left.

    >>> [_folded(w) for w in ("gabuev", "gabuyev", "freedman", "friedman")]
    ['habuv', 'habuv', 'fridman', 'fridman']
    """
    for pattern, plain in _SPELLINGS:
        word = pattern.sub(plain, word)
    return word


def _readings(last: str) -> set[str]:
    """The ways in which a last name may be folded.

    >>> sorted(_readings("qaddafi")), sorted(_readings("gaddafi"))
    (['hadafi', 'kadafi'], ['hadafi'])
    """
    return {_folded(last.replace("q", reading)) for reading in _READINGS_OF_Q}


def _can_hold_q(last: str, other: str) -> bool:
    """Whether the other last name has a letter for the q in this one, which nobody writes as a
    mere h: Qalibaf is Ghalibaf, and Qassem is not Hashem.
    """
    return "q" not in last or re.search("[cgkq]", other) is not None


def _words(name: str) -> list[str]:
    """The name's words in plain lower-case letters, hyphens kept, possessive dropped."""
    plain = re.sub(r"['’]s\b", "", name).translate(_PLAIN)
    return re.findall(r"[a-z]+(?:-[a-z]+)*", anyascii(plain).casefold())


@functools.lru_cache(maxsize=16384)
def _split(name: str) -> tuple[tuple[str, ...], str, bool]:
    """Given names, last name, and whether "Jr." or a number follows.

    >>> _split("Dr. Ursula von der Leyen"), _split("Lau Kin-fai"), _split("Kin-fai Lau")
    ((('ursula',), 'leyen', False), (('kin', 'fai'), 'lau', False), (('kin', 'fai'), 'lau', False))
    """
    name = name[:_MAX_NAME_CHARS]
    words = _words(_LEADING_WORDS.sub("", name.split(",")[0])) or _words(name)
    junior = bool(listed_names("junior") & set(_words(name)))
    _strip(words)
    if not words:
        return (), "", False
    if (
        len(words) > 1
        and words[0] in listed_names("family names first")
        and _is_asian_given(words[1:])
    ):
        return tuple(_parts(words[1:])), words[0], junior
    *given, last = words
    parts = _parts([last])
    given = [word for word in _parts(given) + parts[:-1] if word not in listed_names("particles")]
    return tuple(given), parts[-1], junior


def _strip(words: list[str]) -> None:
    """Take titles and suffixes off, up to the last word that is left."""
    while len(words) > 1 and words[-1] in listed_names("suffixes"):
        words.pop()
    while len(words) > 1 and words[0] in listed_names("titles"):
        words.pop(0)


def _parts(words: list[str]) -> list[str]:
    return [part for word in words for part in word.split("-")]


def _is_asian_given(words: list[str]) -> bool:
    parts = _parts(words)
    return len(parts) <= 2 and all(_ASIAN_GIVEN.fullmatch(part) for part in parts)


def name_key(name: str) -> str:
    """The last name folded over transliteration and spelling; "" if there is no letter.

    Titles, "Jr." and particles ("von der", "al-") do not count. The key is for looking up,
    not for showing: vowels are merged.

    >>> name_key("Steve Witkoff") == name_key("Whitkoff")
    True
    >>> len({name_key(n) for n in ("Zelensky", "Volodymyr Zelenskyy", "Zelenskiy’s")})
    1
    >>> [len(set(map(name_key, names.split()))) for names in (
    ...     "Araghchi Araqchi", "Gaddafi Qaddafi Kaddafi", "Dzhaparov Japarov",
    ...     "Elbaradei al-Baradei", "Aliyev Əliyev")]
    [1, 1, 1, 1, 1]
    >>> name_key("Khaddour") == name_key("al-Haddour"), name_key("Gabuev") == name_key("Габуев")
    (True, True)
    >>> name_key("Ursula von der Leyen") == name_key("Leyen"), name_key("Stent")
    (True, 'stint')
    """
    return _folded(_split(name)[1]).replace("h", "k")


def has_given_name(name: str) -> bool:
    """Whether the name is more than a last name with titles.

    >>> has_given_name("Ida Moe"), has_given_name("Dr. Moe"), has_given_name("Moe")
    (True, False, False)
    """
    return bool(_split(name)[0])


@functools.lru_cache(maxsize=16384)
def last_name_readings(name: str) -> frozenset[str]:
    """What two names must have in common to be one person's; empty if there is no letter.

    >>> last_name_readings("Dr. Ida Moe") & last_name_readings("I. Moe")
    frozenset({'mu'})
    """
    last = _split(name)[1]
    return frozenset(_readings(last)) if last else frozenset()


@functools.lru_cache(maxsize=65536)
def same_person(a: str, b: str) -> bool:
    """Whether two names may be one person's: one key, and given names that agree.

    A bare last name agrees with any; an initial with what it begins.

    >>> same_person("Lawrence Freedman", "Prof. L. Friedman"), same_person("Gabuev", "A. Gabuyev")
    (True, True)
    >>> same_person("Robert Kagan", "Frederick Kagan"), same_person("Donald Trump Jr.", "D. Trump")
    (False, False)
    """
    given_a, last_a, junior_a = _split(a)
    given_b, last_b, junior_b = _split(b)
    if not last_a or not _last_agree(last_a, last_b):
        return False
    if not given_a or not given_b:
        return True
    if junior_a != junior_b:
        return False
    if len(given_a) != len(given_b) and _joined_agree("".join(given_a), "".join(given_b)):
        return True
    return _given_agree(given_a[0], given_b[0]) and _initials_agree(given_a[1:], given_b[1:])


def _last_agree(a: str, b: str) -> bool:
    """Whether two last names may be one, spelled or transliterated in two ways."""
    is_alike = fuzz.ratio(a, b) >= _MIN_LAST_NAME_RATIO
    return (
        is_alike and bool(_readings(a) & _readings(b)) and _can_hold_q(a, b) and _can_hold_q(b, a)
    )


def _given_agree(a: str, b: str) -> bool:
    if len(a) == 1 or len(b) == 1:
        return _folded(a)[:1] == _folded(b)[:1]
    if _group(a) & _group(b):
        return True
    fold_a, fold_b = _folded(a), _folded(b)
    if fold_a == fold_b:
        return True
    if fold_a.endswith("a") != fold_b.endswith("a"):  # Alexander is not Alexandra
        return False
    if min(len(a), len(b)) >= 4 and (a.endswith(b) or b.endswith(a)):  # Emeka, Chukwuemeka
        return True
    return fuzz.ratio(fold_a, fold_b) >= _MIN_GIVEN_NAME_RATIO


def _joined_agree(a: str, b: str) -> bool:
    """Whether given names are one when written together, but for vowels and the article: Abd
    al-Karim and Abdelkarim. Abdulrahman is not Abdul Rahim, alike as they are.
    """
    return a[:1] == b[:1] and _consonants(a) == _consonants(b)


def _consonants(given: str) -> str:
    return re.sub("[aeioul-]", "", _folded(given))


def _initials_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    return not a or not b or _folded(a[0])[:1] == _folded(b[0])[:1]


def _group(given: str) -> frozenset[int]:
    return _given_names().get(given, frozenset())


@functools.cache
def listed_names(section: str) -> frozenset[str]:
    """The words of a section of ``data/names.txt``, folded."""
    return frozenset(word for line in read_sections("names.txt")[section] for word in line.split())


@functools.lru_cache(maxsize=1)
def _given_names() -> dict[str, frozenset[int]]:
    """The groups of given names that stand for one another, by name."""
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(read_sections("names.txt")["given names"]):
        for name in line.split():
            groups.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in groups.items()}
