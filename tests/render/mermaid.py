"""Flowcharts drawn by Mermaid itself, in Chromium, with what its parser and its drawing say of them.

The library is the one that the package mermaidx carries, byte for byte Mermaid's own release; no network is used.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium")
COMPLETE = bool(os.environ.get("MAPGEN_TEST_COMPLETE"))
READ = """
async (text) => {
  mermaid.initialize({startOnLoad: false, securityLevel: "strict"});
  const {svg, bindFunctions} = await mermaid.render("drawing", text);
  const place = document.getElementById("place");
  place.innerHTML = svg;
  bindFunctions?.(place);
  const db = (await mermaid.mermaidAPI.getDiagramFromText(text)).db;
  let markup = 0;
  const hovered = (node) => {
    document.querySelector(".mermaidTooltip")?.replaceChildren();
    node.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
    const tooltip = document.querySelector(".mermaidTooltip");
    markup += tooltip?.querySelectorAll("*").length ?? 0;
    return tooltip?.textContent ?? "";
  };
  const nodes = [...place.querySelectorAll("g.node")].map((node) => {
    const label = node.querySelector(".nodeLabel"), name = label.querySelector("b")?.textContent ?? label.textContent;
    return [node.id.split("-").at(-2), {
      name: name, definition: label.textContent.slice(name.length), tooltip: hovered(node),
      link: node.closest("a")?.getAttribute("xlink:href") ?? "", classes: [...node.classList],
    }];
  });
  const labels = new Map([...place.querySelectorAll(".edgeLabels .label")].map(
    (label) => [label.dataset.id, label.textContent.trim()]));
  return {
    nodes: Object.fromEntries(nodes),
    edges: db.getEdges().map((edge) => ({
      source: edge.start, target: edge.end, label: labels.get(edge.id), type: edge.type, style: edge.style ?? []})),
    heading: place.querySelector(".flowchartTitleText")?.textContent ?? "",
    title: place.querySelector("svg > title")?.textContent ?? "",
    description: (place.querySelector("svg > desc")?.textContent ?? "").split("\\n"),
    foreign: markup + [...place.querySelectorAll("*")].filter((one) => [...one.attributes].some(
      ({name, value}) => name.startsWith("on") || name === "src"
        || /(^|:)href$/.test(name) && !value.startsWith("#"))).length,
    tags: [...new Set([...place.querySelectorAll("*")].map((one) => one.localName))],
    orders: {
      subgraphs: db.getSubGraphs().length, classes: [...db.getClasses().keys()],
      called: [...db.getVertices().values()].filter((one) => one.haveCallback).length,
      config: Object.keys((await mermaid.parse(text)).config),
    },
  };
}
"""


@dataclass(frozen=True)
class Drawing:
    """A flowchart as Mermaid understood and drew it.

    ``foreign`` are elements that act or load, ``orders`` what it was told besides nodes and edges, ``messages`` what
    the browser said or asked for.
    """

    nodes: dict[str, dict]
    edges: list[dict]
    heading: str
    title: str
    description: list[str]
    foreign: int
    tags: list[str]
    orders: dict
    messages: tuple[str, ...]


def draw(texts: dict[str, str]) -> dict[str, Drawing]:
    """Each of those flowcharts, drawn; raises playwright's Error for one that Mermaid does not understand.

    The browser is gone when this returns: Playwright's event loop must not meet that of asynchronous tests.
    """
    if CHROMIUM is None:
        (pytest.fail if COMPLETE else pytest.skip)("chromium is not here: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            page = browser.new_page()
            heard: list[str] = []
            page.on("console", lambda message: heard.append(message.text))
            page.on("pageerror", lambda error: heard.append(str(error)))
            page.on("request", lambda request: heard.append(request.url))
            page.set_content('<!doctype html><meta charset="utf-8"><body><div id="place"></div></body>')
            page.add_script_tag(path=str(files("mermaidx") / "assets" / "mermaid.js"))
            return {name: _drawn(page, text, heard=heard) for name, text in texts.items()}
        finally:
            browser.close()


def _drawn(page: Page, text: str, *, heard: list[str]) -> Drawing:
    heard.clear()
    found = page.evaluate(READ, text)
    return Drawing(**found, messages=tuple(heard))
