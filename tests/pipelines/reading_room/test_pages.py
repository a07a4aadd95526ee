"""What each page shows of a real archive, and what its address may hold."""

import dataclasses
import json
import re
from pathlib import Path

import feedparser
import pytest
from lxml import html

from support.dossiers import (
    WATCH,
    after,
    dossier,
    introduction,
    poll,
    some_id,
)
from transforms.core.people.names import name_key

SAID = "No tug will move before the tide turns."
STATEMENT = some_id("valek", SAID)
KEY = name_key("Irena Valek")
LISTS = {
    "/today": "",
    "/held": "",
    "/sources": "",
    "/expert": "?name=Irena+Valek",
    "/search": "?words=tug",
}


def page_of(path):
    return path.replace("/today", "/")


def text(answer):
    """What a person reads in the main part, in one line."""
    return " ".join(html.fromstring(answer.content).find(".//main").text_content().split())


def follow(room, answer, label):
    """The page behind the first link of that text."""
    links = html.fromstring(answer.content).findall(".//a")
    return room.get(next(a.get("href") for a in links if " ".join(a.itertext()).strip() == label))


def keyed(stored):
    """The dossier with the name key that its speaker really has."""
    said = [dataclasses.replace(c, name_key=KEY) for c in stored.commentaries]
    return dataclasses.replace(stored, commentaries=said)


@pytest.fixture
def told(archive):
    """An archive with two alerts, a held statement, a copy, and a feed that fails."""
    roles = [introduction("director of the Harbour Institute", key=KEY)]
    stored = keyed(dossier("tugs", SAID, "Pilots wait.", introductions=roles))
    copy = dossier("copy", SAID, alerts=False)
    doubt = dossier("doubt", "The lock may open.", alerts=False, is_held=True)
    for each in (stored, keyed(copy), keyed(doubt)):
        archive.dossiers.store_dossier(each)
    archive.feeds.record_poll(poll(status="failed", reason="timeout"))
    return stored


def test_every_page_has_one_h1_a_skip_link_and_both_feeds(room, told):
    for path, query in LISTS.items():
        shown = room.get(f"{page_of(path)}{query}")
        assert shown.status_code == 200, path
        tree = html.fromstring(shown.content)
        assert len(tree.findall(".//h1")) == 1
        assert tree.find(".//a[@class='skip']").get("href") == "#main"
        assert tree.get("lang") == "en"
        ids = tree.xpath("//@id")
        assert len(ids) == len({*ids})
        alternates = [link.get("href") for link in tree.findall(".//link[@rel='alternate']")]
        assert alternates == [f"{path}.atom{query}", f"{path}.json{query}"]


def test_new_shows_bundles_with_who_said_what_and_leads_on(room, told):
    shown = room.get("/")
    said = text(shown)
    assert SAID in said
    assert "Irena Valek" in said
    assert "names the ceasefire" in said
    statement = follow(room, shown, "statement")
    assert "Statement by Irena Valek" in text(statement)
    assert "It alerted" not in text(statement)


def test_a_statement_shows_every_place_and_why(room, told):
    said = text(room.get(f"/statement/{STATEMENT}"))
    assert "2 places, in order of publication" in said
    assert said.index("Copy") < said.index("same words")
    assert "names the ceasefire" in said
    assert "director" in said
    assert "90% sure" in said


def test_an_article_shows_its_text_with_every_statement_marked(room, told):
    shown = room.get(f"/article/{told.article.id}")
    tree = html.fromstring(shown.content)
    assert [mark.text for mark in tree.findall(".//mark")] == [SAID, "Pilots wait."]
    assert "2 statements" in text(shown)
    assert "fit to alert" in text(shown)


def test_an_expert_shows_roles_and_all_they_said(room, told):
    said = text(room.get("/expert?name=Irena+Valek"))
    assert "director of the Harbour Institute" in said
    assert "The lock may open." in said
    assert "in 2 places" in said
    assert room.get("/expert?name=Nobody+Here").status_code == 404


def test_held_shows_what_was_unsure(room, told):
    # Read long before the days that it looks back by itself.
    assert "Nothing is held" in text(room.get("/held"))
    said = text(room.get("/held?days=3650"))
    assert "The lock may open." in said
    assert SAID not in said


def test_sources_show_failing_feeds_first(room, told):
    said = text(room.get("/sources"))
    assert "1 feed, 1 with something to look at" in said
    assert "timeout" in said


def test_the_search_finds_words_and_speakers(room, told):
    assert SAID in text(room.get("/search?words=TUG+tide"))
    assert SAID in text(room.get("/search?speaker=valek"))
    assert "No statement in force has all of that" in text(room.get("/search?words=zebra"))


def test_older_pages_are_reached_by_a_link(room, archive):
    for number in range(45):
        archive.dossiers.store_dossier(
            dossier(f"n{number}", f"Barge {number} has left.", fetched_at=after(number))
        )
    for address in ("/", "/search?words=barge"):
        first = room.get(address)
        older = follow(room, first, "Older")
        found = re.findall(r"Barge \d+ has left", text(first) + text(older))
        assert len({*found}) == 45


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/", "Nothing was read yet"),
        ("/held", "Nothing is held"),
        ("/sources", "No feed was polled yet"),
        ("/search", "Every statement in memory can be found"),
    ],
)
def test_an_empty_page_says_which_empty_it_is(room, path, says):
    shown = room.get(path)
    assert shown.status_code == 200
    assert says in text(shown)


