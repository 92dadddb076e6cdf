"""How wide a text is drawn in a sans-serif type, and where it may be broken into lines.

The widths are estimates, a little wide on purpose: which type a reader's machine has is not known here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

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
_HYPHEN = "-"
_VOWELS = frozenset("aeiouyаеиоуыэюяαεηιουω")
_ONE_SOUND = frozenset({"ch", "gh", "ph", "sh", "th", "wh"})
_SYLLABLE = 3  # letters that a broken word has at least before and behind the hyphen, if it may be
_BACK = 6  # letters to go back for the beginning of a syllable


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


def longest_word(text: str, size: float) -> float:
    """How wide the widest word of ``text`` is in pixels; what may be broken anywhere is no word."""
    words = (word.rstrip(" ") for word in _WORD.findall(text) if not any(map(_ideographic, word)))
    return max((width(word, size) for word in words), default=0.0)


def wrap(text: str, room: float, *, size: float, most: int) -> tuple[str, ...]:
    """``text`` in at most ``most`` lines of about one width, none wider than ``room`` pixels.

    The lines joined are the text, spaces included, save for the hyphen after each line that ends inside a word of
    letters; what does not fit is cut, with an ellipsis. Lines are made of one width only where no word is broken.
    """
    lines = _fill(text, room, size=size)
    if len(lines) > most:
        last = _cut(lines[most - 1], room, size=size)
        return (*_hyphenated(lines[:most])[:-1], last)
    narrow = room
    while len(lines) > 1 and not _breaks_words(lines) and (narrow := narrow - size / 2) > 2 * size:
        tighter = _fill(text, narrow, size=size)
        if len(tighter) > len(lines) or _breaks_words(tighter):
            break
        lines = tighter
    return tuple(_hyphenated(lines))


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


def _fill(text: str, room: float, *, size: float) -> list[str]:
    rows, used = [""], 0.0
    pieces = [*_pieces(text, room, size=size), ""]
    for piece, after in pairwise(pieces):
        needed = width(piece.rstrip(" "), size) + (width(_HYPHEN, size) if _splits(piece, after) else 0.0)
        if rows[-1] and used + needed > room:
            rows.append("")
            used = 0.0
        rows[-1], used = rows[-1] + piece, used + width(piece, size)
    return rows


def _hyphenated(rows: list[str]) -> list[str]:
    return [row + _HYPHEN * _splits(row, after) for row, after in pairwise([*rows, ""])]


def _splits(before: str, after: str) -> bool:
    """Whether a word of letters is broken between the two, in a script that has hyphens."""
    return bool(before and after) and _spelt(clusters(before[-8:])[-1]) and _spelt(after)


def _spelt(text: str) -> bool:
    """Whether it begins with a Latin, Greek, Cyrillic or Armenian letter."""
    return text[0].isalpha() and (ord(text[0]) < 0x0590 or 0x1E00 <= ord(text[0]) < 0x2000)


def _pieces(text: str, room: float, *, size: float) -> Iterator[str]:
    """The parts between which a line may be broken, none of them wider than ``room``."""
    for word in _WORD.findall(text):
        if word.isascii() and width(word.rstrip(" "), size) <= room:
            yield word
        else:
            yield from _broken(word, room, size=size)


def _broken(word: str, room: float, *, size: float) -> Iterator[str]:
    parts, start, used = clusters(word), 0, 0.0
    for at, part in enumerate(parts):
        wide, end = size * _em(part), start
        if at > start and _may_break(parts[at - 1], part):
            end = at
        elif at > start and used + wide > room and part != " ":
            end = start + _inside(parts[start:], at - start, room=room / size)
        if end > start:
            yield "".join(parts[start:end])
            start, used = end, size * sum(map(_em, parts[end:at]))
        used += wide
    yield "".join(parts[start:])


def _inside(parts: list[str], full: int, *, room: float) -> int:
    """How many of ``parts``, of which ``full`` fit, stand before the break: if they spell a word, up to a syllable."""
    if not (_spelt(parts[full - 1]) and _spelt(parts[full])):
        return full
    widths = [_em(part) for part in parts[: full + 1]]
    most = full
    while most > 1 and sum(widths[:most]) + _em(_HYPHEN) > room:
        most -= 1
    for end in range(most, max(_SYLLABLE - 1, most - _BACK), -1):
        if sum(widths[end:]) <= room and _begins_syllable(parts, end):
            return end
    return most


def _begins_syllable(parts: list[str], at: int) -> bool:
    around = parts[at - _SYLLABLE : at + _SYLLABLE]
    if len(around) < 2 * _SYLLABLE or not all(map(_spelt, around)):
        return False
    before, first, second = (unicodedata.normalize("NFD", part)[0].lower() for part in parts[at - 1 : at + 2])
    return first not in _VOWELS and second in _VOWELS and before + first not in _ONE_SOUND


def _may_break(before: str, after: str) -> bool:
    if after[0] in _NEVER_FIRST or after == " ":
        return False
    return _ideographic(before.rstrip(" ")[-1:]) or _ideographic(after[0]) or before[-1] == " "


def _ideographic(character: str) -> bool:
    return bool(character) and 0x2E80 <= ord(character) < 0x1F000 and unicodedata.east_asian_width(character) in "WF"


def _breaks_words(lines: list[str]) -> bool:
    return any(line[-1:] not in " -–—/" and not _ideographic(line[-1:]) for line in lines[:-1])


def _cut(line: str, room: float, *, size: float) -> str:
    kept = clusters(line.rstrip(" "))
    while kept and width("".join(kept), size) + width("…", size) > room:
        kept.pop()
    return "".join(kept).rstrip(" ") + "…"
