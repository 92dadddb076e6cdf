"""Reading in a process of its own, which ends when a file takes too long or too much memory, or crashes its parser.

What a file can do to a parser is bounded here for every kind at once. It knows no kind of file.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from types import TracebackType
from typing import Any, BinaryIO, Self

from mapgen.errors import ReaderLost, SourceError
from mapgen.sources.base import Extracted, Raw, Reader

SECONDS, MEGABYTES = 30.0, 2_048  # of one file; memory is bounded where the system can do that
_REPLY = 256_000_000  # bytes
_LATE = 1 if sys.platform == "win32" else -signal.SIGALRM  # what a process ends with when its time is over
_BROKEN = 3  # exit code of one that fails
_PATIENCE = 10.0  # seconds that a process has to end by itself
_START = "import sys; sys.path[:] = sys.argv[2:]; from mapgen.sources.apart import serve; serve(int(sys.argv[1]))"
_HINT = "Name a smaller or simpler file, or save its text as a text file."


class Apart:
    """A process for readers, started when it is first needed, and again after one that was ended."""

    def __init__(self, *, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def read(self, reader: Reader, raw: Raw) -> Extracted:
        """What ``reader``, a function of a module, finds. Raises SourceError as it does, and where it is ended."""
        about = {"reader": [reader.__module__, reader.__name__], "name": raw.name, "charset": raw.charset}
        head = json.dumps({**about, "size": len(raw.data), "seconds": self._seconds}).encode() + b"\n"
        try:
            answer = _asked(self._process or self._started(), head + raw.data)
        except BaseException:
            self._end(0)
            raise
        if not answer.endswith(b"\n"):
            raise self._lost(raw.name)
        return _understood(answer)

    def stop(self) -> None:
        """End it from another thread, for good: what is being read fails, and so does all that is read later."""
        self._stopped = True
        if process := self._process:
            process.kill()

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", _START, str(self._megabytes), *sys.path]
        pipe = subprocess.PIPE
        try:
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        except OSError as error:
            message = f"No process can be started to read files in: {error.strerror}."
            raise ReaderLost(message, hint="Name sources of plain text, or free some memory.") from error
        if self._stopped:
            self._process.kill()
        return self._process

    def _lost(self, name: str) -> SourceError:
        """The error of a file whose process ended before it had answered."""
        if self._end() == _LATE:
            return SourceError(f"Reading {name} took longer than {self._seconds:g} seconds.", hint=_HINT)
        return ReaderLost(f"{name} is too much for its parser.", hint=_HINT)

    def _end(self, patience: float = _PATIENCE) -> int | None:
        """End the process, if there is one, by force after ``patience`` seconds; the code that it ended with itself."""
        process, self._process = self._process, None
        if process is None:
            return None
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                assert stream is not None
                stream.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
        code = process.returncode
        process.kill()
        process.wait()
        return code


def apart(reader: Reader, raw: Raw) -> Extracted:
    """What ``reader`` finds, in a process for this file alone. Raises SourceError."""
    with Apart() as process:
        return process.read(reader, raw)


def _asked(process: subprocess.Popen[bytes], message: bytes) -> bytes:
    """The line that a process answers with; what is no whole line where it ended."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError):
        process.stdin.write(message)
        process.stdin.flush()
    return process.stdout.readline(_REPLY)


def _understood(answer: bytes) -> Extracted:
    try:
        found: dict[str, Any] = json.loads(answer)
        if "message" in found:
            raise SourceError(found["message"], hint=found["hint"])
        return Extracted.model_validate_json(answer)
    except ValueError as error:
        raise ReaderLost("A file could not be read.", hint=_HINT) from error


def serve(megabytes: int) -> None:
    """Be such a process: read what stdin brings, until it ends. Whatever else is printed goes nowhere."""
    _bound(megabytes)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        while head := sys.stdin.buffer.readline():
            answers.write(_answered(json.loads(head), sys.stdin.buffer) + b"\n")
            answers.flush()
    except BaseException:
        os._exit(_BROKEN)


def _bound(megabytes: int) -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def _answered(about: dict[str, Any], stdin: BinaryIO) -> bytes:
    """Read one file, watched: past its time the whole process exits, wherever it is."""
    raw = Raw(name=about["name"], data=stdin.read(about["size"]), charset=about["charset"])
    module, function = about["reader"]
    _watch(about["seconds"])
    try:
        found: Extracted = getattr(import_module(module), function)(raw)
        return found.model_dump_json().encode()
    except SourceError as error:
        return json.dumps({"message": error.message, "hint": error.hint}).encode()
    except Exception:
        return json.dumps({"message": f"{raw.name} is too much for its parser.", "hint": _HINT}).encode()
    finally:
        _watch(0)


def _watch(seconds: float) -> None:
    """End this process after so many seconds, wherever it is, a parser in C included; 0 calls that off.

    The system's own alarm where there is one: faulthandler walks the frames of a thread that runs on, which ended
    one process in a hundred by a fault of memory instead.
    """
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
        signal.setitimer(signal.ITIMER_REAL, seconds)
    elif seconds:
        faulthandler.dump_traceback_later(seconds, exit=True, file=sys.stderr)
    else:
        faulthandler.cancel_dump_traceback_later()
