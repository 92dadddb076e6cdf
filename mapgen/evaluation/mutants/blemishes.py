"""Mutants of texts whatever they say: markup, placeholders, the model's own voice, another language.

They know no metric but by its id.
"""

from __future__ import annotations

from mapgen.evaluation.mutants.base import Edit, Mutant, Setting, each_concept, each_relation, everywhere, with_concept
from mapgen.model import KnowledgeMap
from mapgen.rules.words import base

GERMAN = (
    "Das ist ein Verfahren, mit dem man den Zustand einer Sache über die Zeit hinweg genau beschreiben kann.",
    "Es zeigt sich besonders dann, wenn die Nachfrage sinkt und die Preise fallen. Daher achten viele darauf, wie "
    "sich die Lage im nächsten Jahr entwickelt.",
)
FRENCH = (
    "C'est une méthode par laquelle on peut décrire avec précision l'état d'une chose au cours du temps.",
    "On le voit surtout quand la demande baisse et que les prix tombent. C'est pourquoi beaucoup regardent comment "
    "la situation va évoluer dans les prochains mois.",
)
SPANISH = (
    "Es un procedimiento con el que se puede describir con precisión el estado de una cosa a lo largo del tiempo.",
    "Se nota sobre todo cuando la demanda baja y los precios caen. Por eso muchos observan cómo va a cambiar la "
    "situación en los próximos meses.",
)
POOL = {"de": GERMAN, "fr": FRENCH, "es": SPANISH}


def _pool(map: KnowledgeMap, setting: Setting) -> tuple[str, str]:
    """A definition and a relevance in a language that is not the case's."""
    own = base(setting.case.language)
    return setting.random.choice([texts for language, texts in POOL.items() if language != own])


def _one_foreign(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    definition, relevance = _pool(map, setting)
    return with_concept(map, setting.random.randrange(len(map.concepts)), definition=definition, relevance=relevance)


def _all_foreign(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    definition, relevance = _pool(map, setting)
    return each_concept(map, lambda one: {"definition": definition, "relevance": relevance})


def _explained_foreign(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
    definition, _ = _pool(map, setting)
    return each_relation(map, lambda one: {"explanation": definition})


def _once(field: str, form: str) -> Edit:
    """The edit of one concept of the map."""

    def edit(map: KnowledgeMap, setting: Setting) -> KnowledgeMap:
        at = setting.random.randrange(len(map.concepts))
        one = map.concepts[at]
        return with_concept(map, at, **{field: form.format(name=one.name, text=getattr(one, field))})

    return edit


MUTANTS = (
    Mutant(
        "text-markup", "bold names start the definitions", everywhere("definition", "**{name}**: {text}"), ("clean",)
    ),
    Mutant("text-fence", "one relevance is fenced as code", _once("relevance", "```\n{text}\n```"), ("clean",)),
    Mutant("text-json", "one relevance is JSON", _once("relevance", '{{"relevance": "{text}"}}'), ("clean",)),
    Mutant("text-placeholder", "one relevance is a placeholder", _once("relevance", "TODO"), ("clean",)),
    Mutant(
        "text-label", "Definition: starts the definitions", everywhere("definition", "Definition: {text}"), ("clean",)
    ),
    Mutant(
        "text-machine",
        "the model speaks of itself",
        _once("definition", "As an AI language model, I would say: {text}"),
        ("clean",),
    ),
    Mutant("language-one", "one concept is in another language", _one_foreign, ("language",)),
    Mutant("language-all", "all concepts are in another language", _all_foreign, ("language",)),
    Mutant("language-explanations", "all explanations are in another language", _explained_foreign, ("language",)),
)
