"""What no text of a map may have: placeholders, markup, the model's own voice; found by their signs.

It says where such a sign stands, not what is to be done about it; texts.py makes problems of them.
"""

from __future__ import annotations

import re

from mapgen.rules.lexicon import phrases_of, words_of
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
_SIGN = re.compile(r"[<>&#`*_\[\]{}\\|•\"]|://|www\.|^[-–(1]")  # without one of these there is no markup
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
_SPEAKING = words_of("i my ai sure certainly course here ich je como как")  # one of these is in all of them
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


def blank(text: str, *, name: bool = False) -> bool:
    """Whether a text says nothing: empty, no letter in it, or what stands where a text is still to come.

    Words such as "string" and "sample" say nothing as a text, but may well be the ``name`` of a concept.
    """
    bare = " ".join(fold(text).strip(" .!?\"'[]<>(){}*_-…。").split())
    listed = bare in _EMPTY or (not name and bare in _EMPTY_UNLESS_NAME)
    return not any(map(str.isalnum, bare)) or listed or _TEMPLATE.search(text) is not None


def markup(text: str) -> str:
    """The first piece of markup in a text: HTML, Markdown, LaTeX, JSON, a list's bullet; empty if it has none."""
    found = _MARKUP.search(text) if _SIGN.search(text) else None
    return text[max(found.start(), 0) : found.end() + 20].strip() if found else ""


def machine_speech(text: str) -> bool:
    """Whether the model speaks of itself or to its user, instead of stating the text."""
    speaks = not _SPEAKING.isdisjoint(runs(text)) or "作为" in text
    return (speaks and _MACHINE.search(text) is not None) or _LABEL.match(text) is not None
