"""Whether letters stand in a text whose script its language is not written in, quoted names aside.

A weak model drifts from one language into another in the middle of a word; this finds it. It knows no maps, and
of a language that it does not list it says nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mapgen.rules.lexicon import words_of
from mapgen.rules.words import base

_HAN, _KANA = ("CJK", "BOPOMOFO", "IDEOGRAPHIC"), ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA")
_SCRIPTS: dict[str, tuple[str, ...]] = {
    "zh": _HAN, "yue": _HAN, "ja": _HAN + _KANA, "ko": ("HANGUL", *_HAN), "el": ("GREEK",), "hy": ("ARMENIAN",),
    "he": ("HEBREW",), "yi": ("HEBREW",), "th": ("THAI",), "ta": ("TAMIL",), "te": ("TELUGU",), "ka": ("GEORGIAN",),
    "bn": ("BENGALI",), "gu": ("GUJARATI",), "pa": ("GURMUKHI",), "ml": ("MALAYALAM",), "kn": ("KANNADA",),
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "sr", "kk", "ky", "mn", "tg"), ("CYRILLIC",)),
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ckb", "arz"), ("ARABIC",)),
    **dict.fromkeys(("hi", "mr", "ne"), ("DEVANAGARI",)),
    **dict.fromkeys(
        words_of("en de fr es it pt nl sv da no nb nn fi et lv lt pl cs sk sl hr hu ro tr vi id ms ca eu gl ga cy is"),
        (),
    ),
}  # fmt: skip
_KNOWN = frozenset(name for names in _SCRIPTS.values() for name in names)
_ATTRIBUTED = re.compile(
    r"\b(?:greek|latin|arab|hebr|persian|chin|japan|korea|russ|cyril|sanskrit|yiddish|thai|hindi|grec|griech|árab|chines"
    r"|persisch|kyrill|griego|ruso|japon|perse|перс|араб|греч|китай|япон|иврит)",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"\([^()]*\)|\[[^\[\]]*\]|“[^”]*”|„[^“”]*[“”]|«[^»]*»|‘[^’]*’|\"[^\"]*\"|'[^']*'|（[^）]*）|「[^」]*」"
)


def strays(text: str, language: str, *, known: str = "") -> str:
    """The letters of a script that ``language`` is not written in, quoted and bracketed names aside.

    Latin letters are at home everywhere, single Greek ones too, and so is every letter in ``known``.
    """
    allowed = _SCRIPTS.get(base(language))
    if allowed is None or text.isascii():
        return ""
    bare = _QUOTED.sub(" ", text)
    if bare.isascii():
        return ""
    foreign = [
        character
        for at, character in enumerate(bare)
        if not character.isascii()
        and (name := script(character)) in _KNOWN
        and name not in allowed
        and character not in known
        if not _ATTRIBUTED.search(bare, max(0, at - 60), at)
    ]
    greek_only = all(script(c) == "GREEK" for c in foreign)
    return "" if greek_only and len(foreign) <= 4 else "".join(dict.fromkeys(foreign))


@lru_cache(maxsize=4096)
def script(character: str) -> str:
    """The script of a letter as Unicode names it, such as CYRILLIC; empty for what is no letter."""
    name = unicodedata.name(character, "") if character.isalpha() else ""
    return name.split(" ", 1)[0]
