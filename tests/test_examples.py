"""The examples: the programs run as they stand, and the stored maps are real maps of the embedded model."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from mapgen import KnowledgeMap
from mapgen.model import Passage
from mapgen.render import FORMATS, render
from mapgen.sources.apart import Apart
from mapgen.sources.base import Document, Raw
from mapgen.sources.kinds import extracted
from mapgen.sources.passages import passages
from mapgen.sources.quotes import located
from tests.pictures import SHOWN
from tests.servers import maps
from tests.servers.fake import FakeServer

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
MAPS = sorted((EXAMPLES / "maps").glob("*.json"))


def run(name: str, *arguments: str, folder: Path, **settings: str) -> str:
    """What an example prints, run in ``folder`` with MAPGEN_* settings."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    env |= {f"MAPGEN_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, str(EXAMPLES / name), *arguments]
    ran = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture
def scripted(tmp_path: Path) -> str:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(maps.script()), encoding="utf-8")
    return f"scripted:{path}"


def test_one_map(scripted: str, tmp_path: Path) -> None:
    said = run("one_map.py", maps.QUERY, folder=tmp_path, model=scripted)
    assert said.startswith("1. ")
    assert said.endswith("complete: map.html, map.md, map.json\n")
    assert KnowledgeMap.load(tmp_path / "map.json").query == maps.QUERY


def test_streaming(scripted: str, tmp_path: Path) -> None:
    lines = run("streaming.py", maps.QUERY, folder=tmp_path, model=scripted).splitlines()
    assert [line.split(":")[0] for line in lines].count("written") == 5
    assert lines[-1].endswith("(complete)")


async def test_own_endpoint(tmp_path: Path) -> None:
    import asyncio

    async with FakeServer() as server:
        said = await asyncio.to_thread(run, "own_endpoint.py", server.url, "any", maps.QUERY, folder=tmp_path)
    assert f"# {maps.QUERY}" in said
    assert "<!-- 7 calls" in said


def test_many_queries(scripted: str, tmp_path: Path) -> None:
    lines = run("many_queries.py", maps.QUERY, "Interest rates and oil", folder=tmp_path, model=scripted).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"{maps.QUERY}: ")


def test_there_are_six_maps_three_of_them_from_sources() -> None:
    assert len(MAPS) == 6
    assert len([path for path in MAPS if KnowledgeMap.load(path).sources]) == 3


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_a_stored_map_is_the_embedded_models_own_and_rendered_as_it_is(path: Path) -> None:
    map = KnowledgeMap.load(path)
    assert map.made is not None
    assert map.made.endpoint == "embedded"
    assert map.made.output_tokens > 0
    assert path.with_suffix(".md").read_text(encoding="utf-8") == map.to_markdown()
    assert path.with_suffix(".html").read_text(encoding="utf-8") == map.to_html()


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_the_pages_and_texts_are_those_of_their_maps(path: Path) -> None:
    map = KnowledgeMap.load(path)
    assert path.with_suffix(".md").read_text("utf-8") == map.to_markdown()
    page = path.with_suffix(".html")
    assert KnowledgeMap.load(page) == map
    assert undrawn(page.read_text("utf-8")) == undrawn(map.to_html()), "run: make pictures"


@pytest.mark.parametrize("name", ["rates-notes", "rates-pdf"])
def test_what_a_map_quotes_stands_in_the_examples_sources_where_it_says(name: str) -> None:
    map = KnowledgeMap.load(EXAMPLES / "maps" / f"{name}.json")
    found: dict[str, tuple[Passage, ...]] = {}
    with Apart() as process:
        for source in map.sources:
            data = (EXAMPLES.parent / source.location).read_bytes()
            blocks = extracted(Raw(name=source.location, data=data), process=process).blocks
            found[source.id] = passages(Document(**dict(source), blocks=blocks))
    cited = [one for concept in map.concepts for one in concept.citations]
    assert {one.source for one in cited} == found.keys() != set()
    for one in cited:
        assert (one.quote, one.heading, one.page) in [told(one.quote, passage) for passage in found[one.source]]


def told(quote: str, passage: Passage) -> tuple[str, str, int | None] | None:
    """How a passage is cited with that quote."""
    if (words := located(quote, passage.text)) is None:
        return None
    place = passage.place(words.start)
    return words.text, place.heading, place.page


@pytest.mark.parametrize("format", list(FORMATS))
def test_one_map_stands_there_in_every_format(format: str) -> None:
    map = KnowledgeMap.load(EXAMPLES / "maps" / f"{SHOWN}.json")
    path = EXAMPLES / "formats" / f"{SHOWN}{FORMATS[format].suffixes[0]}"
    data = path.read_bytes()
    assert len(data) < 100_000
    if format in ("png", "svg"):
        carried = KnowledgeMap.load(path) if format == "svg" else Image.open(path).text["mapgen"]
        assert carried == (map if format == "svg" else map.to_json())
    elif format in ("canvas", "obsidian"):
        assert len(data) > 1000
    else:
        made = render(map, format)
        assert undrawn(data.decode()) == undrawn(str(made)) if isinstance(made, str) else data == made


def undrawn(text: str) -> str:
    """A page without its drawings, which depend on the last bit of the machine's sines."""
    return re.sub(r'<svg class="stage (?:wide|tall)".*?</svg>', "", text, flags=re.DOTALL)
