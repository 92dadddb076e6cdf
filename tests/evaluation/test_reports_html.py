"""The report's page as a document: whole, self-contained, under its own policy, with every text as text."""

from __future__ import annotations

import re
from base64 import b64decode
from hashlib import sha256
from html.parser import HTMLParser
from json import loads
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapgen.evaluation.comparison import Comparison
from mapgen.evaluation.records import Record, Run
from mapgen.evaluation.reports import html
from tests.evaluation.compared import OLD, head, hostile, large, small
from tests.evaluation.maps import sample
from tests.render.hostile import ROOT, hostile_map, small_map

VOID = {"meta", "br"}
ASSETS = ROOT / "mapgen" / "evaluation" / "reports" / "assets"
MAP_STYLE = ROOT / "mapgen" / "render" / "assets" / "page.css"


class Page(HTMLParser):
    """A page's elements, and the text that stands outside of scripts and styles; unclosed elements are an error."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.data: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["script"], ["style"]):
            self.data.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.data).split())

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [
            found for name, found in self.elements if name == tag and all(found.get(k) == v for k, v in wanted.items())
        ]


@pytest.fixture(scope="module")
def forty() -> tuple[Page, str]:
    told, base, new = large()
    page = html.render(told, base=base, new=new)
    return Page(page), page


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_page_says_first_what_the_verdict_is(forty: tuple[Page, str]) -> None:
    _, text = forty
    headings = re.findall(r"<h([12])[^>]*>(.*?)</h", text)
    assert headings[0] == ("1", "Relevances say less about their query")
    assert [told for level, told in headings if level == "2"] == [
        "Lost most", "Metrics", "The edit", "40 queries", "Cost", "To reproduce"
    ]  # fmt: skip
    assert text.index("</span>worse</span>") < text.index("<h1")


def test_every_text_of_every_map_is_in_the_page(forty: tuple[Page, str]) -> None:
    page, _ = forty
    _, base, new = large()
    shown = page.text
    for run in (base, new):
        for map in (record.map for record in run.records if record.map):
            for one in map.concepts:
                assert words(one.name) in shown
                assert words(one.definition) in shown
                assert words(one.relevance) in shown
            for relation in map.relations:
                assert words(relation.explanation) in shown


def test_what_has_no_map_says_why(forty: tuple[Page, str]) -> None:
    page, _ = forty
    assert "No usable map, which scores 0: UnusableAnswerError" in page.text
    assert "The endpoint failed; the map is missing: Connection refused." in page.text
    assert page.text.count("Both arms have the same map.") == 1


def test_there_is_one_row_for_each_case_and_each_primary_metric(forty: tuple[Page, str]) -> None:
    page, _ = forty
    told, _, _ = large()
    assert len(page.all("details", **{"class": "case"})) == 40
    assert len(
        [one for one in page.all("svg") if one["class"].startswith("plot ") and "axis" not in one["class"]]
    ) == len([one for one in told.metrics if one.margin])
    assert [one["id"] for one in page.all("div", **{"class": "maps"})] == list(
        dict.fromkeys(one["id"] for one in page.all("div", **{"class": "maps"}))
    )


def test_the_losers_lead_to_their_maps(forty: tuple[Page, str]) -> None:
    page, _ = forty
    anchors = [one["href"] for one in page.all("a") if one["href"].startswith("#case-")]
    assert len(anchors) == 3
    ids = {one["id"] for _, one in page.elements if "id" in one}
    assert {anchor[1:] for anchor in anchors} <= ids


def test_nothing_is_asked_for_and_the_policy_names_what_is_inside(forty: tuple[Page, str]) -> None:
    page, text = forty
    (policy,) = [one["content"] for one in page.all("meta", **{"http-equiv": "Content-Security-Policy"})]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    for tag, name in (("style", "style-src"), ("script", "script-src")):
        body = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        (named,) = re.findall(rf"{name} 'sha256-([^']+)'", policy)
        assert [sha256(one.encode()).digest() for one in body] == [b64decode(named)]
    assert not [one for _, one in page.elements if {"src", "style", "onclick", "onload"} & set(one)]
    assert {one["href"][0] for _, one in page.elements if "href" in one} == {"#"}


def test_the_scripts_data_has_the_scores_in_the_order_of_the_page(forty: tuple[Page, str]) -> None:
    _, text = forty
    told, _, _ = large()
    (data,) = re.findall(r'<script type="application/json" id="_data">(.*?)</script>', text)
    gated = [metric for metric in told.metrics if metric.gated]
    found = loads(data)
    assert [one["margin"] for one in found] == [metric.margin for metric in gated]
    assert {len(one["base"]) for one in found} == {40}
    assert found[0]["new"].count(None) == 1


def test_forty_queries_fit_into_a_page_that_can_be_mailed(forty: tuple[Page, str]) -> None:
    assert len(forty[1].encode()) < 400_000


def test_the_edit_stands_beside_with_its_words_marked(forty: tuple[Page, str]) -> None:
    _, text = forty
    assert "<del>relevance</del>: 2 or 3" in text
    assert "<ins>importance</ins>: 2 or 3" in text


def test_without_runs_the_page_has_no_maps_and_says_so() -> None:
    page = Page(html.render(small()))
    assert page.text.count("The maps are not in this page: it was made without the runs.") == 8


@pytest.mark.parametrize(
    "fields",
    [
        {"metrics": (), "losers": (), "cases": (), "diff": "", "exit_code": 4},
        {"same": True, "cases": (), "losers": (), "diff": "", "exit_code": 0},
        {"losers": (), "exit_code": 3, "notes": ("The judge missed its canaries.",)},
    ],
    ids=["failed", "same", "not trusted"],
)
def test_a_comparison_with_little_in_it_is_a_page_too(fields: dict[str, object]) -> None:
    page = Page(html.render(small(**fields)))
    assert page.text.count("Lost most") == 0
    assert all(note in page.text for note in small(**fields).notes)


def test_repeats_are_shown_one_after_the_other() -> None:
    good = sample("photosynthesis").map
    told, heads = small(), head("x", OLD, prompts="aaaaaaaaaaaa")
    base = Run.of(heads, [Record(case="q1", repeat=n, map=good) for n in (0, 1)])
    page = Page(html.render(told, base=base, new=base))
    assert [text in page.text for text in ("Repeat 1", "Repeat 2", "Repeat 3")] == [True, True, False]


# Texts of models and of people are text.


def plain(comparison: Comparison, base: Run, new: Run) -> tuple[Page, set[str]]:
    page = Page(html.render(comparison, base=base, new=new))
    return page, {tag for tag, _ in page.elements}


def test_nothing_hostile_becomes_markup(forty: tuple[Page, str]) -> None:
    page, tags = plain(*hostile(hostile_map()))
    assert tags <= {tag for tag, _ in forty[0].elements} | {"h4"}
    assert len(page.all("script")) == 2
    assert not [one for _, one in page.elements if {"onerror", "src", "style"} & set(one)]
    assert "<img src=x onerror=alert(2)>" in page.text
    assert "⟨U+202E⟩" in page.text
    assert "{{ 7*7 }}" in page.text


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    map = small_map(text)
    runs = [Run.of(head(text, text, prompts="a"), [Record(case="q1", map=map)]) for _ in (1, 2)]
    page, _ = plain(small(), runs[0], runs[1])
    assert words(map.query.replace("\x7f", "")) in page.text.replace("\x7f", "")


def palettes(path: Path) -> list[dict[str, str]]:
    """The custom properties of a style: in light, in dark, in print."""
    blocks = re.findall(r":root \{(.*?)\}", path.read_text("utf-8"), re.DOTALL)
    return [dict(re.findall(r"--(\w+): ([^;]+);", block)) for block in blocks]


def test_the_look_is_the_maps_page() -> None:
    both = zip(*(palettes(path) for path in (ASSETS / "report.css", MAP_STYLE)), strict=True)
    for at, (ours, theirs) in enumerate(both):
        shared = ours.keys() & theirs.keys() - ({"accent", "warn"} if at == 2 else set())
        assert {"paper", "card", "ink", "text", "soft", "line", "wash"} <= shared
        assert {name: ours[name] for name in shared} == {name: theirs[name] for name in shared}
