"""What the scripts that fit Parley's models share: the fit, and a file with its provenance."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from transforms.core.logistic import Features, Logistic

ROUNDS = 30
DIGITS = 3


def fit(
    names: Sequence[str],
    rows: Sequence[Features],
    labels: Sequence[bool],
    penalty: float,
    weights: Sequence[float] = (),
) -> Logistic:
    """The penalised maximum likelihood, by Newton's method; the bias is not penalised.

    ``penalty`` is on the squares of the weights; ``weights`` say how much each row counts.
    """
    x = np.array([[1.0, *(row.get(name, 0.0) for name in names)] for row in rows])
    y = np.array(labels, dtype=float)
    counts = np.array(weights, dtype=float) if weights else np.ones(len(y))
    ridge = penalty * np.eye(x.shape[1])
    ridge[0, 0] = 1e-6
    w = np.zeros(x.shape[1])
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (counts * (y - p)) - ridge @ w
        w = w + np.linalg.solve((x.T * (counts * p * (1 - p))) @ x + ridge, gradient)
    bias, *fitted = (round(float(value), DIGITS) for value in w)
    return Logistic(bias, {n: v for n, v in zip(names, fitted, strict=True) if v})


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines.

    Raises:
        SystemExit: a line is no JSON object; it is named.
    """
    for number, line in enumerate(path.read_text("utf8").splitlines(), 1):
        try:
            yield json.loads(line)
        except ValueError as error:
            raise SystemExit(f"{path}, line {number}: {error}; expected one JSON object") from error


def file_of(
    model: Logistic, folders: Sequence[Path], provenance: Mapping[str, Any], date: str
) -> str:
    """A model as JSON, with what it was fitted on."""
    names = ("pages.jsonl", "statements.jsonl")
    data = b"".join((folder / name).read_bytes() for folder in folders for name in names)
    stored = {
        **provenance,
        "date": date,
        "data": "annotated negotiation news, not shipped",
        "data_sha256": hashlib.sha256(data).hexdigest(),
        "bias": model.bias,
        "weights": dict(sorted(model.weights.items())),
    }
    return json.dumps(stored, ensure_ascii=False, indent=1) + "\n"
