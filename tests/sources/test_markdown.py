"""Markdown: headings, lists, tables, code, and the HTML that can stand in it."""

from __future__ import annotations

import pytest

from mapgen.sources.markdown import read_markdown
from tests.sources.reading import blocks, read, refusal

WHOLE = """---
title: not text
---
# Oil *prices*

What oil [costs](https://example.org/x "t") in
dollars. ![A barrel](barrel.png)

## Causes

- Supply falls.
  - A well closes.
- Demand `rises`.

> Quoted.

| Year | Price |
| --- | --- |
| 1973 | 12 |

```python
print(1)
```

Other
=====
End<br>now.
"""


def test_a_whole_document() -> None:
    found = read(read_markdown, WHOLE)
    assert found.title == "Oil prices"
    assert blocks(found) == [
        ("Oil prices", "What oil costs in dollars."),
        ("Oil prices > Causes", "Supply falls. A well closes. Demand rises."),
        ("Oil prices > Causes", "Quoted."),
        ("Oil prices > Causes", "Year Price 1973 12"),
        ("Oil prices > Causes", "print(1)"),
        ("Other", "End now."),
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- SECRET -->",
        "a <!-- SECRET --> b",
        '<span style="display:none">SECRET</span>',
        "x <b hidden>SECRET *SECRET*</b> y",
        '<div style="font-size:0">\n\nSECRET\n\n# SECRET\n\n- SECRET\n\n</div>',
        "<script>\nSECRET\n</script>",
        "<style>SECRET</style>",
        "[//]: # (SECRET)",
        "[x]: https://example.org 'SECRET'",
        "![SECRET](x.png)",
        '<img alt="SECRET" src=x>',
        "<div>\n<!--\n\nSECRET\n\n<div>\n--></div>",
        '<div title="\n\nSECRET\n\n<div ">\n\n',
    ],
)
def test_what_no_reader_sees_is_not_passed_on(hidden: str) -> None:
    found = read(read_markdown, f"# Title\n\nBefore.\n\n{hidden}\n\nAfter.\n")
    assert "SECRET" not in found.model_dump_json()
    assert [text for _, text in blocks(found)][:: len(found.blocks) - 1] == ["Before.", "After."]


@pytest.mark.parametrize("text", ["Oil is dear.", "- Oil\n- Gas", "Note: dear\n\nMore.", "# Oil\n\n- Gas"])
def test_text_between_two_rules_is_no_front_matter(text: str) -> None:
    assert read(read_markdown, f"---\n{text}\n\n---\n\nThen.").blocks == read(read_markdown, f"{text}\n\nThen.").blocks


@pytest.mark.parametrize(
    "front", ["", "# c\ntitle: x\n\ntags:\n  - a\n- b\n", '"a b": 1\r\nc:\r\n', "x: |\n  Some text\n  more: text\n"]
)
@pytest.mark.parametrize("end", ["---\n", "... \r\n"])
def test_front_matter_is_left_out(front: str, end: str) -> None:
    assert blocks(read(read_markdown, f"---\n{front}{end}Oil.")) == [("", "Oil.")]


def test_what_is_too_long_for_a_heading_is_text() -> None:
    long = "Oil is dear. " * 30
    assert blocks(read(read_markdown, f"# {long}\n\nx")) == [("", long.strip()), ("", "x")]


def test_html_that_is_seen_stays() -> None:
    assert blocks(read(read_markdown, "<div>\n<p>Oil</p>\n</div>\n\n<b>is</b> dear")) == [("", "Oil"), ("", "is dear")]


@pytest.mark.parametrize("soup", ["<b>a" * 20_000, '<div a="\n\n' * 8_000, "<div\n\n" * 12_000])
def test_what_stands_before_many_tags_that_do_not_end_is_read(soup: str) -> None:
    assert read(read_markdown, f"Oil.\n\n{soup}").blocks[0].text == "Oil."


@pytest.mark.parametrize("odd", ["<![odd[ x ]]>", "<![1>", "<![endif ]>"])
def test_an_odd_declaration_is_passed_over(odd: str) -> None:
    assert blocks(read(read_markdown, f"<div>\nOil {odd} flows.\n</div>\n\nOn.\n")) == [("", "Oil flows."), ("", "On.")]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("A List<Object> holds.", "A List holds."),
        ("Set <title> there.", "Set"),
        ("Use <template> so.", "Use"),
        ("Use <script> so.", "Use"),
        ("- Use <style> so.", "Use"),
        ("x <b hidden>y", "x"),
        ("x <font color=white>y", "x"),
        ("x\n\n<div hidden", "x"),
        ('x\n\n<div title="', "x"),
        ("x\n\n<div>\n<!--\n\n<i>", "x"),
        ("x\n\n<div><p hidden></div>", "x"),
        ("A <template> x\n\n`y` <template>z</template>", "A"),
    ],
)
def test_a_tag_that_does_not_end_hides_no_more_than_its_block(text: str, first: str) -> None:
    found = blocks(read(read_markdown, f"{text}\n\n# Rent\n\nThe rent is due."))
    assert (found[0], found[-1]) == (("", first), ("Rent", "The rent is due."))


def test_colours_are_those_of_the_elements_around() -> None:
    dark = '<div style="background:#000">\n\n<b style="color:#fff">Oil</b> <i>SECRET</i>\n\n</div>\n\nis dear'
    assert blocks(read(read_markdown, dark)) == [("", "Oil"), ("", "is dear")]
    assert blocks(read(read_markdown, "<b style='font-size:0'>a <i style='font-size:16px'>Oil</i></b>")) == [
        ("", "Oil")
    ]


def test_nothing_to_read() -> None:
    assert refusal(read_markdown, "# Only a heading\n") == "a has no text."
