"""Runs whose maps stand on a file: what is quoted and kept, what a replay needs, and both kinds of maps compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mapgen.errors import SourceError
from mapgen.evaluation import acompare, arun, runfile
from mapgen.evaluation.answers import NotRecorded
from mapgen.evaluation.records import Run
from mapgen.evaluation.reports import terminal
from mapgen.evaluation.scoring import means, values
from mapgen.evaluation.suite import load
from mapgen.sources import encyclopedia
from tests.evaluation.trials import asked, hosted, suite
from tests.servers import fake
from tests.servers.fake import FakeServer, Request

SAID = "a sustained rise of the prices of most goods"
NOTES = f"""Inflation

Inflation is {SAID} in an economy. When it lasts, each unit of money buys less than it did the year before, and
savers lose. Central banks watch it closely and answer it with dearer credit, for households and firms then put off what
they do not need. It is measured by the price of a basket of goods that a usual household buys in a month. Wages follow
inflation with some delay, and rents follow wages, which is why inflation is slow to leave once it has come to stay.
"""
Good = Callable[[Request], dict[str, Any]]


def quoting(words: str) -> Good:
    """A good model that quotes these words of the first passage wherever it may quote."""

    def answer(request: Request) -> dict[str, Any]:
        asked = request.properties & {"definition_quotes", "relevance_quotes"}
        if not asked:
            return fake.good_map(5)(request)
        known = fake.good_map(5)(_without(request, asked))
        return known | {name: [{"passage": 1, "quote": words}] for name in asked}

    return answer


def _without(request: Request, names: set[str]) -> Request:
    """The same request, as if it asked for no quotes."""

    class Plain(Request):
        properties = request.properties - names

    return Plain(request.path, request.headers, request.raw, request.at, request.in_flight)


def notes(folder: Path, text: str = NOTES) -> Path:
    """The file that the maps stand on."""
    path = folder / "notes.txt"
    path.write_text(text, encoding="utf-8")
    return path


def maps(run: Run) -> list[dict[str, Any]]:
    """What a run's maps say, without when and by what they were made."""
    return [one.map.model_dump(exclude={"made"}) for one in run.records if one.map]


async def test_maps_quote_what_the_record_keeps(tmp_path: Path) -> None:
    options: dict[str, Any] = {"sources": [notes(tmp_path)], "limit": 2}
    async with FakeServer(good=quoting(SAID)) as server:
        done = await arun(suite(tmp_path), **hosted(server, tmp_path, **options))
        server.requests.clear()
        again = await arun(suite(tmp_path), **hosted(server, tmp_path, **options))
        assert server.requests == []
    run = runfile.load(done.path)
    assert run.head.sources == (str(tmp_path / "notes.txt"),)
    assert maps(again.run) == maps(run)
    for record in run.records:
        assert record.map is not None
        (citation, *_) = record.map.concept("inflation").citations
        assert citation.quote == SAID
        assert SAID in " ".join(record.passages[citation.source].split())
    found = means(values(load(suite(tmp_path)), run))
    assert (found["cites_resolve"], found["quote_match"], found["quotes_dropped"]) == (1.0, 1.0, 0.0)
    assert found["sourced"] is not None
    assert found["sourced"] > 0


async def test_that_a_source_is_read_is_told_before_the_plan(tmp_path: Path) -> None:
    events: list[Any] = []
    folder = notes(tmp_path).parent / "notes"
    folder.mkdir()
    notes(folder)
    async with FakeServer(good=quoting(SAID)) as server:
        options: Any = hosted(server, tmp_path, sources=str(folder), limit=1)
        await arun(suite(tmp_path), watch=events.append, **options)
    kinds = [event.kind for event in events]
    assert "preparing" in kinds[: kinds.index("plan")]


async def test_quotes_that_stand_nowhere_are_left_out_and_counted(tmp_path: Path) -> None:
    async with FakeServer(good=quoting("words that nobody ever wrote about this")) as server:
        options: Any = hosted(server, tmp_path, sources=str(notes(tmp_path)), limit=1)
        done = await arun(suite(tmp_path), **options)
    found = means(values(load(suite(tmp_path)), done.run))
    assert (found["sourced"], found["cites_resolve"], found["quote_match"]) == (0.0, 0.0, 0.0)
    assert found["quotes_dropped"] is not None
    assert found["quotes_dropped"] >= 2


async def test_a_replay_needs_the_same_passages_and_no_model(tmp_path: Path) -> None:
    path = notes(tmp_path)
    async with FakeServer(good=quoting(SAID)) as server:
        options: Any = hosted(server, tmp_path, sources=str(path), limit=1)
        live = await arun(suite(tmp_path), record=tmp_path / "replays" / "small.jsonl.gz", **options)
    replay: Any = {"replay": True, "sources": str(path), "limit": 1, "cache_dir": tmp_path / "other"}
    again = await arun(suite(tmp_path), **replay)
    assert maps(again.run) == maps(live.run)
    assert (again.run.records[0].asked, again.run.records[0].passages) == (0, live.run.records[0].passages)
    notes(tmp_path, NOTES.replace("savers lose", "savers lose much"))
    with pytest.raises(NotRecorded) as changed:
        await arun(suite(tmp_path), **replay)
    assert "the sources or mapgen changed since" in changed.value.hint
    path.unlink()
    with pytest.raises(SourceError, match="There is no file or folder"):
        await arun(suite(tmp_path), **replay)


@pytest.mark.parametrize("replay", [False, True])
async def test_a_source_that_is_not_installed_ends_a_run_before_any_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replay: bool
) -> None:
    async with FakeServer() as server:
        options: Any = hosted(server, tmp_path)
        await arun(suite(tmp_path), limit=1, **options)
        server.requests.clear()
        monkeypatch.setattr(encyclopedia, "PACKAGE", "no_such_package")
        with pytest.raises(SourceError, match="not installed"):
            await arun(suite(tmp_path), sources=("encyclopedia",), limit=1, replay=replay, **options)
        assert server.requests == []


async def test_a_stored_run_without_sources_is_the_base_of_one_with_them(tmp_path: Path) -> None:
    async with FakeServer(good=quoting(SAID)) as server:
        options: Any = hosted(server, tmp_path)
        bare = await arun(suite(tmp_path), limit=6, **options)
        server.requests.clear()
        found = await acompare(suite(tmp_path), base=bare.path, sources=str(notes(tmp_path)), **options)
        sent = asked(server)
    assert sent["plan"] == 7
    assert (found.cost.base.missing, found.cost.base.asked, found.cost.new.complete) == (1, 0, 7)
    assert (found.base.sources, found.new.sources, found.same) == ((), (str(tmp_path / "notes.txt"),), False)
    sourced = found.metric("sourced")
    assert sourced.base_mean == 0.0
    assert sourced.new_mean is not None
    assert sourced.new_mean > 0
    assert "sourced" in terminal.render(found)
    assert runfile.load(bare.path).records == bare.run.records
