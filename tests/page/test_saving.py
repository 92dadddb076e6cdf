"""What the page saves and copies: the same texts that mapgen writes, and the drawing as it is seen."""

from __future__ import annotations

import struct
from typing import Any
from xml.etree import ElementTree

import pytest

from mapgen.model import KnowledgeMap
from mapgen.render import render
from tests.page.looking import NARROW, saved, words
from tests.page.maps import CHIPS, named

CLIPBOARD = ["clipboard-read", "clipboard-write"]
REFUSED = "if (navigator.clipboard) Clipboard.prototype.writeText = () => Promise.reject(new DOMException('no'));"
SVG = "{http://www.w3.org/2000/svg}"


def clipboard(page) -> Any:
    return page.evaluate("navigator.clipboard.readText()")


@pytest.mark.parametrize("name", ["interest-rates", "hostile", "arabic"])
def test_markdown_and_json_are_those_that_mapgen_writes(opened, name) -> None:
    page = opened(name)
    _, markdown = saved(page, "Markdown")
    assert markdown.decode() == named(name).to_markdown(brand="Kinapse")
    _, json = saved(page, "JSON")
    assert KnowledgeMap.parse(json) == named(name)


def test_files_are_named_after_the_query(opened) -> None:
    page = opened("six")
    stem = "how-do-vaccines-lead-to-herd-immunity"
    names = [saved(page, kind)[0] for kind in ("SVG", "PNG", "Markdown", "JSON")]
    assert names == [f"{stem}.svg", f"{stem}.png", f"{stem}.md", f"{stem}.json"]
    assert page.locator(".status").inner_text() == f"Saved {stem}.json"


@pytest.mark.parametrize("size", [(1280, 800), NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", ["six", "hostile"])
def test_the_svg_stands_alone_with_every_name(opened, name, size) -> None:
    root = ElementTree.fromstring(saved(opened(name, size=size), "SVG")[1])
    assert (root.tag, root.get("display"), root.get("hidden")) == (f"{SVG}svg", None, None)
    assert float(root.get("width", 0)) > 100
    boxes = root.findall(f".//{SVG}a")
    shown = [words("".join(box.findall(f"{SVG}text")[1].itertext())).replace("-", "") for box in boxes]
    names = [words(concept.name).replace("-", "") for concept in named(name).concepts]
    assert len(shown) == min(len(names), 15)
    assert all(any(name.startswith(text.rstrip("…").strip()) for name in names) for text in shown)
    assert {box.find(f"{SVG}rect").get("fill") for box in boxes} == {"#ffffff"}
    assert all(href.startswith("url(#") for href in _references(root))
    assert {href[5:-1] for href in _references(root)} <= {one.get("id") for one in root.iter()}


def _references(root: ElementTree.Element) -> list[str]:
    return [value for one in root.iter() for name, value in one.items() if name in {"marker-end", "marker-start"}]


def test_the_svg_leaves_out_what_is_filtered_out(opened) -> None:
    page = opened("six")
    page.get_by_role("button", name="is a", exact=True).click()
    root = ElementTree.fromstring(saved(page, "SVG")[1])
    drawn = [one for one in root.iter(f"{SVG}g") if one.get("data-source")]
    assert len(drawn) == sum(relation.kind != "is-a" for relation in named("six").relations)


@pytest.mark.parametrize("size", [(1280, 800), NARROW], ids=["wide", "narrow"])
def test_the_png_is_twice_the_drawing_s_size(opened, size) -> None:
    page = opened("six", size=size)
    box = page.locator(".graph > svg:visible").get_attribute("viewBox").split()
    _, png = saved(page, "PNG")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    assert (width, height) == pytest.approx((2 * float(box[2]), 2 * float(box[3])), abs=2)
    assert len(png) > 10_000


def test_mermaid_is_copied(opened) -> None:
    page = opened("interest-rates", permissions=CLIPBOARD)
    page.get_by_text("Save", exact=True).click()
    button = page.get_by_role("button", name="Copy Mermaid")
    button.click()
    page.wait_for_function("() => document.querySelector('.status').textContent === 'Copied.'")
    assert clipboard(page) == render(named("interest-rates"), "mermaid")


@pytest.mark.parametrize(("name", "chip", "command"), [
    ("six", CHIPS[2], "mapgen make 'Immune Memory'"),
    ("rich", "$(reboot) 'quoted'", """mapgen make '$(reboot) '"'"'quoted'"'"''"""),
    ("rich", "-rf", "mapgen make -- -rf"),
])  # fmt: skip
def test_a_chip_gives_the_command_to_copy(opened, name, chip, command) -> None:
    page = opened(name, permissions=CLIPBOARD)
    page.get_by_text(chip, exact=True).click()
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_role("button", name="Copied", exact=True).wait_for()
    assert clipboard(page) == command


def test_two_clicks_do_not_leave_a_button_copied(opened) -> None:
    page = opened("six", permissions=CLIPBOARD)
    page.get_by_text(CHIPS[0], exact=True).click()
    button = page.locator("details[open] button")
    button.click()
    page.get_by_role("button", name="Copied", exact=True).click()
    page.get_by_role("button", name="Copy", exact=True).wait_for()


def test_a_copy_that_is_refused_is_said_so(opened) -> None:
    page = opened("six", script=REFUSED)
    page.get_by_text(CHIPS[0], exact=True).click()
    page.get_by_role("button", name="Copy", exact=True).click()
    page.wait_for_function("() => document.querySelector('.status').textContent.startsWith('Copying is not')")
    assert page.get_by_role("button", name="Copied", exact=True).count() == 0


def test_a_saved_drawing_is_whole_and_carries_its_map(opened, tmp_path) -> None:
    page = opened("six")
    page.get_by_role("button", name="Zoom in").click()
    text = saved(page, "SVG")[1]
    root = ElementTree.fromstring(text)
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert root.find(f"{SVG}title").text.endswith("Interactive Knowledge Map")
    path = tmp_path / "saved.svg"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert KnowledgeMap.load(path) == named("six")


def test_a_search_does_not_thin_the_saved_drawing(opened) -> None:
    page = opened("six")
    page.get_by_role("searchbox").fill("efficacy")
    root = ElementTree.fromstring(saved(page, "SVG")[1])
    assert len(root.findall(f".//{SVG}a")) == 6
