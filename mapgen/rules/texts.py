"""Rules that hold for every text of a map: not empty, no placeholder, no markup, finished, in its language.

They know neither what a definition is nor what a relevance must say.
"""

from __future__ import annotations

import re

from mapgen.model import Problem
from mapgen.rules.language import foreign_sentences, strays
from mapgen.rules.lexicon import phrases_of
from mapgen.rules.quoting import problem, quote
from mapgen.rules.sentences import terminated, trails_off
from mapgen.rules.words import fold, runs

_TAGS = (
    "a|abbr|b|i|p|br|hr|em|strong|code|pre|div|span|ul|ol|li|h[1-6]|img|script|style|table|tr|td|sub|sup|html"
    "|body|think"
)
_MARKUP = re.compile(
    rf"""
      </?(?:{_TAGS})(?:\s[^<>]{{0,300}})?/?>            # HTML
    | &(?:amp|lt|gt|quot|nbsp|\#\d{{2,5}});
    | (?:^|\s)\#{{2,6}}\s | ^\#\s                       # Markdown: headings
    | `
    | \*\*[^\s*] | [^\s*]\*\*(?=[\s.,;:!?]|$)           # bold
    | (?<![\w*])\*[^\s*][^*]{{0,200}}[^\s*]\*(?![\w*])  # italic
    | (?<!\w)__[^\s_][^_]{{0,200}}\s[^_]{{0,200}}__(?!\w)
    | \[[^\[\]]{{1,200}}\]\([^()\s]{{1,300}}\)          # links
    | https?:// | \bwww\.\w
    | ^[-*•–]\s | \s•\s | ^\(?1[.)]\s                   # list items
    | \\[a-zA-Z]{{2,}}\{{ | \\\[ | \\\([^()]{{1,80}}\\\)                   # LaTeX
    | [{{\[]\s*"\s*\w | "\s*\}} | "\s*:\s*["{{\[] | \\n(?![a-z]) | \\"   # JSON
    | <\|[^|<>]{{1,40}}\|> | \[/?INST\]                 # a model's own signs
    """,
    re.VERBOSE,
)
_LABEL = re.compile(
    r"^\W{0,3}(?:definition|relevance|explanation|concept|name|label|answer|output|d[ée]finition|definición|relevanz)\s*:",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"""\bas\ an?\ (?:[\w-]+\ ){0,4}(?:ai|model|assistant),?\ I\b | ^as\ an\ ai\b(?:\ language\ model)?,
    | \bI(?:'m|\ am)\ (?:sorry|unable\ to|just\ an\ AI|an\ AI) | \bmy\ (?:training\ data|knowledge\ cutoff)
    | \bI\ (?:cannot|can't|can\ not)\ (?:assist|help|provide|answer|fulfill)
    | ^(?:sure|certainly|of\ course)[!,]\ (?:here|I)\b | ^here\ (?:is|are)\ (?:the|a|your|an)\b.{0,60}:
    | \bals\ ki-(?:modell|sprachmodell|assistent)\b.{0,20}\bich\b
    | \ben\ tant\ qu['’](?:ia|assistant|intelligence)\b.{0,40}\bje\b
    | \bcomo\ (?:modelo\ de\ lenguaje|asistente\ de\ ia|una?\ ia),
    | 作为(?:一个|一名)?(?:AI|人工智能)(?:语言模型|助手|模型)?[，,]?我 | как\ языковая\ модель,?\ я""",
    re.VERBOSE | re.IGNORECASE,
)
_EMPTY = phrases_of("""
    todo|tbd|fixme|n/a|placeholder|xxx|untitled|not available|not applicable|coming soon|to be written|
    to be determined|to be added|one sentence|a sentence|some text|sample text|your text|a definition|the definition|
    a few words|concept name|concept definition|no definition|no description|keine angabe
""")
_EMPTY_UNLESS_NAME = phrases_of("""
    na|none|null|nil|undefined|string|text|unknown|example|test|sample|blank|empty|definition|relevance|description|
    explanation|label|name
""")
_TEMPLATE = re.compile(
    r"""lorem\ ipsum | ^\W*(?:todo|tbd|fixme)\b | \{\{.{0,80}\}\} | \{(?:name|concept|definition|query|text|relevance)\}
    | [\[<](?:insert|your|concept|name|definition|relevance|text|placeholder|query|topic)\b[^\]>]{0,80}[\]>]
    | ^\W*(?:(?:insert|add|put|write|your|the|a)\ ){0,3}
      (?:definition|relevance|description|explanation|text|name|label|sentence)(?:\ goes)?\ here\W*$""",
    re.VERBOSE | re.IGNORECASE,
)
_LOOP = re.compile(r"\b(\w{2,}(?:\W+\w+){0,5})(?:\W+\1\b){3,}", re.IGNORECASE)
_PAIRS = ("()", "[]", "{}", "（）", "「」", "『』", "【】", "《》")
_QUOTES = re.compile(r"(?<!\d)[\"“”„‟]|[“”„‟]")
_HANGING = re.compile(
    r"(?:[,;:–—、，；]|\b(?:and|or|but|the|an|because|und|oder|weil|et|ou|parce que|porque|such as|и|или)\W?)$"
)
_NO_FULL_STOP = re.compile("[\u0e00-\u0eff]\\W*$")  # Thai and Lao


