"""Which of the articles of one name is meant, if any: by the meaning of a concept's scope and query, or by their words.

The bars were set on the tuned part of evals/retrieval/concepts.jsonl. It knows no database.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mapgen.errors import ConfigError
from mapgen.rules.sentences import first
from mapgen.rules.words import content, within
from mapgen.sources.naming import Kind, field
from mapgen.vectors import Embedder, supported, wordllama

_LEAD = 1_500  # characters of an article that are compared
_CLEAR = 0.1  # what an article is ahead of the others where its name is only like the concept's
_NEVER = 9.0
_TITLES = frozenset({"prophet", "president", "king", "queen", "emperor", "pope", "saint", "sir", "general", "caliph"})
_QUERY = 0.25  # what the query counts beside the scope


class Article(NamedTuple):
    """An article that may be meant: ``name`` is the key by which it was found, as a ``kind`` of its names.

    ``dropped`` is the first word of the concept's name where the article was found without it.
    """

    source: str
    title: str
    description: str
    lead: str
    kind: Kind
    name: str
    dropped: str = ""


class Bars(NamedTuple):
    """What an article must reach, by how it was found: by several words, or by one.

    ``prefer`` is what a whole title is ahead of other names.
    """

    title: tuple[float, float]
    qualified: tuple[float, float]
    alias: tuple[float, float]
    part: tuple[float, float]
    dropped: float
    prefer: float


MEANING = Bars((0.0, 0.21), (0.0, 0.32), (0.1, 0.3), (0.5, 0.5), dropped=0.4, prefer=0.05)
WORDS = Bars((0.0, 0.01), (0.0, 0.15), (0.0, 0.1), (0.6, 0.6), dropped=0.3, prefer=0.05)


class Sense:
    """How near an article is to what is meant, in one language; by embeddings where they are there and fit."""

    def __init__(self, language: str, *, meaning: bool = True) -> None:
        self.language = language
        self.embed: Embedder | None = embeddings(language) if meaning else None
        self.bars = WORDS if self.embed is None else MEANING

    def near(self, article: Article, *, scope: str, query: str) -> float:
        """About 0 for another sense, above 0.2 for the same one; at most 1.25."""
        short = f"{article.description}. {first(article.lead[:_LEAD])}"
        long = f"{article.title}: {article.description}. {article.lead[:_LEAD]}"
        if self.embed is None:
            text = content(long, self.language)
            known = frozenset(content(article.name, self.language))
            return self._shared(scope, text, known=known) + _QUERY * self._shared(query, text, known=known)
        rows = self.embed([scope, query, short, long])
        likeness = (rows[:2] @ rows[2:].T).mean(axis=1)
        return float(likeness[0] + _QUERY * likeness[1])

    def _shared(self, asked: str, text: tuple[str, ...], *, known: frozenset[str]) -> float:
        """The share of the words of ``asked``, the name's own apart, that are in ``text``."""
        words = {word for word in content(asked, self.language) if word not in known}
        return sum(within(word, text) for word in words) / len(words) if words else 0.0


def embeddings(language: str) -> Embedder | None:
    """The embeddings, where they are installed and mean something in that language."""
    if not supported(language):
        return None
    try:
        return wordllama()
    except ConfigError:
        return None


def chosen(articles: Iterable[Article], name: str, *, sense: Sense, scope: str, query: str) -> Article | None:
    """The article that is meant by ``name``; None where none reaches what its kind of name asks for.

    A name that is only a part of titles, or longer than one, is tried where no other is meant, and has to be clear.
    """
    found = list(articles)
    remote = [one for one in found if one.dropped or one.kind == Kind.PART]

    def near(article: Article) -> float:
        return sense.near(article, scope=scope, query=query) if scope or query else 1.0

    surer = [(near(one), one) for one in found if one not in remote]
    fitting = [(worth, one) for worth, one in surer if worth >= _bar(one, name, sense=sense)]
    if fitting:
        return max(fitting, key=lambda pair: pair[0] + sense.bars.prefer * (pair[1].kind == Kind.TITLE))[1]
    others = sorted(((near(one), one) for one in remote), key=lambda pair: -pair[0])
    if not others or others[0][0] < _bar(others[0][1], name, sense=sense):
        return None
    return others[0][1] if all(worth < others[0][0] - _CLEAR for worth, _ in others[1:]) else None


def _bar(article: Article, name: str, *, sense: Sense) -> float:
    bars = sense.bars
    if article.dropped:
        said = content(field(article.lead, sense.language), sense.language)
        told = content(article.dropped, sense.language)
        fits = article.dropped in _TITLES or any(within(word, said) for word in told)
        return bars.dropped if fits else _NEVER
    several, one = (bars.title, bars.qualified, bars.alias, bars.part)[article.kind]
    acronym = name.isupper() and article.kind == Kind.ALIAS
    return several if " " in article.name or acronym else one
