"""Mutants of prompt sets: a sentence dropped or turned round, a variable swapped, the examples gone; and harmless ones.

Each is a pure edit of the templates' texts by path. They go by the forms of instructions, not by their words as they
stand today, so that most outlive an edit of the prompts. They know no renderer; what they do to maps takes a model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Texts = Mapping[str, str]


@dataclass(frozen=True)
class TemplateMutant:
    """An edit of the templates named in ``files``, all by default. ``harmless``: what is rendered stays the same."""

    id: str
    does: str
    edit: Callable[[str], str]
    files: tuple[str, ...] = ()
    harmless: bool = False

    def apply(self, templates: Texts) -> dict[str, str]:
        """The prompt set with the edit made."""
        return {
            path: self.edit(text) if not self.files or path in self.files else text for path, text in templates.items()
        }

    def applies(self, templates: Texts) -> bool:
        """Whether there is anything in the prompt set for it to change."""
        return self.apply(templates) != dict(templates)


def replacing(pattern: str, new: str = "", *, count: int = 0) -> Callable[[str], str]:
    """The edit that puts ``new`` wherever ``pattern`` is found."""
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda text: compiled.sub(new, text, count=count)


def _fields_turned(text: str) -> str:
    """The lines that explain two fields change places."""
    lines = text.split("\n")
    places = [at for at, line in enumerate(lines) if line.startswith(("definition:", "relevance:"))]
    if len(places) == 2:
        first, second = places
        lines[first], lines[second] = lines[second], lines[first]
    return "\n".join(lines)


def _name_for_query(text: str) -> str:
    """The query and the concept's name change places in what is asked."""
    spot = "\N{REPLACEMENT CHARACTER}"
    text = re.sub(r"\{\{ query \}\}", spot, text)
    return re.sub(r"\{\{ name \}\}", "{{ query }}", text).replace(spot, "{{ name }}")


_WRITE, _PLAN, _RELATE = "write.j2", "plan.j2", "relate.j2"
_LANGUAGE = r"\{% if language %\}[^{}]*\{\{ language \}\}(?:\{% else %\}[^{}]*)?\{% endif %\}(?=[,.: ])"

TEMPLATES: tuple[TemplateMutant, ...] = (
    TemplateMutant(
        "mechanism-dropped",
        "relevance is no longer to name the mechanism",
        replacing(r"^(relevance: [^.\n]*\.) [^.\n]*\.", r"\1"),
        (_WRITE,),
    ),
    TemplateMutant(
        "prohibitions-turned",
        "what was not to be done is to be done",
        lambda text: text.replace("Do not merely", "Merely").replace("do not ", "do ").replace("Do not ", "Do "),
    ),
    TemplateMutant("query-and-name-swapped", "query and name change places", _name_for_query, (_WRITE,)),
    TemplateMutant(
        "examples-removed",
        "no prompt shows an example",
        replacing(r"^Example(?s:.*?)(?=\{% endblock %\})"),
        (_PLAN, _WRITE, _RELATE),
    ),
    TemplateMutant("language-dropped", "no language is asked for", replacing(_LANGUAGE)),
    TemplateMutant("fields-turned", "relevance is explained before the definition", _fields_turned, (_WRITE,)),
    TemplateMutant(
        "three-sentences",
        "a definition of three sentences",
        replacing(r"exactly one sentence", "exactly three sentences"),
        (_WRITE,),
    ),
    TemplateMutant(
        "one-sentence",
        "a relevance of one sentence",
        replacing(r"^(relevance: )2 (?:or|to) [34] (?:short )?sentences", r"\1one sentence"),
        (_WRITE,),
    ),
    TemplateMutant(
        "subject-for-query",
        "in general, not in this query",
        replacing(r"\bin this query\b", "in general"),
        (_WRITE, _RELATE),
    ),
    TemplateMutant(
        "siblings-dropped",
        "the writer does not see the other concepts",
        replacing(r"^.*\{\{ concepts \| join.*\n"),
        (_WRITE,),
    ),
    TemplateMutant("scope-dropped", "the writer does not see the scope", replacing(r" \(\{\{ scope \}\}\)"), (_WRITE,)),
    TemplateMutant("query-dropped", "the writer does not see the query", replacing(r"^Query: .*\n"), (_WRITE,)),
    TemplateMutant(
        "subjects-dropped",
        "the planner need not take up the query's subjects",
        lambda text: replacing(r"^\{% if subjects %\}(?s:.*?)\{% endif %\}\n")(
            replacing(r"^- Every subject that .*\n")(text)
        ),
        (_PLAN,),
    ),
    TemplateMutant(
        "differences-dropped",
        "concepts need not differ from each other",
        replacing(r"^- All differ .*\n"),
        (_PLAN,),
    ),
    TemplateMutant(
        "connections-dropped",
        "relations need not connect all concepts",
        replacing(r"^Every concept is in a relation.*\n"),
        (_RELATE,),
    ),
    TemplateMutant("comment", "a comment at the top", lambda text: "{# A comment. #}\n" + text, harmless=True),
    TemplateMutant(
        "comment-inside",
        "a comment in the middle of the instructions",
        replacing(r"^(definition|concepts|explanation):", r"{# A comment. #}\1:"),
        harmless=True,
    ),
    TemplateMutant(
        "blocks-spaced",
        "white space that the renderer strips",
        replacing(r"^\{% (block \w+|endblock) %\}$", r"  {%  \1  %}"),
        harmless=True,
    ),
    TemplateMutant(
        "edges-spaced",
        "empty lines at the ends of the blocks",
        replacing(r"^\{% endblock %\}$", "\n\n{% endblock %}"),
        harmless=True,
    ),
    TemplateMutant(
        "loop-renamed",
        "the variables of a loop have other names",
        lambda text: (
            text.replace("for kind, meaning in", "for one, told in")
            .replace("{{ kind }}", "{{ one }}")
            .replace("{{ meaning }}", "{{ told }}")
        ),
        harmless=True,
    ),
)
"""Every mutant of prompt sets: first the harmful ones, then the harmless edits."""
