"""Texts mended without asking: whole sentences that a rule objects to are left out, where what remains is sound.

It writes nothing of its own and knows no model.
"""

from __future__ import annotations

import re

from mapgen.model import Concept, Draft
from mapgen.rules.concepts import check_draft
from mapgen.rules.relevances import MAX_SENTENCES
from mapgen.rules.sentences import first, sentences, terminated
from mapgen.rules.words import fold

_REMNANT = re.compile(r"[\s\"]*[}\]]+$")  # of the JSON around an answer


def trimmed(concept: Concept, faulty: frozenset[str], *, query: str, language: str) -> dict[str, str]:
    """The faulty texts of ``concept`` (``definition``, ``relevance``) that are sound once sentences are left out."""
    definition, relevance = (_REMNANT.sub("", text) for text in (concept.definition, concept.relevance))
    tried = {"definition": first(definition), "relevance": _distinct(relevance)}
    shorter = {text: tried[text] for text in sorted(faulty)}
    draft = Draft(definition=concept.definition, relevance=concept.relevance).model_copy(update=shorter)
    found = check_draft(concept.name, draft, where="", query=query, language=language)
    wrong = {problem.where.removeprefix(".") for problem in found}
    return {text: said for text, said in shorter.items() if text not in wrong}


def _distinct(relevance: str) -> str:
    """The first finished sentences, each said once, no more than a relevance may have."""
    kept: dict[str, str] = {}
    for sentence in filter(terminated, sentences(relevance)):
        kept.setdefault(fold(sentence), sentence)
    spaced = " " if " " in relevance else ""
    return spaced.join(list(kept.values())[:MAX_SENTENCES])
