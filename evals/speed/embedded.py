"""The embedded model: how long a map of five concepts takes, beside the same calls sent straight to the engine.

Each arm runs in a process of its own with an engine of its own; loading is left out of both. The requests of the
first arm are recorded at the engine's door and sent again by the second, wave by wave, by a plain HTTP client.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from measure import Figure

QUERY = "How do interest rates affect inflation and oil prices?"
SECONDS, RATIO, MEMORY = 90.0, 1.15, 2.5


def figures(weights: Path) -> list[Figure]:
    """The rows: seconds, ratio to the bare calls, gigabytes (10^9 bytes) at the peak of the whole process."""
    with tempfile.TemporaryDirectory() as folder:
        calls = Path(folder) / "calls.json"
        ours = _arm("map", weights, calls)
        bare = _arm("bare", weights, calls)
    seconds, direct = ours["seconds"], bare["seconds"]
    told = f"{ours['concepts']} concepts, {ours['calls']} calls, {ours['tokens']} tokens written"
    return [
        Figure(
            f"embedded model: a map of “{QUERY}” ({told})",
            seconds,
            "s",
            SECONDS,
            direct,
            "the same calls sent bare",
        ),
        Figure("embedded model: time over that of the same calls sent bare", seconds / direct, "×", RATIO),
        Figure("embedded model: peak memory of the process", ours["peak"] / 1e9, "GB", MEMORY),
    ]


def _arm(name: str, weights: Path, calls: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, name, str(weights), str(calls)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return result


def _map_arm(weights: Path, calls: Path) -> dict[str, Any]:
    """Make the map, recording each request with the time at which it was sent."""
    from mapgen import generate
    from mapgen.llm.openai import OpenAIEndpoint
    from mapgen.local import shared

    sent: list[tuple[float, dict[str, Any]]] = []
    original = OpenAIEndpoint._body

    async def recorded(self: OpenAIEndpoint, request: dict[str, Any]) -> bytes:
        sent.append((time.perf_counter(), request))
        return await original(self, request)

    OpenAIEndpoint._body = recorded  # type: ignore[method-assign]
    shared(weights)
    import mapgen.pipeline  # noqa: F401

    began = time.perf_counter()
    map = generate(QUERY, model=f"local:{weights}", concepts=5, cache=False, temperature=0.0)
    seconds = time.perf_counter() - began
    calls.write_text(json.dumps(sent))
    assert map.made is not None
    return {
        "seconds": seconds,
        "concepts": len(map.concepts),
        "calls": map.made.calls,
        "tokens": map.made.output_tokens,
        "status": map.status,
        "peak": _peak(),
    }


def _bare_arm(weights: Path, calls: Path) -> dict[str, Any]:
    """Send the recorded requests, those of one wave at once."""
    from mapgen.local import shared

    engine = shared(weights)
    waves: list[list[dict[str, Any]]] = []
    last = float("-inf")
    for at, request in sorted(json.loads(calls.read_text()), key=lambda one: one[0]):
        if at - last > 1.0:
            waves.append([])
        waves[-1].append(request)
        last = at

    def send(request: dict[str, Any]) -> None:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {engine.api_key}"}
        url = f"{engine.base_url}/chat/completions"
        with urllib.request.urlopen(urllib.request.Request(url, json.dumps(request).encode(), headers)) as answer:
            answer.read()

    began = time.perf_counter()
    with ThreadPoolExecutor(16) as pool:
        for wave in waves:
            list(pool.map(send, wave))
    return {"seconds": time.perf_counter() - began}


def _peak() -> int:
    """The most memory that this process held, in bytes."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    arm = {"map": _map_arm, "bare": _bare_arm}[sys.argv[1]]
    os.environ.pop("MAPGEN_MODEL", None)
    print(json.dumps(arm(Path(sys.argv[2]), Path(sys.argv[3]))))
