"""One map of one case: its sums as first made, and whose fault it is where it fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen import Session
from mapgen.errors import KeyRefused, LimitReached, UnknownModel
from mapgen.evaluation.answers import Layers, NotRecorded
from mapgen.evaluation.records import Record
from mapgen.evaluation.suite import Case
from mapgen.evaluation.trial import Trial, quotable
from mapgen.events import Grounded
from mapgen.llm.retrying import ATTEMPTS
from mapgen.model import Passage
from tests.evaluation.trials import hosted
from tests.grounds import CRUDE, PRICES, found
from tests.servers import fake
from tests.servers.fake import FakeServer, completion, error
from tests.servers.http import Answer
from tests.servers.maps import plan_answer

CASE = Case(id="rates", query="How do interest rates affect inflation and oil prices?", language="en")
CALLS = 7


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting between tries."""
    monkeypatch.setattr("random.uniform", lambda low, high: 0.0)


async def made(server: FakeServer, folder: Path, layers: Layers | None = None, **options: Any) -> Record:
    """The record of the case."""
    async with Session(**hosted(server, folder, **options)) as session:
        trial = Trial(case=CASE, repeat=0, prompts=session.prompts, layers=layers or Layers())
        record, failure = await trial.made(session, lambda event: None)
        assert (failure is not None) == record.passing
    return record


async def test_a_map_and_what_it_took(fake_server: FakeServer, tmp_path: Path) -> None:
    record = await made(fake_server, tmp_path)
    assert (record.key, record.usable, record.error, record.passing) == (("rates", 0), True, "", False)
    assert (record.calls, record.asked, record.reasked, record.repairs, record.retries) == (CALLS, CALLS, 0, 0, 0)
    assert record.map is not None
    assert record.map.made is not None
    assert record.seconds == record.map.made.seconds > 0
    assert len(record.answers) == CALLS


async def test_a_map_without_sources_could_quote_nothing(fake_server: FakeServer, tmp_path: Path) -> None:
    assert (await made(fake_server, tmp_path)).passages == {}


def grounded(concept: str, *passages: Passage) -> Grounded:
    return Grounded(concept=concept, passages=passages, sources=())


def test_what_concepts_were_shown_is_kept_by_source_once_and_in_its_order() -> None:
    (prices,), (crude,) = found(("economics", PRICES)).passages, found(("oil", CRUDE)).passages
    later = prices.model_copy(update={"offset": 500, "text": "Later on."})
    seen = [grounded("inflation", later, prices), grounded("oil-prices", crude), grounded("fuel-demand", prices)]
    assert quotable(seen) == {"economics": f"{PRICES}\n\nLater on.", "oil": CRUDE}
    assert list(quotable(seen[::-1]).items()) == list(quotable(seen).items())


def test_what_the_plan_was_shown_is_nothing_that_a_text_could_quote() -> None:
    (prices,) = found(("economics", PRICES)).passages
    assert quotable([grounded("", prices), grounded("inflation")]) == {}


async def test_answers_at_hand_count_as_their_first_asking_did(fake_server: FakeServer, tmp_path: Path) -> None:
    first = await made(fake_server, tmp_path)
    again = await made(fake_server, tmp_path, Layers(seeds=first.answers, strict=True))
    assert len(fake_server.requests) == CALLS
    same = ("calls", "reasked", "repairs", "input_tokens", "output_tokens", "answers")
    assert [getattr(again, name) for name in same] == [getattr(first, name) for name in same]
    assert (again.asked, again.seconds) == (0, None)
    assert again.map is not None
    assert again.map.made is not None
    assert (again.map.made.calls, again.map.made.input_tokens, again.map.made.cache_hits) == (CALLS, 700, 0)


async def test_an_answer_that_was_asked_again_is_so_in_every_later_run(tmp_path: Path) -> None:
    async with FakeServer([Answer(completion("no JSON"))]) as server:
        first = await made(server, tmp_path)
        again = await made(server, tmp_path, Layers(seeds=first.answers, strict=True))
    for record in (first, again):
        assert (record.calls, record.reasked, record.input_tokens) == (CALLS + 1, 1, 800)
        assert record.map is not None
        assert record.map.made is not None
        assert record.map.made.reasked == 1
    assert (first.asked, again.asked) == (CALLS + 1, 0)


async def test_a_retry_is_the_endpoints_and_no_part_of_what_the_map_takes(tmp_path: Path) -> None:
    async with FakeServer([Answer(error("oops"), status=500)] * 2) as server:
        record = await made(server, tmp_path)
    assert (record.calls, record.asked, record.retries, record.usable) == (CALLS, CALLS + 2, 2, True)


async def test_a_model_that_never_answers_validly_is_the_prompts_fault(tmp_path: Path) -> None:
    async with FakeServer([Answer(completion("no JSON"))] * 3) as server:
        record = await made(server, tmp_path)
    assert (record.map, record.passing, record.calls, record.reasked) == (None, False, 3, 2)
    assert "no whole JSON object" in record.error
    assert len(record.answers) == 1


async def test_an_endpoint_that_fails_is_nobodys_score(tmp_path: Path) -> None:
    async with FakeServer([Answer(error("oops"), status=500)] * ATTEMPTS) as server:
        record = await made(server, tmp_path)
    assert (record.map, record.passing, record.answers) == (None, True, {})
    assert "oops" in record.error


async def test_a_map_that_was_mended_after_the_endpoint_failed_is_missing_all_the_same(tmp_path: Path) -> None:
    oops = [Answer(error("oops"), status=500)] * ((ATTEMPTS - 1) * 6 + 2)
    async with FakeServer([Answer(completion(plan_answer(5))), *oops]) as server:
        record = await made(server, tmp_path, concurrency=1)
        assert len(server.requests) > 1 + ATTEMPTS * 6
    assert (record.map, record.passing) == (None, True)
    assert len(record.answers) > 4


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(error("no"), status=401), KeyRefused),
        (Answer(error("The model `fake-model` does not exist"), status=404), UnknownModel),
    ],
)
async def test_what_no_map_would_survive_is_raised(tmp_path: Path, answer: Answer, kind: type[Exception]) -> None:
    async with FakeServer([answer] * 9) as server:
        with pytest.raises(kind):
            await made(server, tmp_path)


async def test_a_limit_in_the_middle_is_raised_and_makes_no_partial_map(tmp_path: Path) -> None:
    async with FakeServer() as server:
        with pytest.raises(LimitReached, match="4 calls"):
            await made(server, tmp_path, max_calls=4)


async def test_an_answer_that_is_not_recorded_is_named(fake_server: FakeServer, tmp_path: Path) -> None:
    first = await made(fake_server, tmp_path)
    lacking = dict(list(first.answers.items())[:1])
    with pytest.raises(NotRecorded, match=r"the prompt '(write|relate)' of the case 'rates'"):
        await made(fake_server, tmp_path, Layers(seeds=lacking, strict=True))
    assert len(fake_server.requests) == CALLS


async def test_a_case_is_asked_in_its_language_whatever_the_users_settings_say(tmp_path: Path) -> None:
    async with FakeServer(good=fake.good_map(5)) as server:
        await made(server, tmp_path, language="de", concepts=3)
        said = server.requests[0].messages
    assert "German" not in "".join(said)
    assert "English" in "".join(said)
