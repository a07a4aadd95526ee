from __future__ import annotations

import pytest

from schemas.subscription import Muting, Narrowing, Subscription
from support import alerts
from transforms.core.delivery.routing import matches

ALERT = alerts.alert()  # Ada Mirren in The Gazette; kremlin, ceasefire, security-guarantees


def is_for(only=None, mute=None, watches=(), tags=()):
    subscription = Subscription(
        "a", "terminal", watches=watches, only=only or Narrowing(), mute=mute or Muting()
    )
    return matches(ALERT, subscription, tags)


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (Narrowing(), True),
        (Narrowing(topics=["ceasefire"]), True),
        (Narrowing(topics=["venue"]), False),  # only in what is repeated
        (Narrowing(topics=["venue", "ceasefire"]), True),
        (Narrowing(topics=["ceasefire"], actors=["nato"]), False),
        (Narrowing(actors=["kremlin"]), True),
        (Narrowing(speakers=["Mirren"]), True),
        (Narrowing(speakers=["Bea Mirren"]), False),
        (Narrowing(publishers=["the  gazette"]), True),
        (Narrowing(publishers=["Gazette of Elsewhere"]), False),
        (Narrowing(priority="normal"), True),
        (Narrowing(priority="high"), False),
    ],
)
def test_what_is_asked_for(only, expected):
    assert is_for(only) is expected


def test_the_whole_article_counts_where_that_is_asked_for():
    crimea = Narrowing(topics=["crimea"], scope="article")
    assert is_for(crimea, tags={"crimea"})
    assert not is_for(crimea, tags={"ceasefire"})
    assert not is_for(Narrowing(topics=["crimea"]), tags={"crimea"})


@pytest.mark.parametrize(
    ("mute", "expected"),
    [
        (Muting(speakers=["A. Mirren"]), False),
        (Muting(publishers=["The Gazette"]), False),
        (Muting(statements=["s-1"]), False),
        (Muting(statements=["s-2"]), True),  # is not new anyway
        (Muting(speakers=["Tom Okafor"]), True),
    ],
)
def test_what_is_muted(mute, expected):
    assert is_for(mute=mute) is expected


def test_other_watches_are_not_for_it():
    assert is_for(watches=["riverside-talks"])
    assert not is_for(watches=["elsewhere"])
