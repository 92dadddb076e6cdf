"""Articles of a Wikipedia over real TCP: which are found, how they are cited, and what its server may do wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import SourceBusy, SourceError
from mapgen.sources.base import Document
from mapgen.sources.url import LIMITS, Limits
from mapgen.sources.wikipedia import Wikipedia, language_of
from tests.servers.http import Answer
from tests.servers.site import moved, page
from tests.servers.wiki import Entry, Wiki, api, failure

SOON = replace(LIMITS, seconds=0.3)
INFLATION = """In economics, inflation is a rise of prices.

It has several causes.


== Causes ==


=== Demand-pull ===
Demand grows faster than supply.


== See also ==
Deflation"""
PAGES = [
    Entry("Inflation", INFLATION),
    Entry("Consumer price inflation", to="Inflation"),
    Entry("Demand-pull inflation", to="Inflation#Demand-pull"),
    Entry("Gone section", to="Inflation#No_longer_there"),
    Entry("Mercury", "Mercury may be:\nthe planet\nthe metal", props={"disambiguation": ""}),
    Entry("Quicksilver", to="Mercury"),
    Entry("Interest rate", "An interest rate is the price of a loan.", props={"wikibase_item": "Q179179"}),
    Entry("C#", "C# is a language."),
    Entry("Talk:Inflation", "inflation inflation", ns=1),
    Entry("AT&T / Größe?", "A title that has to be quoted."),
    Entry("Empty", ""),
]


@dataclass
class Pauses:
    """Waits for nothing, and remembers how long it would have been."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
async def wiki() -> AsyncIterator[Wiki]:
    async with Wiki(PAGES) as wiki:
        yield wiki


def reading(wiki: Wiki, *, limits: Limits = LIMITS, language: str = "en", pauses: Pauses | None = None) -> Wikipedia:
    """What reads that wiki, without waiting."""
    return Wikipedia(language, root=wiki.root, limits=limits, guard=wiki.guard, pause=pauses or Pauses())


async def found(wiki: Wiki, name: str) -> Document:
    """The article of that name, which there is."""
    document = await reading(wiki).article(name)
    assert document is not None
    return document


async def failed(wiki: Wiki, *answers: Answer, limits: Limits = LIMITS, pauses: Pauses | None = None) -> SourceError:
    """The error of a look-up that is answered so."""
    wiki.then(*answers)
    with pytest.raises(SourceError) as caught:
        await reading(wiki, limits=limits, pauses=pauses).article("Inflation")
    assert caught.value.hint
    return caught.value


async def test_an_article_is_its_paragraphs_under_their_headings_and_is_cited_at_its_revision(wiki: Wiki) -> None:
    document = await found(wiki, "Inflation")
    assert [(block.heading, block.text) for block in document.blocks] == [
        ((), "In economics, inflation is a rise of prices."),
        ((), "It has several causes."),
        (("Causes", "Demand-pull"), "Demand grows faster than supply."),
        (("See also",), "Deflation"),
    ]
    assert (document.id, document.title) == ("wikipedia-en-1", "Inflation")
    assert document.location == f"http://en.wikipedia.example:{wiki.port}/w/index.php?title=Inflation&oldid=1001"
    assert len(wiki.requests) == 1


@pytest.mark.parametrize(
    "name",
    ["inflation", "INFLATION", " Inflation ", "Consumer price inflation", "consumer Price Inflation", "InFlaTion"],
)
async def test_case_and_aliases_lead_to_the_article(wiki: Wiki, name: str) -> None:
    assert (await found(wiki, name)).title == "Inflation"
    assert len(wiki.requests) <= 2


async def test_an_alias_of_a_section_gives_that_section(wiki: Wiki) -> None:
    document = await found(wiki, "Demand-pull inflation")
    assert [block.text for block in document.blocks] == ["Demand grows faster than supply."]


@pytest.mark.parametrize(
    "name",
    [
        "Oil price", "Mercury", "Quicksilver", "Gone section", "Talk:Inflation", "Empty", "C#", "A|Inflation", "", "  ",
        "Inflation#Causes", "[[Inflation]]", "{{Inflation}}", "<b>Inflation</b>", "x" * 256, "é" * 128, "\u200b",
    ],
)  # fmt: skip
async def test_none_is_better_than_a_wrong_one(wiki: Wiki, name: str) -> None:
    assert await reading(wiki).article(name) is None


