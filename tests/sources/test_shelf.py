"""Shelves: what of files and pages is found for a query and for a concept, and what is read again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from mapgen.errors import SourceError
from mapgen.sources.base import Raw, Wanted
from mapgen.sources.folder import Bounds
from mapgen.sources.reading import Reading
from mapgen.sources.shelf import Shelf, file_shelf, folder_shelf, page_shelf
from mapgen.sources.url import Page
from tests.sources.pdfs import drawn, written
from tests.sources.test_docx import made, paragraph
from tests.sources.test_folder import filled
from tests.sources.test_index import quiet

RATES = "A central bank raises interest rates to slow inflation, since loans then cost households and firms more."
OIL = "The price of crude oil is set on world markets, and rises when OPEC, the cartel of exporters, pumps less."
GARDEN = "Water tomatoes at the base, and plant nothing on the bank of the river before May, when floods end."
QUERY = "How do interest rates affect inflation and oil prices?"


class Shelves:
    """Opens shelves as a run does, with what is told and warned."""

    def __init__(self, kept: Path | None = None) -> None:
        self.kept = kept
        self.told: list[str] = []
        self.warned: list[str] = []

    def folder(self, folder: Path, *, bounds: Bounds | None = None, seconds: float = 30) -> Shelf:
        with Reading(tell=self.told.append, seconds=seconds) as reading:
            warn = self.warned.append
            return folder_shelf(folder, name="notes", kept=self.kept, reading=reading, warn=warn, bounds=bounds)

    def file(self, file: Path) -> Shelf:
        with Reading(tell=self.told.append) as reading:
            return file_shelf(file, name=file.name, kept=self.kept, reading=reading, warn=self.warned.append)

    def refusal(self, place: Path) -> tuple[str, str]:
        """The words in which a file or a folder is refused, and what to do."""
        with pytest.raises(SourceError) as caught:
            self.folder(place) if place.is_dir() else self.file(place)
        return caught.value.message, caught.value.hint


async def texts(
    shelf: Shelf, name: str = "", scope: str = "", *, query: str = QUERY, language: str = "en"
) -> list[str]:
    """The texts that are found; each is from a source that is named."""
    found = await shelf.find(Wanted(query=query, language=language, name=name, scope=scope))
    assert [one.id for one in found.sources] == list(dict.fromkeys(one.source for one in found.passages))
    return [passage.text for passage in found.passages]


def reads(told: Iterable[str]) -> set[str]:
    return {text.removeprefix("reading ") for text in told}


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return filled(tmp_path / "notes", {"rates.md": f"# Rates\n\n{RATES}", "oil.txt": OIL, "garden.txt": GARDEN})


async def test_files_of_every_kind_are_found_with_their_place(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.txt": f"{OIL} In a text.",
        "b/c.md": f"# Oil\n\n## Prices\n\n{OIL} In Markdown.",
        "d.htm": f"<title>A page</title><p>{OIL} In a page.",
        "e.pdf": written(["Nothing.", f"{OIL} In a paper."]),
        "f.docx": made(paragraph(f"{OIL} In a document.")),
    }
    shelves = Shelves()
    shelf = shelves.folder(filled(tmp_path, files))
    found = await shelf.find(Wanted(query="What moves the price of crude oil?", language="en"))
    told = {source.id: source for source in found.sources}
    places = {told[one.source].location: (told[one.source].title, one.heading) for one in found.passages}
    assert places == {
        str(tmp_path / "a.txt"): ("a", ""),
        str(tmp_path / "b" / "c.md"): ("Oil", "Oil > Prices"),
        str(tmp_path / "d.htm"): ("A page", ""),
        str(tmp_path / "e.pdf"): ("e", ""),
        str(tmp_path / "f.docx"): ("f", ""),
    }
    assert reads(shelves.told) == {"a.txt", os.path.join("b", "c.md"), "d.htm", "e.pdf", "f.docx"}
    assert shelves.warned == []
    shelf.close()


@pytest.mark.parametrize(
    ("name", "scope", "found"),
    [
        ("Interest rate", "what loans cost", [RATES]),
        ("Inflation", "prices that higher rates slow", [RATES]),
        ("The oil price", "what a barrel costs on world markets", [OIL]),
        ("Organization of Exporters (OPEC)", "the cartel whose exporters pump less crude oil", [OIL]),
        ("Exchange rate", "the price of a currency, which rises when a central bank raises interest rates", []),
        ("Oil tanker", "what brings crude oil to world markets", []),
        ("Photosynthesis", "how plants make sugar", []),
        ("Inflation", "the expansion of space in the first second of the universe", []),
        ("Market loans", "interest rates, inflation and loans, as households and firms have them", []),
        ("IT", "interest rates, inflation and loans of households and firms", []),
        ('" OR text:* NEAR(', "'; DROP TABLE passages", []),
        ("?!", "", []),
    ],
)
async def test_a_concept_gets_the_passages_that_name_it_and_are_near(
    notes: Path, name: str, scope: str, found: list[str]
) -> None:
    shelf = Shelves().folder(notes)
    assert await texts(shelf, name, scope) == found
    shelf.close()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("WHO", True),
        ("World Health Organization (WHO)", True),
        ("The Who", True),
        ("US", False),
        ("For us and for all", True),
        ("For all and us", False),
    ],
)
async def test_a_name_that_is_all_function_words_is_found_as_it_is_written(
    tmp_path: Path, name: str, found: bool
) -> None:
    health = "The WHO coordinates responses to pandemics and sets vaccine standards, for us and for all countries."
    others = {f"{n}.txt": f"{n} people who coordinate responses to pandemics set vaccine standards." for n in range(60)}
    shelf = Shelves().folder(filled(tmp_path, {**others, "who.txt": health}))
    told = await texts(shelf, name, "coordinates responses to pandemics", query="Who sets vaccine standards?")
    assert told == [health] * found
    shelf.close()


async def test_a_query_gets_what_is_near_and_another_one_nothing(notes: Path) -> None:
    shelf = Shelves().folder(notes)
    assert set(await texts(shelf)) == {RATES, OIL}
    assert await texts(shelf, query="How do I water tomatoes?") == [GARDEN]
    assert await texts(shelf, query="What is quantum entanglement?") == []
    shelf.close()


async def test_concepts_of_other_languages_are_found(tmp_path: Path) -> None:
    german = "Die Notenbank hebt die Leitzinsen an, damit die Inflation sinkt und Kredite teurer werden."
    chinese = "中央银行提高利率以抑制通货膨胀。"
    shelf = Shelves().folder(filled(tmp_path, {"de.txt": german, "zh.txt": chinese}))
    assert await texts(shelf, "Leitzins", "Inflation und Kredite", language="de") == [german]
    assert await texts(shelf, "Wechselkurs", "Inflation und Kredite", language="de") == []
    assert await texts(shelf, "利率", "中央银行提高", language="zh") == [chinese]
    assert await texts(shelf, "汇率", "中央银行提高", language="zh") == []
    shelf.close()


async def test_only_what_changed_is_read_again_and_ids_stay(notes: Path, tmp_path: Path) -> None:
    prints = []
    for change, read in (
        (lambda: None, {"rates.md", "oil.txt", "garden.txt"}),
        (lambda: None, set()),
        (lambda: os.utime(notes / "oil.txt", ns=(1, 1)), set()),
        (lambda: (notes / "oil.txt").write_text(f"{OIL} Anew."), {"oil.txt"}),
        (lambda: (notes / "garden.txt").unlink(), set()),
        (lambda: filled(notes, {"new.txt": GARDEN}), {"new.txt"}),
    ):
        change()
        shelves = Shelves(tmp_path / "kept")
        shelf = shelves.folder(notes)
        assert reads(shelves.told) == read
        prints.append((shelf.fingerprint(), await texts(shelf, "Oil price", "what crude oil costs on world markets")))
        shelf.close()
    assert [text for _, text in prints] == [[OIL]] * 3 + [[f"{OIL} Anew."]] * 3
    assert prints[0] == prints[1] == prints[2]
    assert len({one for one, _ in prints}) == 4
    assert oct(next((tmp_path / "kept").glob("*.db")).stat().st_mode)[-3:] == "600"


async def test_a_file_has_one_id_however_it_is_named(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (notes.parent / "link.txt").symlink_to(notes / "oil.txt")
    monkeypatch.chdir(notes)
    found = []
    for shelf in (
        Shelves().file(notes / "oil.txt"),
        Shelves().file(Path("oil.txt")),
        Shelves().file(notes.parent / "link.txt"),
        Shelves().folder(notes),
    ):
        wanted = Wanted(query=QUERY, language="en", name="Crude oil", scope="its price on world markets")
        found.append((await shelf.find(wanted)).sources[0])
        shelf.close()
    assert found[0].id == found[1].id == found[3].id
    assert [one.location for one in found[:3]] == [str(notes / "oil.txt"), "oil.txt", str(notes.parent / "link.txt")]


def test_what_a_folder_leaves_out_is_warned_of_in_one_line(tmp_path: Path) -> None:
    shelves = Shelves()
    files: dict[str, str | bytes] = {"a.txt": OIL, "b.png": b"x", "c.pdf": "x", "empty.md": "", ".git/x": "x"}
    shelves.folder(filled(tmp_path, files)).close()
    refused = "c.pdf was refused: c.pdf is not a PDF. Name a file that a PDF reader opens."
    assert shelves.warned == [f"3 files of notes were left out: {refused}"]
    (tmp_path / "c.pdf").unlink()
    (tmp_path / "empty.md").unlink()
    shelves.folder(tmp_path).close()
    assert shelves.warned[1:] == ["1 file of notes was left out: b.png is of no kind that is read."]
    (tmp_path / "b.png").unlink()
    shelves.folder(tmp_path).close()
    assert len(shelves.warned) == 2


def test_a_file_that_cannot_be_read_is_warned_of_in_each_run_and_read_in_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = filled(tmp_path / "notes", {"a.txt": OIL, "scan.pdf": drawn(b"0 0 100 100 re f")})
    runs = [Shelves(tmp_path / "kept") for _ in range(4)]
    for number, shelves in enumerate(runs):
        if number == 2:
            monkeypatch.setattr("mapgen.sources.shelf.packages", lambda: "another reader of PDFs")
        shelves.folder(folder).close()
    assert [reads(shelves.told) for shelves in runs] == [{"a.txt", "scan.pdf"}, set(), {"scan.pdf"}, set()]
    assert len({tuple(shelves.warned) for shelves in runs}) == len(runs[0].warned) == 1
    assert "scan.pdf has no text: it may be a scan." in runs[0].warned[0]
    alone, again = (Shelves(tmp_path / "kept").refusal(folder / "scan.pdf") for _ in range(2))
    assert alone == again == ("scan.pdf has no text: it may be a scan.", alone[1])


def test_a_page_that_takes_too_long_holds_up_no_other(tmp_path: Path) -> None:
    slow = "<p " + " ".join(f"a{number}" for number in range(200_000)) + ">Oil."
    shelves = Shelves()
    shelves.folder(filled(tmp_path, {"a.html": slow, "b.html": "<p>Gas."}), seconds=1).close()
    assert len(shelves.warned) == 1
    assert "a.html was refused: Reading a.html took longer than 1 seconds." in shelves.warned[0]


def test_a_folder_without_anything_to_read_is_an_error(tmp_path: Path) -> None:
    none = "notes has no file that can be read."
    assert Shelves().refusal(tmp_path) == (none, "Put files of text, Markdown, HTML, PDF or DOCX into it.")
    filled(tmp_path, {"a.png": b"x"})
    assert Shelves().refusal(tmp_path) == (none, "a.png is of no kind that is read.")
    filled(tmp_path, {"b.txt": ""})
    assert Shelves().refusal(tmp_path)[1].startswith("b.txt was refused: b.txt has no text.")
    assert Shelves().refusal(tmp_path)[1].endswith(" 2 were left out.")


def test_files_that_are_refused(tmp_path: Path) -> None:
    filled(tmp_path, {"a.xyz": "x", "b.pdf": "x", "c.txt": ""})
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(300_000_000)
    kinds = (
        "Name a file of one of these: text, Markdown, HTML, PDF, DOCX. One of text is read where its name ends in .txt."
    )
    assert Shelves().refusal(tmp_path / "a.xyz") == ("a.xyz is of no kind that is read.", kinds)
    assert Shelves().refusal(tmp_path / "b.pdf")[0] == "b.pdf is not a PDF."
    assert Shelves().refusal(tmp_path / "c.txt")[0] == "c.txt has no text."
    assert Shelves().refusal(tmp_path / "huge.txt")[0] == "huge.txt has more than 50,000,000 bytes."


def test_a_file_that_can_no_longer_be_read_is_refused_though_it_was_kept(tmp_path: Path) -> None:
    file = filled(tmp_path, {"a.txt": OIL}) / "a.txt"
    Shelves(tmp_path / "kept").file(file).close()
    file.write_bytes(b"\x00\x01")
    assert Shelves(tmp_path / "kept").refusal(file)[0] == "a.txt is not text."


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
async def test_names_that_are_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"a\xff\x1b[31m.txt")
    shelf = Shelves(tmp_path / "kept").folder(filled(tmp_path / "f", {name: OIL, "\u202eb.txt": OIL}))
    found = await shelf.find(Wanted(query="the price of crude oil", language="en"))
    assert {one.location for one in found.sources} == {f"{tmp_path}/f/a .txt", f"{tmp_path}/f/b.txt"}
    assert "\\u001b" not in found.model_dump_json()
    shelf.close()


async def test_a_page_is_read_as_its_server_says_and_cited_where_it_was_found() -> None:
    raw = Raw(name="https://site.example/oil", data=f"# Oil\n\n{OIL}".encode())
    with Reading(tell=list[str]().append) as reading:
        shelf = page_shelf(
            Page(url="https://site.example/oil?a=b", kind="markdown", raw=raw), reading=reading, warn=quiet
        )
    found = await shelf.find(Wanted(query="the price of crude oil", language="en"))
    assert [(one.title, one.location) for one in found.sources] == [("Oil", "https://site.example/oil?a=b")]
    assert shelf.name == "https://site.example/oil"
    shelf.close()
