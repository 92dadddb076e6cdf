"""The encyclopedia: a concept gets the article of its name in its sense, or none; data that is broken is an error."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from mapgen.errors import SourceError
from mapgen.model import Query
from mapgen.sources.encyclopedia import Encyclopedia, edition
from mapgen.sources.naming import Kind, key, keys, names
from tests.sources.test_index import quiet

ARTICLES = {
    "Inflation": (
        "Rise in prices",
        "In economics, inflation is an increase in the average price of goods and services.",
    ),
    "Cosmic inflation": (
        "Theory of rapid universe expansion",
        "In physical cosmology, cosmic inflation, or just inflation, is the expansion of space in the early universe.",
    ),
    "Petroleum": ("Liquid", "Petroleum, also known as crude oil or simply oil, is a natural resource of the ground."),
    "Gross domestic product": ("Value of goods", "Gross domestic product (GDP) is a measure of what is produced."),
    "Bank": ("Financial institution", "A bank is a financial institution that accepts deposits from the public."),
    "Trust (law)": ("Legal relationship", "A trust is a relationship in which property is managed for another."),
    "Black hole": ("Body", "A black hole is a body so compact that nothing escapes.\nLight does not."),
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    made = {
        title: {"title": title, "extract": lead, "description": description, "topic": "x"}
        for title, (description, lead) in ARTICLES.items()
    }
    (tmp_path / "summaries_en-us.json").write_text(json.dumps(made))
    return tmp_path


def opened(data: Path, *, meaning: bool = True) -> Encyclopedia:
    return Encyclopedia.open("en", warn=quiet, data=data, meaning=meaning)


@pytest.mark.parametrize("meaning", [True, False])
@pytest.mark.parametrize(
    ("name", "scope", "title"),
    [
        ("Inflation", "how the average price of goods and services rises", "Inflation"),
        ("INFLATION", "the expansion of space in the first second of the universe", "Cosmic inflation"),
        ("The Black Holes", "", "Black hole"),
        ("Gross Domestic Product (GDP)", "what a country makes", "Gross domestic product"),
        ("GDP", "the measure of what a country has produced", "Gross domestic product"),
        ("Crude oil", "the natural resource that is pumped", "Petroleum"),
        ("Banks", "a financial institution that accepts deposits", "Bank"),
        ("Trust", "property that is managed for another", "Trust (law)"),
        ("Economic inflation", "the increase of the average price of goods and services", "Inflation"),
        ("Oil price", "what a barrel costs", None),
        ("Interest rate", "the price of money", None),
        ("Bank", "where a river erodes its soil", None),
        ("", "", None),
        ("'\" OR 1=1 --", "", None),
    ],
)
def test_a_concept_gets_the_article_of_its_name_in_its_sense(
    data: Path, name: str, scope: str, title: str | None, meaning: bool
) -> None:
    found = opened(data, meaning=meaning).look_up(name, scope=scope)
    assert (found.source.title if found else None) == title


def test_an_article_comes_with_its_address_and_its_passages(data: Path) -> None:
    encyclopedia = opened(data)
    found = encyclopedia.look_up("Trust", scope="property managed for another")
    assert found is not None
    assert found.source.location == "https://en.wikipedia.org/wiki/Trust_(law)"
    assert encyclopedia.source(found.source.id) == found.source
    assert [passage.text for passage in found.passages] == [ARTICLES["Trust (law)"][1]]
    assert encyclopedia.search("compact body")[0].passage.text.startswith("A black hole is a body")
    assert encyclopedia.size() == (7, 7)


def test_what_was_made_is_kept_and_made_anew_when_the_data_changes(data: Path) -> None:
    folder = data / "kept"
    Encyclopedia.open("en", folder=folder, warn=quiet, data=data).close()
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*.db")}
    again = Encyclopedia.open("en", folder=folder, warn=quiet, data=data)
    assert again.size() == (7, 7)
    again.close()
    assert {path: path.stat().st_mtime_ns for path in folder.glob("*.db")} == before
    (data / "summaries_en-us.json").write_text('{"New": {"title": "New", "extract": "New is new."}}')
    changed = Encyclopedia.open("en", folder=folder, warn=quiet, data=data)
    assert changed.size() == (1, 1)
    changed.close()


def test_of_two_that_would_make_it_at_once_one_waits_for_the_other(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapgen.sources.database.PATIENCE", 0.05)
    begun, waited = Event(), Event()

    def first() -> None:
        begun.set()
        waited.wait(30)

    def made(each: Callable[[], None]) -> tuple[int, int]:
        try:
            encyclopedia = Encyclopedia.open("en", folder=data / "kept", warn=quiet, data=data, each=each)
            size = encyclopedia.size()
            encyclopedia.close()
            return size
        finally:
            waited.set()

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(made, first)
        assert begun.wait(30)
        assert threads.submit(made, waited.set).result() == one.result() == (7, 7)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"a": 1}', "\xff", '{"a": {"extract": 5}}', "[" * 100_000])
def test_broken_data_is_an_error_with_a_hint(tmp_path: Path, content: str) -> None:
    (tmp_path / "summaries_en-us.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(SourceError, match=r"summaries_en-us\.json") as raised:
        opened(tmp_path)
    assert "mapgen[encyclopedia]" in raised.value.hint


def test_no_edition_and_no_file_are_errors(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no encyclopedia in 'de'"):
        Encyclopedia.open("de", warn=quiet, data=tmp_path)
    with pytest.raises(SourceError, match="cannot be read"):
        opened(tmp_path)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query.of("How do interest rates affect inflation and oil prices?"), "en"),
        (Query.of("¿Cómo afectan los tipos de interés a la inflación y al precio del petróleo?"), "es"),
        (Query.of("Comment les taux d'intérêt agissent-ils sur l'inflation ?"), "fr"),
        (Query.of("Inflation", language="fr"), "fr"),
        (Query.of("Inflation", language="pt-BR"), None),
        (Query.of("Wie wirken Zinsen auf die Inflation und den Ölpreis?"), None),
        (Query.of("GDP"), "en"),
    ],
)
def test_the_edition_is_of_the_querys_language(query: Query, found: str | None) -> None:
    assert edition(query) == found


def test_keys_leave_out_what_makes_no_difference() -> None:
    assert key("The Interest Rates", "en") == key("interest rate", "en") == "interest rate"
    assert key("Économies", "fr") == key("l'économie", "fr") == "economie"
    assert key("Los números primos", "es") == key("Número primo", "es") == "numero primo"
    assert [key(word, "en") for word in ("Glass", "Virus", "Viruses", "Boxes", "Economies")] == [
        "glass", "virus", "virus", "box", "economy",
    ]  # fmt: skip
    assert key("Child labor", "en") == key("Child Labour", "en") != key("Children", "en") == key("child", "en")
    assert keys("Deoxyribonucleic acid (DNA)", "en") == ("deoxyribonucleic acid dna", "deoxyribonucleic acid", "dna")


def test_names_come_from_the_title_and_from_the_lead() -> None:
    found = names(
        "Trade union",
        "A trade union (TU) or labor union, often simply referred to as a union, is a group.",
        language="en",
    )
    assert found == {
        "trade union": Kind.TITLE, "labor union": Kind.ALIAS, "union": Kind.ALIAS, "tu": Kind.ALIAS,
    }  # fmt: skip
    assert names("Apple Inc.", "", language="en")["apple"] == Kind.QUALIFIED
    assert names("Electric current", "", language="en")["current"] == Kind.PART
    french = names("Acide désoxyribonucléique", "L'acide désoxyribonucléique, ou ADN, est une molécule.", language="fr")
    assert french["adn"] == Kind.ALIAS
