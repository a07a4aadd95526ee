import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.annotation import Category
from transforms.core.people.categories import UNKNOWN, assess, categorise
from transforms.core.text.phrases import read_sections

NAMED: list[tuple[str, Category]] = [
    ("a senior fellow at the Hudson Institute", "expert"),
    ("director of the Peace Research Institute Oslo", "expert"),
    ("an associate professor who specializes in Arden's foreign policy", "expert"),
    ("the head of foreign policy at Elbe Strategies Centre, a think tank in Bonn", "expert"),
    ("chief Asia economist at HSBC", "expert"),
    ("an analyst at the political risk consultancy Quay", "expert"),
    ("independent political analyst", "expert"),
    ("a Ukrainian military expert", "expert"),
    ("former defense minister", "expert"),
    ("the former ambassador and a longtime Foreign Service officer", "expert"),
    ("a retired general", "expert"),
    ("the 44th vice president of the United States", "expert"),
    ("undersecretary of state in the Obama administration", "expert"),
    ("a fellow at Chatham House who was the senior director for Arden until 2007", "expert"),
    ("chairman of the Valdai International Discussion Club", "expert"),
    ("vice president for studies at the Carnegie Endowment", "expert"),
    ("who was the chief negotiator", "expert"),
    ("a member of Arden's negotiating team", "official"),
    ("who was appointed foreign minister in May", "official"),
    ("a former IAEA inspector", "expert"),
    ("a non-resident fellow", "expert"),
    # Houses that sell judgement, and heads of fields wherever they work.
    ("head of commodities strategy at ING", "expert"),
    ("partner and co-head of customs at Mayer Brown", "expert"),
    ("vice chairman at Credit Suisse", "expert"),
    ("president of Tarn Oil Associates in Solm", "expert"),
    ("managing director at Lake Securities", "expert"),
    ("head of petroleum analysis for the Tarn Company", "expert"),
    ("director of market research", "expert"),
    ("founder of a political risk consultancy", "expert"),
    ("chief executive of the Lake Institute", "expert"),
    ("director of operations at Britain's National Cyber Security Centre", "official"),
    ("chief executive of JPMorgan", "organisation"),
    # The head of a compound counts, not what stands before it.
    ("Republican strategist", "expert"),
    ("a resident scholar at the lake", "expert"),
    ("Brevia's deputy foreign minister for legal and international affairs", "official"),
    ("student leader", "citizen"),
    # Offices that are past in other words than "former".
    ("Brevia's defense secretary during his first term", "expert"),
    ("left a top Pentagon post in May and is now with a fund", "expert"),
    ("served as the president's liaison to the rebels until last summer", "expert"),
    ("the envoy's predecessor", "expert"),
    ("former Director of National Intelligence", "expert"),
    ("a retired Foreign Service officer with years in Solm", "expert"),
    ("former army commander and current ambassador in Tarn", "official"),
    ("former minister and MP for the lake district", "official"),
    ("chairman of the committee for the ex-Soviet states of the Duma", "official"),
    ("Maj. Gen. (ret.)", "expert"),
    ("Rear Adm. (retired)", "expert"),
    ("Maj. Gen.", "official"),
    ("a credit analyst of cars", "citizen"),
    ("an expert in video games", "citizen"),
    ("of Deutsche Bank", "expert"),
    # Who advises a government and is a scholar.
    ("an adviser to the State Council and a specialist at Tarn University", "expert"),
    ("an adviser to the State Council", "official"),
    ("Kremlin spokesman", "official"),
    ("foreign minister", "official"),
    ("German Chancellor", "official"),
    ("a senior adviser to the president", "official"),
    ("deputy head of the president's office", "official"),
    ("director of the central bank", "official"),
    ("former ambassador, now foreign minister", "official"),
    ("NATO secretary general", "official"),
    ("a political scientist and member of parliament", "official"),
    ("columnist for the newspaper", "journalist"),
    ("Moscow correspondent", "journalist"),
    ("a resident of the port", "citizen"),
    ("a 34-year-old soldier", "citizen"),
    ("director of Human Rights Watch", "organisation"),
]


