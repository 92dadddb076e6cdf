"""Where sentences end, in scripts and with abbreviations that make it hard to tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.rules.sentences import first, one_sentence, sentences, terminated, trails_off

ONE = [
    "Fuels, e.g. Diesel and kerosene, are made from crude.",
    "Dr. Smith met J. R. R. Tolkien and Mrs. Jones at the U.S. Embassy.",
    "It grew by 3.5 percent vs. 2.1 percent in the year before.",
    "The Fed (est. 1913) sets rates, cf. Fig. 3 and Eq. 2.",
    "Growth slowed, i.e. Demand fell.",
    "The model of Vaswani et al. (2017) replaced recurrence by attention.",
    "The fee is approx. 5 USD, i.e. less than before.",
    "He called it “The End.” and left.",
    "She asked “why?” and got no answer.",
    "Yahoo! was a portal.",
    "He waited... and nothing happened.",
    "See mapgen.io and example.com for more.",
    "Das Netz entstand im 19. Jahrhundert, z. B. im Dreibund.",
    "Am 3. Oktober 1990 traten die Länder der Bundesrepublik bei.",
    "L'art. 5 vise, p. ex., M. Dupont.",
    "En EE. UU. el Sr. García pagó aprox. 5 dólares.",
    "Налог вырос, т. е. Доходы упали до 5 тыс. руб.",
    "「はい。」と彼は言った。",
    "通货膨胀是物价的普遍上涨。",
    "التضخم هو ارتفاع الأسعار.",
    "मुद्रास्फीति कीमतों में वृद्धि है।",
    "Without a full stop",
]

MORE = [
    ("Rates rise. Prices fall.", 2),
    ("Rates rise! Do prices fall? They do.", 3),
    ("It is sold in the U.S. The rest is exported.", 2),
    ("Scurvy is a lack of vitamin C. It weakens gums.", 2),
    ("The answer is no. It never was.", 2),
    ("He said “Stop.” Then he left.", 2),
    ("(It rose.) Then it fell.", 2),
    ("It rose by 20. Then it fell.", 2),
    ("That was in 2008. Banks failed.", 2),
    ("He waited... Nothing happened.", 2),
    ("Im 2. Weltkrieg fiel die Stadt. Danach wuchs sie.", 2),
    ("¿Sube? ¡Sube! Ya bajó.", 3),
    ("物价上涨。利率上升！为什么？", 3),
    ("物価が上がる。金利も上がる。", 2),
    ("هل ترتفع الأسعار؟ نعم.", 2),
    ("कीमतें बढ़ती हैं। दरें भी।", 2),
    ("1. Rates rise.", 1),
    ("...", 0),
    ("", 0),
]


@pytest.mark.parametrize("text", ONE)
def test_one_sentence(text: str) -> None:
    assert sentences(text) == (text,)
    assert one_sentence(text)


@pytest.mark.parametrize(("text", "many"), MORE)
def test_so_many_sentences(text: str, many: int) -> None:
    assert len(sentences(text)) == many
    assert one_sentence(text) is (many == 1)


def test_the_first_sentence_or_the_text_itself() -> None:
    assert first("Oil rose, e.g. in May. It fell later.") == "Oil rose, e.g. in May."
    assert (first("Oil rose"), first("42"), first("")) == ("Oil rose", "42", "")


def test_sentences_keep_their_punctuation() -> None:
    assert sentences("“Rates rise.” Prices (oil, too) fall!  Why") == (
        "“Rates rise.”",
        "Prices (oil, too) fall!",
        "Why",
    )


@pytest.mark.parametrize("text", ["Done.", "Done!", "“Done.”", "(Done.) ", "完了。", "تم؟", "हुआ।", "Done?!"])
def test_terminated(text: str) -> None:
    assert terminated(text)
    assert not trails_off(text)


@pytest.mark.parametrize(
    "text", ["", "Not done", "Not done,", "Not done…", "Not done...", "Not done. . .", "“Not done”"]
)
def test_not_terminated(text: str) -> None:
    assert not terminated(text)


@given(st.text())
def test_splitting_loses_no_letter_that_stands_in_a_sentence(text: str) -> None:
    letters = "".join(character for character in text if character.isalpha())
    assert "".join(c for one in sentences(text) for c in one if c.isalpha()) == letters
