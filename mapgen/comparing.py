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
CONTRASTED = re.compile("違い|比較|区別|区别|差异|差別|不同|对比|比较|対")
"""What a comparison is called in a language without spaces."""


def compares(query: str) -> bool:
    """Whether the wording of the query may compare two things; what they are is for the rules to find."""
    return bool(pairs(query)) or bool(CONTRASTED.search(query))


def pairs(query: str) -> list[tuple[str, str]]:
    """What stands on the two sides of each comparing word, as the query writes it."""
    found = []
    if between := _BETWEEN.search(query):
        groups = between.groupdict()
        found.append((groups["one"] or groups["one2"] or "", groups["other"] or groups["other2"] or ""))
    for separator in (_SIDES, _OR) if _CHOICE.search(query) else (_SIDES,):
        if match := separator.search(query):
            found.append((query[: match.start()], query[match.end() :]))
    return found
