"""A prompt set is read once and tried whole before the first call: no fault of it costs a call, none waits."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mapgen.errors import ConfigError
from mapgen.prompting import PromptSet, builtin_folder
from mapgen.rehearsal import rehearse
from mapgen.session import Session
from tests.lacking import without
from tests.scripts import QUERY, good_map
from tests.servers.fake import FakeServer, Request
from tests.servers.fake import good_map as answers

NAMES = ("plan", "write", "relate", "repair")
BROKEN: dict[str, Callable[[str], str]] = {
    "a name that there is not": lambda text: text.replace("{{ query }}", "{{ querry }}"),
    "a field that there is not": lambda text: text.replace("{{ query }}", "{{ query.words }}"),
    "a syntax error": lambda text: text.replace("{% endblock %}", "{% endblok %}", 1),
    "a missing block": lambda text: text.replace("{% block user %}", "{% block usr %}"),
    "a missing partial": lambda text: text.replace("preamble", "preambel"),
    "an unknown filter": lambda text: text.replace("{{ query }}", "{{ query | shout }}"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(builtin_folder(), tmp_path / "prompts"))


def edited(folder: Path, name: str, change: Callable[[str], str]) -> Path:
    path = folder / f"{name}.j2"
    before = path.read_text("utf-8")
    path.write_text(change(before), "utf-8")
    assert path.read_text("utf-8") != before
    return folder


def test_the_prompts_that_came_with_mapgen_are_sound() -> None:
    rehearse(PromptSet(builtin_folder()))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_in_any_prompt_is_found(folder: Path, name: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=f"The prompt '{name}'") as caught:
        rehearse(PromptSet(edited(folder, name, BROKEN[fault])))
    assert caught.value.hint


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_that_is_missing_is_found(folder: Path, name: str) -> None:
    (folder / f"{name}.j2").unlink()
    with pytest.raises(ConfigError, match=f"There is no prompt '{name}' in "):
        rehearse(PromptSet(folder))


@pytest.mark.parametrize("branch", ["definition", "relevance", "texts", "concept", "relations"])
def test_a_fault_in_a_branch_of_repair_is_found(folder: Path, branch: str) -> None:
    inner = f"{{% block user %}}{{% if part == '{branch}' %}}{{{{ nothing }}}}{{% endif %}}"
    edited(folder, "repair", lambda text: text.replace("{% block user %}", inner, 1))
    with pytest.raises(ConfigError, match="'nothing' is undefined"):
        rehearse(PromptSet(folder))


@pytest.mark.parametrize("name", NAMES)
async def test_nothing_is_asked_by_a_broken_set(fake_server: FakeServer, folder: Path, name: str) -> None:
    edited(folder, name, BROKEN["a name that there is not"])
    hosted: Any = {"model": "m", "base_url": fake_server.url, "cache": False, "prompts": folder}
    async with Session(**hosted) as session:
        for work in (session.generate(QUERY), session.resume(without(good_map(), "inflation"))):
            with pytest.raises(ConfigError, match=f"^prompts: The prompt '{name}' cannot be filled") as caught:
                await work
            assert caught.value.setting == "prompts"
    assert fake_server.requests == []


async def test_a_set_that_goes_in_the_middle_of_a_map_is_not_missed(folder: Path) -> None:
    before = PromptSet(folder).fingerprint()
    good = answers()

    def answer(request: Request) -> dict[str, Any]:
        shutil.rmtree(folder, ignore_errors=True)
        return good(request)

    async with FakeServer(good=answer) as server:
        hosted: Any = {"model": "m", "base_url": server.url, "cache": False, "prompts": folder}
        async with Session(**hosted) as session:
            map = await session.generate(QUERY)
    assert map.status == "complete"
    assert map.made is not None
    assert map.made.prompts == before


def test_a_set_is_what_it_was_when_it_was_first_needed(folder: Path) -> None:
    old = PromptSet(folder)
    before = old.fingerprint()
    edited(folder, "write", lambda text: text.replace("{% block user %}", "{% block user %}Take care."))
    assert (old.fingerprint(), "Take care." in old.source("write")) == (before, False)
    assert PromptSet(folder).fingerprint() != before
    assert "Take care." in PromptSet(folder).source("write")
