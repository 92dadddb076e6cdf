"""Texts as vectors of meaning, offline: wordllama's static embeddings, the mean of the vectors of a text's tokens.

Its two files are read directly: importing the package would set up the root logger and import an HTTP client, and
its loader looks in the wrong folder. Each text is pooled alone, so that its vector never depends on the batch.
They were trained on English. This module knows no map, no metric and no source.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from mapgen.errors import ConfigError
from mapgen.rules.words import base, fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

CACHED = 50_000  # texts
_WEIGHTS, _TOKENIZER = "weights/l2_supercat_256.safetensors", "tokenizers/l2_supercat_tokenizer_config.json"
_QUOTES = str.maketrans({**dict.fromkeys("‘’‚‛`´", "'"), **dict.fromkeys("“”„‟«»", '"')})


class Embedder(Protocol):
    """What turns texts into vectors."""

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, of length 1, or 0 where the text has no token."""
        ...


class WordLlama:
    """The embeddings that come with the wordllama package; texts are embedded once and remembered."""

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self._rows = load_file(folder / _WEIGHTS)["embedding.weight"]
        self._tokenizer: Any = Tokenizer.from_file(str(folder / _TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._known: dict[str, Vectors] = {}
        self._lock = Lock()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """One row of 256 for each text. Case, kind of quotes and spacing make no difference."""
        import numpy as np

        plain = [plainly(text) for text in texts]
        with self._lock:
            new = [text for text in dict.fromkeys(plain) if text not in self._known]
            if len(self._known) + len(new) > CACHED:
                self._known.clear()
                new = list(dict.fromkeys(plain))
            for text, encoded in zip(new, self._encoded(new), strict=True):
                self._known[text] = self._pooled(encoded.ids)
            rows = [self._known[text] for text in plain]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self._rows.shape[1])

    def _encoded(self, texts: list[str]) -> Any:
        return self._tokenizer.encode_batch(texts, add_special_tokens=False)

    def _pooled(self, ids: list[int]) -> Vectors:
        import numpy as np

        mean: Vectors = self._rows[ids].astype(np.float32).sum(axis=0)
        length = float(np.linalg.norm(mean))
        return mean / np.float32(length) if length > 0 else mean


def plainly(text: str) -> str:
    """``text`` without what says nothing: case, kinds of quotes, runs of space."""
    return " ".join(fold(text).translate(_QUOTES).split())


@cache
def wordllama() -> Embedder:
    """The embeddings of this process, loaded at the first call (0.2 s). Raises ConfigError without the package."""
    if (folder := _folder()) is None:
        raise ConfigError(
            "The package wordllama is missing: texts are compared by it.",
            hint='Install it: pip install "mapgen[evals]"',
        )
    return WordLlama(folder)


def installed() -> bool:
    """Whether wordllama() has its package; nothing is loaded to tell."""
    return _folder() is not None


def _folder() -> Path | None:
    found = find_spec("wordllama")
    return Path(found.submodule_search_locations[0]) if found and found.submodule_search_locations else None


def supported(language: str) -> bool:
    """Whether similarities of texts in ``language`` mean anything: the embeddings were trained on English."""
    return base(language) == "en"