async def test_a_title_is_quoted_in_what_is_cited(wiki: Wiki) -> None:
    document = await found(wiki, "AT&T / Größe?")
    assert document.location.endswith("/w/index.php?title=AT%26T_%2F_Gr%C3%B6%C3%9Fe%3F&oldid=1010")
    assert wiki.asked_for[0]["titles"] == "AT&T / Größe?"


async def test_the_request_is_what_wikimedia_asks_of_clients(wiki: Wiki) -> None:
    await found(wiki, "Inflation")
    headers = wiki.requests[0].headers
    assert headers["user-agent"].startswith("mapgen/")
    assert "gzip" in headers["accept-encoding"]
    assert "cookie" not in headers
    assert (wiki.asked_for[0]["maxlag"], wiki.asked_for[0]["formatversion"]) == ("5", "2")


async def test_a_search_gives_whole_articles_best_first_and_no_other_pages(wiki: Wiki) -> None:
    documents = await reading(wiki).search("How does inflation change the price of a loan?")
    assert [document.title for document in documents] == ["Inflation", "Interest rate"]
    assert len(documents[0].blocks) == 4
    assert wiki.asked_for[0]["gsrsearch"] == "inflation change price loan"
    assert [given.get("pageids") for given in wiki.asked_for] == [None, "1", "7"]
    assert len(await reading(wiki).search("inflation price loan", most=1)) == 1


@pytest.mark.parametrize(
    "query", ["insource:/a.*/ -x", 'intitle:"a" OR b', "~a* !b (prefix:c) \\", "a" * 900, "价" * 900]
)
async def test_what_a_search_would_obey_is_not_in_its_words(wiki: Wiki, query: str) -> None:
    assert await reading(wiki).search(query) == ()
    sent = wiki.asked_for[0]["gsrsearch"]
    assert sent.replace(" ", "").isalnum()
    assert sent == sent.lower()
    assert len(sent.encode()) <= 300


async def test_nothing_is_asked_where_there_are_no_words(wiki: Wiki) -> None:
    assert await reading(wiki).search("?!…") == ()
    assert wiki.requests == []


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ("wikipedia", "en"), ("wikipedia:de", "de"), ("Wikipedia:PT", "pt"), ("wikipedia: fr ", "fr"),
        ("wikipedia:nb", "no"), ("wikipedia:simple", "simple"), ("wikipedia:zh-min-nan", "zh-min-nan"),
        ("wikipedia:be-tarask", "be-tarask"), ("wikipedia:zh-yue", "zh-yue"), ("wikipedia:yue", "zh-yue"),
    ],
)  # fmt: skip
def test_the_language_is_the_one_named_or_the_query_s(source: str, language: str) -> None:
    assert language_of(source, otherwise="en-GB") == language


@pytest.mark.parametrize(
    "code",
    [
        "evil.com/", "evil.com#", "de.evil", "de/", "de@evil.com", "de:80", "", "d", "www", "api", "de\x00", "..",
        "de%2e", "дe", "d\u200be", "{language}", "xn--80ak", "a-b", "deutsch", "de-", "-de", "x" * 99, "de\n.evil",
    ],
)  # fmt: skip
def test_what_is_no_code_of_a_language_names_no_wikipedia(code: str) -> None:
    with pytest.raises(SourceError, match="names no Wikipedia") as caught:
        language_of(f"wikipedia:{code}", otherwise="en")
    assert "\x00" not in caught.value.message
    assert caught.value.hint == "For example: wikipedia:de"


@pytest.mark.parametrize("otherwise", ["", "?", "evil.com/", "www", "deutsch", "x" * 99])
def test_nor_does_an_odd_language_of_the_query(otherwise: str) -> None:
    with pytest.raises(SourceError, match="names no Wikipedia"):
        language_of("wikipedia", otherwise=otherwise)


@given(st.text(max_size=20))
def test_whatever_is_named_the_host_is_one_of_wikipedia_s(code: str) -> None:
    try:
        language = language_of(f"wikipedia:{code}", otherwise="en")
    except SourceError:
        return
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", language)


