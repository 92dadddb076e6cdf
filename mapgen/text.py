"""Text as a value: cleaned of what no reader sees, and made into identifiers.

It knows no maps and no language's words; the rules on what a text says are in rules/.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import count

# C0, C1, line and paragraph separators, lone surrogates.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# Bidirectional controls, soft hyphen, zero-width space, word joiner, byte-order mark, blank letters, interlinear marks:
# they may stand in the middle of a word. Zero-width joiners stay: emoji and several scripts need them.
_HIDDEN = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
_UNSEEN = re.compile(f"[{_HIDDEN}]+")
# Tags spell a text that no reader sees, save in the flag of a region, such as Scotland's.
_TAGS = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)|[\U000e0000-\U000e007f]+")
_RAW = re.compile(f"[\x7f-\x9f\u2028\u2029\U000e0000-\U000e007f{_HIDDEN}]")
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[\W_]+")


def clean(text: str) -> str:
    """One line, NFC, without terminal sequences, control and bidirectional characters; runs of space folded."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    visible = _TAGS.sub(r"\1", _UNSEEN.sub("", _CONTROLS.sub(" ", _ANSI.sub("", text))))
    return _SPACE.sub(" ", unicodedata.normalize("NFC", visible)).strip()


def shown_json(json: str) -> str:
    """The same JSON value, with what a terminal obeys or no reader sees written as escapes."""
    return _RAW.sub(_escaped, json)


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def encodable(text: str) -> str:
    """``text`` with a question mark for each lone surrogate, which no encoding can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def xml_text(text: str, *, instead: str = "\ufffd") -> str:
    """``text`` with ``instead`` for each character that XML 1.0 does not allow, not even escaped."""
    return _NOT_XML.sub(instead, text)


def slug(text: str, *, limit: int = 60) -> str:
    """``text`` in lower case with hyphens between its words, at most ``limit`` characters; may be empty."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_WORD.sub("-", folded).strip("-")[:limit].strip("-")


def unique_slugs(names: tuple[str, ...]) -> tuple[str, ...]:
    """One identifier for each name, in order, all different: a taken slug gets -2, -3 …; no slug gives ``c``."""
    taken: dict[str, None] = {}
    for name in names:
        base = slug(name) or "c"
        choices = (base if n == 1 else f"{base}-{n}" for n in count(1))
        taken[next(choice for choice in choices if choice not in taken)] = None
    return tuple(taken)


def counted(number: int, noun: str) -> str:
    """A number with its noun, in the plural where it is not 1: ``1 problem``, ``2,000 calls``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def shorten(text: str, limit: int) -> str:
    """``text`` cut to ``limit`` characters, the last one an ellipsis where anything was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
