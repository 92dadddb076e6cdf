"""From settings to endpoints: every way to name a model and a key, and what is said where it does not work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from mapgen.errors import ConfigError
from mapgen.llm.base import Endpoint, host_of
from mapgen.llm.endpoints import EMBEDDED_TEMPERATURE, HOSTED_MODEL, OPENAI_URL, default_model, endpoint, endpoints
from mapgen.local.known import QWEN_CODER_1_5B
from mapgen.settings import Settings

KEY = SecretStr("sk-verysecretkey")
MINE = "http://127.0.0.1:8080/v1"


def settings(**given: Any) -> Settings:
    """Settings with these and no others."""
    return Settings(**given)


@pytest.mark.parametrize(
    ("given", "kind", "model", "url"),
    [
        ({}, "embedded", Path(QWEN_CODER_1_5B.filename).stem, None),
        ({"api_key": KEY}, "hosted", HOSTED_MODEL, OPENAI_URL),
        ({"api_key": KEY, "model": "gpt-x"}, "hosted", "gpt-x", OPENAI_URL),
        ({"api_key": KEY, "model": "local"}, "embedded", Path(QWEN_CODER_1_5B.filename).stem, None),
        ({"base_url": MINE, "model": "llama"}, "hosted", "llama", MINE),
        ({"base_url": OPENAI_URL, "api_key": KEY}, "hosted", HOSTED_MODEL, OPENAI_URL),
        ({"base_url": MINE, "api_key": KEY, "model": "org/model:free"}, "hosted", "org/model:free", MINE),
    ],
)
def test_which_model_is_asked(given: dict[str, Any], kind: str, model: str, url: str | None) -> None:
    found = endpoints(settings(**given))
    assert set(found) == {"planner", "writer", "judge"}
    assert len(set(found.values())) == 1
    assert (found["writer"].kind, found["writer"].model, found["writer"].base_url) == (kind, model, url)


def test_each_role_may_have_a_model_of_its_own() -> None:
    found = endpoints(settings(api_key=KEY, model="main", planner="big", judge="local"))
    assert [(role, one.kind, one.model) for role, one in found.items()] == [
        ("planner", "hosted", "big"),
        ("writer", "hosted", "main"),
        ("judge", "embedded", Path(QWEN_CODER_1_5B.filename).stem),
    ]


def test_files_are_named_behind_a_colon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights, script = tmp_path / "own model.gguf", tmp_path / "a:b.json"
    weights.touch()
    script.touch()
    found = endpoint(f"local:{weights}", settings())
    assert (found.kind, found.model, found.file) == ("embedded", "own model", str(weights))
    assert endpoint(f"scripted:{script}", settings()).file == str(script)
    monkeypatch.chdir(tmp_path)
    assert endpoint("local:own model.gguf", settings()).file == str(weights)


@pytest.mark.parametrize(
    ("model", "given", "temperature", "timeout"),
    [
        ("local", {}, EMBEDDED_TEMPERATURE, 3_600.0),
        ("local", {"temperature": 0.0, "timeout": 5.0}, 0.0, 5.0),
        ("gpt-x", {"api_key": KEY}, None, 180.0),
        ("gpt-x", {"api_key": KEY, "temperature": 0.0, "timeout": 5.0}, 0.0, 5.0),
    ],
)
def test_temperature_and_timeout(model: str, given: dict[str, Any], temperature: float | None, timeout: float) -> None:
    found = endpoint(model, settings(**given))
    assert (found.temperature, found.timeout) == (temperature, timeout)


@pytest.mark.parametrize(
    ("given", "message", "hint"),
    [
        ({"model": "gpt-x"}, "The model 'gpt-x' needs an API key.", "OPENAI_API_KEY"),
        ({"base_url": MINE}, "Which model of 127.0.0.1:8080 shall be asked?", "--model"),
        ({"model": "local:none.gguf"}, "There is no file 'none.gguf'.", "local:FILE.gguf"),
        ({"model": "scripted:"}, "There is no file ''.", "scripted:FILE"),
        ({"model": "scripted:/"}, "There is no file '/'.", "scripted:FILE"),
        ({"model": "local:a\0b"}, "There is no file 'a\\x00b'.", "local:FILE.gguf"),
        ({"model": "local:~nobody-here/x"}, "The file '~nobody-here/x' cannot be looked at.", "local:FILE.gguf"),
    ],
)
def test_what_cannot_be_is_told(given: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        endpoints(settings(**given))
    assert caught.value.message == message
    assert hint in caught.value.hint


def test_a_name_too_long_for_a_file_is_told_shortly() -> None:
    with pytest.raises(ConfigError) as caught:
        endpoint("local:" + "x" * 5_000, settings())
    assert len(caught.value.message) < 150


def test_the_key_goes_to_hosted_models_only() -> None:
    assert endpoint("m", settings(api_key=KEY)).api_key == KEY
    assert endpoint("local", settings(api_key=KEY)).api_key is None


def test_the_default_asks_for_no_key_and_no_file() -> None:
    assert default_model(settings()) == "local"
    assert default_model(settings(api_key=KEY)) == HOSTED_MODEL


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.openai.com/v1", "api.openai.com"),
        ("http://127.0.0.1:8080/v1", "127.0.0.1:8080"),
        ("http://[::1]:8080/v1", "[::1]:8080"),
        ("https://me:secret@host:1/v1", "host:1"),
        ("https://me:sec@ret@host/v1", "host"),
        ("https://me:sec/ret@host/v1", "host"),
        ("https://host?key=secret", "host"),
        ("https://host#secret", "host"),
        ("https://me:secret@host\\v1", "host"),
        ("host/v1", "host"),
        ("", ""),
    ],
)
def test_a_host_is_told_without_credentials(url: str, host: str) -> None:
    assert host_of(url) == host
    assert Endpoint(kind="hosted", model="m", base_url=url).host == host


def test_what_is_not_hosted_is_told_by_its_kind_and_no_key_is_shown() -> None:
    assert Endpoint(kind="embedded", model="m", file="/home/me/w.gguf").host == "embedded"
    assert Endpoint(kind="scripted", model="m").host == "scripted"
    shown = Endpoint(kind="hosted", model="m", api_key=KEY)
    assert "verysecret" not in f"{shown!r} {shown} {shown.model_dump_json()}"
