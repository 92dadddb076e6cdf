"""What makes a definition circular, and how much of its name it repeats."""

from __future__ import annotations

import pytest

from mapgen.rules.definitions import circular, predicate, repeated_share

TELLING = [
    ("Oil Prices", "Oil prices are the prices of oil on world markets, set by supply and demand."),
    ("Self-Supervised Learning", "Self-supervised learning is a paradigm in which models learn from unlabelled data."),
    ("Representation Collapse", "Representation collapse is a common failure mode in self-supervised learning where a "
     "model learns trivial representations."),
    ("Representation Collapse", "Representation collapse occurs when a model maps all inputs to one output."),
    ("World Models", "World models are internal computational representations within an AI system."),
    ("World Model", "A world model is a model of the world that an agent learns from its observations to predict what "
     "follows from its actions."),
    ("Inflation", "In macroeconomics, inflation is the rise of prices."),
    ("Inflation", "Inflation is a rise in prices."),
    ("Monetary Policy", "Monetary policy is the policy of a central bank on money and credit."),
    ("University of Tokyo", "The University of Tokyo is a public research university in Bunkyō, Tokyo, Japan."),
    ("Diphtheria", "Diphtheria is an infection caused by the bacterium Corynebacterium diphtheriae."),
    ("Gazelle", "A gazelle is one of many antelope species in the genus Gazella."),
    ("Quantum Computing", "Quantum computing is computation that exploits superposition and entanglement."),
    ("Autoregressive LLMs", "These models predict the next token in a sequence based on previous tokens."),
]  # fmt: skip

CIRCULAR = [
    ("Oil Prices", "Oil prices are the prices of oil."),
    ("Oil Prices", "Prices of oil are called oil prices."),
    ("Inflation", "Inflation is when there is inflation."),
    ("Inflation", "The concept of inflation."),
    ("Demand", "Demand is the demand for goods."),
    ("Ethnic Conflict", "An ethnic conflict is a conflict between two or more ethnic groups."),
    ("Road Transport", "Road transport is a type of transport using roads."),
    ("Photosynthesis", "Photosynthesis is the process by which plants photosynthesise."),
    ("Autoregressive LLMs", "Autoregressive LLMs are a type of autoregressive LLM."),
    (
        "JEPA World Models",
        "JEPA World Models are a type of JEPA model that uses world models to predict future events.",
    ),
    ("World Models", 'The term "world models" refers to models of the world.'),
]


@pytest.mark.parametrize(("name", "definition"), TELLING)
def test_a_definition_that_tells_something_is_not_circular(name: str, definition: str) -> None:
    assert not circular(name, definition, language="en")


@pytest.mark.parametrize(("name", "definition"), CIRCULAR)
def test_a_circular_definition(name: str, definition: str) -> None:
    assert circular(name, definition, language="en")


def test_the_subject_is_not_part_of_what_is_said() -> None:
    assert predicate("Oil Prices", "Oil prices are the prices of oil.", language="en") == ("price", "oil")
    assert predicate("Oil Prices", "What buyers pay for crude.", language="en") == ("buyer", "pay", "crude")


def test_the_share_of_the_name_that_is_repeated() -> None:
    assert repeated_share("Oil Prices", "Oil prices are the prices of oil.", language="en") == 1.0
    assert repeated_share("Oil Prices", "Oil prices are the prices of crude.", language="en") == 0.5
    assert repeated_share("Oil Prices", "Oil prices are what buyers pay.", language="en") == 0.0
    assert repeated_share("", "Something.", language="en") == 0.0


def test_a_name_without_words_is_never_repeated() -> None:
    assert not circular("…", "Anything at all.", language="en")
