"""What a speaker denies is found, and never sure enough to be sent."""

from __future__ import annotations

import pytest

from connectors.models.spacy_model import load_language_model
from support.said import article
from transforms.core.quotes.attribute import attribute


@pytest.fixture(scope="module")
def model():
    return load_language_model()


def test_a_denial_is_held(model):
    sentence = "Ida Roe, a fellow at the Hudson Institute, denied that the talks had collapsed."
    found = attribute(article(sentence), model).attributions
    assert found
    assert all(attribution.confidence < 0.8 for attribution in found)


def test_a_claim_is_not(model):
    sentence = (
        "Ida Roe, a senior fellow at the Hudson Institute, said that the talks had collapsed."
    )
    (one,) = attribute(article(sentence), model).attributions
    assert one.confidence >= 0.8


@pytest.mark.parametrize(
    "sentence",
    [
        "Karl Bohm, an analyst at Chatham House, refused to say that the truce had failed.",
        "Karl Bohm, an analyst at Chatham House, denied having said that the truce had failed.",
        "Karl Bohm, an analyst at Chatham House, has yet to say that the truce has failed.",
        "Karl Bohm, an analyst at Chatham House, stopped short of saying the truce had failed.",
        "Karl Bohm, an analyst at Chatham House, was accused of saying that the truce had failed.",
        "If Karl Bohm, an analyst, were to say that the truce was dead, nobody would listen.",
        "Had Karl Bohm, an analyst, said the truce was dead, nobody would have listened.",
    ],
)
def test_what_is_not_said_is_no_statement(model, sentence):
    assert attribute(article(sentence), model).attributions == []


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Karl Bohm, an analyst, quoted Minister Ole Drozd as saying: “No truce.”", "Ole Drozd"),
        ("Karl Bohm, an analyst, read out the Kremlin’s note: “No truce.”", "Kremlin"),
        ("Karl Bohm, an analyst, summed up Moscow’s position: “No truce.”", "Moscow"),
    ],
)
def test_what_is_relayed_is_its_authors(model, sentence, speaker):
    (one,) = attribute(article(sentence), model).attributions
    assert one.speaker.name == speaker


@pytest.mark.parametrize(
    ("sentence", "earlier"),
    [
        ("“A truce is a pause,” the historian Karl Bohm wrote in 1961.", "in 1961"),
        ("Last year, Karl Bohm, an analyst, told this paper the truce would hold.", "Last year"),
        ("“A truce is a pause,” Karl Bohm, an analyst, said two years ago.", "years ago"),
        ("“A truce is a pause,” said the late historian Karl Bohm.", "the late"),
        ("Karl Bohm, an analyst, said the truce that was signed in 2014 had failed.", ""),
        ("“A truce is a pause,” Karl Bohm, who left office in 2019, said on Monday.", ""),
    ],
)
def test_old_words_say_when_they_were_said(model, sentence, earlier):
    (one,) = attribute(article(sentence), model).attributions
    assert one.said_earlier == earlier


def test_what_two_say_together_is_said_by_both(model):
    sentence = "“No truce will last,” said Mira Holtby and Karl Bohm, analysts at Chatham House."
    found = attribute(article(sentence), model).attributions
    assert [one.speaker.name for one in found] == ["Mira Holtby", "Karl Bohm"]
    assert {one.speaker.category for one in found} == {"expert"}
    assert len({one.quotation.spans for one in found}) == 1


@pytest.mark.parametrize(
    ("sentence", "speakers"),
    [
        ("Ana Petrova and Tom Reil, analysts at Yale, argue that no truce lasts.", 2),
        ("According to Ana Petrova and Tom Reil of Chatham House, no truce lasts.", 2),
        ("Lise Aho, Ben Okoro and Ida Moe, scholars at Yale, wrote that no truce lasts.", 3),
        ("The economists Lise Aho and Ben Okoro said that no truce lasts.", 2),
        ("Ana Petrova and Tom Reil, both senior analysts at Yale, say no truce lasts.", 2),
        ("Morgan Stanley and Goldman Sachs said that no truce lasts.", 1),
    ],
)
def test_each_person_of_a_joint_statement_is_a_speaker(model, sentence, speakers):
    found = attribute(article(sentence), model).attributions
    assert len({one.speaker.name for one in found}) == speakers
    assert len({one.quotation.spans for one in found}) == 1
    assert speakers == 1 or {one.speaker.category for one in found} == {"expert"}


@pytest.mark.parametrize(
    ("sentence", "categories"),
    [
        ("Ana Petrova and Tom Reil, a fellow at Yale, said no truce lasts.", "citizen expert"),
        ("Ana Petrova, a fellow at Yale, and Tom Reil said no truce lasts.", "expert citizen"),
    ],
)
def test_a_role_of_one_is_not_the_others(model, sentence, categories):
    found = attribute(article(sentence), model).attributions
    assert [one.speaker.category for one in found] == categories.split()


@pytest.mark.parametrize(
    "text",
    [
        "The United States sent Robert Hale, a retired general. He said no truce would last.",
        "The European Union hired Robert Hale, a historian. He said no truce would last.",
        "The Elbe Institute invited Robert Hale, a historian. He said no truce would last.",
    ],
)
def test_he_is_no_state_and_no_institute(model, text):
    (one,) = attribute(article(text), model).attributions
    assert one.speaker.name == "Robert Hale"


@pytest.mark.parametrize("place", ["The United States", "The European Union", "The White House"])
def test_she_is_nobody_where_only_a_body_is_named(model, place):
    assert attribute(article(f"{place} cut the aid. She said it would hurt."), model) == ([], 0)


@pytest.mark.parametrize(
    "sentence",
    [
        "It was argued by Karl Bohm, an analyst at Chatham House, that the truce was dead.",
        "Parliament was warned by Karl Bohm, an analyst, that the truce would fail.",
        "Ministers were reminded by Karl Bohm, an analyst, that the truce would lapse.",
        "Delegates were assured by Karl Bohm, an analyst, that the truce would hold.",
        "The truce was called “a fig leaf” by Karl Bohm, an analyst at Chatham House.",
    ],
)
def test_the_agent_of_a_passive_speaks(model, sentence):
    (one,) = attribute(article(sentence), model).attributions
    assert (one.speaker.name, one.speaker.category) == ("Karl Bohm", "expert")


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Recall, on Monday Drozd said that the truce was dead.", "Drozd"),
        ("Remember, last week Drozd said that the truce was dead.", "Drozd"),
        ("Karl Bohm, an analyst, recalled the minister saying that it was dead.", "the minister"),
        ("Karl Bohm, an analyst, heard Ole Drozd say that the truce was dead.", "Ole Drozd"),
        ("Karl Bohm, an analyst, remembers Ole Drozd saying that it was dead.", "Ole Drozd"),
    ],
)
def test_whose_words_are_recalled_said_them(model, sentence, speaker):
    (one,) = attribute(article(sentence), model).attributions
    assert one.speaker.name == speaker


@pytest.mark.parametrize("said", ["said", "warned", "argued"])
def test_what_somebody_is_alleged_to_have_said_is_not_theirs(model, said):
    sentence = f"Karl Bohm, an analyst, is alleged to have {said} that the truce was dead."
    assert attribute(article(sentence), model).attributions == []


def test_a_year_before_the_speaker_tells_when(model):
    sentence = "In 2014 Karl Bohm, an analyst, warned that the truce would fail."
    (one,) = attribute(article(sentence), model).attributions
    assert one.said_earlier == "in 2014"
