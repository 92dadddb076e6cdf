"""Collected payloads in pictures: they decode, have the drawing's size and the map inside, and nothing is fetched."""

from __future__ import annotations

import io
import socket
import struct
import zlib
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from mapgen.model import KnowledgeMap
from mapgen.render import render
from tests import payloads
from tests.render.readers import STRICT

RED = (255, 0, 0)
SAMPLE = {name: map for name, map in payloads.maps(8).items() if int(name.split("-")[1]) % 160 == 0}


def drawn(map: KnowledgeMap) -> Image.Image:
    """The picture of a map, decoded."""
    data = render(map, "png")
    assert isinstance(data, bytes)
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def size(map: KnowledgeMap) -> tuple[float, float]:
    """The size of the map's drawing, as an XML parser finds it."""
    root = etree.fromstring(str(render(map, "svg")).encode(), STRICT)
    width, height = root.get("viewBox").split()[2:]
    return float(width), float(height)


@pytest.mark.parametrize("name", list(SAMPLE))
def test_a_picture_of_payloads_is_whole_and_of_the_drawings_size(name: str) -> None:
    map = SAMPLE[name]
    image = drawn(map)
    width, height = size(map)
    assert image.format == "PNG"
    assert image.width == pytest.approx(2 * width, abs=1)
    assert image.height == pytest.approx(2 * height, abs=1)
    assert KnowledgeMap.parse(image.text["mapgen"]) == map
    assert len(image.convert("RGB").getcolors(1 << 24)) > 8


def red(path: Path) -> Path:
    """A picture that is all red, for a drawing that would load it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(RED) * 64) * 64)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    return path


def loading(place: str) -> tuple[str, ...]:
    """Texts that load ``place`` where they become a part of the drawing."""
    return (
        f'</text><image href="{place}" width="900" height="900"/><text>',
        f'"/><image xlink:href="{place}" width="900" height="900"/>',
        f']]><image href="{place}" width="900" height="900"/>',
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{place}">]>&x;',
        f'<use href="{place}#x"/>',
        f"<style>@import url({place}); * {{ fill: url({place}#x) }}</style>",
        f'" style="fill: url({place}#x)',
        place,
    )


def test_a_picture_loads_nothing_from_the_network_or_the_disk(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        file = red(tmp_path / "red.png")
        places = (f"http://127.0.0.1:{listening.getsockname()[1]}/x.png", file.as_uri(), str(file))
        for place in places:
            colours = drawn(payloads.payload_map(loading(place))).convert("RGB").getcolors(1 << 24)
            assert RED not in {colour for _, colour in colours}
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_the_red_picture_is_one_that_would_be_seen(tmp_path: Path) -> None:
    import resvg_py

    link = f'<image href="{red(tmp_path / "red.png")}" width="9" height="9"/>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{link}</svg>'
    image = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=drawing))))
    assert RED in {colour for _, colour in image.convert("RGB").getcolors()}
