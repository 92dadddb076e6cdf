"""The cache of answers: what its key is made of, what it gives back, and that a broken value is a miss."""

from __future__ import annotations

import asyncio
import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from mapgen.errors import BadAnswer, ContentRefused
from mapgen.llm.base import Reply
from mapgen.llm.cached import Cached, answer_key, digest
from mapgen.llm.kept import read
from mapgen.llm.metered import Meter, Reused
from mapgen.llm.store import Store
from mapgen.prompting import Message
from tests.llm.asking import HOSTED, NOTE, Model, Note, filled, recorder

KEY = answer_key(filled(), HOSTED)
OTHER_SCHEMA = json.loads(json.dumps(filled().schema) + " ") | {"additionalProperties": True}


def _said(system: str, user: str) -> tuple[Message, ...]:
    return (Message(role="system", content=system), Message(role="user", content=user))


@pytest.mark.parametrize(
    "changed",
    [
        {"messages": _said("Write notes.", "On wine.")},
        {"messages": _said("Write notes. ", "On bread.")},
        {"messages": _said("Write notes.On bread.", "")},
        {"messages": (*_said("Write notes.", "On bread."), Message(role="user", content=""))},
        {"schema": OTHER_SCHEMA},
        {"repeat": 1},
    ],
)
def test_what_is_asked_changes_the_key(changed: dict[str, Any]) -> None:
    assert answer_key(filled(**changed), HOSTED) != KEY


@pytest.mark.parametrize(
    "changed",
    [{"model": "m2"}, {"base_url": "https://b/v1"}, {"kind": "embedded"}, {"file": "/w.gguf"}, {"temperature": 0.1}],
)
def test_who_is_asked_changes_the_key(changed: dict[str, Any]) -> None:
    assert answer_key(filled(), HOSTED.model_copy(update=changed)) != KEY


def test_nothing_else_changes_the_key() -> None:
    same = filled(prompt="other", role="judge", shared=True, max_tokens=7)
    other = HOSTED.model_copy(update={"api_key": SecretStr("sk-other"), "timeout": 1.0})
    turned = filled(schema=dict(reversed(filled().schema.items())))
    assert answer_key(same, other) == answer_key(turned, HOSTED) == KEY
    assert "sk-" not in KEY


def test_a_key_is_of_its_kind_and_the_same_in_every_run() -> None:
    assert digest("map", 1, None, "é") == digest("map", 1, None, "é") != digest("map", 1, None, "e")
    assert digest("a", 1).split(":")[1] == digest("b", 1).split(":")[1]
    assert KEY.startswith("answer:")
    assert digest("map", "\ud800").startswith("map:")


@pytest.fixture
def told() -> tuple[list[str], Any]:
    """What the store warned of."""
    return recorder()


def cached(store: Store, model: Model) -> tuple[Cached, Meter]:
    """``model`` behind a cache."""
    meter = Meter()
    return Cached(model, store=store, endpoint=HOSTED, meter=meter), meter


async def test_an_answer_is_asked_for_once(tmp_path: Path, told: Any) -> None:
    store, model = Store(tmp_path / "cache", warn=told[1]), Model(Reply(NOTE, input_tokens=9, output_tokens=9))
    door, meter = cached(store, model)
    for _ in range(2):
        assert await door.ask(filled()) == Reply(NOTE, input_tokens=9, output_tokens=9)
    assert (len(model.asked), meter.cache_hits, told[0]) == (1, 1, [])
    store.close()
    again = Store(tmp_path / "cache", warn=told[1])
    assert (await cached(again, model)[0].ask(filled())).value == NOTE
    again.close()
    assert len(model.asked) == 1


async def test_repeats_are_askings_of_their_own(tmp_path: Path, told: Any) -> None:
    store, model = Store(tmp_path, warn=told[1]), Model()
    door, meter = cached(store, model)
    for repeat in (0, 1, 0, 1):
        await door.ask(filled(repeat=repeat))
    store.close()
    assert (len(model.asked), meter.cache_hits) == (2, 2)


