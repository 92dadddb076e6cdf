"""Placeholders, markup and the model's own voice: found where they are, and not where they only look so."""

from __future__ import annotations

import pytest

from mapgen.rules.blemishes import blank, machine_speech, markup


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "?!",
        "…",
        "- - -",
        "🙂",
        "todo",
        "TBD.",
        "TODO: write this",
        "n/a",
        '"N/A"',
        "None",
        "null",
        "[text]",
        "<definition>",
        "[Your definition goes here]",
        "Insert text here.",
        "A definition here",
        "{name} matters here",
        "{{ concept.definition }}",
        "Lorem ipsum dolor sit amet.",
        "To be written.",
        "One sentence.",
        "Keine Angabe",
    ],
)
def test_a_text_that_says_nothing(text: str) -> None:
    assert blank(text)


@pytest.mark.parametrize(
    "text",
    [
        "Inflation",
        "0",
        "A to-do list is a list of tasks.",
        "The null hypothesis says that there is no effect.",
        "A string is a sequence of characters.",
        "A placeholder is a sign that stands for a value.",
        "Set notation such as {x} and [a, b] is common.",
        "物价",
        "हिंदी",
    ],
)
def test_a_text_that_says_something(text: str) -> None:
    assert not blank(text)


@pytest.mark.parametrize("name", ["String", "Null", "Sample", "Label", "None", "Test", "Unknown"])
def test_a_name_may_be_a_word_that_says_nothing_as_a_text(name: str) -> None:
    assert blank(name)
    assert not blank(name, name=True)


@pytest.mark.parametrize("name", ["TODO", "N/A", "Concept name", "…", "[concept]"])
def test_no_name_may_be_a_placeholder(name: str) -> None:
    assert blank(name, name=True)


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("A <b>bold</b> word.", "<b>bold</b> word."),
        ("A break<br/>here.", "<br/>here."),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("<a href='x'>link</a>", "<a href='x'>link</a>"),
        ("<think>Let me see.", "<think>Let me see."),
        ("Fish &amp; chips.", "&amp; chips."),
        ("# Heading", "# Heading"),
        ("Text ## Heading", "## Heading"),
        ("A **bold** word.", "**bold** word."),
        ("An *italic* word.", "*italic* word."),
        ("Some `code` here.", "`code` here."),
        ("```json", "```json"),
        ("See [this](https://example.org).", "[this](https://example.org)."),
        ("See https://example.org/page now.", "https://example.org/page now"),
        ("- a point", "- a point"),
        ("• a point", "• a point"),
        ("1. a point", "1. a point"),
        ("one • two", "• two"),
        ('{"definition": "x"}', '{"definition": "x"}'),
        ('text"}', '"}'),
        ("line\\nLine", "\\nLine"),
        ('a \\"quoted\\" word', '\\"quoted\\" word'),
        ("\\frac{1}{2}", "\\frac{1}{2}"),
        ("\\(x^2\\)", "\\(x^2\\)"),
        ("done<|endoftext|>", "<|endoftext|>"),
        ("[INST] do [/INST]", "[INST] do [/INST]"),
    ],
)
def test_markup_is_found_and_shown(text: str, piece: str) -> None:
    assert markup(text) == piece


@pytest.mark.parametrize(
    "text",
    [
        "If a < b and b > c, then order matters.",
        "Tokens such as <s> and <pad> frame a sequence.",
        "AT&T and R&D are names; Q&A; too.",
        "The C# language and issue #42 differ.",
        "A* search and D* Lite find paths, so 2 * 3 * 4 = 24.",
        "snake_case and __init__ are Python names.",
        "Figures [1] and [2] (see below) agree.",
        "The period 1914-1918 – the Great War – changed Europe.",
        "It fell by 1.5 percent, from $5 to $4, in Q1.",
        'He said "no"; she said: "yes".',
        "A 50/50 chance, 3:1 odds, and e^(-x).",
        "C:\\Users is a path.",
        "The IPA of Sanaa is \\sa.na\\ in some books.",
        "{1, 2, 3} is a set and f: X → Y a map.",
        "Il a dit : « oui ».",
    ],
)
def test_signs_that_are_no_markup(text: str) -> None:
    assert markup(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "As an AI, I cannot say.",
        "As an AI language model, this is beyond me.",
        "As a large language model I have no opinion.",
        "I'm sorry, but that is not possible.",
        "I cannot assist with this request.",
        "I am unable to define this.",
        "My training data ends in 2023.",
        "Sure! Here is the definition.",
        "Certainly, I will define it.",
        "Here is the definition: inflation is a rise.",
        "Here are the two sentences you asked for: prices rise.",
        "Definition: A rise in prices.",
        "**Relevance:** it matters.",
        "Définition : une hausse des prix.",
        "Als KI-Sprachmodell kann ich das nicht sagen.",
        "En tant qu'IA, je ne peux pas répondre.",
        "Como modelo de lenguaje, no puedo responder.",
        "作为一个AI语言模型，我不能回答。",
        "Как языковая модель, я не могу ответить.",
    ],
)
def test_the_models_own_voice_is_heard(text: str) -> None:
    assert machine_speech(text)


@pytest.mark.parametrize(
    "text",
    [
        "An AI is a system that perceives and acts.",
        "GPT-4, as a large language model, predicts the next token.",
        "Treating the thermostat as an AI agent helps students see the loop.",
        "As an AI system grows, its makers lose oversight.",
        "Descartes wrote: I think, therefore I am.",
        "Henry I and Napoleon I ruled.",
        "The definition of a limit is due to Weierstrass.",
        "Here is where the river bends.",
        "Of course prices fell.",
        "Name recognition is how many voters know a candidate.",
        "作为货币，黄金由来已久。",
        "Как языковая модель работает, описано ниже.",
    ],
)
def test_texts_about_machines_and_persons_are_not_the_models_voice(text: str) -> None:
    assert not machine_speech(text)
