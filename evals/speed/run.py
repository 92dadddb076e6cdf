"""Runs the benchmarks and writes RESULTS.md: python evals/speed/run.py [latency startup layout page … embedded].

Every figure is measured in this run, on this machine; without names all are.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from measure import ROOT, Figure

sys.path.insert(0, str(ROOT))
WEIGHTS = ROOT / ".models" / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
HEAD = "| what | measured | bound | held | ratio in this run |\n| --- | --- | --- | --- | --- |\n"


def main(names: list[str]) -> None:
    """Measure, print, and write the table where everything was measured."""
    rows = [row for name in ALL if name in names for row in _figures(name)]
    table = HEAD + "".join(f"{row.row()}\n" for row in rows)
    print(table)
    if set(names) == set(ALL):
        where = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"
        told = f"# Speed and size\n\nMeasured on {datetime.now(UTC):%Y-%m-%d}: {where}.\n\n{table}"
        (ROOT / "evals" / "speed" / "RESULTS.md").write_text(told, encoding="utf-8")


def _figures(name: str) -> list[Figure]:
    """The rows of one benchmark, which is the module of that name."""
    measure = import_module(name).figures
    if name == "startup":
        with _server() as url:
            return list(measure(url))
    if name == "embedded":
        return list(measure(Path(os.environ.get("MAPGEN_TEST_WEIGHTS", WEIGHTS))))
    return list(measure())


@contextmanager
def _server() -> Iterator[str]:
    """A fake endpoint in a thread of its own; gives its base URL."""
    from tests.servers.fake import FakeServer

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = FakeServer()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
    try:
        yield server.url
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


ALL = ("latency", "startup", "layout", "page", "size", "scoring", "significance", "runner", "sources", "embedded")

if __name__ == "__main__":
    main(sys.argv[1:] or list(ALL))
