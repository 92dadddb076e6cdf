"""Which elements no reader sees: styles that hide, styles that only look like it, and HTML in pieces."""

from __future__ import annotations

import pytest

from mapgen.sources.hidden import hides
from mapgen.sources.pieces import Seen


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY : None !important",
        "color:red;display:none;",
        "d\\69splay:none",
        "display:/**/none",
        "visibility:hidden",
        "visibility: collapse",
        "content-visibility:hidden",
        "opacity:0",
        "opacity: .01",
        "opacity:0.0",
        "opacity:0%",
        "font-size:0",
        "font-size: 0px",
        "font-size:1px",
        "font-size:.5pt",
        "font-size:0.01em",
        "font:0/0 a",
        "font: bold 0px serif",
        "width:0;overflow:hidden",
        "height:1px; width:1px; overflow:clip",
        "text-indent:-9999px",
        "position:absolute;left:-999em",
        "clip:rect(0,0,0,0)",
        "clip: rect(1px 1px 1px 1px)",
        "clip-path:inset(50%)",
        "transform:scale(0)",
        "color:#fff",
        "color:white;background:#FFFFFF",
        "color:rgb(255, 255, 255)",
        "color:rgb(255 255 254 / 1)",
        "color:hsl(0, 0%, 100%)",
        "color:#fefefe;background-color:transparent",
        "color:transparent",
        "color:#0000",
        "color:rgba(1,2,3,0)",
        "color:black;background:black",
        "-webkit-text-fill-color:transparent",
    ],
)
def test_styles_that_hide(style: str) -> None:
    assert hides("p", {"style": style})


@pytest.mark.parametrize(
    "style",
    [
        "",
        "display:block",
        "opacity:0.5",
        "opacity:1",
        "opacity:90%",
        "font-size:10px",
        "font-size:0.9em",
        "font-size:80%",
        "font:12px/1.5 serif",
        "width:0;flex:1",
        "height:0",
        "overflow:hidden;height:100px",
        "margin-left:-15px",
        "left:-100px",
        "color:#333",
        "color:white;background:#000",
        "color:#fff;background-color:navy",
        "color:rgba(1,2,3,0.5)",
        "background:white",
        "transform:scale(0.5)",
        "clip-path:inset(5%)",
        "nonsense",
        ":;:;;",
    ],
)
def test_styles_that_show(style: str) -> None:
    assert not hides("p", {"style": style})


def test_elements_and_attributes() -> None:
    assert all(hides(tag, {}) for tag in ("script", "style", "template", "noscript", "title"))
    assert hides("p", {"hidden": None})
    assert hides("p", {"hidden": "until-found"})
    assert hides("font", {"color": "#FFFFFF"})
    assert hides("input", {"type": "Hidden"})
    assert not hides("p", {"aria-hidden": "true"})
    assert not hides("font", {"color": "red"})


def test_html_in_pieces() -> None:
    html = Seen()
    assert html.through("a<p>b</p><!-- c -->d") == "a b d"
    assert html.through("<div hidden>e<br>f") == " " * 2
    assert not html.seen
    assert html.through("<i>g</i></div>h").strip() == "h"
    assert html.seen
    assert html.through("</nothing>&lt;i&gt;") == "<i>"
