"""The table of formats: names, suffixes, and the module that writes each, imported when it is first used.

It knows no map and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mapgen.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Format:
    """A form that a map can take; its first suffix is the usual one.

    ``needs`` is the package that it is written with, where that is not always there, and ``extra`` what brings it.
    ``carries``: the map is in it, lossless, and is read back.
    """

    module: str
    suffixes: tuple[str, ...]
    description: str
    binary: bool = False
    folder: bool = False
    needs: str = ""
    extra: str = ""
    carries: bool = False

    @property
    def ready(self) -> bool:
        """Whether what it needs is installed."""
        return not self.needs or find_spec(self.needs) is not None

    def is_folder(self, path: Path) -> bool:
        """Whether it is written as a folder at ``path``: it can be, and ``path`` has none of its suffixes."""
        return self.folder and path.suffix.lower() not in self.suffixes

    def check(self) -> None:
        """Raise ConfigError where what it needs is not installed."""
        if not self.ready:
            raise ConfigError(
                f"Writing {self.suffixes[0]} needs {self.needs}, which is not installed.",
                hint=f"pip install 'mapgen[{self.extra}]'",
            )

    def load(self) -> Any:
        """The module that writes it. Raises ConfigError where what it needs is not installed."""
        self.check()
        return import_module(f"mapgen.render.{self.module}")


_TABLE = {
    "txt": Format("txt", (".txt", ".text"), "plain text, for a terminal or a mail"),
    "md": Format("markdown", (".md", ".markdown"), "Markdown, for notes and repositories"),
    "json": Format("json", (".json",), "the whole map, lossless; mapgen reads it back", carries=True),
    "html": Format("html", (".html", ".htm"), "one interactive page; mapgen reads it back", carries=True),
    "svg": Format("svg", (".svg",), "the drawing; mapgen reads it back", carries=True),
    "png": Format(
        "png",
        (".png",),
        "the drawing as a picture; mapgen reads it back",
        binary=True,
        needs="resvg_py",
        extra="png",
        carries=True,
    ),
    "mermaid": Format("mermaid", (".mmd", ".mermaid"), "a flowchart, for Markdown that draws it"),
    "dot": Format("dot", (".dot", ".gv"), "Graphviz, to be drawn by dot"),
    "graphml": Format("graphml", (".graphml",), "GraphML, for yEd, Gephi, NetworkX"),
    "gexf": Format("gexf", (".gexf",), "GEXF, for Gephi"),
    "canvas": Format("canvas", (".canvas",), "JSON Canvas, for Obsidian and others"),
    "obsidian": Format("obsidian", (".zip",), "a vault of notes, zipped or a folder", binary=True, folder=True),
    "opml": Format("opml", (".opml",), "OPML, for outliners and mind maps"),
    "csv": Format("csv", (".csv",), "a table of the concepts"),
    "csv-relations": Format("csv_relations", (".relations.csv",), "a table of the relations"),
    "jsonld": Format("jsonld", (".jsonld",), "JSON-LD, as schema.org terms"),
    "skos": Format("skos", (".ttl",), "SKOS in Turtle, for thesauri", needs="rdflib", extra="skos"),
    "anki": Format("anki", (".apkg",), "a deck of cards for Anki", binary=True, needs="genanki", extra="anki"),
}

FORMATS: Mapping[str, Format] = MappingProxyType(_TABLE)
"""Every format by its name."""
