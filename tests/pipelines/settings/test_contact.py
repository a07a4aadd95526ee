"""Whom sites can write to: the environment says so, else a watch."""

from pathlib import Path

import pytest

from pipelines.jobs.ports import fetchers_of
from pipelines.settings.run_config import MonitorConfig
from schemas.errors import ConfigurationError

WATCH = """
version: 1
id: river
title: River talks
contact: {contact}
feeds: [{{url: "https://river.example/rss"}}]
topics: [{{id: talks, name: Talks, about: negotiation, phrases: [river talks]}}]
"""


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("PARLEY_CONTACT", raising=False)
    return written(tmp_path, "desk@river.example")


def written(folder: Path, contact: str) -> str:
    path = folder / "river.yaml"
    path.write_text(WATCH.format(contact=contact), encoding="utf8")
    return str(path)


def test_a_watch_names_a_contact(watch: str) -> None:
    config = MonitorConfig.from_options([watch])
    assert config.contact == "mailto:desk@river.example"
    assert not config.is_anonymous
    for made in fetchers_of(config):
        fetcher = made()
        agent = fetcher._headers["User-Agent"]
        fetcher.close()
        assert agent.endswith("(news monitor; +mailto:desk@river.example)")


def test_the_environment_comes_first(watch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_CONTACT", "https://river.example/about")
    assert MonitorConfig.from_options([watch]).contact == "https://river.example/about"


def test_the_first_watch_with_a_contact_counts(watch: str) -> None:
    assert MonitorConfig.from_options(["sample", watch]).contact == "mailto:desk@river.example"


def test_a_run_without_one_is_anonymous_where_it_asks_sites(watch: str) -> None:
    assert MonitorConfig.from_options(["sample"]).is_anonymous
    assert not MonitorConfig.from_options(["sample"], recorded="sample").is_anonymous
    assert not MonitorConfig.from_options(["sample"], inputs=[watch]).is_anonymous


def test_a_wrong_contact_is_told(
    watch: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = written(tmp_path, "'the desk'")
    with pytest.raises(ConfigurationError, match=r"river.yaml:5: contact: 'the desk' is neither"):
        MonitorConfig.from_options([wrong])
    monkeypatch.setenv("PARLEY_CONTACT", "the desk")
    with pytest.raises(ConfigurationError, match=r"^PARLEY_CONTACT: 'the desk' is neither"):
        MonitorConfig.from_options(["sample"])
