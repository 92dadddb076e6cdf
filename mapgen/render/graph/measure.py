"""How wide a text is drawn in a sans-serif type, and where it may be broken into lines.

The widths are estimates, a little wide on purpose: which type a reader's machine has is not known here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_LATIN = {
    **dict.fromkeys("ijl|!.,:;'`", 0.28),
    **dict.fromkeys(" ", 0.28),
    **dict.fromkeys('ftrI()[]{}/\\-*"^°', 0.38),
    **dict.fromkeys("acksvxyzJ?_", 0.54),
    **dict.fromkeys("bdeghnopqu0123456789#$+<=>~", 0.6),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ&", 0.7),
    **dict.fromkeys("mwMW%@—…", 0.92),
}
# First character of a script, and the width of its letters: where a run ends, the next one begins.
_SCRIPTS = (
    (0x00A0, 0.6),  # Latin with diacritics
    (0x0370, 0.66),  # Greek, Cyrillic, Armenian
    (0x0590, 0.6),  # Hebrew, Arabic, Syriac
    (0x0900, 0.7),  # the scripts of India, Thai, Lao, Tibetan
    (0x1000, 0.85),  # Burmese and whatever else is not known
)
_ATTACHED = frozenset({"Mn", "Me", "Mc", "Cf"})
_JOINER = "\u200d"
_VIRAMA = 9  # combining class
_FLAGS = range(0x1F1E6, 0x1F200)
_SKINS = range(0x1F3FB, 0x1F400)
_NEVER_FIRST = frozenset("、。，．：；！？）］｝〉》」』】〕ー々〜…")
_WORD = re.compile(r"[^ \-–—/]*[\-–—/]+ *|[^ \-–—/]+ *| +")


@lru_cache(maxsize=4096)
def width(text: str, size: float) -> float:
    """How wide ``text`` is in pixels, in type of ``size`` pixels."""
    return size * sum(map(_em, clusters(text)))


def is_rtl(text: str) -> bool:
    """Whether the first letter of ``text`` that has a direction is written from right to left."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((way for way in directions if way in {"L", "R", "AL"}), "L") != "L"


def clusters(text: str) -> list[str]:
    """``text`` in what a reader takes for one character: marks, joined emoji, flags and conjuncts stay whole."""
    if text.isascii():
        return list(text)
    found: list[str] = []
    for character in text:
        if found and _belongs(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def wrap(text: str, room: float, *, size: float, most: int) -> tuple[str, ...]:
    """``text`` in at most ``most`` lines of about one width, none wider than ``room`` pixels.

    The lines joined are the text, spaces included; what does not fit is cut, with an ellipsis.
    """
    lines = tuple(_fill(text, room, size=size))
    if len(lines) > most:
        last = _cut(lines[most - 1], room, size=size)
        return (*lines[: most - 1], last)
    narrow = room
    while len(lines) > 1 and (narrow := narrow - size / 2) > 2 * size:
        tighter = tuple(_fill(text, narrow, size=size))
        if len(tighter) > len(lines) or _breaks_words(tighter) > _breaks_words(lines):
            break
        lines = tighter
    return lines


def _em(cluster: str) -> float:
    first = cluster[0]
    known = _LATIN.get(first)
    if known is not None:
        return known
    code = ord(first)
    if unicodedata.east_asian_width(first) in "WF":
        return 1.35 if code >= 0x1F000 else 1.0
    if unicodedata.category(first) in _ATTACHED:
        return 0.35 if unicodedata.category(first) == "Mc" else 0.0
    if "\ufe0f" in cluster or code in _FLAGS:
        return 1.35
    return next((em for start, em in reversed(_SCRIPTS) if code >= start), 0.7)


def _belongs(before: str, character: str) -> bool:
    last, code = before[-1], ord(character)
    if unicodedata.category(character) in _ATTACHED or last == _JOINER or code in _SKINS:
        return True
    if unicodedata.combining(last) == _VIRAMA:
        return character.isalpha()
    return code in _FLAGS and ord(before[0]) in _FLAGS and len(before) == 1


def _fill(text: str, room: float, *, size: float) -> Iterator[str]:
    row, used = "", 0.0
    for piece in _pieces(text, room, size=size):
        needed = width(piece.rstrip(" "), size)
        if row and used + needed > room:
            yield row
            row, used = "", 0.0
        row, used = row + piece, used + width(piece, size)
    yield row


def _pieces(text: str, room: float, *, size: float) -> Iterator[str]:
    """The parts between which a line may be broken, none of them wider than ``room``."""
    for word in _WORD.findall(text):
        if word.isascii() and width(word.rstrip(" "), size) <= room:
            yield word
        else:
            yield from _broken(word, room, size=size)


def _broken(word: str, room: float, *, size: float) -> Iterator[str]:
    piece, used = "", 0.0
    for cluster in clusters(word):
        wide = size * _em(cluster)
        full = used + wide > room and cluster != " "
        if piece and (full or _may_break(piece, cluster)):
            yield piece
            piece, used = "", 0.0
        piece, used = piece + cluster, used + wide
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after[0] in _NEVER_FIRST or after == " ":
        return False
    return _ideographic(before.rstrip(" ")[-1:]) or _ideographic(after[0]) or before[-1] == " "


def _ideographic(character: str) -> bool:
    return bool(character) and 0x2E80 <= ord(character) < 0x1F000 and unicodedata.east_asian_width(character) in "WF"


def _breaks_words(lines: tuple[str, ...]) -> int:
    return sum(line[-1:] not in " -–—/" and not _ideographic(line[-1:]) for line in lines[:-1])


def _cut(line: str, room: float, *, size: float) -> str:
    kept = clusters(line.rstrip(" "))
    while kept and width("".join(kept), size) + width("…", size) > room:
        kept.pop()
    return "".join(kept).rstrip(" ") + "…"
