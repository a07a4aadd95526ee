"""The sample newsroom: whole in itself, and read as a person reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
import yaml
from typer.testing import CliRunner

import pipelines
from connectors.archive import open_archive
from connectors.watchfile.loading import load_watch
from connectors.web.recorded import RecordedFetcher
from pipelines.cli.app import app
from schemas.errors import FetchError

SAMPLE = Path(pipelines.__file__).parent / "sample"
EXPECTED = yaml.safe_load(
    Path(__file__).with_name("sample_expected.yaml").read_text(encoding="utf8")
)


def entries() -> list[tuple[str, str]]:
    """Link and title of every entry of the sample's feeds."""
    fetcher = RecordedFetcher(SAMPLE)
    found = []
    for feed in load_watch(str(SAMPLE / "sample.yaml")).feeds:
        parsed = feedparser.parse(fetcher.fetch(feed.url).body)
        assert not parsed.bozo
        found += [(entry.link, entry.title) for entry in parsed.entries]
    return found


def pages() -> dict[str, str]:
    """The pages that the feeds lead to, by the address that answers."""
    fetcher = RecordedFetcher(SAMPLE)
    found = {}
    for link, _ in entries():
        try:
            response = fetcher.fetch(link)
        except FetchError:
            continue
        charset = response.content_type.partition("charset=")[2]
        found[response.url.partition("?")[0]] = response.body.decode(charset)
    return found


def test_three_feeds_list_twelve_articles_and_one_is_gone() -> None:
    assert len(load_watch(str(SAMPLE / "sample.yaml")).feeds) == 3
    assert len(entries()) == 12
    assert len(pages()) == 11


def test_unchanged_feeds_answer_304() -> None:
    fetcher = RecordedFetcher(SAMPLE)
    for feed in load_watch(str(SAMPLE / "sample.yaml")).feeds:
        first = fetcher.fetch(feed.url)
        again = fetcher.fetch(feed.url, etag=first.etag, last_modified=first.last_modified)
        assert again.status == 304


def test_every_host_is_invented() -> None:
    hosts = {urlsplit(r["url"]).hostname for r in _responses()}
    assert hosts == {"courier.example", "dispatch.example", "wire.example"}


def test_every_file_is_served() -> None:
    served = {r["file"] for r in _responses() if "file" in r}
    shipped = {
        str(path.relative_to(SAMPLE))
        for path in SAMPLE.rglob("*")
        if path.is_file() and path.suffix != ".yaml"
    }
    assert shipped == served


def _responses() -> list[dict[str, Any]]:
    index = yaml.safe_load((SAMPLE / "responses.yaml").read_text(encoding="utf8"))
    return list(index["responses"])


def test_what_is_expected_stands_on_the_pages() -> None:
    text = pages()
    for alert in EXPECTED["alerts"]:
        said = [*alert["new"], *alert.get("repeated", []), *alert.get("held", [])]
        for words in (alert["expert"], *said):
            assert words in text[alert["article"]], words
    for statement in EXPECTED["carried"]:
        for article in statement["articles"]:
            assert statement["words"] in text[article]
    for speaker in EXPECTED["silent"]:
        assert any(speaker in page for page in text.values())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the sample was read once."""
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        arguments = ["run", "sample", "--recorded", "sample", "--out", "alerts.jsonl"]
        result = CliRunner().invoke(app, [*arguments, "--archive", "sqlite:///sample.db"])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="module")
def run(sample: Path) -> list[dict[str, Any]]:
    """The alert events."""
    lines = (sample / "alerts.jsonl").read_text(encoding="utf8").splitlines()
    return [json.loads(line)["data"] for line in lines]


@pytest.mark.slow
def test_what_is_not_sure_enough_is_held(sample: Path) -> None:
    archive = open_archive(f"sqlite:///{sample}/sample.db")
    held = [(h.article_url, h.speaker.name, h.occurrence.text) for h in archive.held.all("sample")]
    archive.close()
    due = [(a["article"], a["expert"], w) for a in EXPECTED["alerts"] for w in a.get("held", [])]
    assert due
    for article, expert, words in due:
        assert any(
            (url, name) == (article, expert) and text.startswith(words) for url, name, text in held
        ), words


def _new(alert: dict[str, Any]) -> list[str]:
    return [s["text"] for s in alert["statements"] if s["verdict"] == "new"]


@pytest.mark.slow
def test_the_due_alerts_are_raised_and_no_others(run: list[dict[str, Any]]) -> None:
    raised = sorted((a["article"]["url"], a["speaker"]["name"]) for a in run)
    assert raised == sorted((a["article"], a["expert"]) for a in EXPECTED["alerts"])


@pytest.mark.slow
@pytest.mark.parametrize("due", EXPECTED["alerts"], ids=lambda a: f"{a['expert']} {a['article']}")
def test_an_alert_names_what_is_new_and_what_is_not(
    run: list[dict[str, Any]], due: dict[str, Any]
) -> None:
    alerts = [
        a
        for a in run
        if (a["article"]["url"], a["speaker"]["name"]) == (due["article"], due["expert"])
    ]
    assert len(alerts) == 1
    assert due["role"] in alerts[0]["speaker"]["role"]
    new = _new(alerts[0])
    assert len(new) == len(due["new"])
    assert all(text.startswith(words) for text, words in zip(new, due["new"], strict=True))
    known = [s["text"] for s in alerts[0]["statements"] if s["verdict"] != "new"]
    assert len(known) == len(due.get("repeated", []))
    assert all(k.startswith(w) for k, w in zip(known, due.get("repeated", []), strict=True))
