"""The language of a text, and letters of a script that does not belong in it."""

from __future__ import annotations

import pytest

from mapgen.rules.language import detect, expected, foreign_sentences, strays

TEXTS = {
    "en": "Central banks raise interest rates when prices climb faster than their target allows.",
    "de": "Zentralbanken erhöhen die Zinsen, wenn die Preise schneller steigen, als ihr Ziel es zulässt.",
    "fr": "Les banques centrales relèvent leurs taux lorsque les prix augmentent plus vite que prévu.",
    "es": "Los bancos centrales suben los tipos de interés cuando los precios crecen demasiado deprisa.",
    "ja": "物価の上昇が目標を超えると、中央銀行は金利を引き上げる。",
    "zh": "当物价上涨速度超过目标时，中央银行会提高利率。",
    "ar": "ترفع البنوك المركزية أسعار الفائدة عندما ترتفع الأسعار أسرع مما يسمح به هدفها.",
    "ru": "Центральные банки повышают ставки, когда цены растут быстрее, чем допускает их цель.",
    "hi": "जब कीमतें लक्ष्य से तेज़ बढ़ती हैं तो केंद्रीय बैंक ब्याज दरें बढ़ाते हैं।",
    "ko": "물가가 목표보다 빠르게 오르면 중앙은행은 금리를 인상한다.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_each_language_is_detected_and_expected_in_itself_only(language: str) -> None:
    assert detect(TEXTS[language]) == language
    assert [other for other in TEXTS if expected(TEXTS[other], language)] == [language]


@pytest.mark.parametrize("text", ["", "Oil", "7", "JEPA", "?!", "\ud800"])
def test_what_is_too_short_is_not_detected_and_expected_everywhere(text: str) -> None:
    assert detect(text) is None
    assert all(expected(text, language) for language in TEXTS)


@pytest.mark.parametrize(
    ("code", "language"), [("en-GB", "en"), ("zh-Hans", "zh"), ("de_AT", "de"), ("EN", "en"), ("pt-BR", "pt")]
)
def test_regions_and_scripts_of_a_code_do_not_matter(code: str, language: str) -> None:
    text = TEXTS.get(language, "Os bancos centrais sobem os juros quando os preços aumentam depressa demais.")
    assert expected(text, code)


def test_close_languages_are_not_told_apart() -> None:
    danish = "Centralbanker hæver renten, når priserne stiger hurtigere, end deres mål tillader det."
    assert expected(danish, "nb")
    assert not expected(danish, "de")


def test_one_foreign_sentence_is_found_among_others() -> None:
    assert foreign_sentences(f"{TEXTS['en']} {TEXTS['es']}", "en") == (TEXTS["es"],)
    assert foreign_sentences(f"{TEXTS['en']} {TEXTS['en']}", "en") == ()


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
