"""The forms of a word: one and many, British and American are the same; other words are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.sources.wordforms import common_form

NUMBER = """
    volcano volcanoes, potato potatoes, canoe canoes, shoe shoes, leaf leaves, wave waves, knife knives, olive olives,
    wolf wolves, valve valves, life lives, housewife housewives, bookshelf bookshelves, virus viruses, gas gases,
    bus buses, lens lenses, house houses, cause causes, box boxes, church churches, glass glasses, economy economies,
    crisis crises, oasis oases, hypothesis hypotheses, analysis analyses, matrix matrices, index indices, woman women,
    human humans, specimen specimens, child children, tooth teeth, bacterium bacteria, mitochondrion mitochondria,
    phenomenon phenomena, fungus fungi, nucleus nuclei, larva larvae, supernova supernovae, nebula nebulae
"""
SPELLING = """
    colour color, colours color, behavioural behavioral, neighbourhoods neighborhood, favourite favorite,
    organisation organization, globalisation globalization, organised organized, organises organize, theatre theater,
    metres meter, fibre fiber, anaemia anemia, haemoglobin hemoglobin, encyclopaedia encyclopedia,
    archaeology archeology, foetus fetus, diarrhoea diarrhea, oestrogen estrogen, amoeba ameba, modelling modeling,
    tunnelled tunneled, defence defense, defences defense, licence license, catalogue catalog, dialogues dialog,
    sulphur sulfur, moulds mold, aluminium aluminum, aeroplanes airplane, grey gray, plough plow, programmes program
"""
OTHERS = """
    base basis, timbre timber, filling filing, poet pet, four for, hour hor, wave waif, leave leaf, tour tor, rise rize,
    sense sentence, genre gener, united unite, physics physical, glasses glaze, cave calf, save safe, olive olife
"""


def pairs(text: str) -> list[tuple[str, ...]]:
    """Its pairs of words."""
    return [tuple(pair.split()) for pair in text.split(",")]


@pytest.mark.parametrize(("one", "other"), pairs(f"{NUMBER}, {SPELLING}"))
def test_forms_of_a_word_are_the_same(one: str, other: str) -> None:
    assert common_form(one, "en") == common_form(other, "en")


@pytest.mark.parametrize(("one", "other"), pairs(OTHERS))
def test_other_words_are_not(one: str, other: str) -> None:
    assert common_form(one, "en") != common_form(other, "en")


@pytest.mark.parametrize(
    ("many", "one", "language"),
    [
        ("luces", "luz", "es"), ("ciudades", "ciudad", "es"), ("casas", "casa", "es"),
        ("journaux", "journal", "fr"), ("bateaux", "bateau", "fr"), ("jeux", "jeu", "fr"), ("colours", "colour", "fr"),
        ("volcanoes", "volcanoes", "de"), ("leaves", "leaves", ""),
    ],
)  # fmt: skip
def test_each_language_has_its_own_rules_or_none(many: str, one: str, language: str) -> None:
    assert common_form(many, language) == one


@given(st.text(), st.sampled_from(("en", "es", "fr", "de")))
def test_something_is_left_of_any_word(word: str, language: str) -> None:
    assert bool(common_form(word, language)) == bool(word)
    assert len(word) >= 4 or common_form(word, language) == word
