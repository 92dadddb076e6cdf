"""Links into sources on the web: to the page of a PDF, or to the quoted words, which browsers then show.

It knows addresses and no format; what is no address on the web is never a link.
"""

from __future__ import annotations

import re
from urllib.parse import quote as percent
from urllib.parse import urlsplit

_WEB = re.compile(r"https?://[^\s<>\"'\\]+", re.IGNORECASE)
_WITHOUT_TEXT = (".pdf", ".docx")
_SHORT, _ENDS, _LIMIT = 8, 4, 300  # words of a quote that is looked for whole; words at each end; characters
_GAP = re.compile(r"…|\.\.\.")
_EDGES = " .…,;:!?\"'“”‘’«»()[]"


def is_web(location: str) -> bool:
    """Whether it is an address on the web, and nothing else that a link could run."""
    return bool(_WEB.fullmatch(location))


def link(location: str, *, quote: str, page: int | None) -> str:
    """The address of a quote in the source at ``location``; empty where that is none on the web."""
    if not is_web(location):
        return ""
    base, mark, fragment = location.partition("#")
    if page is not None:
        return location if mark else f"{base}#page={page}"
    words = _words(quote)
    if not words or ":~:" in fragment or _path(base).endswith(_WITHOUT_TEXT):
        return location
    return f"{base}#{fragment}:~:text={words}"


def _words(quote: str) -> str:
    """What a text fragment looks for: a short quote whole, of a long one its first and its last words.

    Empty where nothing would be found, as in a long text without spaces.
    """
    first, *rest = _GAP.split(quote.strip(_EDGES))
    start, end = first.split(), (rest or [first])[-1].split()
    whole = not rest and len(start) <= _SHORT
    parts = [start] if whole else [start[:_ENDS], end[-_ENDS:]]
    texts = [" ".join(part).strip(_EDGES) for part in parts]
    if any(not text or len(text) > _LIMIT for text in texts):
        return ""
    return ",".join(percent(text, safe="").replace("-", "%2D") for text in texts)


def _path(address: str) -> str:
    try:
        return urlsplit(address).path.lower()
    except ValueError:  # such as a bracket without its other one
        return ""
