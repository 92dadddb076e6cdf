"""Mutants of prompt sets: each renders still, and differs exactly where it says."""

from __future__ import annotations

from difflib import unified_diff
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mapgen.evaluation.mutants import TEMPLATES, TemplateMutant
from mapgen.prompting import Message, PromptSet, builtin_folder

by_id = pytest.mark.parametrize


def label(one: TemplateMutant) -> str:
    return one.id


GIVEN: dict[str, dict[str, Any]] = {
    "plan": {
        "nonce": "c0de",
        "query": "Q?",
        "language": "German",
        "code": "de",
        "fewest": 5,
        "most": 8,
        "subjects": ("One subject", "Other subject"),
    },
    "write": {
        "nonce": "c0de",
        "query": "Q?",
        "language": "German",
        "concepts": ("N", "M"),
        "name": "N",
        "scope": "what it does",
    },
    "relate": {
        "nonce": "c0de",
        "query": "Q?",
        "language": "German",
        "concepts": (("N", "s"), ("M", "")),
        "fewest": 4,
        "most": 6,
        "kinds": {"causes": "A brings about B"},
    },
    "repair": {
        "part": "relevance",
        "nonce": "c0de",
        "query": "Q?",
        "language": "German",
        "concepts": ("N", "M"),
        "problems": ("It is empty.",),
        "name": "N",
        "scope": "s",
        "definition": "D.",
        "kinds": {},
        "groups": (),
    },
}


GROUNDS: dict[str, dict[str, Any]] = {
    "bare": {"mark": "", "passages": ()},
    "grounded": {"mark": "ba5e", "passages": (("Title > Heading", "It is that."), ("", "It does that."))},
}


@cache
def templates() -> dict[str, str]:
    prompts = PromptSet(builtin_folder())
    return {path.as_posix(): (prompts.folder / path).read_text("utf-8") for path in prompts.files()}


def rendered(texts: dict[str, str], folder: Path) -> dict[str, tuple[Message, ...]]:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    prompts = PromptSet(folder)
    return {
        f"{name} {how}": prompts.render(name, values | grounds)
        for name, values in GIVEN.items()
        for how, grounds in GROUNDS.items()
    }


@by_id("mutant", TEMPLATES, ids=label)
def test_a_template_mutant_finds_something_and_touches_only_its_files(mutant: TemplateMutant) -> None:
    assert mutant.applies(templates())
    edited = mutant.apply(templates())
    assert edited.keys() == templates().keys()
    changed = {path for path, text in edited.items() if text != templates()[path]}
    assert changed <= set(mutant.files or templates())
    assert not mutant.files or changed == set(mutant.files)
    assert not mutant.applies({"write.j2": "{% block system %}{% endblock %}"}) or mutant.id in (
        "comment",
        "blocks-spaced",
    )


@by_id("mutant", TEMPLATES, ids=label)
def test_a_mutated_prompt_set_still_renders_and_differs_only_where_it_is_harmful(
    mutant: TemplateMutant, tmp_path: Path
) -> None:
    before = rendered(templates(), tmp_path / "before")
    after = rendered(mutant.apply(templates()), tmp_path / "after")
    if mutant.harmless:
        assert after == before
        return
    changed = {name for name in before if before[name] != after[name]}
    prompts = {name.split()[0] for name in changed}
    assert changed == {f"{prompt} {how}" for prompt in prompts for how in GROUNDS}
    assert prompts
    assert prompts <= {path.removesuffix(".j2") for path in mutant.files or [f"{name}.j2" for name in GIVEN]}


def lines(id: str, path: str) -> list[str]:
    """The lines that a template mutant takes away and puts in."""
    mutant = next(one for one in TEMPLATES if one.id == id)
    old, new = templates()[path], mutant.apply(templates())[path]
    found = unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    return [line for line in found if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def test_a_sentence_is_dropped_and_nothing_else() -> None:
    out, put = lines("mechanism-dropped", "write.j2")
    assert out.startswith("-relevance: ")
    assert put.startswith("+relevance: ")
    assert out[1:].startswith(put[1:].split(". ")[0])
    assert len(out.split(". ")) == len(put.split(". ")) + 1


def test_prohibitions_become_demands() -> None:
    changed = "\n".join(lines("prohibitions-turned", "write.j2"))
    assert "-" in changed
    assert " not " not in "".join(line for line in changed.splitlines() if line.startswith("+relevance"))


def test_query_and_name_change_places() -> None:
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    mutant = next(one for one in TEMPLATES if one.id == "query-and-name-swapped")
    text = mutant.edit("{{ query }} and {{ name }} ({{ scope }})")
    assert environment.from_string(text).render(query="q", name="n", scope="s") == "n and q (s)"


def test_examples_go_with_all_their_lines() -> None:
    for path in ("plan.j2", "write.j2", "relate.j2"):
        text = next(one for one in TEMPLATES if one.id == "examples-removed").apply(templates())[path]
        assert "Example" not in text
        assert text.count("{% endblock %}") == 2
        assert all(line.startswith("-") for line in lines("examples-removed", path))


def test_without_a_language_nothing_says_which() -> None:
    mutant = next(one for one in TEMPLATES if one.id == "language-dropped")
    assert not any("{{ language }}" in text for text in mutant.apply(templates()).values())


def test_fields_change_places() -> None:
    text = next(one for one in TEMPLATES if one.id == "fields-turned").apply(templates())["write.j2"]
    assert text.index("\nrelevance:") < text.index("\ndefinition:")
    assert sorted(text) == sorted(templates()["write.j2"])