@pytest.mark.parametrize("text", ["", "no json", "{}", '{"text": "x", "score": "0.5"}', '{"text": "x", "score": NaN}'])
async def test_a_stored_value_that_is_not_valid_is_a_miss(tmp_path: Path, told: Any, text: str) -> None:
    store, model = Store(tmp_path, warn=told[1]), Model()
    store.put(KEY, text)
    door, meter = cached(store, model)
    assert (await door.ask(filled())).value == NOTE
    assert (len(model.asked), meter.cache_hits) == (1, 0)
    assert read(store.get(KEY), Note) == Reply(NOTE)
    store.close()


class Recording(dict[str, str]):
    """A store in memory that keeps failures, too."""

    failures = True
    put = dict.__setitem__


@pytest.mark.parametrize("error", [BadAnswer("no JSON at all"), ContentRefused("will not say")])
async def test_a_recording_gives_back_what_happened_and_what_it_took(error: BadAnswer | ContentRefused) -> None:
    error.input_tokens, error.output_tokens, error.reasked = 30, 5, 2
    model, store, meter = Model(error, Reply(NOTE, 7, 3, 1)), Recording(), Meter()
    door = Cached(model, store=store, endpoint=HOSTED, meter=meter)
    for _ in range(2):
        with pytest.raises(type(error), match=error.message):
            await door.ask(filled())
    for _ in range(2):
        assert await door.ask(filled(repeat=1)) == Reply(NOTE, 7, 3, 1)
    assert (len(model.asked), meter.cache_hits) == (2, 2)
    assert meter.reused == Reused(calls=3 + 2, input_tokens=37, output_tokens=8, reasked=3)
    assert (meter.calls, meter.tokens) == (0, 0)


async def test_a_partial_answer_is_not_stored_and_the_next_asking_may_be_whole(tmp_path: Path, told: Any) -> None:
    store, model = Store(tmp_path, warn=told[1]), Model(Reply(NOTE, partial=True), Reply(NOTE))
    door = Cached(model, store=store, endpoint=HOSTED, meter=Meter())
    assert [(await door.ask(filled())).partial for _ in range(3)] == [True, False, False]
    assert len(model.asked) == 2
    store.close()


async def test_a_failure_is_not_stored(tmp_path: Path, told: Any) -> None:
    store, model = Store(tmp_path, warn=told[1]), Model(BadAnswer("no"), Reply(NOTE))
    door, _ = cached(store, model)
    with pytest.raises(BadAnswer):
        await door.ask(filled())
    assert store.size()[0] == 0
    await door.ask(filled())
    assert store.size()[0] == 1
    store.close()


def test_size_and_clear(tmp_path: Path, told: Any) -> None:
    store = Store(tmp_path, warn=told[1])
    for number in range(3):
        store.put(str(number), "text")
    entries, size = store.size()
    assert entries == 3
    assert size > 0
    assert (store.clear(), store.size()[0], store.get("1")) == (3, 0, None)
    store.close()
    store.close()


def test_the_folder_is_the_users_alone(tmp_path: Path, told: Any) -> None:
    store = Store(tmp_path / "a" / "cache", warn=told[1])
    store.put("key", "text")
    store.close()
    assert stat.S_IMODE((tmp_path / "a" / "cache").stat().st_mode) == 0o700


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path, told: Any) -> None:
    tmp_path.chmod(0o755)
    store = Store(tmp_path, warn=told[1])
    store.put("key", "text")
    store.close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


WRITER = """
import sys, warnings
from pathlib import Path
from mapgen.llm.store import Store
def warn(message): raise SystemExit(message)
store = Store(Path(sys.argv[1]), warn=warn)
for number in range(40):
    store.put(f"{sys.argv[2]}-{number}", "x" * 2_000)
    store.put("shared", sys.argv[2])
store.close()
"""


async def test_processes_share_a_cache(tmp_path: Path, told: Any) -> None:
    def run(name: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", WRITER, str(tmp_path / "cache"), name], capture_output=True, text=True, check=False
        )

    done = await asyncio.gather(*(asyncio.to_thread(run, name) for name in ("one", "two")))
    assert [(one.returncode, one.stderr) for one in done] == [(0, ""), (0, "")]
    store = Store(tmp_path / "cache", warn=told[1])
    assert store.size()[0] == 81
    assert store.get("shared") in ("one", "two")
    assert store.get("one-39") == store.get("two-0") == "x" * 2_000
    store.close()
    assert told[0] == []
