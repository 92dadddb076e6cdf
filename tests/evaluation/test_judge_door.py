"""The judge behind real TCP: asked through the one door, cached, counted, limited, and tried from the command line."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mapgen.cli.eval.judge_check import command, judge_settings
from mapgen.errors import ConfigError, InputError, KeyRefused, ReadError
from mapgen.evaluation import runfile
from mapgen.evaluation.judge import judge_right, tries
from mapgen.evaluation.judge.controls import of_place
from mapgen.evaluation.judge.door import judge_of
from mapgen.evaluation.records import Run
from tests.evaluation.judges import PROMPTS, Coin, Longer, Perfect, head, run_of, serving
from tests.evaluation.maps import good, sample
from tests.servers.fake import FakeServer, completion, error
from tests.servers.http import Answer

VACCINES = sample("herd-immunity")
TRUSTED = """\
metric      caught  of  no answer  chance        p  trusted
j1_match         6   6          0      2%  1.4e-10  yes
j2_query         6   6          0      7%  8.9e-08  yes
j3_right         6   6          0     13%  5.2e-06  yes
j5_covered      12  12          0     14%  8.3e-11  yes
j7_prefer       12  12          0     29%  3.3e-07  yes
"""


def flags(server: FakeServer, **more: Any) -> dict[str, Any]:
    """The flags of a judge at the fake endpoint."""
    return {"judge": "fake-judge", "base_url": server.url, **more}


async def checked(server: FakeServer, *arguments: str) -> Result:
    """`mapgen eval judge-check`, run beside the server."""
    every = ["--judge", "fake-judge", "--base-url", server.url, *arguments]
    return await asyncio.to_thread(CliRunner().invoke, command, every, standalone_mode=False)


async def test_a_judgement_on_real_tcp_is_asked_once_and_then_remembered() -> None:
    async with FakeServer(good=serving(Perfect())) as server:
        found = []
        for _ in range(2):
            async with judge_of(judge_settings(flags(server)), warn=pytest.fail) as judge:
                found.append(await judge_right(VACCINES, llm=judge.llm, prompts=PROMPTS))
                counts = (judge.meter.calls, judge.meter.cache_hits)
    assert found[0] == found[1]
    assert (found[0].score, counts, len(server.requests)) == (1.0, (0, 1), 1)
    body = server.requests[0].body
    assert (body["model"], body["response_format"]["json_schema"]["name"]) == ("fake-judge", "j3_right")
    assert [message["role"] for message in body["messages"]] == ["system", "user"]


async def test_faults_of_the_endpoint_are_retried_and_a_bad_answer_is_asked_again() -> None:
    faults = Answer(error("busy"), status=503, headers={"Retry-After": "0"}), Answer(completion("It is right."))
    async with (
        FakeServer(faults, good=serving(Perfect())) as server,
        judge_of(judge_settings(flags(server, cache=False)), warn=pytest.fail) as judge,
    ):
        found = await judge_right(VACCINES, llm=judge.llm, prompts=PROMPTS)
    assert (found.score, found.calls, len(server.requests)) == (1.0, 1, 3)


async def test_a_limit_is_missing_data() -> None:
    async with (
        FakeServer(good=serving(Perfect())) as server,
        judge_of(judge_settings(flags(server, cache=False, max_calls=1)), warn=pytest.fail) as judge,
    ):
        found = [await judge_right(one, llm=judge.llm, prompts=PROMPTS) for one in good().samples[:2]]
    assert [one.score for one in found] == [1.0, None]
    assert found[1].why == "The limit of 1 calls is used up."


async def test_a_good_judge_passes_its_check_which_then_costs_nothing() -> None:
    async with FakeServer(good=serving(Perfect())) as server:
        first = await checked(server)
        asked = len(server.requests)
        again = await checked(server)
    assert (first.return_value, first.stdout) == (0, TRUSTED)
    assert first.stderr.splitlines()[0].startswith("Trying fake-judge (127.0.0.1:")
    assert 54 <= asked <= 60
    assert len(server.requests) == asked
    assert again.stdout == first.stdout
    assert "0 calls, 0 tokens, 60 answers from the cache" in again.stderr


async def test_every_asking_is_told_with_the_seconds_since_the_start_unless_all_is_quiet() -> None:
    async with FakeServer(good=serving(Perfect())) as server:
        told = await checked(server, "--canaries", "3", "--judged", "j5_covered")
        quiet = await checked(server, "--canaries", "3", "--judged", "j5_covered", "-q")
    first, *lines, last = told.stderr.splitlines()
    assert first.endswith("as a judge: at most 9 askings")
    assert [re.sub(r"^\[ *\d+\.\d s\] ", "", one) for one in lines[:1]] == ["judge fake-judge 1/9 j5_ideas: answered"]
    assert sorted(one.split()[-2] for one in lines) == ["j5_covered:"] * 6 + ["j5_ideas:"] * 3
    assert last.startswith("9 calls, ")
    assert (quiet.stderr, quiet.stdout) == ("", told.stdout)


async def test_only_the_metrics_that_are_named_are_tried_and_what_was_asked_is_not_asked_again() -> None:
    async with FakeServer(good=serving(Perfect())) as server:
        one = await checked(server, "--judged", "j3_right")
        assert (one.return_value, len(server.requests)) == (0, 6)
        assert [line.split()[0] for line in one.stdout.splitlines()] == ["metric", "j3_right"]
        two = await checked(server, "--judged", "j7_prefer", "--judged", "j3_right", "--judged", "j7_prefer")
        assert len(server.requests) <= 6 + 24
    assert [line.split()[0] for line in two.stdout.splitlines()] == ["metric", "j7_prefer", "j3_right"]
    assert "as a judge: at most 30 askings" in two.stderr


async def test_a_judge_of_one_metric_is_held_to_no_other() -> None:
    async with FakeServer(good=serving(Longer())) as server:
        fit = await checked(server, "--judged", "j3_right")
        unfit = await checked(server, "--judged", "j7_prefer")
    assert (fit.return_value, unfit.return_value) == (0, 3)


async def test_a_metric_that_there_is_not_is_refused_before_the_first_call() -> None:
    async with FakeServer(good=serving(Perfect())) as server:
        found = await checked(server, "--judged", "j9_charm")
        assert server.requests == []
    assert isinstance(found.exception, InputError)
    assert "j9_charm" in found.exception.message
    assert "j3_right" in (found.exception.hint or "")
    with pytest.raises(InputError, match="j9_charm"):
        tries(("j9_charm",))


async def test_fewer_maps_than_are_wanted_are_fewer_askings(tmp_path: Path) -> None:
    for one in good().samples[:4]:
        assert one.map is not None
        (tmp_path / f"{one.case.id}.json").write_text(one.map.to_json(), "utf-8")
    async with FakeServer(good=serving(Perfect())) as server:
        found = await checked(server, "--maps", str(tmp_path), "--judged", "j3_right", "--canaries", "50")
        assert f"at most {len(server.requests)} askings" in found.stderr


async def test_what_had_no_answer_is_told_and_asked_again_the_next_time() -> None:
    async with FakeServer(good=serving(Perfect())) as server:
        short = await checked(server, "--judged", "j3_right", "--max-calls", "4")
        assert (short.return_value, len(server.requests)) == (0, 4)
        assert "j3_right: no answer: The limit of 4 calls is used up." in short.stderr
        again = await checked(server, "--judged", "j3_right")
        assert len(server.requests) == 6
    assert "2 calls, " in again.stderr
    assert "4 answers from the cache" in again.stderr


async def test_a_coin_fails_its_check_with_reasons() -> None:
    async with FakeServer(good=serving(Coin())) as server:
        found = await checked(server, "--canaries", "4")
    assert found.return_value == 3
    assert found.stdout.count("not trusted") == 5
    assert "\nj3_right: swapped pair: " in found.stdout


async def test_the_check_can_be_had_as_json() -> None:
    async with FakeServer(good=serving(Perfect())) as server:
        found = await checked(server, "--canaries", "3", "--json")
    told = json.loads(found.stdout)
    assert [one["caught"] for one in told] == [3, 3, 3, 6, 6]
    assert all(one["trusted"] for one in told)


async def test_an_endpoint_that_refuses_the_key_ends_the_check() -> None:
    async with FakeServer([Answer(error("Incorrect API key provided"), status=401)] * 60) as server:
        found = await checked(server)
    assert isinstance(found.exception, KeyRefused)


async def test_canaries_are_made_of_the_maps_of_a_run_or_a_folder(tmp_path: Path) -> None:
    run = tmp_path / "good.jsonl.gz"
    runfile.save(run_of(good()), run)
    for one in good().samples[1:6]:
        assert one.map is not None
        (tmp_path / f"{one.case.id}.json").write_text(one.map.to_json(), "utf-8")
    async with FakeServer(good=serving(Perfect())) as server:
        for place in (run, tmp_path):
            found = await checked(server, "--canaries", "4", "--maps", str(place))
            assert (found.return_value, found.stdout.count("  yes")) == (0, 5)
    asked = {line for one in server.requests for line in one.messages[1].splitlines() if "OPEC influence" in line}
    assert asked


def test_maps_of_too_few_topics_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no maps"):
        of_place(tmp_path)
    run = tmp_path / "few.jsonl"
    runfile.save(Run.of(head(), run_of(good()).records[:2]), run)
    with pytest.raises(InputError, match="maps of 2 topics"):
        of_place(run)
    with pytest.raises(ReadError):
        of_place(tmp_path / "absent.jsonl")


def test_phrasings_of_one_topic_are_known_where_the_suite_is_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.evaluation.judges import SUITE

    runfile.save(run_of(good()), tmp_path / "good.jsonl")
    monkeypatch.chdir(tmp_path)
    assert len(of_place(tmp_path / "good.jsonl")) == 9
    (tmp_path / "evals" / "suites").mkdir(parents=True)
    (tmp_path / "evals" / "suites" / "good.yaml").write_text(SUITE.model_dump_json(), "utf-8")
    assert len(of_place(tmp_path / "good.jsonl")) == 8


def test_the_judge_is_the_only_model_that_is_asked() -> None:
    told = judge_settings({"judge": "j", "base_url": "http://127.0.0.1:1/v1", "canaries": 3})
    assert (told.judge, told.model) == ("j", None)
    assert told.deadline > 86_400
    assert judge_settings({"judge": "local", "deadline": 5.0}).deadline == 5.0


async def test_other_roles_need_no_key_where_only_a_judge_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPGEN_PLANNER", "gpt-5")
    async with judge_of(judge_settings({"judge": "local"}), warn=pytest.fail) as judge:
        assert (judge.endpoint.kind, judge.meter.calls) == ("embedded", 0)
    monkeypatch.setenv("MAPGEN_MODEL", "local")
    async with judge_of(judge_settings({}), warn=pytest.fail) as judge:
        assert judge.endpoint.kind == "embedded"


async def test_a_judge_of_its_own_maps_is_warned_of(tmp_path: Path) -> None:
    runfile.save(run_of(good(), model="fake-judge"), tmp_path / "own.jsonl")
    async with FakeServer(good=serving(Perfect())) as server:
        own = await checked(server, "--maps", str(tmp_path / "own.jsonl"), "--canaries", "3")
        other = await checked(server, "--canaries", "3")
    assert "The judge, fake-judge, made these maps itself" in own.stderr
    assert "made these maps" not in other.stderr
    assert own.stderr.splitlines()[0].endswith("as a judge: at most 30 askings")


async def test_a_judge_needs_a_key_or_an_address() -> None:
    with pytest.raises(ConfigError, match="needs an API key"):
        async with judge_of(judge_settings({"judge": "gpt-5"}), warn=pytest.fail):
            pytest.fail("there is no judge")
