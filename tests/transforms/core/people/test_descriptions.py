from hypothesis import given
from hypothesis import strategies as st

from transforms.core.people.descriptions import descriptions_of, name_in


def found(text: str) -> list[str]:
    return list(descriptions_of("Ida Moe", text))


def test_role_before_the_name_is_found_without_what_it_hangs_on() -> None:
    assert found("The talks, said Brevian conflict adviser Ida Moe, stall.") == [
        "Brevian conflict adviser"
    ]
    assert found("As a former envoy to Brevia, Ida Moe knows both.") == ["a former envoy to Brevia"]


def test_role_and_body_after_the_name_are_found() -> None:
    assert found("“No,” said Ida Moe of the Elbe Institute.") == ["of the Elbe Institute"]
    assert found("Ida Moe is a senior fellow at Quay. She lives in Solm.") == [
        "a senior fellow at Quay"
    ]


def test_what_is_not_joined_to_the_name_is_not_hers() -> None:
    assert found("The minister told Ida Moe that an economist, Jon Vik, had left.") == []
    assert found("The economist. Ida Moe left, and Ida Moers is an analyst.") == []


def test_only_the_first_mentions_are_read() -> None:
    assert len(found("economist Ida Moe " * 1000)) < 20


def test_name_and_role_side_by_side() -> None:
    assert name_in("Brevian trade expert Ida Moe") == ("Ida Moe", "Brevian trade expert")
    assert name_in("Ida Moe, principal economist") == ("Ida Moe", "principal economist")
    for description in ("a Western diplomat", "analysts at Quay Bank", "the Foreign Ministry"):
        assert name_in(description) is None


@given(st.text(max_size=80), st.text(max_size=200))
def test_any_text_may_be_asked(name: str, text: str) -> None:
    assert all(isinstance(words, str) for words in descriptions_of(name, text))
    name_in(text)
