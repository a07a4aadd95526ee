"""Loading a model of meaning that an operator names."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from connectors.models.onnx_meaning import OnnxMeaningModel, load_meaning_model
from schemas.errors import ConfigurationError
from support.meanings import write_model

GROUPS = ["truce ceasefire", "hold last", "thaw spring"]


def test_words_of_like_meaning_are_alike(tmp_path: Path) -> None:
    model = OnnxMeaningModel(write_model(tmp_path / "tiny", GROUPS))
    found = model.likeness(["truce", "hold", "unheard"], ["last", "ceasefire", "thaw", "unheard"])
    assert found == [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
    assert model.name.startswith("tiny ")


def test_two_models_in_folders_of_one_name_have_two_names(tmp_path: Path) -> None:
    one = OnnxMeaningModel(write_model(tmp_path / "a" / "tiny", GROUPS))
    other = OnnxMeaningModel(write_model(tmp_path / "b" / "tiny", GROUPS[:2]))
    assert one.name != other.name


def test_a_model_is_loaded_once_and_none_without_a_folder(tmp_path: Path) -> None:
    folder = str(write_model(tmp_path, GROUPS))
    assert load_meaning_model(folder) is load_meaning_model(folder)
    assert load_meaning_model("") is None


def test_the_folder_of_an_export_may_have_the_model_in_a_folder_of_its_own(tmp_path: Path) -> None:
    folder = write_model(tmp_path, GROUPS)
    (folder / "onnx").mkdir()
    (folder / "model.onnx").rename(folder / "onnx" / "model.onnx")
    assert OnnxMeaningModel(folder).likeness(["hold"], ["last"]) == [[1]]


def test_what_is_too_long_is_read_by_its_beginning(tmp_path: Path) -> None:
    model = OnnxMeaningModel(write_model(tmp_path, GROUPS))
    found = model.likeness(["truce"] * 1000, ["ceasefire"])
    assert found[0] == [1]
    assert found[-1] == [0]


def test_every_usual_input_of_an_encoder_is_given(tmp_path: Path) -> None:
    takes = ("input_ids", "token_type_ids", "attention_mask", "position_ids")
    assert OnnxMeaningModel(write_model(tmp_path, GROUPS, takes=takes)).likeness(["hold"], ["last"])


def broken(folder: Path, how: str) -> Path:
    """A folder in which something is wrong."""
    if how == "no folder":
        return folder / "nowhere"
    takes = ("pixel_values",) if how == "other inputs" else ("input_ids", "attention_mask")
    write_model(folder, GROUPS, takes=takes, is_pooled=how == "pooled")
    if how in ("model.onnx", "tokenizer.json"):
        (folder / how).unlink()
    if how == "no model":
        (folder / "model.onnx").write_bytes(b"<html>404</html>")
    if how == "no tokenizer":
        (folder / "tokenizer.json").write_text("{}")
    return folder


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("no folder", "is no folder; give the one that holds"),
        ("model.onnx", "has no model.onnx or onnx/model.onnx; export"),
        ("tokenizer.json", "has no tokenizer.json; export"),
        ("no model", "is no ONNX model ("),
        ("other inputs", "takes pixel_values, not input_ids"),
        ("pooled", "gives no vector for each token (2 tokens gave (1, 4)); export"),
        ("no tokenizer", "is no tokenizer ("),
    ],
)
def test_what_is_wrong_is_told_with_path_and_remedy(tmp_path: Path, how: str, told: str) -> None:
    folder = broken(tmp_path / "model", how)
    with pytest.raises(ConfigurationError) as raised:
        load_meaning_model(str(folder))
    (mistake,) = raised.value.mistakes
    assert mistake.startswith(f"--meaning: '{folder}")
    assert told in mistake


def test_the_extra_is_named_when_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"pip install 'parley-monitor\[meaning\]'"):
        OnnxMeaningModel(write_model(tmp_path, GROUPS))
