"""The scripted model: which answer is taken, how often, and what is said of a script that is none."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest

from mapgen.errors import BadAnswer, ConfigError
from mapgen.llm.metered import Meter
from mapgen.llm.reasking import Reasking
from mapgen.llm.scripted import Script, Scripted
from mapgen.model import KnowledgeMap, Query
from mapgen.pipeline import run
from mapgen.prompting import Message, PromptSet, builtin_folder
from mapgen.steps.check import check
from tests.llm.asking import GOOD, NOTE, filled
from tests.servers import maps


def scripted(*answers: dict[str, Any]) -> Scripted:
    """The model of these lines."""
    return Scripted(Script.model_validate_json(json.dumps({"answers": answers})))


def about(subject: str) -> Any:
    """An asking about ``subject``."""
    return filled(messages=(Message(role="system", content="Write."), Message(role="user", content=f"On {subject}.")))


async def test_the_first_line_that_fits_answers() -> None:
    model = scripted(
        {"prompt": "plan", "answer": {"wrong": 1}},
        {"prompt": "note", "match": "wine", "answer": GOOD | {"text": "wine"}},
        {"prompt": "note", "answer": GOOD},
    )
    assert (await model.ask(about("wine"))).value.text == "wine"
    assert (await model.ask(about("bread"))).value == NOTE


async def test_times_are_used_up() -> None:
    model = scripted(
        {"prompt": "note", "times": 2, "answer": GOOD | {"text": "first"}},
        {"prompt": "note", "answer": GOOD | {"text": "later"}},
    )
    assert [(await model.ask(filled())).value.text for _ in range(4)] == ["first", "first", "later", "later"]


async def test_texts_are_read_like_any_models() -> None:
    model = scripted({"prompt": "note", "answer": f"<think>hm</think>```json\n{json.dumps(GOOD)}\n```"})
    reply = await model.ask(filled())
    assert reply.value == NOTE
    assert reply.input_tokens == len("Write notes.On bread.") // 4
    assert reply.output_tokens > 0


async def test_a_bad_text_is_a_bad_answer_and_asked_again_by_the_same_match() -> None:
    model = scripted(
        {"prompt": "note", "match": "bread", "times": 1, "answer": "sorry"},
        {"prompt": "note", "match": "bread", "answer": GOOD},
    )
    with pytest.raises(BadAnswer):
        await scripted({"prompt": "note", "answer": "sorry"}).ask(filled())
    assert (await Reasking(model, Meter()).ask(filled())).value == NOTE


async def test_a_delay_is_kept_beside_others() -> None:
    model = scripted({"prompt": "note", "answer": GOOD, "delay": 0.2})
    began = time.monotonic()
    await asyncio.gather(*(model.ask(filled()) for _ in range(5)))
    assert 0.2 <= time.monotonic() - began < 0.6


@pytest.mark.parametrize(
    "lines", [(), ({"prompt": "plan", "answer": {}},), ({"prompt": "note", "match": "x", "answer": {}},)]
)
async def test_no_answer_left_is_a_setting(lines: Any) -> None:
    with pytest.raises(ConfigError, match="no answer left for the prompt 'note'") as caught:
        await scripted(*lines).ask(filled())
    assert "On bread." in caught.value.hint


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file"),
        (b"[]", "the file"),
        (b"{}", "answers: Field required"),
        (b'{"answers": [{"prompt": "x"}]}', "answers.0.answer"),
        (b'{"answers": [{"prompt": "x", "answer": 3}]}', "answers.0.answer"),
        (b'{"answers": [{"prompt": "x", "answer": "", "times": 0}]}', "answers.0.times"),
        (b'{"answers": [{"prompt": "x", "answer": "", "delay": 1e9}]}', "answers.0.delay"),
        (b'{"answers": [], "more": 1}', "more"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 100_000, "the file"),
    ],
)
def test_a_file_that_is_no_script_is_told_with_its_place(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "script.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        Scripted.load(path)
    assert said in caught.value.message
    assert str(path) in caught.value.message


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(ConfigError, match="cannot be read") as caught:
            Scripted.load(path)
        assert "scripted:FILE" in caught.value.hint


def test_the_shared_script_is_the_fake_servers_map(script: Path) -> None:
    assert json.loads(script.read_text(encoding="utf-8")) == maps.script(5)


@pytest.mark.parametrize("concepts", range(3, 13))
async def test_the_shared_answers_make_a_map_without_problems(concepts: int) -> None:
    model = scripted(*maps.script(concepts)["answers"])
    query = Query.of(maps.QUERY, concepts=concepts)
    map, repairs, _ = await run(query, llm=model, prompts=PromptSet(builtin_folder()), emit=lambda event: None)
    assert isinstance(map, KnowledgeMap)
    assert check(map, concepts=concepts) == ()
    assert (map.status, repairs, len(map.concepts)) == ("complete", 0, concepts)
