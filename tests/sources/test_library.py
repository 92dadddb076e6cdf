"""All sources as one: whose passages come first, what a failing source does, and when the fingerprint changes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import ConfigError, MapgenError, SourceError
from mapgen.model import Passage, Source
from mapgen.sources.base import Found, Wanted
from mapgen.sources.library import Library
from tests.sources.test_index import quiet

WANTED = Wanted(query="q", language="en")


def passage(text: str, *, source: str) -> Passage:
    return Passage(source=source, offset=0, text=text)


@dataclass
class Fixed:
    """A source that always finds the same, or fails."""

    name: str
    texts: list[str] = field(default_factory=list)
    error: MapgenError | None = None
    print: str | None = "p"
    closed: int = 0

    async def find(self, wanted: Wanted) -> Found:
        await asyncio.sleep(0)
        if self.error:
            raise self.error
        passages = tuple(passage(text, source=self.name) for text in self.texts)
        source = Source(id=self.name, title=self.name, location=self.name)
        return Found(passages=passages, sources=(source,))

    def fingerprint(self) -> str | None:
        return self.print

    def close(self) -> None:
        self.closed += 1
        if self.error:
            raise self.error


async def test_passages_are_taken_in_turns_in_the_order_of_the_names() -> None:
    finders = [Fixed("b", ["1", "2", "3"]), Fixed("none"), Fixed("a", ["4"]), Fixed("c", ["5", "6"])]
    found = await Library(finders, warn=quiet).find(WANTED)
    assert [(one.source, one.text) for one in found.passages] == [
        ("b", "1"), ("a", "4"), ("c", "5"), ("b", "2"), ("c", "6"), ("b", "3"),
    ]  # fmt: skip
    assert [source.id for source in found.sources] == ["b", "a", "c"]
    assert Library(finders, warn=quiet).name == "b, none, a, c"


async def test_what_two_sources_find_is_there_once_and_without_sources_there_is_nothing() -> None:
    found = await Library([Fixed("a", ["1", "2"]), Fixed("a", ["2", "1", "3"])], warn=quiet).find(WANTED)
    assert [one.text for one in found.passages] == ["1", "2", "3"]
    assert [source.id for source in found.sources] == ["a"]
    assert await Library([], warn=quiet).find(WANTED) == Found()


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=4), max_size=4))
def test_no_passage_is_lost_and_each_source_keeps_its_order(given: list[list[str]]) -> None:
    numbers = count()
    finders = [Fixed(f"s{at}", [f"{text}{next(numbers)}" for text in texts]) for at, texts in enumerate(given)]
    found = asyncio.run(Library(finders, warn=quiet).find(WANTED))
    for finder in finders:
        assert [one.text for one in found.passages if one.source == finder.name] == finder.texts
    assert len(found.passages) == sum(map(len, given))
    assert {source.id for source in found.sources} == {finder.name for finder in finders if finder.texts}


async def test_a_source_that_fails_is_warned_of_once_for_each_reason_and_the_others_stand() -> None:
    warned: list[str] = []
    failing = Fixed("wikipedia", error=SourceError("It is down.", hint="Try again later."))
    library = Library([failing, Fixed("a", ["1"])], warn=warned.append)
    for _ in range(3):
        assert [one.text for one in (await library.find(WANTED)).passages] == ["1"]
    failing.error = SourceError("It is full.")
    await library.find(WANTED)
    assert warned == ["wikipedia was not used: It is down. Try again later.", "wikipedia was not used: It is full."]


async def test_an_error_that_is_no_sources_own_is_not_hidden() -> None:
    with pytest.raises(ConfigError):
        await Library([Fixed("a", error=ConfigError("wrong"))], warn=quiet).find(WANTED)


def test_the_fingerprint_is_of_all_and_none_where_one_has_none() -> None:
    def of(*prints: str | None) -> str | None:
        return Library([Fixed("a", print=one) for one in prints], warn=quiet).fingerprint()

    told = [of(), of("1"), of("2"), of("1", "2"), of("2", "1"), of("12")]
    assert len(set(told)) == len(told)
    assert None not in told
    assert of("1", "2") == told[3]
    assert of("1", None) is None


def test_the_fingerprint_changes_with_the_way_in_which_passages_are_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    prints = []
    for there in (True, False, True):
        monkeypatch.setattr("mapgen.sources.library.installed", lambda there=there: there)
        prints.append(Library([Fixed("a")], warn=quiet).fingerprint())
    assert prints[0] == prints[2] != prints[1]


def test_all_are_closed_whatever_one_does() -> None:
    finders = [Fixed("a"), Fixed("b", error=SourceError("stuck")), Fixed("c")]
    with pytest.raises(SourceError, match="stuck"):
        Library(finders, warn=quiet).close()
    assert [finder.closed for finder in finders] == [1, 1, 1]
