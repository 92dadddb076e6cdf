"""What endpoints' words decide where a status alone does not: a limit that passes, money, and JSON that is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mapgen.errors import BadAnswer, KeyRefused, RateLimited, WrongProtocol
from mapgen.llm.classify import failure
from tests.servers.fake import error


@pytest.mark.parametrize(
    ("told", "headers"),
    [
        (error("Rate limit reached: see /account/billing", code="rate_limit_exceeded"), {}),
        (error("Limit 3 a minute. Please try again in 20s. Add credits to go faster."), {}),
        (error("You exceeded your current quota, check your billing details"), {"retry-after": "20"}),
        (error("You exceeded your current quota. Please retry in 23s.", status="RESOURCE_EXHAUSTED"), {}),
        ({"error": {"message": "long " * 100 + "Limit 3 per minute; see billing"}}, {}),
    ],
)
def test_a_limit_that_passes_is_none_of_money_though_it_names_the_billing_page(
    told: Any, headers: dict[str, str]
) -> None:
    assert type(failure(429, json.dumps(told).encode(), headers=headers)) is RateLimited


def test_a_quota_that_is_used_up_stays_so_whatever_the_endpoint_says_of_waiting() -> None:
    told = error("Please try again in 20s.", type="insufficient_quota")
    assert type(failure(429, json.dumps(told).encode(), headers={"retry-after": "20"})) is KeyRefused


@pytest.mark.parametrize("shown", ['{"notes": [', None, 3])
def test_what_the_endpoint_itself_finds_invalid_is_asked_again(shown: Any) -> None:
    told = error("Failed to generate JSON.", code="json_validate_failed", failed_generation=shown)
    found = failure(400, json.dumps(told).encode(), headers={})
    assert isinstance(found, BadAnswer)
    assert found.problems == ("The answer was not the JSON that was asked for.",)
    assert found.text == str(shown or "")


def test_that_an_answer_is_no_json_may_be_said_in_plain_words() -> None:
    found = failure(400, b"Failed to generate JSON", headers={})
    assert isinstance(found, BadAnswer)
    assert found.text == ""
    deep = failure(400, b"[" * 100_000 + b"failed to generate JSON", headers={})
    assert isinstance(deep, WrongProtocol)
