"""How a format is chosen, and how a file comes to be: by name, by suffix, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mapgen.errors import InputError, OutputError
from mapgen.model import KnowledgeMap
from mapgen.render import FORMATS, Options, format_of, name_of, render, save


def test_the_formats_and_their_suffixes():
    assert {name: kind.suffixes for name, kind in FORMATS.items()} == {
        "txt": (".txt", ".text"),
        "md": (".md", ".markdown"),
        "json": (".json",),
        "html": (".html", ".htm"),
        "svg": (".svg",),
        "png": (".png",),
        "mermaid": (".mmd", ".mermaid"),
        "dot": (".dot", ".gv"),
        "graphml": (".graphml",),
        "gexf": (".gexf",),
        "canvas": (".canvas",),
        "obsidian": (".zip",),
        "opml": (".opml",),
        "csv": (".csv",),
        "csv-relations": (".relations.csv",),
        "jsonld": (".jsonld",),
        "skos": (".ttl",),
        "anki": (".apkg",),
    }


TEXT = [name for name, kind in FORMATS.items() if not kind.binary]


def content(path: Path) -> str | bytes:
    """What a file holds, as render gives it."""
    data = path.read_bytes()
    return data if FORMATS[format_of(path)].binary else data.decode()


def test_each_format_says_in_a_line_what_it_is():
    for kind in FORMATS.values():
        assert 10 < len(kind.description) < 60
        assert "\n" not in kind.description


def test_no_suffix_belongs_to_two_formats():
    suffixes = [suffix for kind in FORMATS.values() for suffix in kind.suffixes]
    assert len(suffixes) == len(set(suffixes))


def test_formats_cannot_be_changed():
    with pytest.raises(TypeError):
        FORMATS["pdf"] = FORMATS["txt"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.txt", "txt"),
        ("a.relations.csv", "csv-relations"),
        ("A.Relations.CSV", "csv-relations"),
        ("relations.csv", "csv"),
        ("a.b.csv", "csv"),
        ("a.b.MD", "md"),
        (Path("x/y.markdown"), "md"),
        ("m.json", "json"),
        ("p.HTM", "html"),
    ],
)
def test_a_suffix_names_a_format(path, name):
    assert format_of(path) == name


@pytest.mark.parametrize(
    ("path", "message", "guess"),
    [
        ("a.htlm", '"a.htlm" has the suffix ".htlm"', "Did you mean .htm? "),
        ("a.PDF", '"a.PDF" has the suffix ".pdf"', "Open the page in a browser and print it to PDF. "),
        ("map", '"map" has no suffix', "Add a suffix, or --format; --format obsidian writes a folder. "),
        (".html", '".html" has no suffix', "Add a suffix, or --format; --format obsidian writes a folder. "),
        ("x.\x1b[31mred", "has the suffix", ""),
    ],
)
def test_an_unknown_suffix_is_told_with_those_known(path, message, guess):
    with pytest.raises(InputError) as caught:
        format_of(path)
    assert message in caught.value.message
    assert "\x1b" not in caught.value.message
    known = ", ".join(suffix for kind in FORMATS.values() for suffix in kind.suffixes)
    assert caught.value.hint == f"{guess}Known are {known}."


def test_an_unknown_format_is_told_with_the_nearest(source_map):
    with pytest.raises(InputError) as caught:
        render(source_map, "Htlm")
    assert caught.value.message == '"Htlm" is not a format.'
    assert caught.value.hint == f"Did you mean html? Known are {', '.join(FORMATS)}."
    assert caught.value.exit_code == 65


def test_pdf_is_made_by_a_browser(source_map):
    with pytest.raises(InputError) as caught:
        render(source_map, "pdf")
    assert caught.value.hint.startswith("Open the page in a browser and print it to PDF. Known are txt, ")


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("mmd", "mermaid"), (".mmd", "mermaid"), ("markdown", "md"), ("HTML", "html"), (".SVG", "svg"), ("htm", "html"),
        ("csv", "csv"), ("csv_relations", "csv-relations"), (".relations.csv", "csv-relations"), ("zip", "obsidian"),
        ("Ttl", "skos"), ("gv", "dot"), *((name, name) for name in FORMATS),
    ],
)  # fmt: skip
def test_a_format_goes_by_name_suffix_or_module_in_any_case(called, name, source_map):
    assert name_of(called) == name
    if name in TEXT:
        assert render(source_map, called) == render(source_map, name)


def test_a_folder_does_not_take_the_suffix_of_another_format(tmp_path, source_map):
    with pytest.raises(InputError) as caught:
        save(source_map, tmp_path / "v.html", format="obsidian")
    assert caught.value.message == '"v.html" ends as a file of another format.'
    assert caught.value.hint == "Name a folder, or a file that ends in .zip; or leave --format out."
    assert list(tmp_path.iterdir()) == []
    assert save(source_map, tmp_path / "v 1.2", format="Obsidian").is_dir()


@pytest.mark.parametrize("format", list(FORMATS))
def test_an_unknown_option_is_an_error_in_every_format(format, source_map):
    with pytest.raises(TypeError, match="there is no render option 'brnad'; there is: brand"):
        render(source_map, format, brnad="x")


def test_the_brand_is_shown_where_there_is_a_page(source_map):
    shown = {format for format in TEXT if "Acme & Co" in str(render(source_map, format, brand="Acme\n&\x1b[1m Co"))}
    assert {"txt", "md"} <= shown
    assert '<p class="brand">Acme &amp; Co</p>' in render(source_map, "html", brand="Acme & Co")
    assert Options().brand == "mapgen"


def test_without_a_brand_there_is_no_empty_place_for_one(source_map):
    assert "Superpower\n\nExplore |" in render(source_map, "txt", brand="")
    assert "\n\nExplore: AI Agents" in render(source_map, "md", brand="")


@pytest.mark.parametrize("suffix", [s for kind in FORMATS.values() for s in kind.suffixes])
def test_save_writes_what_render_gives(suffix, tmp_path, rich_map):
    path = tmp_path / f"map{suffix}"
    assert save(rich_map, path, brand="B") == path
    assert content(path) == render(rich_map, format_of(path), brand="B")
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_named_format_wins_over_the_suffix(tmp_path, source_map):
    path = save(source_map, str(tmp_path / "map.html"), format="md")
    assert path.read_text("utf-8").startswith("# JEPA")
    assert save(source_map, tmp_path / "no-suffix", format="txt").is_file()


def test_save_refuses_a_symbolic_link(tmp_path, source_map):
    target = tmp_path / "precious.txt"
    target.write_text("precious")
    (tmp_path / "map.txt").symlink_to(target)
    with pytest.raises(OutputError, match="symbolic link"):
        save(source_map, tmp_path / "map.txt")
    assert target.read_text() == "precious"


def test_save_in_a_missing_folder_says_what_to_do(tmp_path, source_map):
    with pytest.raises(OutputError) as caught:
        save(source_map, tmp_path / "missing" / "map.html")
    assert caught.value.hint == "Create the folder first."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("options", [{"format": "pdf"}, {"format": None}])
def test_what_stood_there_stays_when_the_format_is_not_known(tmp_path, source_map, options):
    path = tmp_path / "map.pdf"
    path.write_text("old")
    with pytest.raises(InputError):
        save(source_map, path, **options)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["map.pdf"]


def test_the_maps_own_doors_lead_here(tmp_path, rich_map):
    assert rich_map.to_text(brand="B") == render(rich_map, "txt", brand="B")
    assert rich_map.to_markdown(brand="B") == render(rich_map, "md", brand="B")
    assert rich_map.to_html(brand="B") == render(rich_map, "html", brand="B")
    assert rich_map.save(tmp_path / "m.html", brand="B").read_text("utf-8") == rich_map.to_html(brand="B")


def test_json_is_read_back_as_the_same_map(tmp_path, rich_map, source_map):
    for map in (rich_map, source_map):
        assert KnowledgeMap.parse(render(map, "json", brand="ignored")) == map
        assert KnowledgeMap.load(save(map, tmp_path / "map.json")) == map


def test_json_keeps_every_script_readable(rich_map):
    text = render(rich_map, "json")
    assert "التضخم 通貨膨脹 👩‍👩‍👧" in text
    assert text.endswith("}\n")


def test_a_map_of_nothing_is_still_rendered():
    empty = KnowledgeMap(query="?", title="", language="", concepts=())
    assert render(empty, "txt", brand="B") == "B\n\nExplore |\n\n? — Interactive Knowledge Map\n\n?\n\nKey Concepts\n"
    assert render(empty, "md", brand="B") == "# ?\n\n**B**\n\n## Key Concepts\n".replace("# ?", "# \\?")
    assert "<h1>?</h1>" in render(empty, "html")
    for format, kind in FORMATS.items():
        assert isinstance(render(empty, format), bytes if kind.binary else str)


def test_text_and_markdown_do_not_pay_for_the_page():
    code = (
        "import sys; from mapgen.render import render; from mapgen.model import KnowledgeMap;"
        "m = KnowledgeMap(query='q', title='q', language='en', concepts=());"
        "[render(m, f) for f in ('txt', 'md', 'json')]; assert 'jinja2' not in sys.modules;"
        "render(m, 'html'); assert 'jinja2' in sys.modules;"
        "assert not {'rich', 'click', 'langgraph', 'openai', 'difflib'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
