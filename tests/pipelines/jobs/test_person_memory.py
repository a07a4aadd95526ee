"""What one article tells of a speaker is used in the next, in whatever runs they are read."""

import json

import pytest

TALKS = "Russia and Ukraine hold ceasefire talks in Geneva, and Washington mediates."
ARTICLES = {
    "told": f"{TALKS}\n\n“Moscow will not sign a truce before the autumn,” said Mirja Oskarsen, a "
    "senior fellow at the Hudson Institute.",
    "bare": f"{TALKS}\n\n“The ceasefire talks need a date that hurts,” Oskarsen said.",
    "other": f"{TALKS}\n\n“The ceasefire talks will go on,” said Lena Oskarsen.",
}


@pytest.fixture
def alerts(parley, tmp_path):
    """Runs on some articles; the speakers, evidence and ids of what is raised."""

    def of(archive, *slugs):
        rows = [
            {"url": f"https://{slug}.example/a", "publisher": "The Herald", "text": ARTICLES[slug]}
            for slug in slugs
        ]
        given = tmp_path / "given.jsonl"
        given.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf8")
        options = ("--input", given, "--archive", f"sqlite:///{archive}.db", "--no-deliver")
        done = parley("run", "ukraine-peace-talks", *options, "--out", "-")
        assert done.status == 0, done.err
        events = map(json.loads, done.out.splitlines())
        return [(e["data"]["speaker"]["name"], e["data"]["speaker"]["evidence"]) for e in events]

    return of


def test_a_bare_name_is_who_was_introduced_in_this_run_or_an_earlier_one(alerts):
    together = alerts("one", "told", "bare", "other")
    assert [name for name, _ in together] == ["Mirja Oskarsen", "Mirja Oskarsen"]
    assert "as told by The Herald on " in together[1][1]
    apart = [found for slug in ("told", "bare", "other") for found in alerts("two", slug)]
    assert apart == together


def test_a_bare_name_that_comes_first_is_nobody_known(alerts):
    assert [name for name, _ in alerts("one", "bare", "told")] == ["Mirja Oskarsen"]
