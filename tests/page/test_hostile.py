"""Hostile texts in a real browser: they are shown as they are, and none becomes markup, a script or a path."""

from __future__ import annotations

import re

import pytest

from mapgen.render.view import Options, view
from tests.page.looking import saved, words
from tests.page.maps import named, page_of

ALERT = "window.alerted = 0; window.alert = window.print = window.open = () => { alerted += 1; };"
TAGS = {
    "html", "head", "meta", "title", "style", "script", "body", "a", "header", "nav", "ul", "ol", "li", "details",
    "summary", "p", "code", "button", "div", "span", "main", "h1", "h2", "h3", "section", "label", "input", "svg", "g",
    "path", "rect", "text", "tspan", "defs", "marker", "desc", "article", "em", "bdi", "small", "q", "strong", "b",
    "table", "thead", "tbody", "tr", "th", "td", "footer", "dl", "dt", "dd",
}  # fmt: skip


@pytest.mark.parametrize("name", ["hostile", "rich"])
def test_no_text_becomes_markup_or_runs(opened, name) -> None:
    page = opened(name, script=ALERT)
    page.get_by_role("searchbox").fill("<img src=x onerror=alert(1)>")
    page.get_by_role("searchbox").fill("")
    for chip in page.locator(".chips summary").all():
        chip.click()
    assert page.evaluate("alerted") == 0
    assert set(page.evaluate("[...document.all].map(one => one.localName)")) <= TAGS
    attributes = set(page.evaluate("[...document.all].flatMap(one => one.getAttributeNames())"))
    assert not {one for one in attributes if one.startswith("on") or one in {"src", "style", "srcdoc", "action"}}
    assert page.evaluate("document.scripts.length") == page_of("one").count("<script")


@pytest.mark.parametrize("name", ["hostile", "rich"])
def test_every_name_and_text_is_shown_as_it_is(opened, name) -> None:
    page = opened(name)
    seen = view(named(name), Options())
    texts = page.locator("article").evaluate_all("""all => all.map(one => ["h3 > span", ".definition", ".relevance"]
      .map(part => (one.querySelector(part)?.textContent ?? "").split("\u2060")[0]))""")
    assert texts == [[card.name, card.definition, card.relevance] for card in seen.cards]


@pytest.mark.parametrize("name", ["hostile", "rich", "arabic", "chinese"])
def test_the_names_of_files_are_safe(opened, name) -> None:
    proposed, _ = saved(opened(name), "JSON")
    assert re.fullmatch(r"[\w-]{1,100}\.json", proposed)


def test_a_kind_of_arrow_has_one_marker_in_its_colour(opened) -> None:
    page = opened("twelve", color_scheme="dark")
    pairs = page.locator(".graph > .stage").evaluate_all("""stages => stages.map(stage => ({
      ids: [...stage.querySelectorAll("marker")].map(one => one.id),
      lines: [...stage.querySelectorAll(".line")].map(line => {
        const marker = document.querySelector(line.getAttribute("marker-end").slice(4, -1));
        const [own, end] = [line, marker.firstElementChild].map(one => getComputedStyle(one).stroke);
        return [marker.id, stage.contains(marker), own === end];
      }),
    }))""")
    for stage in pairs:
        assert sorted(stage["ids"]) == sorted({id for id, _, _ in stage["lines"]})
        assert all(inside and alike for _, inside, alike in stage["lines"])
    assert len({id for stage in pairs for id in stage["ids"]}) == 2 * 9


@pytest.mark.parametrize("name", ["twelve", "interest-rates"])
def test_a_wrapped_name_keeps_the_spaces_between_its_words(opened, name) -> None:
    page = opened(name)
    shown = page.locator(".node").evaluate_all(
        "all => all.map(one => one.querySelector('text:not(.number)').textContent)"
    )
    assert {words(text) for text in shown} == {concept.name for concept in named(name).concepts}
