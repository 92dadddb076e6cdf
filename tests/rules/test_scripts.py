"""Letters of a script that does not belong in a text, and what is at home there or quoted."""

from __future__ import annotations

import pytest

from mapgen.rules.scripts import script, strays


@pytest.mark.parametrize(
    ("text", "language", "letters"),
    [
        ("The 市场 sets prices.", "en", "市场"),
        ("The рынок sets prices.", "en", "рынок"),
        ("The word μέτρον means measure.", "en", "μέτρον"),
        ("El 市 sube.", "es", "市"),
        ("Рынок 市 растёт.", "ru", "市"),
        ("市場が시장だ。", "ja", "시장"),
        ("物价は上涨。", "zh", "は"),
        ("السوق рынок.", "ar", "рынок"),
    ],
)
def test_letters_of_a_foreign_script_are_found(text: str, language: str, letters: str) -> None:
    assert strays(text, language) == letters


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Scattering grows as 1/λ⁴ and Δx → 0, at 20 °C ± 1 µm.", "en"),
        ("The Tao (道) and “путь” and «道» are names, 'Ἀρχή' too.", "en"),
        ("Khartoum, in Arabic الخرطوم, is a capital.", "en"),
        ("La cítara, del griego κιθάρα, es de madera.", "es"),
        ("Café, naïve, Übermensch, Łódź, İstanbul.", "en"),
        ("JEPAは自己教師あり学習の手法である。", "ja"),
        ("mRNA疫苗不需要病毒。", "zh"),
        ("Модель GPT-4 выпущена OpenAI.", "ru"),
        ("نموذج GPT مفيد.", "ar"),
        ("市 рынок", "tlh"),
        ("市 рынок", ""),
    ],
)
def test_what_is_at_home_or_quoted_is_no_stray(text: str, language: str) -> None:
    assert strays(text, language) == ""


def test_letters_of_the_query_are_known() -> None:
    assert strays("In Taoism 道 is the way.", "en", known="What does 道 mean?") == ""


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("a", "LATIN"),
        ("я", "CYRILLIC"),
        ("道", "CJK"),
        ("ひ", "HIRAGANA"),
        ("ｶ", "HALFWIDTH"),
        ("λ", "GREEK"),
        ("1", ""),
    ],
)
def test_the_script_of_a_letter(character: str, name: str) -> None:
    assert script(character) == name
