"""The models that an endpoint lists, told to who named another: on real TCP, and whatever the list looks like."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import SecretStr

from mapgen.errors import UnknownModel
from mapgen.llm.base import Endpoint
from mapgen.llm.listed import models, naming
from mapgen.llm.openai import OpenAIEndpoint
from tests.llm.asking import filled
from tests.servers.fake import FakeServer, error
from tests.servers.http import Answer

KEY = "sk-verysecretkey0123456789"
UNKNOWN = Answer(error("The model `qwen3` does not exist"), status=404)
PLAIN = "Check --model and --base-url (it usually ends in /v1)."


def listing(*names: Any) -> dict[str, Any]:
    """The body of a list of models."""
    return {"object": "list", "data": [{"id": name, "object": "model"} for name in names]}


async def hint(*answers: Answer, patience: float = 4.0) -> tuple[str, list[str]]:
    """The hint for an unknown model, and the paths that were asked; nothing is left open."""
    async with FakeServer(answers) as server:
        told = Endpoint(kind="hosted", model="qwen3", base_url=server.url, api_key=SecretStr(KEY), timeout=patience)
        model = OpenAIEndpoint(told, base_url=server.url, api_key=KEY)
        with pytest.raises(UnknownModel) as caught:
            await model.ask(filled())
        await model.aclose()
        assert await server.closed()
    assert KEY not in caught.value.hint
    return caught.value.hint, [request.path for request in server.requests]


async def test_an_unknown_model_is_told_with_those_that_there_are() -> None:
    found, paths = await hint(UNKNOWN, Answer(listing("llama3", "qwen3:8b", f"who is {KEY}")))
    assert found == "Check --model. There are: qwen3:8b, llama3, who is [key]."
    assert paths == ["/v1/chat/completions", "/v1/models"]


LISTS = {
    "not found": Answer(error("no such path"), status=404),
    "refused": Answer(error("no"), status=403),
    "a page": Answer("<html>"),
    "a redirect": Answer(status=302, headers={"Location": "http://127.0.0.1:1/"}),
    "nothing": Answer(listing()),
    "hang": Answer(hang=True),
    "cut": Answer(listing("llama3"), stop_after=9, then="reset"),
    "20 MB": Answer(b" " * 20_000_000),
}


@pytest.mark.parametrize("name", LISTS)
async def test_where_there_is_no_list_the_hint_is_plain(name: str) -> None:
    assert await hint(UNKNOWN, LISTS[name], patience=0.4) == (PLAIN, ["/v1/chat/completions", "/v1/models"])


@pytest.mark.parametrize(
    "answer", [Answer(error("no such path"), status=404), Answer(status=307, headers={"Location": "http://x/"})]
)
async def test_what_is_not_about_a_model_asks_for_no_list(answer: Answer) -> None:
    _, paths = await hint(answer)
    assert paths == ["/v1/chat/completions"]


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"null", b"[]", b"{}", b'{"data": 1}', b'{"data": [1, {}, {"id": 7}, {"id": ""}]}', b"[" * 99_999],
)
def test_what_is_no_list_holds_no_names(body: bytes) -> None:
    assert models(body, like="m") == ()


def test_names_are_cleaned_cut_and_the_most_alike_come_first() -> None:
    names = ["zeta", "gpt-5-mini", "\x1b[31mred\u202e", "x" * 900, "gpt-5"]
    found = models(json.dumps(listing(*names)).encode(), like="gpt-5-minni")
    assert found[:2] == ("gpt-5-mini", "gpt-5")
    assert found[2:] == tuple(sorted(("red", "zeta", found[3])))
    assert len(found[3]) <= 60


def test_of_many_names_a_few_are_told() -> None:
    told = naming(UnknownModel("no"), tuple(f"m{number}" for number in range(11)))
    assert told.hint == "Check --model. There are: m0, m1, m2, m3, m4, m5, m6, m7 and 3 more."
