"""What pages are made with: templates that escape every value, data that cannot leave its element, a strict policy."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from mapgen.render.html import file_name
from mapgen.render.pages import inert, own, page, policy


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "it.html.j2"
    path.write_text('<p title="{{ title }}">{{ text }}</p>\n', "utf-8")
    return path


def test_every_value_is_escaped(template: Path) -> None:
    told = page(template, {"title": "\"'>", "text": "<b>{{ 7*7 }} & co"})
    assert told == '<p title="&#34;&#39;&gt;">&lt;b&gt;{{ 7*7 }} &amp; co</p>\n'


def test_a_value_that_is_not_given_is_an_error(template: Path) -> None:
    with pytest.raises(UndefinedError):
        page(template, {"title": "x"})


@given(st.text())
def test_inert_json_means_the_same_and_has_no_markup(text: str) -> None:
    told = str(inert(json.dumps(text, ensure_ascii=False)))
    assert json.loads(told) == text
    assert not re.search("[<>&\u2028\u2029]", told)


def test_the_policy_allows_the_two_texts_and_nothing_else() -> None:
    named = [f"'sha256-{b64encode(sha256(text).digest()).decode()}'" for text in (b"a{}", b"1")]
    assert policy("a{}", "1").split("; ") == [
        "default-src 'none'", f"style-src {named[0]}", f"script-src {named[1]}", "base-uri 'none'", "form-action 'none'"
    ]  # fmt: skip


def test_styles_and_scripts_of_several_names_stand_apart_in_that_order(tmp_path: Path) -> None:
    for name, style, script in (("one", "a{}", "(()=>1)()"), ("two", "b{}", "(()=>2)()")):
        (tmp_path / f"{name}.min.css").write_text(style, "utf-8")
        (tmp_path / f"{name}.min.js").write_text(script, "utf-8")
    whole = {"style": "b{}\na{}", "script": "(()=>2)();\n(()=>1)()"}
    assert own(tmp_path, "two", "one") == whole | {"policy": policy(whole["style"], whole["script"])}


@pytest.mark.parametrize(
    ("query", "name"),
    [("CON", "map-con"), ("Lpt9?", "map-lpt9"), ("C:\\con", "c-con"), ("?!", "map"), ("../../etc/x", "etc-x")],
)
def test_a_file_that_a_page_saves_has_a_name_that_every_system_takes(query: str, name: str) -> None:
    assert file_name(query) == name
