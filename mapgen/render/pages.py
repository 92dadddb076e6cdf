"""What every self-contained page is made with: templates that escape, inert data, and a policy for its own parts.

It knows no page and no map; jinja2 is imported when the first template is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_RISKY = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def page(template: Path, values: Mapping[str, object]) -> str:
    """The template with those values, each of which is escaped; one that it wants and is not given is an error."""
    return environment(template.parent).get_template(template.name).render(values)


@cache
def environment(folder: Path) -> Environment:
    """The templates of a folder: values are escaped, and one that is wanted and not given is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def inert(json: str) -> Markup:
    """JSON that means the same inside a script element, and can neither end it nor begin a comment."""
    from markupsafe import Markup

    return Markup(json.translate(_RISKY))


@cache
def own(assets: Path, *names: str, images: str = "") -> dict[str, Markup]:
    """A page's own style and script, made small, and the policy that allows these two and ``images``, nothing else.

    They are what the files of those names hold, in that order.
    """
    from markupsafe import Markup

    style, script = (
        between.join((assets / f"{name}.min.{kind}").read_text("utf-8") for name in names)
        for kind, between in (("css", "\n"), ("js", ";\n"))
    )
    texts = {"style": style, "script": script, "policy": policy(style, script, images=images)}
    return {part: Markup(text) for part, text in texts.items()}


def policy(style: str, script: str, *, images: str = "") -> str:
    """The Content-Security-Policy under which a page's own style and script work, and nothing else does.

    ``images`` are the schemes of pictures that the script makes, such as ``data: blob:``.
    """
    drawn = f"img-src {images}; " if images else ""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        f"{drawn}base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    """How a Content-Security-Policy names an inline text (CSP level 3, 2.3.1)."""
    from base64 import b64encode
    from hashlib import sha256

    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
