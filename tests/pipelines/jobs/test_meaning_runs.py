"""Whole runs with a model of meaning."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from connectors.archive import open_archive
from pipelines.jobs.run import run_batch
from pipelines.jobs.stream import run_stream
from pipelines.settings.run_config import MonitorConfig
from pipelines.settings.stream_config import StreamConfig
from schemas.errors import ConfigurationError
from support.meanings import write_model

SAID = (
    "Its fishermen fear that the regent sold the harbour to strangers before the ceasefire",
    "Crews suspect that the quay was leased to outsiders by their ruler ahead of a truce",
)
LEAD = "Russia and Ukraine resumed peace talks on a ceasefire."
GROUPS = [
    "fishermen crews",
    "fear suspect",
    "regent ruler",
    "sold leased",
    "harbor quay",
    "strangers outsiders",
]


def articles(folder: Path) -> str:
    """A day apart, in both of which one analyst says it."""
    lines = [
        {
            "url": f"https://herald.example/{n}",
            "published_at": f"2025-05-2{n}T08:00:00Z",
            "text": f"{LEAD}\n\n\u201c{words},\u201d said Mirja Oskarsen, an analyst.",
        }
        for n, words in enumerate(SAID)
    ]
    path = folder / "articles.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf8")
    return str(path)


@pytest.mark.parametrize("has_model", [False, True])
def test_a_retelling_is_another_statement_unless_a_model_finds_it(
    tmp_path: Path, has_model: bool
) -> None:
    meaning = str(write_model(tmp_path / "tiny", GROUPS)) if has_model else ""
    archive = f"sqlite:///{tmp_path}/a.db"
    config = MonitorConfig.from_options(
        ["sample"], inputs=[articles(tmp_path)], archive=archive, deliver=False, meaning=meaning
    )
    run_batch(config, "test")
    with closing(open_archive(archive)) as kept:
        said = [*kept.statements.all()]
    assert len(said) == 2
    assert len({each.statement_id for each in said}) == (1 if has_model else 2)
    reasons = [each.nearest.reason for each in said if each.nearest]
    assert any("as tiny" in reason for reason in reasons) == has_model


def test_a_folder_without_a_model_is_told_before_anything_runs(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    with pytest.raises(ConfigurationError, match=f"--meaning: '{nowhere}' is no folder"):
        run_batch(MonitorConfig.from_options(["sample"], meaning=nowhere), "test")
    config = StreamConfig.from_options(
        ["sample"], source=articles(tmp_path), sinks=[f"sqlite:///{tmp_path}/s.db"], meaning=nowhere
    )
    with pytest.raises(ConfigurationError, match="is no folder"):
        run_stream(config)
