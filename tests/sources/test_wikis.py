"""Wikipedia over real TCP as a source of a run: which article a concept gets, and how often it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from mapgen.errors import SourceError
from mapgen.sources.base import Found, Wanted
from mapgen.sources.wikipedia import Wikipedia
from mapgen.sources.wikis import AT_ONCE, PATIENCE, Wikis
from tests.servers.wiki import Entry, Wiki, failure
from tests.sources.test_wikipedia import Pauses

QUERY = "How do interest rates affect inflation and oil prices?"
PAGES = [
    Entry(
        "Inflation",
        f"In economics, inflation is an increase in the average price of goods. {'It is an old term. ' * 18}"
        f"\n\n== Word ==\n{'This part tells of the history of the word in print. ' * 10}"
        f"\n\n== Banks ==\n{'Central banks raise interest rates to slow the rise of prices. ' * 10}",
    ),
    Entry("Consumer price inflation", to="Inflation"),
    Entry("Plasma (physics)", "Plasma is a state of matter of charged particles, a hot gas of ions and electrons."),
    Entry("Gross domestic product", "Gross domestic product (GDP) is the value of all goods that a country produces."),
    Entry("Bank", "A bank is a financial institution that accepts deposits from the public and makes loans."),
    Entry(
        "Interest rate", "An interest rate is the price of a loan, and central banks set how high interest rates are."
    ),
]


@pytest.fixture
async def wiki() -> AsyncIterator[Wiki]:
    async with Wiki(PAGES) as wiki:
        yield wiki


def reading(wiki: Wiki, name: str = "wikipedia") -> Wikis:
    """The source that asks that wiki."""
    return Wikis(name, make=partial(Wikipedia, root=wiki.root, guard=wiki.guard, pause=Pauses()))


async def found(source: Wikis, name: str = "", scope: str = "", *, query: str = QUERY, language: str = "en") -> Found:
    return await source.find(Wanted(query=query, language=language, name=name, scope=scope))


@pytest.mark.parametrize(
    ("name", "scope", "title"),
    [
        ("Inflation", "how the average price of goods and services rises", "Inflation"),
        ("inflation", "how fast space expanded in the first second of the universe", None),
        ("Consumer price inflation", "the increase in the average price of goods", "Inflation"),
        ("Plasma (physics)", "a hot gas of charged particles", "Plasma (physics)"),
        ("Gross domestic product (GDP)", "the value of what a country produces", "Gross domestic product"),
        ("Bank", "where a river erodes its soil", None),
        ("Bank", "a financial institution that accepts deposits", "Bank"),
        ("Oil price", "what a barrel costs", None),
        ("| <script>", "what a barrel costs", None),
    ],
)
async def test_a_concept_gets_its_own_article_in_the_sense_that_is_meant(
    wiki: Wiki, name: str, scope: str, title: str | None
) -> None:
    hits = await found(reading(wiki), name, scope, query="")
    assert [source.title for source in hits.sources] == ([title] if title else [])
    assert bool(hits.passages) == bool(title)


async def test_the_first_passage_leads_then_come_those_near_to_the_scope(wiki: Wiki) -> None:
    hits = await found(
        reading(wiki), "Inflation", "the rise of prices that central banks slow by higher interest rates"
    )
    assert [passage.text[:20] for passage in hits.passages] == ["In economics, inflat", "Central banks raise "]
    assert [source.id for source in hits.sources] == ["wikipedia-en-1"]


async def test_a_query_gets_the_near_passages_of_what_its_words_find(wiki: Wiki) -> None:
    hits = await found(reading(wiki))
    assert "wikipedia-en-6" in {source.id for source in hits.sources}
    assert all("rates" in passage.text for passage in hits.passages)
    assert await found(reading(wiki), query="Which giraffes are there?") == Found()
    assert await found(reading(wiki), query="?!") == Found()


@pytest.mark.parametrize(
    ("name", "language", "host"),
    [
        ("wikipedia", "de-CH", "de"),
        ("wikipedia:fr", "de", "fr"),
        ("Wikipedia:simple", "en", "simple"),
        ("wikipedia", "nb", "no"),
    ],
)
async def test_the_wiki_is_that_of_its_name_or_of_the_language_wanted(
    wiki: Wiki, name: str, language: str, host: str
) -> None:
    source = reading(wiki, name)
    hits = await found(source, "Bank", "a financial institution that accepts deposits", language=language)
    assert wiki.requests[0].headers["host"].startswith(f"{host}.wikipedia.example")
    assert hits.sources[0].id == f"wikipedia-{host}-5"
    assert (source.name, source.fingerprint()) == (name, None)
    source.close()


async def test_each_article_is_asked_for_once_and_so_is_one_that_there_is_not(wiki: Wiki) -> None:
    source = reading(wiki)
    for _ in range(2):
        await asyncio.gather(*(found(source, name, "a loan") for name in ("Interest rate", "Oil price") * 3))
    assert [asked.get("titles", "") for asked in wiki.asked_for] == ["Interest rate", "Oil price", ""]


async def test_no_more_than_two_look_ups_run_at_once() -> None:
    running = most = 0

    class Slow(Wikipedia):
        async def article(self, name: str) -> None:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            running -= 1

    source = Wikis("wikipedia", make=Slow)
    await asyncio.gather(*(found(source, f"Concept {number}") for number in range(9)))
    assert most == AT_ONCE


async def test_a_wiki_that_fails_again_and_again_is_left_alone(wiki: Wiki) -> None:
    wiki.then(*[failure("internal_api_error")] * 20)
    source = reading(wiki)
    for number in range(6):
        with pytest.raises(SourceError, match="cannot answer: internal_api_error"):
            await found(source, f"Concept {number}")
    assert len(wiki.requests) == PATIENCE


async def test_a_failure_is_not_remembered_as_an_absence_and_a_success_forgives(wiki: Wiki) -> None:
    source = reading(wiki)
    for _ in range(2 * PATIENCE):
        wiki.then(failure("internal_api_error"))
        with pytest.raises(SourceError):
            await found(source, "Bank", "a financial institution")
        assert not (await found(source, f"Concept {len(wiki.requests)}")).passages
    assert (await found(source, "Bank", "a financial institution that accepts deposits")).passages
