"""Prompts: templates agree with their inputs, user text is never source, and schemas stay in the common subset."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, meta
from pydantic import BaseModel, Field

from mapgen import prompting
from mapgen.errors import ConfigError
from mapgen.model import Text, Value
from mapgen.prompting import Answer, Message, Prompt, PromptSet, builtin_folder, schema_of
from mapgen.steps.plan import PLAN, PlanAnswer, PlanInput
from mapgen.steps.relate import RELATE
from mapgen.steps.relations import RelationsAnswer
from mapgen.steps.repair import CONCEPT, DEFINITION, RELATIONS, RELEVANCE, TEXTS, ConceptAnswer, RepairInput
from mapgen.steps.write import WRITE, WriteAnswer, WriteInput

PROMPTS: tuple[Prompt[Any, Any], ...] = (PLAN, WRITE, RELATE, DEFINITION, RELEVANCE, TEXTS, CONCEPT, RELATIONS)
GOOD = "{% block system %}You help.{% endblock %}\n{% block user %}Query: {{ query }}{% endblock %}\n"


class Asked(Value):
    """An input of one field."""

    query: str


class Told(Answer):
    """An answer of one field."""

    text: Text


ASK = Prompt("ask", Asked, Told, role="writer", max_tokens=10)


def made(folder: Path, text: str = GOOD, name: str = "ask") -> PromptSet:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.j2").write_bytes(text.encode())
    return PromptSet(folder)


def variables(folder: Path, name: str) -> set[str]:
    """Every variable of a template and of what it includes."""
    source = (folder / name).read_text("utf-8")
    tree = Environment(loader=FileSystemLoader(folder), autoescape=False).parse(source)
    included = [one for one in meta.find_referenced_templates(tree) if one]
    return set(meta.find_undeclared_variables(tree)).union(*(variables(folder, one) for one in included))


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda prompt: f"{prompt.name}-{prompt.out.__name__}")
def test_a_templates_variables_are_fields_of_its_input(prompt: Prompt[Any, Any]) -> None:
    used = variables(builtin_folder(), f"{prompt.name}.j2")
    unused = {"code"} if prompt is PLAN else set()
    assert used | unused == set(prompt.given.model_fields)


def test_every_template_has_a_declaration_and_every_declaration_a_template() -> None:
    assert PromptSet(builtin_folder()).names() == tuple(sorted({prompt.name for prompt in PROMPTS}))


def test_a_filled_prompt_says_what_is_asked() -> None:
    given = WriteInput(nonce="0", query="q?", language="German", concepts=("A", "B"), name="A", scope="as such")
    filled = WRITE.fill(given, PromptSet(builtin_folder()), repeat=3)
    system, user = filled.messages
    assert (system.role, user.role) == ("system", "user")
    assert "German" in system.content
    assert all(word in user.content for word in ("q?", "A; B", "as such"))
    assert filled.out is WriteAnswer
    assert (filled.prompt, filled.role, filled.repeat, filled.shared) == ("write", "writer", 3, True)
    assert filled.with_room(4).max_tokens == 4 * filled.max_tokens
    more = filled.followed_by(Message(role="user", content="again"))
    assert [one.content for one in more.messages[2:]] == ["again"]
    assert len(filled.messages) == 2


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% include 'plan.j2' %}", "{# gone #}", "<b>&amp;", "%s $(id)", "\\n"])
def test_user_text_is_a_value_and_never_source(text: str) -> None:
    given = PlanInput(nonce="0", query=text, language="", code="", fewest=3, most=4)
    user = PLAN.fill(given, PromptSet(builtin_folder())).messages[1].content
    assert text in user
    assert "49" not in user


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80))
def test_any_text_stands_in_the_prompt_as_it_is(text: str) -> None:
    given = PlanInput(nonce="0", query=f"[{text}]", language="", code="", fewest=3, most=4)
    assert f"[{text}]" in PLAN.fill(given, PromptSet(builtin_folder())).messages[1].content


def test_a_missing_variable_is_an_error_and_not_empty_text(tmp_path: Path) -> None:
    prompts = made(tmp_path / "set", GOOD.replace("{{ query }}", "{{ querry }}"))
    with pytest.raises(ConfigError, match="'ask' cannot be filled: 'querry' is undefined") as caught:
        ASK.fill(Asked(query="q"), prompts)
    assert caught.value.hint == f"Mend ask.j2 in {tmp_path / 'set'}."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{% block system %}x{% endblock %}", "'ask' has no block 'user'"),
        ("{% block user %}x{% endblock %}", "'ask' has no block 'system'"),
        ("", "has no block"),
        ("{% block system %}", "cannot be filled"),
        (GOOD.replace("You help.", "{% if %}"), "cannot be filled"),
        (GOOD.replace("You help.", "{% include 'none.j2' %}"), "cannot be filled"),
        (GOOD.replace("You help.", "{{ query.__class__.__mro__ }}"), "cannot be filled"),
        (GOOD.replace("You help.", "{{ query | no_such_filter }}"), "cannot be filled"),
    ],
)
def test_a_broken_template_is_a_config_error(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        ASK.fill(Asked(query="q"), made(tmp_path / "set", text))
    assert caught.value.exit_code == 78
    assert caught.value.hint


def test_a_template_of_no_text_is_a_config_error(tmp_path: Path) -> None:
    prompts = made(tmp_path / "set")
    (tmp_path / "set" / "ask.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError):
        prompts.source("ask")


def test_a_set_without_the_prompt_names_those_it_has(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no prompt 'none'") as caught:
        made(tmp_path / "set").render("none", {})
    assert caught.value.hint == "This set has: ask."


def test_an_empty_or_missing_folder_is_a_config_error(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(ConfigError, match="holds no prompts"):
            PromptSet(folder).names()


def test_the_fingerprint_changes_with_any_byte_but_not_with_line_ends(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(builtin_folder(), folder)
    before = PromptSet(folder).fingerprint()
    assert len(before) == 12
    assert before == PromptSet(builtin_folder()).fingerprint()
    for path in PromptSet(folder).files():
        content = (folder / path).read_bytes()
        (folder / path).write_bytes(content.replace(b"\n", b"\r\n"))
        assert PromptSet(folder).fingerprint() == before
        (folder / path).write_bytes(content + b" ")
        assert PromptSet(folder).fingerprint() != before
        (folder / path).write_bytes(content)
    (folder / "plan.j2").rename(folder / "plan2.j2")
    assert PromptSet(folder).fingerprint() != before
    (folder / "plan2.j2").rename(folder / "plan.j2")
    (folder / "README.md").write_text("not a template")
    assert PromptSet(folder).fingerprint() == before


def test_another_set_takes_the_builtin_ones_place(tmp_path: Path) -> None:
    filled = ASK.fill(Asked(query="why?"), made(tmp_path / "set"))
    assert [one.content for one in filled.messages] == ["You help.", "Query: why?"]


def test_the_builtin_set_is_in_the_wheel_else_in_the_checkout(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert builtin_folder() == root / "prompts"
    installed = tmp_path / "site-packages" / "mapgen"
    (installed / "prompts").mkdir(parents=True)
    monkeypatch.setattr(prompting, "__file__", str(installed / "prompting.py"))
    assert builtin_folder() == installed / "prompts"


def keys(schema: Any) -> set[str]:
    """Every keyword used anywhere in a schema, names of fields left out."""
    if isinstance(schema, list):
        return set().union(*map(keys, schema))
    if not isinstance(schema, dict):
        return set()
    inner = {name: one for name, one in schema.items() if name != "properties"}
    fields = schema.get("properties", {}).values()
    return set(schema).union(*map(keys, inner.values()), *map(keys, fields))


COMMON = {"type", "properties", "required", "additionalProperties", "items", "enum", "minItems", "maxItems"}


def objects(schema: Any) -> list[dict[str, Any]]:
    """Every object in a schema."""
    if isinstance(schema, list):
        return [found for one in schema for found in objects(one)]
    if not isinstance(schema, dict):
        return []
    inner = [found for one in schema.values() for found in objects(one)]
    return [schema, *inner] if schema.get("type") == "object" else inner


@pytest.mark.parametrize("out", [PlanAnswer, WriteAnswer, RelationsAnswer, ConceptAnswer])
def test_schemas_stay_in_the_subset_that_servers_share(out: type[BaseModel]) -> None:
    schema = schema_of(out)
    assert keys(schema) <= COMMON | {"description"}
    for one in objects(schema):
        assert one["required"] == list(one["properties"])
        assert one["additionalProperties"] is False


def test_a_schema_has_no_references_defaults_lengths_or_patterns() -> None:
    class Inner(Answer):
        """Inside."""

        word: str = Field(pattern="^a", min_length=1, max_length=3)
        kind: Literal["x", "y"] = "x"

    class Outer(Answer):
        """Outside."""

        first: Inner
        rest: tuple[Inner, ...] = ()

    inner = {
        "type": "object",
        "properties": {"word": {"type": "string"}, "kind": {"enum": ["x", "y"], "type": "string"}},
        "required": ["word", "kind"],
        "additionalProperties": False,
    }
    assert schema_of(Outer) == {
        "type": "object",
        "properties": {"first": inner, "rest": {"items": inner, "type": "array"}},
        "required": ["first", "rest"],
        "additionalProperties": False,
    }


def test_a_prompt_may_narrow_its_schema_and_leaves_the_next_one_alone() -> None:
    prompts = PromptSet(builtin_folder())
    given = PlanInput(nonce="0", query="q", language="German", code="de", fewest=4, most=4)
    fields = PLAN.fill(given, prompts).schema["properties"]
    assert (fields["concepts"]["minItems"], fields["concepts"]["maxItems"]) == (4, 4)
    assert fields["language"]["enum"] == ["de"]
    free = PLAN.fill(given.model_copy(update={"code": "", "language": ""}), prompts).schema["properties"]
    assert "enum" not in free["language"]


def test_relations_can_only_name_the_concepts_that_there_are() -> None:
    given = RepairInput(
        nonce="0",
        part="relations",
        query="q",
        language="English",
        concepts=("A", "B", "C"),
        problems=("p",),
        groups=(("A", "C"), ("B",)),
    )
    prompts = PromptSet(builtin_folder())
    relations = RELATIONS.fill(given, prompts).schema["properties"]["relations"]
    ends = relations["items"]["properties"]
    assert (ends["source"]["enum"], ends["target"]["enum"]) == (["B"], ["A", "C"])
    assert (relations["minItems"], relations["maxItems"]) == (1, 1)
    whole = RELATIONS.fill(given.model_copy(update={"groups": ()}), prompts).schema["properties"]["relations"]
    ends = whole["items"]["properties"]
    assert ends["source"]["enum"] == ends["target"]["enum"] == ["A", "B", "C"]
    assert (whole["minItems"], whole["maxItems"]) == (1, 3)
    none = RELATIONS.fill(given.model_copy(update={"groups": (("A",), ("B",), ("C",))}), prompts)
    relations = none.schema["properties"]["relations"]
    assert (relations["minItems"], relations["maxItems"]) == (2, 3)
    assert relations["items"]["properties"]["source"]["enum"] == ["A", "B", "C"]


def test_an_added_concept_can_only_act_on_the_concepts_that_there_are() -> None:
    given = RepairInput(nonce="0", part="concept", query="q", language="English", concepts=("A", "B"), problems=("p",))
    prompts = PromptSet(builtin_folder())
    assert CONCEPT.fill(given, prompts).schema["properties"]["target"]["enum"] == ["A", "B"]
    alone = CONCEPT.fill(given.model_copy(update={"concepts": ()}), prompts)
    assert "enum" not in alone.schema["properties"]["target"]
