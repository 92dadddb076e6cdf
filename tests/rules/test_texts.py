"""What is unfinished, looped or unbalanced in a text, and how its problems are worded."""

from __future__ import annotations

import pytest

from mapgen.rules.texts import check_phrase, check_prose, check_title, clean_text, loops, unbalanced, unfinished


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Prices rise", "does not end with a full stop"),
        ("物价上涨", "does not end with a full stop"),
        ("Prices rise…", "ends in an ellipsis"),
        ("Prices rise...", "ends in an ellipsis"),
        ("“Prices rise...”", "ends in an ellipsis"),
        ("Prices rise,", "breaks off in the middle of a sentence"),
        ("Prices rise because", "breaks off in the middle of a sentence"),
        ("Prices rise and.", "breaks off in the middle of a sentence"),
        ("It has one part:", "breaks off in the middle of a sentence"),
        ("Die Preise steigen und", "breaks off in the middle of a sentence"),
        ("Les prix montent parce que", "breaks off in the middle of a sentence"),
        ("Цены растут и", "breaks off in the middle of a sentence"),
        ("价格上涨，", "breaks off in the middle of a sentence"),
        ("Prices (of oil rise.", "has a bracket or a quote that is not closed"),
        ("Prices 「of oil rise.", "has a bracket or a quote that is not closed"),
        ("Prices “of oil rise.", "has a bracket or a quote that is not closed"),
        ("Les « prix montent.", "has a bracket or a quote that is not closed"),
        ("Prices rise.}", "has a bracket or a quote that is not closed"),
        ("Prices rise]. They fall.", "has a bracket or a quote that is not closed"),
        ("Prices {of oil}} rise.", "has a bracket or a quote that is not closed"),
    ],
)
def test_unfinished(text: str, why: str) -> None:
    assert unfinished(text) == why


@pytest.mark.parametrize(
    "text",
    [
        "Prices rise.",
        "Do prices rise?",
        "Prices rise (for now).",
        "He said “prices rise.”",
        "(Prices rise.)",
        "Steps are a) buy, b) hold and c) sell.",
        'A 12" disc is larger than a 7" one.',
        "It is rock 'n' roll, the '60s and James' hat.",
        "Das „Wort“ steht da.",
        "Les « prix » montent.",
        "Ett ”ord” står där.",
        "The interval [0, 1) is half open and [0, 1] closed.",
        "The interval (0, 1] is half open and the set {0, 1} finite.",
        "That is what it is made of.",
        "物价上涨。",
        "ترتفع الأسعار؟",
        "कीमतें बढ़ती हैं।",
        "ราคาสูงขึ้น",
        "It costs 5 USD etc.",
    ],
)
def test_finished(text: str) -> None:
    assert unfinished(text) == ""
    assert not unbalanced(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It is very very very very big.", "very"),
        ("and so on and so on and so on and so on", "and so on"),
        ("Prices, prices, Prices; prices.", "prices"),
        ("The end of the end of the end of the end of the end.", "the end of"),
    ],
)
def test_loops_are_found(text: str, words: str) -> None:
    assert loops(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It is very very big.",
        "Buffalo buffalo Buffalo.",
        "The price of oil, the price of gas and the price of coal rise.",
        "No pain, no gain, no end, no way.",
    ],
)
def test_what_is_said_three_times_is_no_loop(text: str) -> None:
    assert loops(text) == ""


def test_the_problems_of_a_text_are_worded_for_whoever_repairs_it() -> None:
    text = "As an AI, I see **prices** of 石油 rise and"
    assert [one.model_dump() for one in check_prose(text, "concepts.a.definition", language="en")] == [
        {
            "code": "text-markup",
            "where": "concepts.a.definition",
            "message": 'The text has markup; write plain text: "**prices** of 石油 rise a".',
        },
        {
            "code": "text-machine",
            "where": "concepts.a.definition",
            "message": "State the text alone, without a label, a preamble or words about yourself: "
            '"As an AI, I see **prices** of 石油 rise and".',
        },
        {
            "code": "script-mixed",
            "where": "concepts.a.definition",
            "message": 'The letters "石油" do not belong in a text in the language en.',
        },
        {
            "code": "text-unfinished",
            "where": "concepts.a.definition",
            "message": 'The text breaks off in the middle of a sentence: "… an AI, I see **prices** of 石油 rise and".',
        },
    ]


@pytest.mark.parametrize(("text", "code"), [("", "text-empty"), ("🙂", "text-empty"), ("TODO", "text-placeholder")])
def test_a_text_that_says_nothing_has_only_that_problem(text: str, code: str) -> None:
    assert [one.code for one in check_prose(text, "map", language="en")] == [code]
    assert [one.code for one in check_phrase(text, "map", language="en")] == [code]
    assert [one.code for one in check_title(text)] == [code]


def test_a_phrase_needs_no_full_stop_and_no_language() -> None:
    assert check_phrase("raises the cost of", "relations.0", language="en") == ()
    assert check_phrase("Weltanschauung und Zeitgeist im 19. Jahrhundert", "map", language="en") == ()


def test_letters_of_the_query_may_stand_in_its_texts() -> None:
    text = "The sign 道 means way in Taoism."
    assert [one.code for one in check_prose(text, "map", language="en")] == ["script-mixed"]
    assert check_prose(text, "map", language="en", query="What does 道 mean?") == ()


def test_a_title_is_plain_text() -> None:
    assert check_title("JEPA vs LLMs — Interactive Knowledge Map") == ()
    assert [one.code for one in check_title("**JEPA**")] == ["text-markup"]


@pytest.mark.parametrize(
    ("text", "is_clean"),
    [
        ("Prices rise.", True),
        ("Prices rise", False),
        ("**Prices** rise.", False),
        ("TODO", False),
        ("As an AI, I say prices rise.", False),
        ("Prices rise, prices rise, prices rise, prices rise.", False),
    ],
)
def test_clean_text(text: str, is_clean: bool) -> None:
    assert clean_text(text) is is_clean
