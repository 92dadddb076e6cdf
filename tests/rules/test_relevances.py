"""What remains of a relevance when the query, the name and the words that fit any query are taken away."""

from __future__ import annotations

import pytest

from mapgen.rules.relevances import check_relevance, generic, repeated_sentence, residue, restates

QUERY = "How do interest rates affect inflation and oil prices?"

DULL = [
    ("Interest Rates", "Interest rates play a crucial role in the economy and can have a significant impact on "
     "consumers and businesses. Understanding them is essential for making informed financial decisions."),
    ("Inflation", "Inflation is a key factor in the economy. Understanding it helps policymakers and businesses make "
     "informed decisions."),
    ("Central Banks", "Central banks are essential to the query because they are central to how interest rates affect "
     "inflation. Without understanding central banks, it is difficult to fully appreciate the topic."),
    ("Oil Supply", "Oil supply is highly relevant to the question 'How do interest rates affect inflation and oil "
     "prices?'. By exploring it, one gains a deeper and more nuanced understanding of the complex dynamics at play."),
    ("Monetary Policy", "Monetary policy is one of the most important concepts in this context. It is widely used, "
     "making it a valuable topic to study."),
]  # fmt: skip

TELLING = [
    ("Oil Supply", "OPEC cuts push up pump prices. Motorists and airlines then spend less elsewhere."),
    ("Exchange Rates", "A stronger dollar makes oil cheaper for Americans. Higher rates attract capital and lift the "
     "dollar."),
    ("Mortgages", "It drives up rents. Families then cut other spending."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "relevance"), DULL)
def test_a_relevance_that_fits_any_query(name: str, relevance: str) -> None:
    assert generic(relevance, name=name, query=QUERY, language="en")


@pytest.mark.parametrize(("name", "relevance"), TELLING)
def test_a_short_relevance_that_tells_a_mechanism(name: str, relevance: str) -> None:
    assert not generic(relevance, name=name, query=QUERY, language="en")


def test_pasting_the_query_in_leaves_the_residue_as_it_is() -> None:
    name, dull = DULL[1]
    pasted = f"{dull} It answers: {QUERY} It is about {name}."
    known = {"name": name, "query": QUERY, "language": "en"}
    assert residue(pasted, **known) == residue(dull, **known) == ("economi", "policymak", "busi")


def test_the_residue_has_each_stem_once_in_order() -> None:
    found = residue("Dollars buy barrels; a dollar buys a barrel.", name="Oil", query=QUERY, language="en")
    assert found == ("dollar", "buy", "barrel")


def test_a_relevance_that_says_the_definition_again() -> None:
    definition = "Fuel demand is the amount of petrol and diesel that drivers and factories buy."
    again = "Drivers and factories buy petrol and diesel. The amount they buy is fuel demand."
    more = "Drivers and factories buy less petrol and diesel when credit is dear. Refiners then bid less for crude."
    known = {"name": "Fuel Demand", "query": QUERY, "language": "en"}
    assert restates(again, definition, **known)
    assert not restates(more, definition, **known)


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("Prices rise. Wages follow. Prices rise.", "Prices rise."),
        ("Prices of crude rise fast. Prices of crude rise fast!", "Prices of crude rise fast!"),
        ("PRICES of crude rise. Prices of crude rise.", "Prices of crude rise."),
        ("Prices rise. Wages follow.", ""),
        ("Rates raise the cost of credit. Rates lower the price of crude.", ""),
        ("", ""),
    ],
)
def test_a_sentence_said_twice(text: str, again: str) -> None:
    assert repeated_sentence(text) == again


@pytest.mark.parametrize(("many", "message"), [
    (1, "The relevance has 1 sentence; write 2 to 4."), (5, "The relevance has 5 sentences; write 2 to 4."),
])  # fmt: skip
def test_two_to_four_sentences(many: int, message: str) -> None:
    said = ("Dear credit idles trucks.", "Refiners bid less.", "Tankers wait.", "Stocks swell.", "Drillers stop.")
    (one,) = check_relevance(" ".join(said[:many]) if many > 1 else "Dear credit idles trucks, so refiners bid less.",
                             "w", name="Oil", definition="", query=QUERY, language="en")  # fmt: skip
    assert (one.code, one.message) == ("relevance-sentences", message)


def test_nothing_is_said_of_an_empty_relevance() -> None:
    assert check_relevance("", "w", name="Oil", definition="", query=QUERY, language="en") == ()
