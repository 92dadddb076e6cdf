"""A map read back from a picture's own chunk, and from no other."""

from __future__ import annotations

import io
import subprocess
import sys
from struct import pack
from zlib import compress, crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mapgen.errors import InputError
from mapgen.model import KnowledgeMap
from mapgen.render import save
from mapgen.render.chunks import HEAD, SIGNATURE, carried, written
from tests.render.hostile import hostile_map


def chunk(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", crc32(kind + content))


END = chunk(b"IEND", b"")


def text_chunk(rest: bytes, *, keyword: bytes = b"mapgen") -> bytes:
    return chunk(b"iTXt", keyword + b"\0" + rest)


def refused(data: bytes, *, limit: int = 1_000) -> str:
    with pytest.raises(InputError) as caught:
        carried(data, limit=limit, name="a.png")
    assert caught.value.hint.startswith("Only pictures that mapgen made carry their map")
    return caught.value.message


def test_a_map_comes_back_from_its_picture(tmp_path, rich_map, source_map):
    for map in (rich_map, source_map, hostile_map()):
        assert KnowledgeMap.load(save(map, tmp_path / "map.png")) == map


def test_a_picture_is_known_by_its_bytes_and_not_by_its_name(tmp_path, source_map):
    data = save(source_map, tmp_path / "map.png").read_bytes()
    (tmp_path / "map.json").write_bytes(data)
    assert KnowledgeMap.load(tmp_path / "map.json") == source_map == KnowledgeMap.read(data)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text):
    data = SIGNATURE + chunk(b"IHDR", b"?" * 13)
    assert len(data) == HEAD
    assert carried(data + written(text) + END, limit=1_000_000, name="x").decode() == text


@pytest.mark.parametrize("zipped", [False, True])
def test_what_another_program_wrote_is_read(zipped):
    info, file = PngInfo(), io.BytesIO()
    info.add_text("other", "no", zip=zipped)
    info.add_itxt("Title", "no", zip=zipped)
    info.add_itxt("mapgen", "{ü}", lang="en", tkey="mapgen", zip=zipped)
    Image.new("L", (2, 2)).save(file, "png", pnginfo=info)
    assert carried(file.getvalue(), limit=100, name="x").decode() == "{ü}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        END + written("{}"),
        text_chunk(b"\0\0\0\0{}", keyword=b"mapgen2"),
        text_chunk(b""),
        text_chunk(b"\0\0\0{}"),
        text_chunk(b"\1\0\0\0no zlib"),
        text_chunk(b"\1\1\0\0" + compress(b"{}")),
        text_chunk(b"\1\0\0\0" + compress(b"{}")[:-3]),
        written("{}")[:-1] + b"?",
        written("{}")[:-2],
        b"\xff\xff\xff\xffiTXt" + written("{}")[8:],
    ],
)
def test_a_picture_without_a_map_is_told(body):
    assert refused(SIGNATURE + chunk(b"IHDR", b"?" * 13) + body) == "a.png carries no map."


def test_a_text_beyond_the_limit_is_not_unpacked():
    assert refused(SIGNATURE + written(" " * 2_000)) == "a.png carries no map."
    assert refused(SIGNATURE + text_chunk(b"\0\0\0\0" + b" " * 1_001)) == "a.png carries no map."
    assert refused(SIGNATURE + written(" " * 100_000_000)) == "a.png carries no map."


@given(st.binary(max_size=80))
def test_any_bytes_are_a_map_or_an_input_error(data):
    with pytest.raises(InputError):
        KnowledgeMap.read(SIGNATURE + data)


def test_reading_one_needs_no_painter(tmp_path, source_map):
    path = save(source_map, tmp_path / "map.png")
    code = (
        "import sys; from mapgen.model import KnowledgeMap;"
        f"KnowledgeMap.load({str(path)!r}); assert 'resvg_py' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
