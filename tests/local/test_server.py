"""The engine with the real weights: closed to strangers, silent, one for each file, bound to a schema."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from mapgen.errors import ConfigError, EngineError
from mapgen.local import Running, shared, start
from tests.processes import running

SYSTEM = "You explain one notion in one plain sentence. " * 12
SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 3, "maxLength": 30},
        "parts": {"type": "array", "items": {"type": "string", "maxLength": 20}, "minItems": 2, "maxItems": 2},
    },
    "required": ["name", "parts"],
    "additionalProperties": False,
}


def open_url(url: str, body: Any = None, **headers: str) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers})
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=120)


def call(engine: Running, where: str, body: Any = None, **headers: str) -> Any:
    """The answer to a request with ``headers`` and no key of its own."""
    return open_url(engine.base_url.removesuffix("/v1") + where, body, **headers)


def chat(engine: Running, question: str, **more: Any) -> Any:
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}]
    body = {"messages": messages, "max_tokens": 1, **more}
    with call(engine, "/v1/chat/completions", body, Authorization=f"Bearer {engine.api_key}") as response:
        return json.load(response)


def refusal(engine: Running, where: str, body: Any = None, **headers: str) -> urllib.error.HTTPError:
    with pytest.raises(urllib.error.HTTPError) as caught:
        call(engine, where, body, **headers)
    caught.value.close()
    return caught.value


@pytest.mark.parametrize("content", [b"", b"GG", b"PK\x03\x04 a zip archive"])
def test_a_file_that_is_no_gguf_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=r"model\.gguf is not a GGUF file"):
        start(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        start(tmp_path / "none.gguf")


@pytest.fixture
def magic_only(tmp_path: Path) -> Path:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF" + bytes(range(256)) * 20)
    return file


def test_without_the_extra_it_names_the_command(magic_only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ConfigError) as caught:
        start(magic_only)
    assert 'pip install "mapgen[local]"' in caught.value.hint


def test_a_damaged_file_is_an_error_and_not_a_crash(magic_only: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("xllamacpp")
    with pytest.raises(EngineError, match="could not start"):
        shared(magic_only)
    assert capfd.readouterr() == ("", "")


@pytest.mark.embedded
class TestClosed:
    def test_the_address_is_loopback_with_a_key_of_its_own(self, engine: Running) -> None:
        assert engine.base_url.startswith("http://127.0.0.1:")
        assert engine.base_url.endswith("/v1")
        assert len(engine.api_key) >= 40

    @pytest.mark.parametrize(
        "where", ["/v1/chat/completions", "/completion", "/tokenize", "/slots/0?action=save", "/v1/embeddings"]
    )
    def test_without_the_key_nothing_is_done(self, engine: Running, where: str) -> None:
        body = {"messages": [{"role": "user", "content": "hi"}], "prompt": "hi", "max_tokens": 1}
        assert refusal(engine, where, body).code == 401
        assert refusal(engine, where, body, Authorization="Bearer wrong").code == 401

    def test_what_the_engine_holds_is_not_shown(self, engine: Running) -> None:
        for where in ("/slots", "/props", "/metrics"):
            assert refusal(engine, where).code in (401, 404, 501)

    def test_another_host_name_gets_no_further(self, engine: Running) -> None:
        assert refusal(engine, "/v1/chat/completions", {}, Host="evil.example").code == 401

    def test_another_origin_is_not_let_in(self, engine: Running) -> None:
        with call(engine, "/health", Origin="https://evil.example") as response:
            assert response.headers["Access-Control-Allow-Origin"] not in ("*", "https://evil.example")
        error = refusal(engine, "/v1/chat/completions", {}, Origin="https://evil.example")
        assert error.headers["Access-Control-Allow-Origin"] not in ("*", "https://evil.example")

    def test_no_page_is_served(self, engine: Running) -> None:
        assert refusal(engine, "/").code in (401, 404)

    def test_its_path_on_the_disk_is_not_told(self, engine: Running, embedded_weights: Path) -> None:
        with call(engine, "/v1/models", Authorization=f"Bearer {engine.api_key}") as response:
            listed = response.read().decode()
        assert engine.model in listed
        assert str(embedded_weights.parent) not in listed


@pytest.mark.embedded
class TestServing:
    def test_an_answer_keeps_to_its_schema(self, engine: Running) -> None:
        form = {"type": "json_schema", "json_schema": {"name": "thing", "strict": True, "schema": SCHEMA}}
        reply = chat(engine, "Name a bicycle's two wheels.", max_tokens=120, response_format=form)
        value = json.loads(reply["choices"][0]["message"]["content"])
        assert list(value) == ["name", "parts"]
        assert 3 <= len(value["name"]) <= 30
        assert len(value["parts"]) == 2

    def test_a_prefix_is_processed_once_for_all_slots(self, engine: Running) -> None:
        engine.warm(SYSTEM)
        questions = [f"What is {thing}?" for thing in ("tin", "a loan", "yeast", "a fugue")]
        with ThreadPoolExecutor(len(questions)) as pool:
            timings = [reply["timings"] for reply in pool.map(lambda question: chat(engine, question), questions)]
        assert all(timing["cache_n"] > 100 for timing in timings)
        assert all(timing["prompt_n"] < 30 for timing in timings)

    def test_it_writes_nothing_to_the_terminal(self, engine: Running, capfd: pytest.CaptureFixture[str]) -> None:
        chat(engine, "What is salt?")
        with pytest.raises(urllib.error.HTTPError):
            chat(engine, "hi", messages="no list")
        assert capfd.readouterr() == ("", "")


SHARED = """
import sys, threading
from pathlib import Path
from mapgen.local import shared
file = Path(sys.argv[1])
engines = []
threads = [threading.Thread(target=lambda: engines.append(shared(file))) for _ in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(engines[0] is engines[1] is shared(file))
engines[0].stop()
print(engines[0].stopped)
print(shared(file) is engines[0])
"""
SERVED = """
import sys
from pathlib import Path
from mapgen.local import serve
try:
    serve(Path(sys.argv[1]), api_key="mine", ready=lambda engine: print(engine.base_url, engine.api_key, flush=True))
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.embedded
def test_threads_share_one_engine_and_its_end_is_silent(embedded_weights: Path) -> None:
    command = [sys.executable, "-c", SHARED, str(embedded_weights)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\nTrue\nFalse\n", "")


@pytest.mark.embedded
@pytest.mark.skipif(sys.platform == "win32", reason="interrupts by signal")
def test_serving_ends_at_once_when_interrupted_in_the_middle_of_answers(embedded_weights: Path) -> None:
    command = [sys.executable, "-c", SERVED, str(embedded_weights)]
    with running(command) as process:
        assert process.stdout
        base_url, key = process.stdout.readline().split()
        with ThreadPoolExecutor(1) as pool, _long_answer(base_url, key, stream=True) as stream:
            waiting = pool.submit(_long_answer, base_url, key, stream=False)
            stream.readline()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate()
            assert isinstance(waiting.exception(timeout=30), OSError)
    assert (process.returncode, out, err) == (0, "interrupted\n", "")
    assert key == "mine"


def _long_answer(base_url: str, key: str, *, stream: bool) -> Any:
    body = {"messages": [{"role": "user", "content": "Tell a long story."}], "max_tokens": 2000, "stream": stream}
    return open_url(f"{base_url}/chat/completions", body, Authorization=f"Bearer {key}")