@pytest.mark.parametrize(("role", "category"), NAMED)
def test_roles_of_named_people(role: str, category: Category) -> None:
    found, evidence = categorise("Ana Ruiz", role, "", named=True)
    assert found == category, evidence
    assert evidence


@pytest.mark.parametrize(
    "role",
    [
        "head of communications at the port",
        "chief of the lake",
        "principal of a school",
        "a teller at Deutsche Bank",
        "tight end at Ohio State",
        "a customer of Wells Fargo",
    ],
)
def test_heads_of_what_is_no_field_are_left_open(role: str) -> None:
    assert assess("Ana Ruiz", role, "", named=True).category == "citizen"


UNNAMED: list[tuple[str, Category]] = [
    ("analysts", "expert"),
    ("some experts", "expert"),
    ("a Western diplomat", "unnamed_source"),
    ("three people familiar with the talks", "unnamed_source"),
    ("officials", "unnamed_source"),
    ("former trade officials", "expert"),
    ("a former ambassador to Brevia", "expert"),
    ("veteran negotiators", "expert"),
    ("a senior trade official", "unnamed_source"),
    ("critics", "unnamed_source"),
    ("a spokesperson for the trade ministry", "official"),
    ("local residents", "citizen"),
]


@pytest.mark.parametrize(("name", "category"), UNNAMED)
def test_speakers_without_a_name(name: str, category: Category) -> None:
    assert categorise(name, "", "", named=False)[0] == category


BODIES: list[tuple[str, Category]] = [
    ("Israel", "official"),
    ("the Ukrainian air force", "official"),
    ("Department of Agriculture", "official"),
    ("RIA Novosti", "journalist"),
    ("the Institute for the Study of War", "expert"),
    ("Amnesty International", "organisation"),
]


@pytest.mark.parametrize(("name", "category"), BODIES)
@pytest.mark.parametrize("named", [True, False])
def test_bodies_speak_for_themselves(name: str, category: Category, named: bool) -> None:
    assert categorise(name, "", "", named=named)[0] == category


def test_affiliation_decides_what_a_role_leaves_open() -> None:
    assert categorise("Ana Ruiz", "director", "Stimson Center", named=True)[0] == "expert"
    assert categorise("Ana Ruiz", "director", "Foreign Ministry", named=True)[0] == "official"
    assert categorise("Ana Ruiz", "", "Stimson Center", named=True) == ("expert", "Stimson Center")


def test_acronyms_need_their_capitals() -> None:
    assert categorise("Ana Ruiz", "director at RAND", "", named=True)[0] == "expert"
    assert assess("Ana Ruiz", "who owes a rand", "", named=True) == UNKNOWN


def test_title_before_the_name() -> None:
    assert categorise("President Moro", "", "", named=True) == ("official", "President")
    assert categorise("Prof. Ana Ruiz", "", "", named=True)[0] == "expert"


def test_nothing_known_is_not_sure() -> None:
    assert assess("Ana Ruiz", "", "", named=True) == UNKNOWN
    assert UNKNOWN.sureness < 0.5


@given(st.text(max_size=80), st.text(max_size=120), st.text(max_size=60), st.booleans())
def test_any_words_have_a_category(name: str, role: str, body: str, named: bool) -> None:
    found = assess(name, role, body, named=named)
    assert 0 < found.sureness <= 1
    assert assess(name, role, body, named=named) == found


def test_the_list_of_research_bodies_is_long_and_free_of_repeats() -> None:
    lines = read_sections("institutions.txt")["research"]
    assert len(lines) >= 300
    names = [name.strip() for line in lines for name in line.split("|")]
    assert sorted({n for n in names if names.count(n) > 1}) == []
