"""Why an expert's statement raised no alert, and the change that would let it."""

from dataclasses import replace

import pytest

from schemas.dossier import Match, MatchReason
from schemas.watch import Topic, Watch
from transforms.core.relevance.remedies import NO_ROLE, cause_of

WATCH = Watch("w", "W", (), (), [Topic("t", "Talks", ["truce"], True)])
EXPERT = MatchReason("category_asked_for", "Ida Berg is an expert (analyst)")
NAMES = MatchReason("names_talks", "mentions Talks")
SENT = Match("w", "expert", "analyst", True, True, False, [EXPERT, NAMES])


def off(text: str, code: str = "off_topic") -> Match:
    reasons = [EXPERT, MatchReason(code, text)]
    return replace(SENT, on_negotiation=False, is_alertworthy=False, reasons=reasons)


def kept(code: str, text: str, *, held: bool = False) -> Match:
    reasons = [EXPERT, NAMES, MatchReason(code, text)]
    return replace(SENT, is_alertworthy=held, is_held=held, reasons=reasons)


@pytest.mark.parametrize(
    ("match", "reason", "remedy"),
    [
        (off("the article names none of the watch's talks"), "none of", "about: negotiation"),
        (off("the article names fewer than two sides of the watch"), "fewer", "aliases"),
        (
            off("the article says little about a second side of the watch"),
            "second side",
            "role: official",
        ),
        (
            off("the article speaks more of Norland than of the watch's sides"),
            "Norland",
            "if Norland hosts or mediates these talks, add it to the actors",
        ),
        (off("talks are not named near it"), "not named near", "about: negotiation"),
        (off("speaks of shelling, not of talks", "other_subject"), "other subjects", "about:"),
        (kept("unnamed", "the speaker is not named"), "not named", "named: false"),
        (kept("said_earlier", "said earlier: “in 1999”"), "dates the words back", "nothing"),
        (
            kept("held_low_confidence", "held: not sure enough who said it (0.5; …)", held=True),
            "held: not sure enough who said it",
            "min_confidence, now 0.8",
        ),
    ],
)
def test_each_reason_has_its_remedy(match: Match, reason: str, remedy: str) -> None:
    why = cause_of(match, WATCH)
    assert why is not None
    assert reason in why.reason
    assert remedy in why.remedy


def test_what_is_sent_is_not_silent() -> None:
    assert cause_of(SENT, WATCH) is cause_of(SENT, WATCH, novelty="new") is None


def test_what_is_old_or_known_is() -> None:
    old, known = (
        cause_of(SENT, WATCH, is_too_old=True),
        cause_of(SENT, WATCH, novelty="repeated"),
    )
    assert old is not None
    assert known is not None
    assert "max_age: all" in old.remedy
    assert known.reason.startswith("said before")


def test_only_those_who_are_asked_for_count_and_those_without_a_role() -> None:
    assert cause_of(replace(SENT, category="official"), WATCH) is None
    nobody = replace(SENT, category="citizen", evidence="", is_alertworthy=False)
    assert cause_of(nobody, WATCH) is NO_ROLE
    assert cause_of(replace(nobody, on_negotiation=False), WATCH) is None
    assert cause_of(replace(nobody, evidence="a baker"), WATCH) is None
