"""Models of meaning that an operator names: a sentence embedding, exported to ONNX.

Any encoder with one vector for each token will do (MiniLM, BGE, E5, GTE …): a folder with
``model.onnx``, or ``onnx/model.onnx``, and ``tokenizer.json``, as Hugging Face's exports have it.
Nothing is fetched. The libraries come with the extra ``parley-monitor[meaning]``.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from schemas.distribution import install_hint
from schemas.errors import ConfigurationError

#: Where a folder may have the model.
_MODELS = ("model.onnx", "onnx/model.onnx")
_TOKENIZER = "tokenizer.json"
_LIBRARIES = ("onnxruntime", "tokenizers")
#: What an encoder takes; all but the first two are left out if it does not.
_INPUTS = ("input_ids", "attention_mask", "token_type_ids", "position_ids")
#: Statements hold some 20 words; the cost grows with the square of the length.
_MAX_TOKENS = 256
#: Statements whose vectors are kept: of each some 30 words of 384 numbers, 12 MB in all.
_MAX_KEPT = 256

_loaded: dict[str, OnnxMeaningModel] = {}
_lock = threading.Lock()


def load_meaning_model(folder: str) -> OnnxMeaningModel | None:
    """The model in the folder; None without one (``""``). It is loaded once per process.

    Raises:
        ConfigurationError: there is no model, it is not one of meaning, or the extra is missing.
    """
    if not folder:
        return None
    with _lock:
        if folder not in _loaded:
            _loaded[folder] = OnnxMeaningModel(Path(folder))
        return _loaded[folder]


class OnnxMeaningModel:
    """A sentence embedding as the transforms' ``MeaningModel``.

    Deterministic on one machine; of another kind of processor the last digits may differ.
    """

    def __init__(self, folder: Path) -> None:
        model, tokenizer = _files(folder)
        for name in _LIBRARIES:
            if importlib.util.find_spec(name) is None:
                raise _wrong(folder, f"needs {name}; run {install_hint('meaning')}")
        #: Two models in folders of one name are told apart.
        self.name = f"{folder.resolve().name} {hashlib.sha256(model.read_bytes()).hexdigest()[:8]}"
        self._session, self._takes = _session(model)
        self._tokenizer = _tokenizer(tokenizer)
        self._vectors = functools.lru_cache(maxsize=_MAX_KEPT)(self._embed)
        self._try(model)

    def likeness(self, a: Sequence[str], b: Sequence[str]) -> list[list[float]]:
        """The cosine of each word of ``a`` with each of ``b``."""
        found: list[list[float]] = (self._vectors(tuple(a)) @ self._vectors(tuple(b)).T).tolist()
        return found

    def _embed(self, words: tuple[str, ...]) -> Any:
        """A vector of length 1 for each word, the sum of its tokens'; 0 for words beyond."""
        import numpy as np  # here: the module is imported by runs without such a model

        tokens = self._tokenizer.encode(words, is_pretokenized=True)
        ids = np.array([tokens.ids], dtype=np.int64)
        given = dict(zip(_INPUTS, self._given(ids), strict=True))
        (hidden, *_) = self._session.run(None, {name: given[name] for name in self._takes})
        if hidden.ndim != 3 or hidden.shape[:2] != ids.shape:
            raise ValueError(f"{ids.shape[1]} tokens gave {hidden.shape}")
        vectors = np.zeros((len(words), hidden.shape[-1]), dtype=np.float64)
        for place, word in enumerate(tokens.word_ids):
            if word is not None:
                vectors[word] += np.nan_to_num(hidden[0, place])
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.where(lengths == 0, 1, lengths)

    def _given(self, ids: Any) -> tuple[Any, ...]:
        """A value for each of ``_INPUTS``: one sentence, all of it to be read."""
        import numpy as np

        places = np.arange(ids.shape[1], dtype=np.int64)[None, :]
        return ids, np.ones_like(ids), np.zeros_like(ids), places

    def _try(self, model: Path) -> None:
        """Embed two words.

        Raises:
            ConfigurationError: that gives no vector for each.
        """
        try:
            self._embed(("two", "words"))
        except Exception as error:
            what = f"gives no vector for each token ({_first_line(error)}); {_REMEDY}"
            raise _wrong(model, what) from error


_REMEDY = "export a sentence embedding with its tokens' vectors (last_hidden_state)"


def _files(folder: Path) -> tuple[Path, Path]:
    """The model and the tokenizer."""
    if not folder.is_dir():
        raise _wrong(folder, "is no folder; give the one that holds model.onnx and tokenizer.json")
    model = next((folder / name for name in _MODELS if (folder / name).is_file()), None)
    if model is None or not (folder / _TOKENIZER).is_file():
        absent = _TOKENIZER if model else " or ".join(_MODELS)
        raise _wrong(folder, f"has no {absent}; export the model to ONNX with its tokenizer")
    return model, folder / _TOKENIZER


def _session(model: Path) -> tuple[Any, list[str]]:
    """The model, ready to run on one thread, and the names of what it takes."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4  # errors come as exceptions
    try:
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise _wrong(model, f"is no ONNX model ({_first_line(error)}); {_REMEDY}") from error
    takes = [given.name for given in session.get_inputs()]
    if "input_ids" not in takes or not set(takes) <= set(_INPUTS):
        raise _wrong(model, f"takes {', '.join(takes)}, not input_ids and its like; {_REMEDY}")
    return session, takes


def _tokenizer(path: Path) -> Any:
    import tokenizers

    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(path))
    except Exception as error:
        what = f"is no tokenizer ({_first_line(error)}); take the one of the model"
        raise _wrong(path, what) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MAX_TOKENS)
    return tokenizer


def _wrong(path: Path, what: str) -> ConfigurationError:
    return ConfigurationError([f"--meaning: {str(path)!r} {what}"])


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
