"""PNG: the picture that svg.py draws, in the light colours and at double size, with the map inside it as text.

The pixels are resvg's, in the types that the machine has. It knows no file.
"""

from __future__ import annotations

import re
from math import sqrt
from struct import pack
from zlib import compress, crc32

from mapgen.errors import ConfigError
from mapgen.model import KnowledgeMap
from mapgen.render.svg import document
from mapgen.render.view import Options

KEYWORD = "mapgen"
_SCALE = 2.0
_PIXELS_MOST = 40_000_000
_HEAD = 33  # bytes of the signature and of the chunk IHDR, which comes first
_SIZE = re.compile(r'<svg [^>]*?viewBox="0 0 ([\d.]+) ([\d.]+)"')


def render(map: KnowledgeMap, options: Options) -> bytes:
    """``map`` as a PNG image; its iTXt chunk ``mapgen`` holds the map's JSON, so that nothing is lost.

    Very large maps are drawn smaller. Raises ConfigError where the machine has no type to write with.
    """
    picture = document(map, options, styled=False)
    image = _painted(picture)
    return image[:_HEAD] + _text_chunk(KEYWORD, map.to_json()) + image[_HEAD:]


def _painted(picture: str) -> bytes:
    import resvg_py

    if not _has_types():
        raise ConfigError(
            "There is no font on this machine, so the picture would have no words.",
            hint="Install fonts (such as the package fonts-dejavu), or choose --format svg.",
        )
    return bytes(resvg_py.svg_to_bytes(svg_string=picture, zoom=_scale(picture), dpi=96))


def _scale(picture: str) -> float:
    found = _SIZE.search(picture)
    area = float(found[1]) * float(found[2]) if found else 1.0
    return min(_SCALE, sqrt(_PIXELS_MOST / area))


def _has_types() -> bool:
    """Whether a letter looks otherwise with the machine's types than with none."""
    import resvg_py

    letter = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><text y="20" font-size="20">M</text></svg>'
    drawn, blank = (resvg_py.svg_to_bytes(svg_string=letter, skip_system_fonts=without) for without in (False, True))
    return bytes(drawn) != bytes(blank)


def _text_chunk(keyword: str, text: str) -> bytes:
    """An iTXt chunk: keyword, compressed, no language, no translated keyword, UTF-8."""
    body = b"iTXt" + keyword.encode("latin-1") + b"\0\1\0\0\0" + compress(text.encode(), 9)
    return pack(">I", len(body) - 4) + body + pack(">I", crc32(body))
