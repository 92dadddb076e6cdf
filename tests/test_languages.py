"""Languages by code and by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import InputError
from mapgen.languages import NAMES, code_of, name_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "de"),
        ("DE", "de"),
        (" german ", "de"),
        ("German", "de"),
        ("pt-BR", "pt-BR"),
        ("pt_BR", "pt-BR"),
        ("ZH-Hant-TW", "zh-Hant-TW"),
        ("Norwegian Bokmål", "nb"),
    ],
)
def test_codes_and_names_are_understood(text: str, code: str) -> None:
    assert code_of(text) == code


@pytest.mark.parametrize("text", ["", "xx", "Klingon", "de-", "de--AT", "-", "d", "de\nAT", "{{ 7*7 }}", "é" * 99])
def test_what_is_no_language_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        code_of(text)
    assert len(caught.value.message) < 120
    assert "pt-BR" in caught.value.hint


def test_names_say_region_and_script() -> None:
    assert name_of("de") == "German"
    assert name_of("pt-BR") == "Portuguese (BR)"
    assert name_of("xx") == "xx"


def test_every_language_has_its_own_name() -> None:
    assert len(set(NAMES.values())) == len(NAMES)
    assert {code_of(name) for name in NAMES.values()} == {code_of(code) for code in NAMES} == set(NAMES)


@given(st.text())
def test_any_text_is_a_code_or_an_input_error(text: str) -> None:
    try:
        code = code_of(text)
    except InputError:
        return
    assert code.split("-")[0] in NAMES
    assert code_of(code) == code
