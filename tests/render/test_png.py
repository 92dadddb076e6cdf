"""PNG: a picture with words in it, and the map itself in a chunk, read back with Pillow."""

from __future__ import annotations

import io
import json

import pytest
import resvg_py
from PIL import Image

from mapgen.errors import ConfigError
from mapgen.model import Concept, KnowledgeMap
from mapgen.render import Options, png


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def a_map(name: str) -> KnowledgeMap:
    concept = Concept(id="c", name=name, definition="D.", relevance="R.", rank=1)
    return KnowledgeMap(query="Q", title="Q", language="en", concepts=(concept,))


def test_the_map_is_read_back_from_the_picture(rich_map):
    image = opened(png.render(rich_map, Options()))
    assert image.format == "PNG"
    assert KnowledgeMap.parse(image.text["mapgen"]) == rich_map
    assert json.loads(image.text["mapgen"])["query"] == rich_map.query


def test_the_chunk_stands_right_after_the_head_and_is_whole(source_map):
    data = png.render(source_map, Options())
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert data[12:16] == b"IHDR"
    assert data[37:41] == b"iTXt"
    Image.open(io.BytesIO(data)).verify()


def test_it_is_drawn_at_double_size_on_light_paper(source_map):
    image = opened(png.render(source_map, Options())).convert("RGB")
    assert image.width == 1440
    assert image.getpixel((3, 3)) == (250, 249, 246)
    colours = image.getcolors(1 << 20)
    assert colours is not None
    assert max(colours)[1] == (250, 249, 246)
    black = sum(count for count, colour in colours if colour == (0, 0, 0))
    assert black < image.width * image.height / 1000


def test_words_leave_ink():
    ink = {name: dark(opened(png.render(a_map(name), Options()))) for name in ("MMMMMMMM", "-")}
    assert ink["MMMMMMMM"] > ink["-"] + 500


def dark(image: Image.Image) -> int:
    return sum(image.convert("L").histogram()[:90])


def test_without_any_font_it_says_so(monkeypatch):
    painted = resvg_py.svg_to_bytes
    monkeypatch.setattr(resvg_py, "svg_to_bytes", lambda **options: painted(**options | {"skip_system_fonts": True}))
    with pytest.raises(ConfigError, match="no font") as error:
        png.render(a_map("A"), Options())
    assert "svg" in error.value.hint


def test_a_very_large_map_is_drawn_smaller(monkeypatch, source_map):
    whole = opened(png.render(source_map, Options()))
    monkeypatch.setattr(png, "_PIXELS_MOST", 300_000)
    small = opened(png.render(source_map, Options()))
    assert whole.width == 1440
    assert 280_000 < small.width * small.height < 302_000
    assert abs(whole.width / whole.height - small.width / small.height) < 0.02
    assert small.text == whole.text
