"""File names for notes: safe on every system and in Obsidian's links, and no two the same on any disk.

It knows no map: names in, names out.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import count

from mapgen.text import clean

LIMIT = 100  # bytes in UTF-8; a number that makes a name unique, and a suffix, come on top
# Separators, what Windows or Obsidian's links forbid, and what would be code, maths, comment or entity in a link.
_UNSAFE = re.compile(r"[\\/:*?\"<>|#^\[\]`$%=~{}]+|&(?=\w+;)")
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE)
# A link to `x.md` or `x.canvas` would mean the file `x`.
_SUFFIX = re.compile(r"\.(?=(md|canvas)$)", re.IGNORECASE)
_ENDS = " .\u200c\u200d\ufe0e\ufe0f"


def file_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """A name (without suffix) for each of those, in order; a taken one gets 2, 3 …, whatever its case or form."""
    taken: set[str] = set()
    result = []
    for name in names:
        base = _safe(name)
        choices = (base if n == 1 else f"{base} {n}" for n in count(1))
        result.append(next(choice for choice in choices if _key(choice) not in taken))
        taken.add(_key(result[-1]))
    return tuple(result)


def _safe(name: str) -> str:
    text = _cut(_UNSAFE.sub(" ", clean(name)))
    return f"Note {text}".strip() if not text or _RESERVED.fullmatch(text) else text


def _cut(text: str) -> str:
    one = _SUFFIX.sub(" ", " ".join(text.split()).strip(_ENDS))
    return one.encode()[:LIMIT].decode(errors="ignore").strip(_ENDS)


def _key(name: str) -> str:
    """Equal for names that some file system takes for the same."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    return unicodedata.normalize("NFKD", folded).casefold()
