"""For each format a reader that is not ours: what it finds as text, all of it; each fails where a text became markup.

They take what was rendered and know nothing of the map.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pyoxigraph
from lxml import etree
from markdown_it import MarkdownIt
from pyld import jsonld

from mapgen.render.csv import plain
from tests.render import test_anki, test_dot, test_html, test_jsonld, test_markdown, test_obsidian

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
STRICT = etree.XMLParser(recover=False, resolve_entities=False, no_network=True, huge_tree=True)
SHAPES = {
    "svg", "title", "desc", "metadata", "defs", "marker", "path", "g", "rect", "text", "tspan", "style", "a", "line",
    "circle",
}  # fmt: skip


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for item in value.values() for text in _strings(item))
    elif isinstance(value, list):
        yield from (text for item in value for text in _strings(item))
    elif isinstance(value, str):
        yield value


def _json(text: str) -> str:
    return "\n".join(_strings(json.loads(text)))


def _markdown(text: str) -> str:
    seen, types = test_markdown.read(text, test_markdown.parser())
    assert not types & test_markdown.FORBIDDEN
    return "\n".join(seen)


def _xml(text: str) -> str:
    root = etree.fromstring(text.encode("utf-8"), STRICT)
    values = [value for element in root.iter() for value in element.attrib.values()]
    return "\n".join([*root.itertext(), *values])


def _svg(text: str) -> str:
    root = etree.fromstring(text.encode("utf-8"), STRICT)
    assert {etree.QName(element).localname for element in root.iter()} <= SHAPES
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    return "\n".join(root.itertext())


def _html(text: str) -> str:
    page = test_html.Page(text)
    assert page.others == ["doctype html"]
    assert page.open == []
    return "\n".join(said for _, said in page.texts)


def _dot(text: str) -> str:
    (graph,) = test_dot.pydot.graph_from_dot_data(text)
    parts = [graph, *graph.get_nodes(), *graph.get_edges()]
    values = [str(value) for part in parts for value in part.get_attributes().values()]
    return "\n".join(test_dot.plain(value[1:-1]) for value in values)


def _csv(text: str) -> str:
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(FORMULA)]
    return "\n".join(map(plain, cells))


def _jsonld(text: str) -> str:
    expanded = jsonld.expand(json.loads(text), {"documentLoader": test_jsonld.no_network})
    return "\n".join(_strings(expanded))


def _skos(text: str) -> str:
    store = pyoxigraph.Store()
    store.load(text.encode("utf-8"), format=pyoxigraph.RdfFormat.TURTLE)
    return "\n".join(quad.object.value for quad in store if isinstance(quad.object, pyoxigraph.Literal))


def _canvas(text: str) -> str:
    nodes = [node["text"] for node in json.loads(text)["nodes"] if node["type"] == "text"]
    tokens = [token for node in nodes for token in MarkdownIt().parse(node)]
    assert not {child.type for one in tokens for child in (one, *(one.children or ()))} & test_obsidian.FORBIDDEN
    blocks = [token for token in tokens if token.type == "inline"]
    return "\n".join("".join(child.content for child in block.children) for block in blocks).replace("\u2060", "")


def _obsidian(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        notes = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    assert not [name for name in notes if re.search(r'[\\/:*?"<>|#^\[\]\x00-\x1f\x7f]|^\.', name)]
    names = test_obsidian.headings(notes)
    bodies = [test_obsidian.parted(note)[1] for name, note in notes.items() if name.endswith(".md")]
    return "\n".join(test_obsidian.read(body, names) for body in bodies)


def _anki(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        collection = archive.read("collection.anki2")
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(collection)
        fields = [row[0] for row in database.execute("SELECT flds FROM notes")]
        decks = json.loads(database.execute("SELECT decks FROM col").fetchone()[0])
    texts = [field for row in fields for field in row.split("\x1f")] + [deck["desc"] for deck in decks.values()]
    return "\n".join(map(test_anki.text_of, texts))


READERS: dict[str, Callable[[Any], str]] = {
    "txt": str,
    "md": _markdown,
    "json": _json,
    "html": _html,
    "svg": _svg,
    "dot": _dot,
    "graphml": _xml,
    "gexf": _xml,
    "canvas": _canvas,
    "obsidian": _obsidian,
    "opml": _xml,
    "csv": _csv,
    "csv-relations": _csv,
    "jsonld": _jsonld,
    "skos": _skos,
    "anki": _anki,
}
"""All formats but PNG, which is the SVG drawn, and Mermaid, which is read by drawing it in a browser."""
