"""Collected payloads as queries: kept as text or refused, and said to a model word for word, never as a template."""

from __future__ import annotations

from contextlib import suppress

import pytest

from mapgen.errors import InputError
from mapgen.model import Outline, Plan, Query
from mapgen.prompting import PromptSet, builtin_folder
from mapgen.steps.plan import PLAN, plan_input
from mapgen.steps.relate import RELATE, relate_input
from mapgen.steps.write import WRITE, write_input
from mapgen.text import clean, slug
from tests import payloads

TEMPLATES = ("{{ 7*7 }}", "{% for x in y %}{{ x }}{% endfor %}", "{# gone #}", "{{ query.__class__ }}", "%s %(x)s {0}")


def asked(texts: tuple[str, ...]) -> list[tuple[str, Query]]:
    """Each text that is a query, with the query."""
    found = []
    for text in texts:
        with suppress(InputError):
            found.append((text, Query.of(text)))
    return found


@pytest.mark.parametrize("collection", [payloads.naughty, payloads.emoji, payloads.scripts])
def test_a_payload_is_a_query_of_its_own_words_or_refused(collection) -> None:
    texts = collection()
    queries = asked(texts)
    assert [query.text for _, query in queries] == [clean(text) for text, _ in queries]
    assert [text for _, query in queries for text in payloads.OBEYED.findall(query.text)] == []
    refused = set(texts) - {text for text, _ in queries}
    assert all(len(text) > 4_000 or not any(one.isalnum() for one in clean(text)) for text in refused)


def test_every_prompt_says_a_payload_word_for_word() -> None:
    prompts = PromptSet(builtin_folder())
    for _, query in asked((*TEMPLATES, *payloads.naughty(), *payloads.scripts()[::16])):
        text = query.text
        outline = Outline(id="a", name=text, scope=text)
        plan = Plan(title=text, language="en", concepts=(outline,), related=())
        fillings = (
            PLAN.fill(plan_input(query.model_copy(update={"language": "en"})), prompts),
            WRITE.fill(write_input(outline, plan, query=query), prompts),
            RELATE.fill(relate_input(query, plan), prompts),
        )
        for filled in fillings:
            system, user = filled.messages
            assert (system.role, user.role) == ("system", "user")
            assert f"Query: {text}\n" in f"{user.content}\n"
            assert text not in system.content or len(text) < 30


def test_names_made_of_payloads_are_words_and_hyphens() -> None:
    for text in (*payloads.naughty(), *payloads.emoji(), *payloads.scripts()):
        assert not set(slug(text)) & set("/\\:.*?\"'<>|`$&;()%\0 \t\n")
        assert len(slug(text).encode()) <= 240
