"""Collected payloads in a real browser: no dialog, no request, and the nodes of a harmless map of that shape.

Within a drawing, where words stand depends on their length, so there boxes, lines and tags are counted. The tab
itself complains of requests, dialogs, errors and whatever the policy refused (see conftest.py).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from mapgen.model import KnowledgeMap
from mapgen.render import render
from mapgen.text import clean
from tests import payloads
from tests.page.test_hostile import ALERT, TAGS

SIZE = 80
NODES = """() => {
  const all = [...document.querySelectorAll("*")], drawn = one => one.closest("svg.stage") || one.closest("svg:root");
  const groups = [".node", ".edge", "title", "desc", "marker", "script", "style"];
  return [all.filter(one => !drawn(one)).length, groups.map(one => document.querySelectorAll(one).length),
    [...new Set(all.map(one => one.localName))]];
}"""
UNSAFE = """() => [...document.querySelectorAll("*")].flatMap(one => one.getAttributeNames().map(name => [name, one]))
  .filter(([name, one]) => name.startsWith("on") || ["src", "srcdoc", "style", "action", "formaction"].includes(name)
    || ("href" === name || "xlink:href" === name) && !/^(#|https?:)/.test(one.getAttribute(name)))
  .map(([name, one]) => `${one.localName} ${name}`)"""


@cache
def batches() -> dict[str, tuple[str, ...]]:
    """Batches of payloads, those that are likeliest to run in a page before all."""
    marked = [text for text in payloads.naughty() if set("<>&\"'`{:") & set(clean(text))]
    other = [text for text in payloads.scripts()[::20] if clean(text)]
    return {
        **{f"naughty-{n}": tuple(marked[n : n + SIZE]) for n in range(0, len(marked), SIZE)},
        **{f"scripts-{n}": tuple(other[n : n + SIZE]) for n in range(0, len(other), SIZE)},
    }


def harmless(texts: tuple[str, ...]) -> tuple[str, ...]:
    """A word for each text, the same for the same."""
    return tuple(f"word{list(map(clean, texts)).index(clean(text))}" for text in texts)


def pair(name: str) -> tuple[KnowledgeMap, KnowledgeMap]:
    """The map of a batch, and a harmless one with the same identifiers."""
    texts = batches()[name]
    return payloads.payload_map(texts, shape=texts), payloads.payload_map(harmless(texts), shape=texts)


@pytest.mark.parametrize("name", list(batches()))
def test_a_page_of_payloads_has_the_nodes_of_a_harmless_one(opened, tmp_path: Path, name: str) -> None:
    counts = []
    for number, map in enumerate(pair(name)):
        path = tmp_path / f"{number}.html"
        path.write_text(map.to_html(brand=map.query), "utf-8")
        page = opened(path, script=ALERT)
        for text in batches()[name][:: SIZE // 8]:
            page.get_by_role("searchbox").fill(text.replace("\x00", ""))
        page.get_by_role("searchbox").fill("")
        for chip in page.locator(".chips summary").all()[:8]:
            chip.click()
        *count, tags = page.evaluate(NODES)
        counts.append(count)
        assert set(tags) <= TAGS
        assert page.evaluate(UNSAFE) == []
        assert page.evaluate("alerted") == 0
    assert counts[0] == counts[1]


def test_a_drawing_of_payloads_has_the_shapes_of_a_harmless_one(opened, tmp_path: Path) -> None:
    found = []
    for number, map in enumerate(pair(next(name for name in batches() if "scripts" in name))):
        path = tmp_path / f"{number}.svg"
        path.write_text(str(render(map, "svg")), "utf-8")
        page = opened(path, script=ALERT)
        *count, tags = page.evaluate(NODES)
        found.append(count)
        assert set(tags) <= TAGS | {"metadata"}
        assert page.evaluate(UNSAFE) == []
        assert page.evaluate("alerted") == 0
    assert found[0] == found[1]
