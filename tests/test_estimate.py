"""The estimate: as many calls as a map takes, tokens near those it takes, money only where a price is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen import generate
from mapgen.errors import ConfigError
from mapgen.estimate import estimate
from mapgen.model import Query
from mapgen.settings import Settings, resolve
from tests.scripts import NAMES, QUERY, script


def settings(**arguments: Any) -> Settings:
    return resolve(arguments, environ={}).settings


def test_the_calls_are_one_plan_one_relate_and_the_writes() -> None:
    for concepts in (3, 5, 12):
        found = estimate(Query.of(QUERY, concepts=concepts), settings())
        assert (found.concepts, found.calls) == (concepts, concepts + 2)
    assert estimate(Query.of(QUERY), settings()).concepts == 6


def test_more_concepts_take_more_tokens() -> None:
    few, many = (estimate(Query.of(QUERY, concepts=n), settings()) for n in (3, 12))
    assert many.input_tokens > few.input_tokens
    assert many.output_tokens > few.output_tokens


def test_scripts_without_spaces_count_a_token_a_character() -> None:
    latin, han = (estimate(Query.of(text, language="en"), settings()) for text in ("x" * 400, "通" * 400))
    calls = latin.calls
    assert han.input_tokens - latin.input_tokens == pytest.approx(300 * calls, abs=calls)


def test_an_estimate_is_near_what_a_map_takes(tmp_path: Path) -> None:
    model = script(tmp_path)
    made = generate(QUERY, model=model, cache=False).made
    assert made is not None
    found = estimate(Query.of(QUERY, concepts=len(NAMES)), settings(model=model))
    assert found.calls == made.calls
    assert 0.8 < found.input_tokens / made.input_tokens < 1.25
    assert found.output_tokens > made.output_tokens  # the script's texts are shorter than a model's


def test_money_is_told_where_the_price_is_known() -> None:
    known = estimate(Query.of(QUERY), settings(api_key="k", model="gpt-5-mini"))
    assert known.endpoint == "api.openai.com"
    assert known.cost is not None
    assert 0.0005 < known.cost < 0.05
    unknown = estimate(Query.of(QUERY), settings(model="m", base_url="http://localhost:1/v1"))
    assert unknown.cost is None
    assert "cost      unknown" in unknown.told()
    assert estimate(Query.of(QUERY), settings()).cost == 0.0


def test_the_estimate_is_told_in_lines() -> None:
    lines = estimate(Query.of(QUERY, concepts=3), settings(api_key="k")).told().splitlines()
    assert [line.split()[0] for line in lines] == ["model", "calls", "tokens", "cost"]
    assert lines[0] == "model     gpt-5-mini (api.openai.com)"
    assert lines[1] == "calls     5 for 3 concepts, and one more for each part found faulty"


def test_a_model_without_a_key_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match="needs an API key"):
        estimate(Query.of(QUERY), settings(model="gpt-5"))
