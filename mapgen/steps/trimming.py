"""Texts mended without asking: whole sentences that a rule objects to are left out, where what remains is sound.

It writes nothing of its own and knows no model.
"""

from __future__ import annotations

from mapgen.model import Concept, Draft
from mapgen.rules.concepts import check_draft
from mapgen.rules.relevances import MAX_SENTENCES
from mapgen.rules.sentences import sentences, terminated
from mapgen.rules.words import fold


def trimmed(concept: Concept, faulty: frozenset[str], *, query: str, language: str) -> dict[str, str]:
    """The faulty texts of ``concept`` (``definition``, ``relevance``) that are sound once sentences are left out."""
    tried = {"definition": _first(concept.definition), "relevance": _distinct(concept.relevance)}
    shorter = {text: tried[text] for text in sorted(faulty)}
    draft = Draft(definition=concept.definition, relevance=concept.relevance).model_copy(update=shorter)
    found = check_draft(concept.name, draft, where="", query=query, language=language)
    wrong = {problem.where.removeprefix(".") for problem in found}
    return {text: said for text, said in shorter.items() if text not in wrong}


def _first(definition: str) -> str:
    return next(iter(sentences(definition)), definition)


def _distinct(relevance: str) -> str:
    """The first finished sentences, each said once, no more than a relevance may have."""
    kept = {fold(sentence): sentence for sentence in reversed(sentences(relevance)) if terminated(sentence)}
    return " ".join(list(reversed(kept.values()))[:MAX_SENTENCES])
