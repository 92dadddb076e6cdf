"""What a model gives for a part that is asked again: one text or both, behind quotes of passages, or a concept.

It knows no prompt.
"""

from __future__ import annotations

from mapgen.model import RelationKind, Text
from mapgen.prompting import Answer
from mapgen.steps.citing import Quotes


class DefinitionAnswer(Answer):
    """A mended definition."""

    definition: Text


class RelevanceAnswer(Answer):
    """A mended relevance."""

    relevance: Text


class TextsAnswer(Answer):
    """Both texts of a concept."""

    definition: Text
    relevance: Text


class SourcedDefinition(Answer):
    """A mended definition behind the quotes that it stands on."""

    definition_quotes: Quotes
    definition: Text


class SourcedRelevance(Answer):
    """A mended relevance behind the quotes that it stands on."""

    relevance_quotes: Quotes
    relevance: Text


class SourcedTexts(SourcedRelevance, SourcedDefinition):
    """Both texts of a concept, each behind the quotes that it stands on."""


class ConceptAnswer(Answer):
    """A concept in the place of a faulty one, or one that was missing, and how it acts on one of the others."""

    name: Text
    definition: Text
    relevance: Text
    label: Text
    target: Text
    explanation: Text
    kind: RelationKind
