"""How the engine is set: for memory, speed, quiet, and a model that tends to repeat itself.

Numbers and the reasons for them; it starts nothing and imports no engine.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SLOTS = 6
CONTEXT = 3072
_NOWHERE = "http://127.0.0.1"


@dataclass(frozen=True)
class Sampling:
    """The engine's own defaults; a request may override them.

    ``penalty_repeat`` and ``penalty_last_n``: how strongly a token of the last n is held back. ``dry_*``: the
    same for going on with a run of tokens that was written before, once longer than ``dry_allowed_length``.
    """

    temp: float = 0.3
    top_p: float = 0.9
    top_k: int = 40
    min_p: float = 0.05
    penalty_repeat: float = 1.05
    penalty_last_n: int = 128
    dry_multiplier: float = 0.8
    dry_base: float = 1.75
    dry_allowed_length: int = 6
    dry_penalty_last_n: int = 256


SAMPLING = Sampling()


def set_model(params: Any, path: Path, *, slots: int, context: int, load_mode: Any) -> None:
    """``load_mode`` is the one that maps no file: mapped, the weights stand in memory twice (0.6 GB more)."""
    params.model.path = str(path)
    params.model_alias = {path.stem}
    params.n_parallel = slots
    params.n_ctx = slots * context
    params.load_mode = load_mode
    params.n_ubatch = 256
    # What a slot knew when another kind of prompt takes it over; a prefix of 300 tokens is 8 MiB.
    params.cache_ram_mib = 128
    # Slots with one cache for all cannot be restored one by one, which Running.warm needs.
    params.kv_unified = False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = _threads()


def set_door(params: Any, *, port: int, key: str, scratch: str) -> None:
    """Loopback only, with a key, for no other origin, without pages and views of what it holds, and silent."""
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.api_keys = [key]
    params.cors_origins = _NOWHERE
    params.cors_origins_explicit = True
    params.cors_credentials = False
    params.ui = False
    params.endpoint_slots = False
    params.endpoint_props = False
    params.slot_save_path = scratch + os.sep
    params.verbosity = -1


def set_sampling(target: Any, sampling: Sampling) -> None:
    """Each field of ``sampling`` is a field of the engine's."""
    for name, value in vars(sampling).items():
        setattr(target, name, value)


def _threads() -> int:
    """Minus one, the engine's own count of physical cores, unless this process may use only some of them."""
    if not hasattr(os, "sched_getaffinity"):
        return -1
    usable = len(os.sched_getaffinity(0))
    return usable if usable < (os.cpu_count() or 1) else -1