def test_its_host_is_wikipedia_s_unless_a_test_says_otherwise(root: Path) -> None:
    assert Wikipedia("de").root.format(language="de") == "https://de.wikipedia.org"
    for path in (root / "mapgen").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Wikipedia":
                assert {word.arg for word in node.keywords} <= {"language", "limits"}, path.name


@pytest.mark.parametrize(
    "answer",
    [
        failure("maxlag", retry_after="5"), api("slow down", status=429, Retry_After="5"),
        replace(page("<h1>503</h1>", type="text/html", Retry_After="5"), status=503), failure("ratelimited"),
    ],
)  # fmt: skip
async def test_a_busy_wiki_is_asked_once_more_when_it_says(wiki: Wiki, answer: Answer) -> None:
    pauses = Pauses()
    wiki.then(answer)
    assert await reading(wiki, pauses=pauses).article("Inflation") is not None
    assert pauses.seconds == [5.0]
    assert len(wiki.requests) == 2


async def test_a_wiki_that_stays_busy_is_asked_twice_in_a_look_up_and_no_more(wiki: Wiki) -> None:
    lag = failure("maxlag", retry_after="1")
    assert isinstance(await failed(wiki, lag, lag), SourceBusy)
    assert len(wiki.requests) == 2
    missing = api({"batchcomplete": True, "query": {"pages": [{"ns": 0, "title": "Inflation", "missing": True}]}})
    assert isinstance(await failed(wiki, lag, missing, lag), SourceBusy)
    assert len(wiki.requests) == 5


async def test_a_wait_beyond_the_deadline_is_not_begun(wiki: Wiki) -> None:
    pauses = Pauses()
    error = await failed(wiki, failure("maxlag", retry_after="20"), pauses=pauses)
    assert isinstance(error, SourceBusy)
    assert error.retry_after == 20.0
    assert pauses.seconds == []


@pytest.mark.parametrize(
    "body",
    [
        b"\xff{", "", "{", "[]", "null", "<html>", '"x"', '{"query": []}', "[" * 100_000,
        '{"query": {"pages": {"1": {}}}}',
        '{"query": {"pages": [{"pageid": "1", "title": "Inflation"}]}}', '{"query": {"pages": [{"title": 1}]}}',
        '{"query": {"pages": [{"pageid": 1, "lastrevid": 2, "title": "x", "extract": {"*": "y"}}]}}', '{"error": "x"}',
    ],
)  # fmt: skip
async def test_what_is_not_the_api_s_json_is_an_error(wiki: Wiki, body: str | bytes) -> None:
    assert "is not MediaWiki's" in (await failed(wiki, api(body))).message


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (api({}, status=404), "no such page"), (api({}, status=403), "refuses"), (api({}, status=500), "failed (500)"),
        (page("<html>", type="text/html"), "no text that is read"), (moved("/w/api.php?again"), "in circles"),
        (moved("http://evil.example/w/api.php"), "en.wikipedia.example sends its readers in circles"),
        (moved("http://10.0.0.1/w/api.php"), "10.0.0.1 is refused"), (moved("file:///etc/passwd"), "is refused"),
        (failure("internal_api_error_\x1b[31mX"), "internal_api_error_X"),
        (replace(api("{}"), drop="reset"), "broke off"), (failure("x" * 5_000), "x" * 59 + "…"),
    ],
)  # fmt: skip
async def test_other_faults_are_told(wiki: Wiki, answer: Answer, said: str) -> None:
    error = await failed(wiki, answer)
    assert said in error.message
    assert "About" not in error.message
    assert len(wiki.requests) == 1


async def test_too_much_and_too_late_are_errors(wiki: Wiki) -> None:
    huge = {"query": {"pages": [{"pageid": 1, "ns": 0, "title": "x", "lastrevid": 2, "extract": "x" * 20_000}]}}
    assert "larger than 10,000" in (await failed(wiki, api(huge), limits=replace(LIMITS, size=10_000))).message
    assert "within 0.3 seconds" in (await failed(wiki, replace(api("{}"), hang=True), limits=SOON)).message
    assert "within 0.3 seconds" in (await failed(wiki, replace(api("{}" * 99), drip=0.01), limits=SOON)).message
    slow = replace(api({"batchcomplete": True}), before=0.2)
    assert "within 0.3 seconds" in (await failed(wiki, slow, slow, limits=SOON)).message
