"""The words that say that a query compares two things: "versus", "difference between", and their like.

It knows the wording and where it parts a query, in the languages that mapgen reads best; it knows no subjects.
"""

from __future__ import annotations

import re

_SIDES = re.compile(
    r"""\s+(?:versus|compared\ (?:to|with)|as\ opposed\ to|differs?\ from|different\ from
    |im\ vergleich\ (?:zu|zum|zur|mit)|comparée?s?\ (?:à|aux?)|par\ rapport\ (?:à|aux?)|frente\ a
    |en\ comparación\ con|comparado\ con|по\ сравнению\ с|مقابل|مقارنة\ ب)\s+
    |\s*(?:対|(?<![a-z])vs\.?(?![a-z]))\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_V = re.compile(r"\s+v\.?\s+")
_V_IS_IN = frozenset({"cs", "sk", "sl"})
_BETWEEN = re.compile(
    r"""(?:\bdifferences?\ between|\bdistinction\ between|\bunterschiede?\ zwischen|\bdifférences?\ entre
    |\bdiferencias?\ (?:hay\ |existen?\ )?entre|\b(?:разниц\w|отлич\w+|различи\w)\ между|الفرق\ بين)
    \s+(?P<one>.+?)\s+(?:and|und|et|y|e|и|و)\s*(?P<other>.+)
    |\bcompare\s+(?P<one2>.+?)\s+(?:and|with|to)\s+(?P<other2>.+)""",
    re.IGNORECASE | re.VERBOSE,
)
_CHOICE = re.compile(
    r"\b(?:better|best|choose|prefer|should|compare|difference|besser|mejor|mieux|лучше)\b", re.IGNORECASE
)
_OR = re.compile(r"\s+(?:or|oder|ou|o|или)\s+", re.IGNORECASE)
_AND_THEN = re.compile(
    r"""^(?P<one>[^,;:?!]+?)\s+(?:and|und|et|y|e|и|و)\s+(?P<other>[^,;:?!]+?)\s*[,;:–—]
    .*\b(?:differences?|differ|unterschiede?|unterscheiden|différences?|diferencias?|различ\w+|отлич\w+|разниц\w+)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_EITHER = re.compile(
    r"""^¿?\s*(?!(?:how|what|why|when|where|who|which|is|are|was|were|do|does|did|can|could|will|would|has|have|may|any
    |ist|sind|war|hat|haben|kann|können|wie|was|warum|wer|wo|darf|est|sont|peut|qui|que|es|son|puede|qué|cómo|это|как)\s)
    (?P<one>[^\s,;:?!]+(?:\s+[^\s,;:?!]+){0,2}?)\s+(?:or|oder|ou|o|или)\s+(?P<other>[^\s,;:?!]+(?:\s+[^\s,;:?!]+){0,2})
    \s*[?？]$""",
    re.IGNORECASE | re.VERBOSE,
)
_AGAINST = re.compile(r"^(?P<one>\S+)\s+gegen\s+(?P<other>[^\s?!.]+)\s*[?!.]*$", re.IGNORECASE)
_ALIKE = 6  # letters at the ends of two German words that make them two of a kind
_LISTED = re.compile(r"(\w+),\s*[^,]+?,?\s+(?:or|oder|ou|o|или|and|und|et|y|e|и)\s", re.IGNORECASE)
CONTRASTED = re.compile("違い|比較|区別|区别|差异|差別|不同|对比|比较|対")
"""What a comparison is called in a language without spaces."""


def compares(query: str) -> bool:
    """Whether the wording of the query may compare two things; what they are is for the rules to find."""
    return bool(pairs(query)) or bool(CONTRASTED.search(query))


def pairs(query: str, language: str = "en") -> list[tuple[str, str]]:
    """What stands on the first two sides of each comparing word, as the query of that language writes it."""
    found = [*_between(query)]
    for separator in _separators(query, language):
        first, *rest = separator.split(query)
        found += [(first, rest[0])] if rest else []
    for whole in (_AND_THEN, _EITHER):
        if match := whole.search(query.strip()):
            found.append((match["one"], match["other"]))
    against = _AGAINST.search(query.strip())
    if against and _of_a_kind(against["one"], against["other"]):
        found.append((against["one"], against["other"]))
    return found


def several(query: str, language: str = "en") -> bool:
    """Whether the query compares more than two things: "X vs Y vs Z", "X, Y or Z"."""
    if any(len(separator.findall(query)) > 1 for separator in _separators(query, language)):
        return True
    if any(_OR.search(other) for _, other in _between(query)):
        return True
    lists = any("," in one for one, _ in _between(query)) or (_OR in _separators(query, language))
    return lists and any(not _CHOICE.fullmatch(word) for word in _LISTED.findall(query))


def _between(query: str) -> list[tuple[str, str]]:
    match = _BETWEEN.search(query)
    groups = match.groupdict() if match else {}
    return [(groups["one"] or groups["one2"] or "", groups["other"] or groups["other2"] or "")] if groups else []


def _separators(query: str, language: str) -> tuple[re.Pattern[str], ...]:
    versus = () if language.split("-")[0] in _V_IS_IN else (_V,)
    return (_SIDES, *versus, _OR) if _CHOICE.search(query) else (_SIDES, *versus)


def _of_a_kind(one: str, other: str) -> bool:
    """Whether a "gegen" (against) between the two compares them, as it does in "TCP gegen UDP"."""
    acronyms = all(sum(letter.isupper() for letter in word) > 1 for word in (one, other))
    return acronyms or one[-_ALIKE:].casefold() == other[-_ALIKE:].casefold()
