"""The passages that a text is written from: found by words, ranked by meaning where that is installed, within a budget.

It knows no model's tokens: they are estimated from characters. What is too far from what was asked is not used.
"""

from __future__ import annotations

from collections.abc import Iterable

from mapgen.model import Passage
from mapgen.rules.words import runs, unspaced
from mapgen.sources.index import Hit
from mapgen.sources.sense import embeddings

SHARE = 0.45
"""Of the words asked for, by their rarity, what a passage must have where meaning is not told."""
LIKENESS = 0.4
"""The cosine that a passage must have where it is told.

Of the encyclopedia's hits for the tuned queries of evals/retrieval, about half of the labelled articles reach these,
and two to three of ten of the others, which are not labelled and may be near all the same.
"""
_LETTERS = 4  # characters of a token, about, in scripts with spaces


def tokens(passage: Passage) -> int:
    """About how many tokens the text and heading of a passage take; rather too many than too few."""
    text = f"{passage.heading} {passage.text}"
    dense = sum(len(run) for run in runs(text) if unspaced(run))
    return dense + -(-(len(text) - dense) // _LETTERS)


def relevant(hits: Iterable[Hit], asked: str, *, language: str, meaning: bool = True) -> tuple[Passage, ...]:
    """The passages that are near enough to what is asked, best first; ties as they came.

    ``meaning``: whether embeddings rank them, where these are installed and know the language.
    """
    found = list(hits)
    embed = embeddings(language) if meaning and found else None
    if embed is None:
        ranked = [(hit.share, hit) for hit in found if hit.share >= SHARE]
        return tuple(hit.passage for _, hit in sorted(ranked, key=lambda one: -one[1].score))
    rows = embed([asked, *(hit.passage.text for hit in found)])
    likenesses = [round(float(one), 6) for one in rows[1:] @ rows[0]]
    near = [(likeness, hit) for likeness, hit in zip(likenesses, found, strict=True) if likeness >= LIKENESS]
    return tuple(hit.passage for _, hit in sorted(near, key=lambda one: -(one[0] + one[1].share)))


def within_budget(passages: Iterable[Passage], budget: int) -> tuple[Passage, ...]:
    """The passages that fit into so many tokens, in order; one that does not fit is left out, each is there once."""
    chosen: list[Passage] = []
    for passage in dict.fromkeys(passages):
        if (needed := tokens(passage)) <= budget:
            chosen.append(passage)
            budget -= needed
    return tuple(chosen)
