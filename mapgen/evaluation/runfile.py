"""Run files on disk: appended to and synced one record at a time, so that a kill loses at most the map in the making.

A run file is JSON lines, `.jsonl`; packed with gzip, `.jsonl.gz`, it is a baseline or a replay set to be committed. It
knows lines and folders, and nothing of what is in a record.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mapgen.errors import DiskError, InputError, OutputError, ReadError
from mapgen.evaluation.records import Head, Record, Run, line
from mapgen.files import check_place, check_room, make_folder_of, write_atomic
from mapgen.lock import held

LIMIT = 400_000_000  # bytes of a run, unpacked
SUFFIXES = (".jsonl", ".jsonl.gz")
_MAGIC = b"\x1f\x8b"
_FOREIGN = "Name another file; a run is only ever resumed with the same suite, prompts and model."


def folder(suite: Path, kind: str) -> Path:
    """The folder for the `runs`, `baselines` or `replays` of a suite's file: beside its own, or in its own."""
    parent = suite.parent
    return (parent.parent if parent.name == "suites" else parent) / kind


def suite_of(run: Path, name: str) -> Path | None:
    """The file of the suite of that name beside a run's folder, where there is one."""
    above = run.absolute().parent.parent
    return next((path for path in (above / "suites" / f"{name}.yaml", above / f"{name}.yaml") if path.is_file()), None)


def load(path: str | Path) -> Run:
    """The run of a file, packed or not. Raises ReadError, InputError."""
    return Run.parse(_text(_unpacked(Path(path)), Path(path)), name=str(path))


def heads(*places: Path) -> Iterator[tuple[Path, Head]]:
    """The runs among some files and in some folders, by their heads; what is no run is passed over."""
    for one in places:
        for path in sorted(one.glob("*.jsonl*")) if one.is_dir() else (one,):
            if path.name.endswith(SUFFIXES) and (head := _head(path)) is not None:
                yield path, head


def packed(run: Run) -> bytes:
    """The run's lines, compressed; equal runs give equal bytes."""
    target = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0, compresslevel=9) as file:
        file.write(_lines(run))
    return target.getvalue()


def save(run: Run, path: Path) -> None:
    """Write a whole run, packed where the name ends in .gz. Raises OutputError."""
    check_packed(path)
    make_folder_of(path)
    write_atomic(path, packed(run) if path.suffix == ".gz" else _lines(run))


class RunFile:
    """A run file that is open for appending; ``run`` is what stood in it."""

    def __init__(self, path: Path, file: io.FileIO, *, run: Run) -> None:
        self.path = path
        self.run = run
        self._file = file

    async def append(self, *records: Record) -> None:
        """Put records at the end, and on the disk, while other maps are in the making.

        Raises DiskError; the file ends with a whole record all the same, where the disk allows.
        """
        try:
            _write(self._file, b"".join(line(record).encode() + b"\n" for record in records))
            await asyncio.to_thread(os.fsync, self._file.fileno())
        except OSError as error:
            raise _disk_error(self.path, error) from error


@contextmanager
def appending(path: Path, head: Head) -> Iterator[RunFile]:
    """The run file at ``path``, made where there is none; its broken last line is cut off.

    Raises OutputError where another process writes to it, or where it is another experiment's; DiskError where the
    disk takes nothing.
    """
    check_name(path)
    make_folder_of(path)
    check_place(path)
    check_room(path)
    with held(path, waiting=lambda: _refuse(path)), path.open("r+b", buffering=0) as file:
        yield RunFile(path, file, run=_resumed(path, file, head=head))


def check_name(path: Path) -> None:
    """Raise OutputError for a name that is no run file's."""
    if path.suffix != ".jsonl":
        raise OutputError(f"{path} is no name for a run.", hint="It ends in .jsonl; --record FILE.jsonl.gz packs it.")


def check_packed(path: Path) -> None:
    """Raise OutputError for a name that is no whole run's."""
    if not path.name.endswith(SUFFIXES):
        raise OutputError(f"{path} is no name for a run.", hint="It ends in .jsonl or .jsonl.gz.")


def _refuse(path: Path) -> None:
    raise OutputError(f"Another process is writing {path}.", hint="Wait until it is done, or name another file: --out.")


def _resumed(path: Path, file: io.FileIO, *, head: Head) -> Run:
    """The run that stands in ``file``, which is left at its end."""
    data = file.read()
    whole = data[: data.rfind(b"\n") + 1]
    if not whole.strip():
        whole = line(head).encode() + b"\n"
        file.seek(0)
        try:
            _write(file, whole)
        except OSError as error:
            raise _disk_error(path, error) from error
    run = Run.parse(_text(whole, path), name=str(path))
    if run.torn:
        whole = whole[: whole.rstrip(b"\n").rfind(b"\n") + 1]
    if run.head.identity() != head.identity():
        raise OutputError(f"{path} is a run of something else ({run.head.label or run.head.suite}).", hint=_FOREIGN)
    file.truncate(len(whole))
    file.seek(len(whole))
    return run.model_copy(update={"torn": run.torn or len(whole) < len(data)})


def _write(file: io.FileIO, data: bytes) -> None:
    """Put ``data`` where the file stands: all of it, or none where that fails and the rest can be cut off."""
    began, rest = file.tell(), memoryview(data)
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError:
        with suppress(OSError):
            file.truncate(began)
            file.seek(began)
        raise


def _disk_error(path: Path, error: OSError) -> DiskError:
    reason = error.strerror or type(error).__name__
    return DiskError(f"Writing {path} failed: {reason}.", hint="Free some space; the same command goes on.")


def _lines(run: Run) -> bytes:
    return "".join(f"{one}\n" for one in run.lines()).encode()


def _text(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start > data.rfind(b"\n", 0, -1):
            return data[: error.start].decode("utf-8-sig")
        raise InputError(f"{path} is not UTF-8 text.", hint="This is not a run that mapgen wrote.") from error


def _unpacked(path: Path) -> bytes:
    try:
        with path.open("rb") as plain:
            is_packed = plain.read(2) == _MAGIC
            plain.seek(0)
            with gzip.GzipFile(fileobj=plain) if is_packed else plain as file:
                data = file.read(LIMIT + 1)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or "it is not whole"
        raise ReadError(f"{path} cannot be read: {reason}.", hint="Check the path.") from error
    if len(data) > LIMIT:
        raise InputError(f"{path} is larger than {LIMIT:,} bytes.", hint="This is not a run that mapgen wrote.")
    return data


def _head(path: Path) -> Head | None:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return Run.parse(file.readline(10_000_000).decode("utf-8", "replace")).head
    except (OSError, EOFError, zlib.error, InputError):
        return None