def blank(text: str, *, name: bool = False) -> bool:
    """Whether a text says nothing: empty, no letter in it, or what stands where a text is still to come.

    Words such as "string" and "sample" say nothing as a text, but may well be the ``name`` of a concept.
    """
    bare = " ".join(fold(text).strip(" .!?\"'[]<>(){}*_-…。").split())
    listed = bare in _EMPTY or (not name and bare in _EMPTY_UNLESS_NAME)
    return not any(map(str.isalnum, bare)) or listed or _TEMPLATE.search(text) is not None


def markup(text: str) -> str:
    """The first piece of markup in a text: HTML, Markdown, LaTeX, JSON, a list's bullet; empty if it has none."""
    found = _MARKUP.search(text)
    return text[max(found.start(), 0) : found.end() + 20].strip() if found else ""


def machine_speech(text: str) -> bool:
    """Whether the model speaks of itself or to its user, instead of stating the text."""
    return _MACHINE.search(text) is not None or _LABEL.match(text) is not None


def loops(text: str) -> str:
    """The words that a text repeats four times or more in succession; empty if none."""
    found = _LOOP.search(text)
    return found.group(1) if found else ""


def unbalanced(text: str) -> bool:
    """Whether a bracket or a double quote is opened and not closed."""
    opened = any(text.count(pair[0]) > text.count(pair[1]) for pair in _PAIRS)
    guillemets = (text.count("«") + text.count("»")) % 2
    return opened or bool(guillemets) or len(_QUOTES.findall(text)) % 2 == 1


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
        found.append(problem("text-loops", where, f"The text repeats {quote(words)} over and over."))
    if why := unfinished(text):
        found.append(problem("text-unfinished", where, f"The text {why}: {quote(text[-40:])}."))
    if foreign := foreign_sentences(text, language):
        found.append(
            problem("language-wrong", where, f"{quote(foreign[0])} is not in the map's language ({language}).")
        )
    return tuple(found)


def check_phrase(text: str, where: str, *, language: str, query: str = "") -> tuple[Problem, ...]:
    """What is faulty in a name, a label or any other text, whole sentence or not."""
    if blank(text, name=True):
        return (_blank(text, where),)
    found = []
    if piece := markup(text):
        found.append(problem("text-markup", where, f"The text has markup; write plain text: {quote(piece)}."))
    if machine_speech(text):
        message = f"State the text alone, without a label, a preamble or words about yourself: {quote(text)}."
        found.append(problem("text-machine", where, message))
    if letters := strays(text, language, known=query):
        message = f"The letters {quote(letters, 20)} do not belong in a text in the language {language}."
        found.append(problem("script-mixed", where, message))
    return tuple(found)


def check_title(title: str) -> tuple[Problem, ...]:
    """Whether a map's title is there, as plain text."""
    if blank(title):
        return (_blank(title, "map"),)
    piece = markup(title)
    return (problem("text-markup", "map", f"The title has markup: {quote(piece)}."),) if piece else ()


def _blank(text: str, where: str) -> Problem:
    if not runs(text):
        return problem("text-empty", where, "The text is empty.")
    return problem("text-placeholder", where, f"{quote(text)} is a placeholder; write the text itself.")
