"""`parley new` drafts a watch that `parley check` finds right."""

from pathlib import Path
from typing import Any

import pytest

from connectors.watchfile.draft import Named, draft_watch, read_named
from connectors.watchfile.loading import load_watch
from schemas.feed import Feed
from transforms.core.relevance.watch_doubts import watch_doubts

SIDES = ("--side", "Serbia=Serbian,Belgrade", "--side", "Kosovo=Kosovar,Pristina")


def test_a_drafted_watch_is_right_and_not_doubted(parley: Any) -> None:
    mediator = ("--mediator", "European Union=EU,Brussels")
    given = (*SIDES, *mediator, "--phrase", "Brussels dialogue")
    done = parley("new", "mine.yaml", "The “dialogue”: Serbia & Kosovo", *given)
    assert (done.status, done.err) == (0, "written: mine.yaml; next: parley check mine.yaml\n")
    checked = parley("check", "mine.yaml")
    assert checked.status == 0
    assert "the-dialogue-serbia-kosovo: right. 3 actors, 2 topics" in checked.out
    watch = load_watch("mine.yaml")
    assert watch.title == "The “dialogue”: Serbia & Kosovo"
    assert {actor.side for actor in watch.actors} == {"serbia", "kosovo", ""}
    assert watch.topics[0].phrases[0] == "Brussels dialogue"
    assert list(watch_doubts(watch)) == []


def test_its_first_line_names_the_schema_where_it_is(parley: Any) -> None:
    parley("new", "mine.yaml", "River talks", *SIDES)
    named = Path("mine.yaml").read_text(encoding="utf8").partition("\n")[0].partition("=")[2]
    assert Path(named.removeprefix("file://")).is_file()


def test_a_side_without_a_letter_is_a_mistake(parley: Any) -> None:
    done = parley("new", "mine.yaml", "River talks", "--side", "=Uplanders")
    assert (done.status, done.err) == (2, "'': has no letter; give a name\n")


def test_a_file_that_is_there_is_kept(parley: Any) -> None:
    Path("mine.yaml").write_text("mine", encoding="utf8")
    done = parley("new", "mine.yaml", "River talks", *SIDES)
    assert (done.status, Path("mine.yaml").read_text(encoding="utf8")) == (2, "mine")
    assert "mine.yaml: is there already" in done.err


@pytest.mark.parametrize("title", ["", "—", "…"])
def test_a_title_without_a_letter_is_a_mistake(title: str, parley: Any) -> None:
    assert parley("new", "mine.yaml", title).status == 2
    assert not Path("mine.yaml").exists()


@pytest.mark.parametrize(
    "text", ["a: b # c", "{x}", "'q' \"w\"", "- no", "yes", "10", "C:\\d", "é 中"]
)
def test_any_text_is_read_back_as_it_was(text: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    feed = Feed("https://wire.example/rss?a=1&b=#c", text)
    drafted = draft_watch(
        f"Talks {text}",
        sides=[Named(f"{text} one", (f"{text} alias",)), Named("two")],
        phrases=[f"{text} talks"],
        feeds=[feed],
    )
    path.write_text(drafted, encoding="utf8")
    watch = load_watch(str(path))
    assert (watch.title, watch.feeds) == (f"Talks {text}", (feed,))
    assert [*watch.actors[0].aliases] == [f"{text} alias"]
    assert watch.topics[0].phrases[0] == f"{text} talks"


def test_names_and_aliases_are_divided() -> None:
    assert read_named(" A = b , ,c=d") == Named("A", ("b", "c=d"))
    assert read_named("A") == Named("A")
