"""Models of meaning for tests: one made of words that we say are alike, and a real, tiny one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers


class FakeMeaning:
    """Words are alike that stand in one group, and no others. Counts what it was asked."""

    name = "fake"

    def __init__(self, *groups: str) -> None:
        self._group = {word: group for group in groups for word in group.split()}
        self.asked: list[tuple[str, str]] = []

    def likeness(self, a: Sequence[str], b: Sequence[str]) -> list[list[float]]:
        """1 or 0 for each pair of words."""
        self.asked.append((" ".join(a), " ".join(b)))
        return [[float(self._of(s) == self._of(t)) for t in b] for s in a]

    def _of(self, word: str) -> str:
        return self._group.get(word, word)


class AllAlike(FakeMeaning):
    """Finds everything alike."""

    def _of(self, word: str) -> str:
        return ""


def write_model(
    folder: Path,
    groups: Iterable[str],
    *,
    takes: Sequence[str] = ("input_ids", "attention_mask"),
    is_pooled: bool = False,
) -> Path:
    """A folder with a tokenizer of these words and an ONNX model: words of one group have one
    vector, those of different groups vectors at right angles, all others no length.
    """
    vocabulary, rows = {"[UNK]": 0}, [0]
    lines = [group.split() for group in groups]
    for number, words in enumerate(lines, start=1):
        for word in words:
            vocabulary[word] = len(rows)
            rows.append(number)
    table = np.eye(len(lines) + 1, dtype=np.float32)[rows]
    table[0] = 0
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    hidden = "token_vectors" if is_pooled else "last_hidden_state"
    nodes = [helper.make_node("Gather", ["table", takes[0]], [hidden])]
    if is_pooled:
        nodes.append(helper.make_node("ReduceMax", [hidden, "axis"], ["pooled"], keepdims=0))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "tokens"]) for n in takes],
        [helper.make_empty_tensor_value_info("pooled" if is_pooled else hidden)],
        [
            numpy_helper.from_array(table, "table"),
            numpy_helper.from_array(np.array([1], dtype=np.int64), "axis"),
        ],
    )
    opset = helper.make_opsetid("", 18)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=9)
    onnx.save(model, folder / "model.onnx")
    return folder
