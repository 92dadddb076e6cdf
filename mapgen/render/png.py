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
