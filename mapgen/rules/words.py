"""Words as the rules count them: folded tokens, stems, stop words, and which words carry content.

Scripts without spaces between words (Chinese, Japanese, Thai …) give pairs of neighbouring characters. It
knows no rule; a language that the stemmer or the stop words lack is taken as it is written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import Lock
from typing import Any

from mapgen.rules.lexicon import ENGLISH_STOP, LISTS

_MARKS = "".join(c for c in map(chr, range(0x300, 0x1100)) if unicodedata.category(c).startswith("M"))
_UNSPACED = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_RUN = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|(?:[^\W_{_UNSPACED}]|[{_MARKS}])+")
_ASCII_RUN = re.compile("[A-Za-z0-9]+")
_DENSE = re.compile(f"[{_UNSPACED}]")
_PARTICLE = re.compile("[\u3040-\u309f的了是在和与之也们这那着吗呢吧么]")  # hiragana, and what binds Chinese words
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "nb": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_ACRONYMS = re.compile("[b-df-hj-np-tv-xz]{2,}s")  # acronyms whose plural the stemmer does not see: llms
_LOCK = Lock()


def base(language: str) -> str:
    """The language of a BCP 47 code, without script and region: ``pt-BR`` is ``pt``."""
    return re.split("[-_]", language.strip().casefold(), maxsplit=1)[0]


def fold(text: str) -> str:
    """``text`` in compatibility form and without case."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=512)
def runs(text: str) -> tuple[str, ...]:
    """The folded words of ``text``; a stretch of a script without spaces is one run."""
    return tuple(match.group() for match in _RUN.finditer(fold(text)))


def unspaced(run: str) -> bool:
    """Whether ``run`` is of a script that puts no spaces between words."""
    match = _RUN.match(run)
    return bool(match and match.group("unspaced"))


def count(text: str) -> int:
    """How many words ``text`` has; two characters of a script without spaces count as one word."""
    if text.isascii():
        return len(_ASCII_RUN.findall(text))
    if not _DENSE.search(text := fold(text)):
        return len(_RUN.findall(text))
    return sum((len(run) + 1) // 2 if unspaced(run) else 1 for run in runs(text))


@lru_cache(maxsize=64)
def stop_words(language: str) -> frozenset[str]:
    """The function words of a language, folded; none where no list is known."""
    code = base(language)
    if code == "en":
        return ENGLISH_STOP
    import stop_words as package

    try:
        listed = package.get_stop_words("nb" if code in ("no", "nn") else code)
    except package.StopWordError:
        return frozenset()
    return frozenset(run for word in listed for run in runs(word))


@lru_cache(maxsize=32)
def _stemmer(language: str) -> Any:
    import snowballstemmer

    name = _STEMMERS.get(base(language))
    return snowballstemmer.stemmer(name) if name else None


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word; the word itself where the language has no stemmer."""
    if base(language) == "en" and _ACRONYMS.fullmatch(word):
        return word[:-1]
    with _LOCK:
        stemmer = _stemmer(language)
        return str(stemmer.stemWord(word)) if stemmer and len(word) <= 60 else word


@lru_cache(maxsize=512)
def content(text: str, language: str) -> tuple[str, ...]:
    """The stems of the words of ``text`` that are not function words, in order."""
    stop = stop_words(language)
    found: list[str] = []
    for run in runs(text):
        if unspaced(run):
            found.extend(_pairs(run, stop))
        elif run not in stop:
            found.append(stem(run, language))
    return tuple(found)


def _pairs(run: str, stop: frozenset[str]) -> list[str]:
    pairs = [run[at : at + 2] for at in range(max(len(run) - 1, 1))]
    return [pair for pair in pairs if not _PARTICLE.search(pair) and not stop.issuperset(pair)]


@lru_cache(maxsize=256)
def listed(kind: str, language: str) -> frozenset[str]:
    """The stems of one of the lexicon's lists; empty where the language has none."""
    return frozenset(content(LISTS[kind].get(base(language), ""), language))


@lru_cache(maxsize=64)
def forms(kind: str, language: str) -> frozenset[str]:
    """One of the lexicon's lists as it is written, folded; empty where the language has none."""
    return frozenset(runs(LISTS[kind].get(base(language), "")))


def without(text: str, kind: str, *, language: str) -> str:
    """``text`` without the phrases of a list, where the language has no spaces to tell its words apart."""
    phrases = LISTS[kind].get(base(language), "").split()
    for phrase in phrases if phrases and unspaced(phrases[0]) else ():
        text = text.replace(phrase, "。")
    return text


def akin(one: str, other: str) -> bool:
    """Whether two stems are forms of one word: equal, or alike but for a short ending."""
    if one == other or one[:5] != other[:5]:
        return one == other
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    length = min(len(one), len(other)) if shared is None else shared
    return length >= 5 and length >= 0.8 * max(len(one), len(other))


def within(needle: str, haystack: frozenset[str] | tuple[str, ...]) -> bool:
    """Whether a form of the stem ``needle`` is among ``haystack``."""
    return needle in haystack or any(akin(needle, stem) for stem in haystack)
