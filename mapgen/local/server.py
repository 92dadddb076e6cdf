"""The engine: llama.cpp's own HTTP server inside this process, OpenAI-compatible, one for each file.

It listens on the loopback interface only, asks for a key made anew each time, and is silent. It runs any GGUF
file and knows no prompts and no maps.
"""

from __future__ import annotations

import atexit
import json
import os
import secrets
import shutil
import tempfile
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mapgen.errors import ConfigError, EngineError

SLOTS = 6
CONTEXT = 3072
_MAGIC = b"GGUF"
_NOWHERE = "http://127.0.0.1"
_STATE = "prefix.bin"
_WARM_TIMEOUT = 600.0


@dataclass(frozen=True)
class Sampling:
    """The engine's own defaults, for a small model that tends to repeat itself; a request may override them.

    ``dry_*`` punish going on with a run of tokens that was written before, once it is longer than
    ``dry_allowed_length``; the ``*_last_n`` are how many tokens back they look.
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


@dataclass(frozen=True)
class Running:
    """An engine that answers at ``base_url`` to who has ``api_key``; ``context`` is in tokens for each slot."""

    base_url: str
    api_key: str
    model: str
    slots: int
    context: int
    _server: Any = field(repr=False, compare=False)

    def warm(self, system: str) -> None:
        """Have every slot know ``system``, the system message that many prompts begin with; blocks some seconds.

        It is processed once and copied, so that requests at the same time do not each process it. May be called
        from a thread while other requests are under way. Raises EngineError.
        """
        messages = [{"role": "system", "content": system}, {"role": "user", "content": ""}]
        ask = {"messages": messages, "max_tokens": 1, "id_slot": 0, "cache_prompt": True}
        self._post("/v1/chat/completions", ask)
        self._post("/slots/0?action=save", {"filename": _STATE})
        for slot in range(1, self.slots):
            self._post(f"/slots/{slot}?action=restore", {"filename": _STATE})

    def _post(self, where: str, body: dict[str, Any]) -> None:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.api_key}"}
        url = self.base_url.removesuffix("/v1") + where
        request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers)
        try:
            _LOOPBACK.open(request, timeout=_WARM_TIMEOUT).close()
        except OSError as error:
            raise EngineError(f"The embedded model's engine does not answer: {error}.") from error


_LOOPBACK = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_running: dict[Path, Running] = {}
_starting = threading.Lock()


def shared(path: Path) -> Running:
    """The one engine of this process for the file ``path``, started at the first call and kept until exit.

    Threads that call at the same time get the same. Raises as start() does.
    """
    with _starting:
        found = _running.get(path.resolve())
        if found is None:
            found = _running[path.resolve()] = start(path)
        return found


def start(path: Path, *, slots: int = SLOTS, context: int = CONTEXT, port: int = 0, api_key: str = "") -> Running:
    """Load the GGUF file ``path`` and serve it with ``slots`` requests at a time of ``context`` tokens each.

    Port 0 takes a free one, no key a random one. Takes some seconds. Raises ConfigError where xllamacpp is not
    installed or ``path`` is no GGUF file, EngineError where the file does not load or the port is taken.
    """
    _check_file(path)
    try:
        import xllamacpp
    except ImportError as error:
        hint = 'Run: pip install "mapgen[local]" - or name a model elsewhere with --base-url and --model.'
        raise ConfigError("The embedded model's engine (xllamacpp) is not installed.", hint=hint) from error
    key = api_key or secrets.token_urlsafe(32)
    params = xllamacpp.CommonParams()
    _set_model(params, path, slots=slots, context=context, mode=xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE)
    _set_door(params, port=port, key=key)
    _set_sampling(params.sampling, SAMPLING)
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        hint = "The file may be damaged, too new for this engine, or too large for the memory; or the port is taken."
        raise EngineError(f"The engine could not start with {path}.", hint=hint) from error
    return Running(f"{server.listening_address}/v1", key, path.stem, slots, context, server)


def serve(path: Path, *, ready: Callable[[Running], None], port: int = 0, api_key: str = "") -> None:
    """Serve ``path`` until interrupted; ``ready`` is told the address and the key once it answers.

    Raises as start() does, and lets KeyboardInterrupt pass.
    """
    ready(start(path, port=port, api_key=api_key))
    threading.Event().wait()


def _check_file(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigError(f"The model {path} cannot be read: {reason}.", hint="Check the path.") from error
    if magic != _MAGIC:
        raise ConfigError(f"{path} is not a GGUF file.", hint="Name a model in the GGUF format.")


def _set_model(params: Any, path: Path, *, slots: int, context: int, mode: Any) -> None:
    """Figures in evals/speed: without mapping, 0.6 GB less; batches of 256, 50 MB less at the same speed."""
    params.model.path = str(path)
    params.model_alias = {path.stem}
    params.n_parallel = slots
    params.n_ctx = slots * context
    params.load_mode = mode
    params.n_ubatch = 256
    params.cache_ram_mib = 128
    # Slots that share one cache cannot be restored one by one, which warm() needs.
    params.kv_unified = False
    threads = _threads()
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads


def _set_door(params: Any, *, port: int, key: str) -> None:
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.api_keys = [key]
    params.cors_origins = _NOWHERE
    params.cors_origins_explicit = True
    params.cors_credentials = False
    params.ui = False
    params.endpoint_slots = False
    params.endpoint_props = False
    params.slot_save_path = _scratch()
    params.verbosity = -1


def _set_sampling(target: Any, sampling: Sampling) -> None:
    for name, value in vars(sampling).items():
        setattr(target, name, value)


def _threads() -> int:
    """Minus one, the engine's own count of physical cores, unless this process may use only some of them."""
    if not hasattr(os, "sched_getaffinity"):
        return -1
    usable = len(os.sched_getaffinity(0))
    return usable if usable < (os.cpu_count() or 1) else -1


def _scratch() -> str:
    """A private folder for the slots' states, removed at exit; the engine wants the separator at its end."""
    folder = tempfile.mkdtemp(prefix="mapgen-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder + os.sep
