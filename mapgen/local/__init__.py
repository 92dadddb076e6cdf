"""The embedded model: its weights, fetched and verified, and the engine that serves them in this process.

It knows no maps and no prompts; llm/ talks to the engine as to any other OpenAI-compatible server.
"""

from __future__ import annotations

from mapgen.local.known import KNOWN, QWEN_CODER_1_5B, Progress, Weights
from mapgen.local.server import Running, serve, shared, start
from mapgen.local.weights import path, present, pull, verify

__all__ = [
    "KNOWN",
    "QWEN_CODER_1_5B",
    "Progress",
    "Running",
    "Weights",
    "path",
    "present",
    "pull",
    "serve",
    "shared",
    "start",
    "verify",
]
