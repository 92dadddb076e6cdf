"""What an article may be called: its title, the title without its qualifier, and the names that its lead gives.

Names are compared by their keys: without case, accents, article, plural and spelling.
It knows no database and no sense.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import IntEnum

from mapgen.rules.words import fold, runs
from mapgen.sources.wordforms import common_form

_LONGEST = 6  # words of a name that is taken from a lead
_START = 500  # characters of a lead in which names are looked for
_ARTICLES = {
    "en": frozenset({"the", "a", "an"}),
    "es": frozenset({"el", "la", "los", "las", "un", "una"}),
    "fr": frozenset({"le", "la", "les", "l", "un", "une", "des"}),
}
_VERB = {
    "en": re.compile(r"\s(?:is|are|was|were|refers to|occurs|has been|describes)\s"),
    "es": re.compile(r"\s(?:es|son|fue|fueron|era|eran)\s"),
    "fr": re.compile(r"\s(?:est|sont|fut|furent|était|étaient|désigne)\s"),
}
_FIELD = {
    "en": re.compile(r"^In (?P<field>[^,]{3,60}), "),
    "es": re.compile(r"^En (?P<field>[^,]{3,60}), "),
    "fr": re.compile(r"^En (?P<field>[^,]{3,60}), "),
}
_CALLED = {
    "en": re.compile(
        r"(?:also|commonly|often|sometimes|simply|better|otherwise|abbreviated)(?: \w+)?"
        r" (?:known as|called|referred to as|spelled|as) (?P<name>[^,.;:()]+)"
    ),
    "es": re.compile(r"(?:conocid[oa]s? (?:\w+ )?como|llamad[oa]s?|denominad[oa]s?) (?P<name>[^,.;:()]+)"),
    "fr": re.compile(r"(?:connue?s? sous le nom d[e']|appelée?s?|nommée?s?) (?P<name>[^,.;:()]+)"),
}
_OR = {"en": r"or", "es": r"o|u", "fr": r"ou"}
_LEADING = re.compile(
    r"^(?:also|or|and|just|simply|sometimes|often|commonly|more|formally|officially|formerly|originally|historically"
    r"|known as|called|referred to as|abbreviated(?: as)?|también|o|u|simplemente|conocid[oa]s? como|llamad[oa]s?"
    r"|ou|aussi|également|parfois|souvent|simplement|appelée?s?|either|usually|collectively)\s+",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_ACRONYM = re.compile(r"(?:[A-Z][a-z]?\.?){2,6}s?|[A-Z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9]*")
_COMPANY = re.compile(r",?\s(?:Inc\.?|Ltd\.?|Corporation|Company|AG|SE|plc)$")


class Kind(IntEnum):
    """How an article came by a name, the surest first."""

    TITLE = 0
    QUALIFIED = 1  # of a title such as "Plasma (physics)" or "Apple Inc."
    ALIAS = 2
    PART = 3  # the last words of a title: "current" of "electric current"


def key(name: str, language: str) -> str:
    """``name`` without what makes no difference between two names."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", fold(name)) if unicodedata.category(c) != "Mn")
    words = list(runs(plain.replace("’", "'").replace("'s ", " ")))
    while len(words) > 1 and words[0] in _ARTICLES.get(language, ()):
        words = words[1:]
    return " ".join(common_form(word, language) for word in words)


def keys(name: str, language: str) -> tuple[str, ...]:
    """The keys that a concept called ``name`` may be found by: with what stands in brackets, without it, and that."""
    inside = [found.strip() for found in _BRACKETS.findall(name)]
    forms = (name, _BRACKETS.sub("", name), *inside)
    return tuple(dict.fromkeys(made for form in forms if (made := key(form, language))))


def names(title: str, lead: str, *, language: str) -> dict[str, Kind]:
    """The keys of the names of an article, each with the surest way that it came by it."""
    found: dict[str, Kind] = {}

    def add(name: str, kind: Kind) -> None:
        made = key(name, language)
        if made:
            found[made] = min(kind, found.get(made, kind))

    add(title, Kind.TITLE)
    for short in (_BRACKETS.sub("", title), _COMPANY.sub("", title)):
        if short != title:
            add(short, Kind.QUALIFIED)
    for alias in aliases(lead, language=language):
        add(alias, Kind.ALIAS)
    words = key(title, language).split() if "(" not in title else []
    for at in range(max(1, len(words) - 2), len(words)):
        found.setdefault(" ".join(words[at:]), Kind.PART)
    return found


def aliases(lead: str, *, language: str) -> Iterator[str]:
    """The names that the beginning of a lead gives to its subject: "X (Y), also known as Z, is …"."""
    start = lead[:_START]
    subject = _FIELD[language].sub("", start)
    verb = _VERB[language].search(subject)
    subject = subject[: verb.start()] if verb else ""
    for inside in _BRACKETS.findall(subject)[:1]:
        yield from (part for part in re.split(r"[,;\s]+", inside) if _ACRONYM.fullmatch(part))
    listed = [_BRACKETS.sub("", subject)] + [match["name"] for match in _CALLED[language].finditer(start)]
    for text in listed:
        for part in re.split(rf",\s*|\s+(?:{_OR[language]})\s+", text):
            if name := _bare(part):
                yield name


def _bare(part: str) -> str:
    """A name without the words that introduce it; empty where it is too long to be one."""
    part = part.strip(" \"'“”«»:")
    while (shorter := _LEADING.sub("", part)) != part:
        part = shorter
    return part if part and len(part.split()) <= _LONGEST else ""


def field(lead: str, language: str) -> str:
    """The field that a lead begins with: "In economics, …"."""
    found = _FIELD[language].search(lead)
    return found["field"] if found else ""
