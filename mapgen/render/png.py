"""PNG: the picture that svg.py draws, in the light colours and at double size, with the map inside it as text.

The pixels are resvg's, in the types that the machine has. It knows no file.
"""

from __future__ import annotations

import re
from math import sqrt

from mapgen.errors import ConfigError
from mapgen.model import KnowledgeMap
from mapgen.render import chunks
from mapgen.render.svg import document
from mapgen.render.view import Options

_SCALE = 2.0
_PIXELS_MOST = 40_000_000
_FAMILIES = (
    "Noto Sans",
    "DejaVu Sans",
    "Liberation Sans",
    "Arial",
    "Helvetica",
    "Segoe UI",
    "Roboto",
    "Ubuntu",
    "Cantarell",
    "FreeSans",
    "Open Sans",
)
_SIZE = re.compile(r'<svg [^>]*?viewBox="0 0 ([\d.]+) ([\d.]+)"')


def render(map: KnowledgeMap, options: Options) -> bytes:
    """``map`` as a PNG image; its iTXt chunk ``mapgen`` holds the map's JSON, so that nothing is lost.

    Very large maps are drawn smaller. Raises ConfigError where the machine has no type to write with.
    """
    picture = document(map, options, styled=False)
    image = _painted(picture)
    return image[: chunks.HEAD] + chunks.written(map.to_json()) + image[chunks.HEAD :]


def _painted(picture: str) -> bytes:
    import resvg_py

    if not (family := _family()):
        raise ConfigError(
            "There is no font on this machine, so the picture would have no words.",
            hint="Install fonts (such as the package fonts-dejavu), or choose --format svg.",
        )
    return bytes(resvg_py.svg_to_bytes(svg_string=picture, zoom=_scale(picture), dpi=96, sans_serif_family=family))


def _scale(picture: str) -> float:
    found = _SIZE.search(picture)
    area = float(found[1]) * float(found[2]) if found else 1.0
    return min(_SCALE, sqrt(_PIXELS_MOST / area))


def _family() -> str:
    """The first of some common families that a letter can be drawn in on this machine; empty where none can.

    resvg takes "sans-serif" for Arial, and draws nothing where there is no Arial.
    """
    import resvg_py

    root = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" font-family="{}"><text y="20">M</text></svg>'
    blank = bytes(resvg_py.svg_to_bytes(svg_string=root.format(""), skip_system_fonts=True))
    drawn = (one for one in _FAMILIES if bytes(resvg_py.svg_to_bytes(svg_string=root.format(one))) != blank)
    return next(drawn, "")
