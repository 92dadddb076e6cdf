"""The engine: llama.cpp's own HTTP server inside this process, OpenAI-compatible, one for each file.

It listens on the loopback interface only, asks for a key made anew each time, and is silent. It runs any GGUF
file and knows no prompts and no maps.
"""

from __future__ import annotations

import atexit
import json
import secrets
import shutil
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mapgen.errors import ConfigError, EngineError
from mapgen.local import connections, tuning

_MAGIC = b"GGUF"
_STATE = "prefix.bin"
_WARM_TIMEOUT = 600.0
_LOOPBACK = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Running:
    """An engine that answers at ``base_url`` to who has ``api_key``; ``context`` is in tokens for each slot."""

    base_url: str
    api_key: str
    model: str
    slots: int
    context: int
    _server: list[Any] = field(repr=False, compare=False)
    _scratch: str = field(repr=False, compare=False)

    @property
    def stopped(self) -> bool:
        """Whether stop() was called."""
        return not self._server

    def stop(self) -> None:
        """Break off what is under way and give the memory back; takes up to some seconds. Done at exit, too."""
        if self._server:
            address = urlsplit(self.base_url)
            # Taken down with a client still waiting, the server would wait for that client.
            connections.drop((address.hostname or "", address.port or 0))
            self._server.clear()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def warm(self, system: str) -> None:
        """Have every slot know ``system``, the system message that many prompts begin with; blocks some seconds.

        It is processed once and copied, so that requests at the same time do not each process it. May be called
        from a thread while other requests are under way. Raises EngineError.
        """
        messages = [{"role": "system", "content": system}, {"role": "user", "content": ""}]
        self._post("/v1/chat/completions", {"messages": messages, "max_tokens": 1, "id_slot": 0})
        self._post("/slots/0?action=save", {"filename": _STATE})
        for slot in range(1, self.slots):
            self._post(f"/slots/{slot}?action=restore", {"filename": _STATE})
        Path(self._scratch, _STATE).unlink(missing_ok=True)

    def _post(self, where: str, body: dict[str, Any]) -> None:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.api_key}"}
        url = self.base_url.removesuffix("/v1") + where
        request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers)
        try:
            with _LOOPBACK.open(request, timeout=_WARM_TIMEOUT) as answer:
                answer.read()
        except OSError as error:
            raise EngineError(f"The embedded model's engine does not answer: {error}.") from error


_running: dict[Path, Running] = {}
_starting = threading.Lock()


def shared(path: Path) -> Running:
    """The one engine of this process for the file ``path``, started at the first call and kept until exit.

    Threads that call at the same time get the same. Raises as start() does.
    """
    place = path.resolve()
    with _starting:
        found = _running.get(place)
        if found is None or found.stopped:
            found = _running[place] = start(path)
        return found


def start(
    path: Path,
    *,
    slots: int = tuning.SLOTS,
    context: int = tuning.CONTEXT,
    port: int = 0,
    api_key: str = "",
) -> Running:
    """Load the GGUF file ``path`` and serve it with ``slots`` requests at a time of ``context`` tokens each.

    Port 0 takes a free one, no key a random one. Takes some seconds. Raises ConfigError where xllamacpp is not
    installed or ``path`` is no GGUF file, EngineError where the file does not load or the port is taken.
    """
    _check_file(path)
    xllamacpp = _engine()
    key = api_key or secrets.token_urlsafe(32)
    scratch = tempfile.mkdtemp(prefix="mapgen-engine-")
    params = xllamacpp.CommonParams()
    no_map = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE
    tuning.set_model(params, path, slots=slots, context=context, load_mode=no_map)
    tuning.set_door(params, port=port, key=key, scratch=scratch)
    tuning.set_sampling(params.sampling, tuning.SAMPLING)
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        shutil.rmtree(scratch, ignore_errors=True)
        hint = "The file may be damaged, too new for this engine or too large for the memory, or the port is taken."
        raise EngineError(f"The engine could not start with {path}.", hint=hint) from error
    running = Running(f"{server.listening_address}/v1", key, path.stem, slots, context, [server], scratch)
    # Once it has done a task its loop runs; stopped before that, the loop would miss it and run for ever.
    running._post("/slots/0?action=erase", {})
    atexit.register(running.stop)
    return running


def serve(path: Path, *, ready: Callable[[Running], None], port: int = 0, api_key: str = "") -> None:
    """Serve ``path`` until interrupted; ``ready`` is told the address and the key once it answers.

    Raises as start() does, and lets KeyboardInterrupt pass once the engine has stopped.
    """
    engine = start(path, port=port, api_key=api_key)
    try:
        ready(engine)
        # In short waits: on some systems an endless one cannot be interrupted.
        while not engine.stopped:
            time.sleep(0.5)
    finally:
        engine.stop()


def _engine() -> Any:
    try:
        import xllamacpp
    except ImportError as error:
        hint = 'Run: pip install "mapgen[local]" - or name a model elsewhere with --base-url and --model.'
        raise ConfigError("The embedded model's engine (xllamacpp) is not installed.", hint=hint) from error
    return xllamacpp


def _check_file(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigError(f"The model {path} cannot be read: {reason}.", hint="Check the path.") from error
    if magic != _MAGIC:
        raise ConfigError(f"{path} is not a GGUF file.", hint="Name a model in the GGUF format.")
