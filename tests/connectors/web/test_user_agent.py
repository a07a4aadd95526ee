"""The User-Agent takes a contact, and nothing that breaks a header."""

import pytest

from connectors.web.user_agent import contact_in, read_contact, user_agent
from schemas.distribution import DISTRIBUTION


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("ann@desk.example", "mailto:ann@desk.example"),
        ("mailto:ann@desk.example", "mailto:ann@desk.example"),
        (" ann+news@desk.example ", "mailto:ann+news@desk.example"),
        ("https://desk.example", "https://desk.example"),
        ("http://desk.example:8080/about?x=1#who", "http://desk.example:8080/about?x=1#who"),
        ("https://[2001:db8::1]/bot", "https://[2001:db8::1]/bot"),
    ],
)
def test_addresses_are_taken(given: str, told: str) -> None:
    assert read_contact(given) == told
    assert user_agent(told) == f"{DISTRIBUTION}/0.1.0 (news monitor; +{told})"


@pytest.mark.parametrize(
    "given",
    [
        "ann",
        "ann@",
        "desk.example",
        "ftp://desk.example/",
        "https://desk.example/a b",
        "https://desk.example/\r\nX-Other: 1",
        "ann@desk.example\nX-Other: 1",
        "https://desk.example/) Mozilla/5.0 (",
        "https://ann:secret@desk.example/",
        "änn@desk.example",
        "a@" + "b" * 300,
        "",
    ],
)
def test_other_text_is_refused_with_a_remedy(given: str) -> None:
    with pytest.raises(ValueError, match=r"neither a mail nor a web address; write "):
        read_contact(given)


def test_the_environment_may_name_one() -> None:
    assert contact_in({}) == contact_in({"PARLEY_CONTACT": " "}) == ""
    assert contact_in({"PARLEY_CONTACT": "ann@desk.example"}) == "mailto:ann@desk.example"
