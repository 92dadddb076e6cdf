"""A process for readers: what it finds, and files that hang it, crash it or fill its memory."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from threading import Timer

import pytest

from mapgen.errors import SourceError
from mapgen.sources.apart import Apart, apart
from mapgen.sources.base import Block, Extracted, Raw, Reader
from mapgen.sources.text import read_text

RAW = Raw(name="a", data="Oil é.\n\nGas.".encode("cp1252"), charset="latin-1")


def hang(raw: Raw) -> Extracted:
    """Never ends, and holds the interpreter's lock as a parser in C does."""
    return Extracted(title=str(sum(iter(lambda: 1, 2))))


def crash(raw: Raw) -> Extracted:
    """Ends its process as a fault in C does."""
    os.kill(os.getpid(), signal.SIGABRT if sys.platform == "win32" else signal.SIGKILL)
    return Extracted()


def fill(raw: Raw) -> Extracted:
    """Takes more memory than it has."""
    return Extracted(title="x" * (8 << 30))


def fail(raw: Raw) -> Extracted:
    """A fault in a parser."""
    raise KeyError("deep inside")


def chatter(raw: Raw) -> Extracted:
    """Prints to where answers go."""
    os.write(1, b"noise\n")
    sys.stdout.write("noise\n")
    sys.stderr.write("noise\n")
    return Extracted(title="t", blocks=(Block(heading=("H",), page=2, text=str(os.getpid())),))


def number(process: Apart) -> str:
    """The process that reads now."""
    return process.read(chatter, RAW).blocks[0].text


@pytest.fixture
def process() -> Iterator[Apart]:
    with Apart(seconds=1) as one:
        yield one


def test_what_it_finds_is_what_the_reader_finds(process: Apart) -> None:
    assert process.read(read_text, RAW) == read_text(RAW) == apart(read_text, RAW)
    assert process.read(read_text, RAW).blocks[0].text == "Oil é."


def test_its_errors_are_the_readers(process: Apart) -> None:
    with pytest.raises(SourceError) as caught:
        process.read(read_text, Raw(name="b", data=b" "))
    assert (caught.value.message, caught.value.hint) == (
        "b has no text.",
        "Name a source that has text which a reader can see.",
    )


def test_one_process_reads_many_files_and_what_is_printed_goes_nowhere(
    process: Apart, capfd: pytest.CaptureFixture[str]
) -> None:
    assert number(process) == number(process) != str(os.getpid())
    assert process.read(chatter, RAW).blocks[0].page == 2
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("reader", "message"),
    [
        (hang, "Reading a took longer than 1 seconds."),
        (crash, "a is too much for its parser."),
        (fail, "a is too much for its parser."),
        pytest.param(
            fill,
            "a is too much for its parser.",
            marks=pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is not bounded there"),
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_file_that_is_too_much_is_an_error_and_the_next_one_is_read(
    process: Apart, reader: Reader, message: str
) -> None:
    for _ in range(2):
        with pytest.raises(SourceError) as caught:
            process.read(reader, RAW)
        assert (caught.value.message, caught.value.exit_code) == (message, 66)
        assert caught.value.hint
    assert process.read(read_text, RAW) == read_text(RAW)


def test_each_file_that_hangs_is_told_as_such() -> None:
    """The watchdog faulted itself at one of them now and then, as it wrote down the frames of a thread that runs on."""
    told = set()
    with Apart(seconds=0.02) as process:
        for _ in range(40):
            with pytest.raises(SourceError) as caught:
                process.read(hang, RAW)
            told.add(caught.value.message)
    assert told == {"Reading a took longer than 0.02 seconds."}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_a_file_that_hangs_is_ended_where_the_caller_ignores_and_blocks_alarms() -> None:
    before, blocked = signal.signal(signal.SIGALRM, signal.SIG_IGN), {signal.SIGALRM}
    signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
    try:
        with Apart(seconds=0.2) as process, pytest.raises(SourceError, match=r"longer than 0\.2 seconds"):
            process.read(hang, RAW)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, blocked)
        signal.signal(signal.SIGALRM, before)


def test_a_process_that_was_ended_between_two_files(process: Apart) -> None:
    ended = int(number(process))
    os.kill(ended, signal.SIGTERM)
    os.waitid(os.P_PID, ended, os.WEXITED | os.WNOWAIT)
    with pytest.raises(SourceError, match="too much for its parser"):
        process.read(read_text, RAW)
    assert process.read(read_text, RAW) == read_text(RAW)


def test_no_process_is_left(process: Apart) -> None:
    with Apart() as one:
        left = int(number(one))
    with pytest.raises(ProcessLookupError):
        os.kill(left, 0)


def test_it_can_be_stopped_for_good_from_another_thread() -> None:
    with Apart(seconds=600) as process:
        stopping = Timer(0.2, process.stop)
        stopping.start()
        with pytest.raises(SourceError):
            process.read(hang, RAW)
        stopping.join()
        with pytest.raises(SourceError):
            process.read(hang, RAW)
