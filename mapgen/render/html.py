"""One self-contained page: its style, script and data inside, no network, under a policy that allows nothing else.

The page is assets/page.html.j2; what a model wrote is a value in it, always escaped, never template. It knows
no file; jinja2 is imported when the first page is made.
"""

from __future__ import annotations

import re
import shlex
from json import dumps
from pathlib import Path
from typing import NamedTuple

from mapgen.model import RELATION_KINDS, KnowledgeMap
from mapgen.render import graph, markdown, mermaid
from mapgen.render.graph import Drawing
from mapgen.render.graph.kinds import KIND_STYLE
from mapgen.render.links import is_web, link
from mapgen.render.pages import inert, own, page
from mapgen.render.reading import pack
from mapgen.render.view import Options, View, view
from mapgen.render.wording import KINDS, STANDS
from mapgen.text import slug

_ASSETS = Path(__file__).parent / "assets"
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8}){0,8}", re.IGNORECASE | re.ASCII)
_RESERVED = re.compile("con|prn|aux|nul|(com|lpt)[0-9]")  # on Windows, whatever the suffix
_RTL_LANGUAGES = re.compile("ar|arc|ckb|dv|fa|he|iw|ji|ks|pnb|ps|sd|syr|ug|ur|yi")
_RTL_SCRIPTS = re.compile("adlm|arab|hebr|mand|nkoo|rohg|samr|syrc|thaa")


def render(map: KnowledgeMap, options: Options) -> str:
    """``map`` as one HTML page that needs nothing beside itself."""
    return _page(map, options, here="")


def framed(map: KnowledgeMap, options: Options) -> str:
    """The page in a frame that may run its script and save files, and has no other right, for a notebook's cell.

    In such a frame a bare ``#anchor`` would mean the notebook's own address, so links name the frame's.
    """
    from markupsafe import escape

    inner = escape(_page(map, options, here="about:srcdoc"))
    title = escape(f"Knowledge map: {map.query}")
    rights, look = 'sandbox="allow-scripts allow-downloads"', 'width="100%" height="640" style="border:0"'
    return f'<iframe {rights} title="{title}" {look} srcdoc="{inner}"></iframe>'


def _page(map: KnowledgeMap, options: Options, *, here: str) -> str:
    language, seen = language_tag(map.language), view(map, options)
    texts = {"json": map.to_json(), "md": markdown.render(map, options), "mmd": mermaid.render(map, options)}
    values = {
        "page": seen,
        "lang": language,
        "dir": direction(language),
        "foreign": language.lower().split("-")[0] != "en",
        "command": command,
        "here": here,
        "is_web": is_web,
        "link": link,
        "stands": STANDS,
        "name": file_name(map.query),
        "stages": _stages(seen),
        "styles": KIND_STYLE,
        "kinds": [(kind, KINDS[kind][0]) for kind in RELATION_KINDS if any(tie.kind == kind for tie in seen.relations)],
        "linked": inert(_compact(_terms(seen, language))),
        "packed": pack(texts),
    }
    return page(_ASSETS / "page.html.j2", values | own(_ASSETS, *_parts(seen), images="data: blob:"))


def _parts(seen: View) -> tuple[str, ...]:
    """The styles and scripts that a page of that view needs; what shows quotes comes first, for it hears Esc first."""
    cited = seen.sources or any(card.notes for card in seen.cards)
    return ("citations", "page") if cited else ("page",)


class Stage(NamedTuple):
    """A stage of the graph: the concepts that no stage before it shows, and its drawings, wide and narrow."""

    title: str
    more: int
    drawings: tuple[Drawing, Drawing]


def _stages(seen: View) -> tuple[Stage, ...]:
    names = {card.anchor: card.name for card in seen.cards}
    shown: set[str] = set()
    found = []
    for anchors in graph.stages(seen):
        new = [names[anchor] for anchor in anchors if anchor not in shown]
        shown.update(anchors)
        wide, tall = (graph.draw(seen, shape, anchors=anchors) for shape in ("wide", "tall"))
        found.append(Stage(", ".join(new), len(new), (wide, tall)))
    return tuple(found)


def _terms(seen: View, language: str) -> dict[str, object]:
    """What search engines and link previews read: the concepts as schema.org terms, without the relations."""
    terms = [{"@type": "DefinedTerm", "name": card.name, "description": card.definition} for card in seen.cards]
    return {
        "@context": "https://schema.org",
        "@type": "DefinedTermSet",
        "name": seen.title_line,
        "inLanguage": language,
        "hasDefinedTerm": terms,
    }


def _compact(value: object) -> str:
    return dumps(value, ensure_ascii=False, separators=(",", ":"))


def language_tag(language: str) -> str:
    """``language`` where it has the form of a BCP 47 tag, else ``und``."""
    return language if _TAG.fullmatch(language) else "und"


def direction(language: str) -> str:
    """The direction in which that language is written: ``ltr`` or ``rtl``; a script in the tag decides."""
    first, *rest = language.lower().split("-")
    scripts = [part for part in rest if len(part) == 4 and part.isalpha()]
    right = _RTL_SCRIPTS.fullmatch(scripts[0]) if scripts else _RTL_LANGUAGES.fullmatch(first)
    return "rtl" if right else "ltr"


def file_name(query: str) -> str:
    """What the page proposes as the name, without suffix, of a file that it saves; fit for every system."""
    name = slug(query) or "map"
    return f"map-{name}" if _RESERVED.fullmatch(name) else name


def command(topic: str) -> str:
    """What to type in a shell for the map of ``topic``; safe to paste, whatever the topic says."""
    return f"mapgen make {'-- ' if topic.startswith('-') else ''}{shlex.quote(topic)}"
