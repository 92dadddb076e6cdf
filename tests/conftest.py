"""What every test shares: no network beyond this machine, no home folder, no user's environment."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.servers.fake import FakeServer

ROOT = Path(__file__).resolve().parent.parent

# How long an example takes is the machine's affair; speed is measured in evals/speed.
settings.register_profile("mapgen", deadline=None)
settings.load_profile("mapgen")

# A runner in the background ignores SIGINT, and every process that the tests interrupt would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every test has a home of its own, no settings from outside, and reaches only the loopback interface."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("MAPGEN_", "OPENAI_", "XDG_", "LANGSMITH_", "HF_"))]:
        if not name.startswith("MAPGEN_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert isinstance(address, tuple)
            assert ipaddress.ip_address(address[0]).is_loopback, f"a test reaches for {address}"
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def embedded_weights() -> Path:
    """The embedded model's weights: MAPGEN_TEST_WEIGHTS, else where `mapgen model pull` puts them."""
    named = os.environ.get("MAPGEN_TEST_WEIGHTS")
    path = Path(named) if named else ROOT / ".models" / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
    if not path.is_file():
        pytest.skip("the weights are not here: mapgen model pull, or set MAPGEN_TEST_WEIGHTS")
    return path


@pytest.fixture(scope="session")
def script(root: Path) -> Path:
    """The scripted model's file with a complete, good map of five concepts."""
    return root / "tests" / "data" / "script.json"


@pytest.fixture
async def fake_server() -> AsyncIterator[FakeServer]:
    """An OpenAI-compatible endpoint on real TCP that answers well; ``then`` scripts its next answers."""
    async with FakeServer() as server:
        yield server


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test goes through a proxy that the machine has."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
