"""Rules for the name of a concept: a specific noun phrase of one to five words, and not the query itself.

They know names and the query, no texts: the plan can be judged by them before anything is written.
"""

from __future__ import annotations

import re

from mapgen.model import Problem
from mapgen.rules.lexicon import phrases_of
from mapgen.rules.quoting import quote
from mapgen.rules.sentences import sentences
from mapgen.rules.texts import check_phrase, unbalanced
from mapgen.rules.twins import duplicates
from mapgen.rules.words import base, fold, runs, stop_words, unspaced

MAX_WORDS, MAX_WORDS_WITH_ARTICLES, MAX_CHARACTERS = 5, 8, 80
_MAX_UNSPACED = 20  # characters of a name in a script without spaces
_HEADINGS = phrases_of("""
    key concepts|key concept|main concepts|core concepts|concepts|concept|topic|topics|key topics|main topic|
    main idea|main ideas|key ideas|key points|key terms|key factors|key takeaways|overview|introduction|summary|
    conclusion|
    conclusions|background|definition|definitions|terminology|examples|example|general|general concepts|other|others|
    miscellaneous|further reading|references|related topics|related concepts|knowledge map|context|the query|
    query|question|answer|basics|the basics|fundamentals|faq|table of contents|title|name|basic concepts|
    überblick|übersicht|einführung|einleitung|zusammenfassung|fazit|schlüsselbegriffe|schlüsselkonzepte|grundlagen|
    hintergrund|konzept|konzepte|begriff|begriffe|aperçu|résumé|contexte|concepts clés|notions clés|
    introducción|resumen|conclusión|conceptos clave|conceptos|contexto|visión general|введение|обзор|заключение|
    ключевые понятия|основные понятия|مقدمة|خاتمة|نظرة عامة|ملخص|概要|概述|简介|引言|结论|总结|关键概念|核心概念|概念|
    はじめに|まとめ|序論|結論|主要概念|キーコンセプト
""")
_NUMBERED = re.compile(r"(?:key )?(?:concept|topic|item|point|idea|konzept|concepto|begriff|概念) ?(?:#? ?\d+|[a-z])")
_LEADING = re.compile(
    r"(?:introduction to|overview of|basics of|summary of|definition of|einführung in|introducción a)\b"
)
_ASKING = {
    "en": "what how why when where who which whose is are does do can should",
    "de": "was wie warum wieso weshalb wann wer welche welcher welches",
    "fr": "comment pourquoi quel quelle quels quelles quand qui",
    "es": "cómo qué cuál cuáles quién cuándo",
    "ru": "как почему зачем что какой какая какие когда кто",
    "ar": "كيف لماذا ما متى هل",
}
_ABBREVIATED = re.compile(r"(?:\b\w\.)+$|\b(?:Inc|Ltd|Co|Corp|Jr|Sr|al|etc)\.$")


def check_name(name: str, where: str, *, query: str, language: str) -> tuple[Problem, ...]:
    """What is faulty in one name."""
    found = list(check_phrase(name, where, language=language, query=query))
    if any(one.code in ("text-empty", "text-placeholder") for one in found):
        return tuple(found)
    rules = (_length, _heading, _question, _punctuation)
    found += [one for rule in rules if (one := rule(name, where, language=language))]
    if is_query(name, query):
        found.append(
            Problem(code="name-is-query", where=where, message=f"{quote(name)} is the query itself; name a part of it.")
        )
    return tuple(found)


def name_problems(named: tuple[tuple[str, str], ...], *, query: str, language: str) -> tuple[Problem, ...]:
    """What is faulty in (id, name) pairs, near twins included, in their order."""
    names = tuple(name for _, name in named)
    earlier: dict[int, int] = {}
    for one, other in duplicates(names, language):
        earlier.setdefault(other, one)
    found: list[Problem] = []
    for at, (id, name) in enumerate(named):
        where = f"concepts.{id}.name"
        found += check_name(name, where, query=query, language=language)
        if at in earlier:
            message = f"{quote(name)} is the same concept as {quote(names[earlier[at]])}; name another one."
            found.append(Problem(code="concept-duplicate", where=where, message=message))
    return tuple(found)


def title_ok(name: str, query: str, *, language: str = "en") -> bool:
    """Whether a name passes every rule for one name."""
    return not check_name(name, "", query=query, language=language)


def is_query(name: str, query: str) -> bool:
    """Whether a name is the query, whatever its case, spacing and punctuation."""
    return runs(name) == runs(query)


def _length(name: str, where: str, *, language: str) -> Problem | None:
    words = [word for word in name.split() if any(map(str.isalnum, word))]
    words = words[1:] if words[:1] and words[0].casefold() in ("the", "a", "an") else words
    stop = stop_words(language) if base(language) != "en" else frozenset[str]()
    counted = [word for word in words if not set(runs(word)) <= stop]
    dense = sum(len(run) for run in runs(name) if unspaced(run)) > _MAX_UNSPACED
    if (
        not dense
        and len(counted) <= MAX_WORDS
        and len(words) <= MAX_WORDS_WITH_ARTICLES
        and len(name) <= MAX_CHARACTERS
    ):
        return None
    return Problem(
        code="name-long", where=where, message=f"{quote(name)} is too long for a name; use at most {MAX_WORDS} words."
    )


def _heading(name: str, where: str, *, language: str) -> Problem | None:
    folded = " ".join(fold(name).strip(" .:!?").split())
    if folded in _HEADINGS or _NUMBERED.fullmatch(folded) or _LEADING.match(folded):
        return Problem(
            code="name-heading",
            where=where,
            message=f"{quote(name)} is a heading, not a concept; name the thing itself.",
        )
    return None


def _question(name: str, where: str, *, language: str) -> Problem | None:
    words = name.split()
    asking = len(words) > 2 and words[0].casefold() in _ASKING.get(base(language), "").split()
    acronym = bool(words) and len(words[0]) > 1 and words[0].isupper() and not name.isupper()
    if name.rstrip().endswith(("?", "？", "؟")) or (asking and not acronym):
        return Problem(code="name-question", where=where, message=f"{quote(name)} is a question; use a noun phrase.")
    return None


def _punctuation(name: str, where: str, *, language: str) -> Problem | None:
    bare = name.strip()
    ended = bare.endswith((".", "!", "。", "！", "।", ",", ";", ":")) and not _ABBREVIATED.search(bare)
    inner = any(mark in bare for mark in (": ", "; ", "；", "：", "。")) or len(sentences(bare)) > 1
    listed = bare.count(", ") > 1 and not re.search(r",? (?:and|or|&) ", bare)
    if ended or inner or listed or unbalanced(bare):
        return Problem(
            code="name-punctuation", where=where, message=f"{quote(name)} has sentence punctuation; use a noun phrase."
        )
    return None