def test_new_tells_apart_why_it_is_empty(room, archive):
    archive.runs.begin("r", after(0), "run", "in-process", [WATCH])
    archive.runs.remember_watch_file(WATCH, "harbour.yaml", "")
    assert "No article was kept. 1 run" in text(room.get("/"))
    archive.dossiers.store_dossier(dossier("mute"))
    assert "Nobody was found to say anything in 1 article" in text(room.get("/"))
    archive.dossiers.store_dossier(dossier("talk", "So it goes.", alerts=False))
    assert "Nothing alerted. 2 articles with 1 statement" in text(room.get("/"))
    archive.runs.remember_watch_file("other-talks", "other.yaml", "")
    archive.dossiers.store_dossier(dossier("new", "It floats."))
    assert "Nothing new for this watch" in text(room.get("/?watch=other-talks"))
    assert "It floats." in text(room.get(f"/?watch={WATCH}"))


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/?watch=absent", "watch: 'absent' is not in this archive"),
        ("/?before=0", "before: '0' is no whole number from 1"),
        ("/?before=٣", "before: '٣' is no whole number"),
        ("/?before=9223372036854775808", "is no whole number"),
        ("/?colour=red", "colour: no parameter; this page takes watch, before"),
        ("/?watch=a&watch=b", "watch: given more than once"),
        ("/held?days=99999", "days: '99999' is no whole number from 1 to 3650"),
        (f"/search?words={'x' * 201}", "words: 201 characters; give at most 200"),
        ("/search?words=a%00b", "words: holds a NUL character"),
        ("/search?words=a&after=%2F..", "after: '/..' is no id"),
        ("/sources?x=1", "x: no parameter; this page takes none"),
        ("/statement/none?x=1", "x: no parameter"),
        ("/today.atom?before=x", "before: 'x' is no whole number"),
    ],
)
def test_an_address_that_cannot_be_read_says_what_is_wrong(room, address, says):
    answer = room.get(address)
    assert answer.status_code == 400
    assert says in text(answer)


@pytest.mark.parametrize(
    "address", ["/absent", "/statement/absent", "/article/absent", "/expert", "/today.rss"]
)
def test_what_is_not_there_is_not_found(room, address):
    answer = room.get(address)
    assert answer.status_code == 404
    assert len(html.fromstring(answer.content).findall(".//h1")) == 1


def test_every_list_is_a_feed_that_readers_take(room, told):
    for path, query in {**LISTS, "/held": "?days=3650"}.items():
        answer = room.get(f"{path}.atom{query}")
        assert answer.headers["content-type"].startswith("application/atom+xml")
        parsed = feedparser.parse(answer.content)
        assert not parsed.bozo, path
        links = {link["rel"]: link["href"] for link in parsed.feed.links}
        assert links["self"] == f"http://localhost:8765{path}.atom{query}"
        assert links["alternate"] == f"http://localhost:8765{page_of(path)}{query}"
        feed = json.loads(room.get(f"{path}.json{query}").content)
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert [item["id"] for item in feed["items"]] == [entry.id for entry in parsed.entries]
        assert feed["items"], path


def test_what_is_unchanged_is_not_sent_again(room, told):
    for address in ("/", f"/statement/{STATEMENT}", "/today.atom", "/today.json", "/style.css"):
        etag = room.get(address).headers["etag"]
        for known in (etag, f'"x", {etag}', etag.removeprefix("W/"), "*"):
            again = room.get(address, headers={"If-None-Match": known})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == etag
        assert room.get(address, headers={"If-None-Match": '"x"'}).status_code == 200


def test_a_feed_changes_with_the_archive_only(room, archive, told):
    before = room.get("/today.atom").headers["etag"]
    archive.dossiers.store_dossier(dossier("later", "The bridge is up.", fetched_at=after(9)))
    assert room.get("/today.atom").headers["etag"] != before


def test_the_archive_is_not_written(room, archive, told, monkeypatch):
    def refuse():
        raise AssertionError("a page writes")

    monkeypatch.setattr(archive.database, "writing", refuse)
    for path, query in LISTS.items():
        assert room.get(f"{page_of(path)}{query}").status_code == 200


def test_a_failing_archive_is_said_plainly(room, archive, monkeypatch):
    from connectors.archive import ArchiveError

    def fail():
        raise ArchiveError("sqlite:///harbour.db", "disk I/O error")

    monkeypatch.setattr(archive.database, "reading", fail)
    answer = room.get("/")
    assert answer.status_code == 503
    assert "disk I/O error" in text(answer)


def test_the_addresses_that_the_readme_names_are_served(room, archive):
    archive.runs.remember_watch_file("sample", "sample", "")
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf8")
    (section,) = [s for s in readme.split("\n## ") if s.startswith("The reading room")]
    addresses = re.findall(r"`(/[^`]+)`", section)
    assert addresses
    for address in addresses:
        assert room.get(address).status_code == 200, address
