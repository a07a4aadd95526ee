"""Which statements only say that their speaker says nothing."""

from __future__ import annotations

import pytest

from transforms.core.languages.en.empty_talk import is_empty_talk, leans_on_context


@pytest.mark.parametrize(
    "text",
    [
        "I don’t have an answer",
        "I don't have a good answer to that.",
        "No comment on that.",
        "I can't comment on the talks",
        "I'd rather not discuss it",
        "he did not want to comment on the mediation",
        "I would not want to speculate about what the envoys want",
        "I honestly don't know what the ministry will do",
        "We do not know whether the truce will hold",
        "I have no idea",
        "I have nothing to add",
        "Nobody knows what the other side wants",
        "We’ll see what happens",
        "We'll have to wait and see",
        "Only time will tell whether the guarantees hold",
        "What comes next remains to be seen",
        "it was too early to say",
        "It's hard to say",
        "Your guess is as good as mine",
        "That is an excellent question.",
        "Thank you for having me",
        "Absolutely. Yes, of course",
        "Well, I don't know, we'll see",
    ],
)
def test_what_says_nothing(text: str) -> None:
    assert is_empty_talk(text)


@pytest.mark.parametrize(
    "text",
    [
        "I don't have an answer, but the ministry will not stop without pressure",
        "I don't know of a ceasefire that held without monitors",
        "I don't know. The harbour stays closed until they pay",
        "I don't think it will end any time soon",
        "We have no answer to their drones",
        "We will see more strikes if the talks fail",
        "The ministry has no answer to the sanctions",
        "The delegation does not know what it wants",
        "Time is on the river's side",
        "It is too early to lift sanctions",
        "It is hard to say no to a cheque",
        "The question is whether anybody pays for the guarantees",
        "The ministry declined to comment, and that silence tells the allies everything",
        "You call that a strategy?",
        "No deal is near",
    ],
)
def test_what_says_something(text: str) -> None:
    assert not is_empty_talk(text)


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("Of course, she’s a general", True),
        ("It will not hold", True),
        ("But the harbour stays closed", True),
        ("All he wants is a photograph", True),
        ("The Ministry says it will not sign", False),
        ("Harlan knows what his rivals want", False),
        ("I do not understand Harlan's patience", False),
        ("", False),
    ],
)
def test_what_leans_on_the_words_before(text: str, leans: bool) -> None:
    assert leans_on_context(text) is leans


@pytest.mark.parametrize("text", ["", "…", "“”", "!" * 9000, "no " * 30000, "what " * 30000])
def test_odd_text_is_read_too(text: str) -> None:
    assert is_empty_talk(text)
