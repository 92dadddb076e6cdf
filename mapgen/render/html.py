"""One self-contained page: its style inside, no script, no network, under a policy that allows nothing else.

The page is assets/page.html.j2; what a model wrote is a value in it, always escaped, never template. It knows
no file; jinja2 is imported when the first page is made.
"""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mapgen.model import KnowledgeMap
from mapgen.render.view import Options, view

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

_ASSETS = Path(__file__).parent / "assets"
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8}){0,8}", re.IGNORECASE | re.ASCII)
_RTL_LANGUAGES = re.compile("ar|arc|ckb|dv|fa|he|iw|ji|ks|pnb|ps|sd|syr|ug|ur|yi")
_RTL_SCRIPTS = re.compile("adlm|arab|hebr|mand|nkoo|rohg|samr|syrc|thaa")


def render(map: KnowledgeMap, options: Options) -> str:
    """``map`` as one HTML page that needs nothing beside itself."""
    return _page(map, options, here="")


def framed(map: KnowledgeMap, options: Options) -> str:
    """The page in a frame without rights (no script, no form, no way out), for a notebook's cell.

    In such a frame a bare ``#anchor`` would mean the notebook's own address, so links name the frame's.
    """
    from markupsafe import escape

    page = escape(_page(map, options, here="about:srcdoc"))
    title = escape(f"Knowledge map: {map.query}")
    return f'<iframe sandbox="" title="{title}" width="100%" height="640" style="border:0" srcdoc="{page}"></iframe>'


def _page(map: KnowledgeMap, options: Options, *, here: str) -> str:
    language = language_tag(map.language)
    style, policy = _style()
    return _template().render(
        page=view(map, options),
        lang=language,
        dir=direction(language),
        foreign=language.lower().split("-")[0] != "en",
        style=style,
        policy=policy,
        command=command,
        here=here,
    )


def language_tag(language: str) -> str:
    """``language`` where it has the form of a BCP 47 tag, else ``und``."""
    return language if _TAG.fullmatch(language) else "und"


def direction(language: str) -> str:
    """The direction in which that language is written: ``ltr`` or ``rtl``; a script in the tag decides."""
    first, *rest = language.lower().split("-")
    scripts = [part for part in rest if len(part) == 4 and part.isalpha()]
    right = _RTL_SCRIPTS.fullmatch(scripts[0]) if scripts else _RTL_LANGUAGES.fullmatch(first)
    return "rtl" if right else "ltr"


def command(topic: str) -> str:
    """What to type in a shell for the map of ``topic``; safe to paste, whatever the topic says."""
    return f"mapgen make {'-- ' if topic.startswith('-') else ''}{shlex.quote(topic)}"


@cache
def _style() -> tuple[Markup, Markup]:
    """The page's style, and the policy that allows this style and nothing else."""
    from base64 import b64encode
    from hashlib import sha256

    from markupsafe import Markup

    text = (_ASSETS / "page.css").read_text("utf-8").strip()
    allowed = f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
    policy = f"default-src 'none'; style-src '{allowed}'; base-uri 'none'; form-action 'none'"
    return Markup(text), Markup(policy)


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("page.html.j2")
