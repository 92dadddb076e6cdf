"""Reading: documents with ids of their own, and work that ends when it is told to."""

from __future__ import annotations

import asyncio
import re
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapgen.errors import SourceError
from mapgen.sources.base import Raw
from mapgen.sources.kinds import MARKDOWN
from mapgen.sources.reading import Ended, Reading, id_of, in_thread


def ignored(text: str) -> None:
    """A tell that no one listens to."""


class Thing:
    """Something to be closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


def test_a_document_has_the_title_that_the_file_gives_or_its_name() -> None:
    told: list[str] = []
    with Reading(tell=told.append) as reading:
        named = reading.document(Raw(name="notes/oil.txt", data=b"Oil."), where="/notes/oil.txt", location="oil.txt")
        titled = reading.document(Raw(name="site/oil", data=b"# Crude\n\nOil."), where="x", location="y", said=MARKDOWN)
    assert (named.title, named.location, named.blocks[0].text) == ("oil", "oil.txt", "Oil.")
    assert titled.title == "Crude"
    assert told == ["reading notes/oil.txt", "reading site/oil"]
    assert re.fullmatch(r"oil-txt-[0-9a-f]{8}", named.id)


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_an_id_is_of_the_place_and_fit_to_be_one(name: str, one: str, other: str) -> None:
    assert re.fullmatch(r"[\w-]{1,49}", id_of(name, one))
    assert id_of(name, one) == id_of(name, one)
    assert (id_of(name, one) == id_of(name, other)) == (one == other)


def test_what_is_ended_reads_no_more() -> None:
    with Reading(tell=ignored) as reading:
        reading.end()
        with pytest.raises(Ended):
            reading.document(Raw(name="a.txt", data=b"Oil."), where="a", location="a")


async def test_work_in_a_thread_gives_its_result_or_its_error() -> None:
    def refused() -> Thing:
        raise SourceError("no")

    assert not (await in_thread(Thing)).closed
    with pytest.raises(SourceError, match="no"):
        await in_thread(refused)


@pytest.mark.parametrize("cancels", [1, 3])
async def test_cancelled_work_is_ended_waited_for_and_closed(cancels: int) -> None:
    started, end, thing = threading.Event(), threading.Event(), Thing()

    def work() -> Thing:
        started.set()
        assert end.wait(60)
        return thing

    def ending() -> None:
        asyncio.get_running_loop().call_later(0.05 * cancels, end.set)

    task = asyncio.create_task(in_thread(work, end=ending))
    await asyncio.to_thread(started.wait, 60)
    for _ in range(cancels):
        task.cancel()
        await asyncio.sleep(0.02)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert end.is_set()
    assert thing.closed


async def test_a_file_that_would_take_long_is_given_up_when_its_reading_is_cancelled() -> None:
    told = threading.Event()
    slow = "<p " + " ".join(f"a{number}" for number in range(400_000)) + ">Oil."
    reading = Reading(tell=lambda text: told.set(), seconds=600)

    def work() -> Thing:
        with reading:
            reading.document(Raw(name="a.html", data=slow.encode()), where="a", location="a")
        return Thing()

    task = asyncio.create_task(in_thread(work, end=reading.end))
    await asyncio.to_thread(told.wait, 60)
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
