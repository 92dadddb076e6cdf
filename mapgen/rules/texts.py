"""Rules that hold for every text of a map: not empty, no placeholder, no markup, finished, in its language.

They know neither what a definition is nor what a relevance must say.
"""

from __future__ import annotations

import re

from mapgen.model import Problem
from mapgen.rules.blemishes import blank, machine_speech, markup
from mapgen.rules.language import foreign_sentences
from mapgen.rules.quoting import quote
from mapgen.rules.scripts import strays
from mapgen.rules.sentences import terminated, trails_off
from mapgen.rules.words import runs

_LOOP_WORDS, _LOOP_TIMES = 6, 4  # words of what is repeated at most, and how often in succession
_OPENED = (
    ("([", ")]"),
    ("{", "}"),
    ("（", "）"),
    ("「", "」"),
    ("『", "』"),
    ("【", "】"),
    ("《", "》"),
)  # [0, 1) is one
_QUOTES = re.compile(r"(?<!\d)[\"“”„‟]|[“”„‟]")
_HANGING = re.compile(
    r"(?:[,;:–—、，；]|\b(?:and|or|but|the|an|because|und|oder|weil|et|ou|parce que|porque|such as|и|или)\W?)$"
)
_NO_FULL_STOP = re.compile("[\u0e00-\u0eff]\\W*$")  # Thai and Lao


def loops(text: str) -> str:
    """The words that a text repeats four times or more in succession; empty if none."""
    said = runs(text)
    for length in range(1, _LOOP_WORDS + 1):
        same = 0
        for at, (word, later) in enumerate(zip(said, said[length:], strict=False)):
            same = same + 1 if word == later else 0
            if same == length * (_LOOP_TIMES - 1):
                return " ".join(said[at + 1 - same : at + 1 - same + length])
    return ""


def unbalanced(text: str) -> bool:
    """Whether a bracket or a double quote is opened and not closed, or one of JSON's brackets closed and not opened."""
    opened = any(_count(text, opener) > _count(text, closer) for opener, closer in _OPENED)
    guillemets = (text.count("«") + text.count("»")) % 2
    half_open = max(0, _count(text, "(") - _count(text, ")"))
    left = _count(text, "}") > _count(text, "{") or _count(text, "]") > _count(text, "[") + half_open
    return opened or left or bool(guillemets) or len(_QUOTES.findall(text)) % 2 == 1


def _count(text: str, letters: str) -> int:
    return sum(map(text.count, letters))


def unfinished(text: str) -> str:
    """Why a text is not a finished sentence, in words; empty if it is finished."""
    bare = text.strip()
    if trails_off(bare):
        return "ends in an ellipsis"
    if _HANGING.search(bare.rstrip(".")):
        return "breaks off in the middle of a sentence"
    if not terminated(bare) and not _NO_FULL_STOP.search(bare):
        return "does not end with a full stop"
    return "has a bracket or a quote that is not closed" if unbalanced(bare) else ""


def clean_text(text: str) -> bool:
    """Whether a text is free of markup, placeholders, the model's own voice, loops and unfinished sentences."""
    return not (blank(text) or markup(text) or machine_speech(text) or loops(text) or unfinished(text))


def check_prose(text: str, where: str, *, language: str, query: str = "") -> tuple[Problem, ...]:
    """What is faulty in a text of whole sentences; a text that says nothing has that one problem."""
    if blank(text):
        return (_blank(text, where),)
    found = [*check_phrase(text, where, language=language, query=query)]
    if words := loops(text):
        found.append(Problem(code="text-loops", where=where, message=f"The text repeats {quote(words)} over and over."))
    if why := unfinished(text):
        found.append(
            Problem(
                code="text-unfinished",
                where=where,
                message=f"The text {why}: {quote(text if len(text) <= 40 else '…' + text[-39:])}.",
            )
        )
    if foreign := foreign_sentences(text, language):
        found.append(
            Problem(
                code="language-wrong",
                where=where,
                message=f"{quote(foreign[0])} is not in the map's language ({language}).",
            )
        )
    return tuple(found)


def check_phrase(text: str, where: str, *, language: str, query: str = "") -> tuple[Problem, ...]:
    """What is faulty in a name, a label or any other text, whole sentence or not."""
    if blank(text, name=True):
        return (_blank(text, where),)
    found = []
    if piece := markup(text):
        found.append(
            Problem(code="text-markup", where=where, message=f"The text has markup; write plain text: {quote(piece)}.")
        )
    if machine_speech(text):
        message = f"State the text alone, without a label, a preamble or words about yourself: {quote(text)}."
        found.append(Problem(code="text-machine", where=where, message=message))
    if letters := strays(text, language, known=query):
        message = f"The letters {quote(letters, 20)} do not belong in a text in the language {language}."
        found.append(Problem(code="script-mixed", where=where, message=message))
    return tuple(found)


def check_title(title: str) -> tuple[Problem, ...]:
    """Whether a map's title is there, as plain text."""
    if blank(title):
        return (_blank(title, "map"),)
    piece = markup(title)
    return (
        (Problem(code="text-markup", where="map", message=f"The title has markup: {quote(piece)}."),) if piece else ()
    )


def _blank(text: str, where: str) -> Problem:
    if not runs(text):
        return Problem(code="text-empty", where=where, message="The text is empty.")
    return Problem(
        code="text-placeholder", where=where, message=f"{quote(text)} is a placeholder; write the text itself."
    )
