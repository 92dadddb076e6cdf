"""A file of weights fetched whole from a model hub over HTTP, going on where an earlier try stopped.

It sends no credentials, follows redirects to other hosts, but not from https down to http, and does not
judge the bytes: that is for weights.py.
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from mapgen.errors import WeightsError
from mapgen.local.known import Progress, Weights

TIMEOUT = 20.0
_CHUNK = 1 << 18
_SLOWEST = 1024
_STRETCHES = 20
_FAILURES = (OSError, http.client.HTTPException, ValueError)


class _Onward(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: urllib.request.Request, *args: Any) -> urllib.request.Request | None:
        onward = super().redirect_request(req, *args)
        if onward is not None and req.type == "https" and onward.type != "https":
            raise urllib.error.URLError("it redirects to an unencrypted address")
        return onward


def fetch(weights: Weights, part: Path, *, hub: str, progress: Progress, timeout: float = TIMEOUT) -> None:
    """Complete ``part``, a beginning of the file or missing, from the hub at the address ``hub``.

    A connection that breaks off is taken up again as long as each one brings something. ``timeout`` is in
    seconds, for every step of the connection. Raises WeightsError with the hub's reason, OSError for the disk's.
    """
    for _ in range(_STRETCHES):
        before = _length(part)
        if before >= weights.size:
            return
        try:
            _stretch(weights, part, hub=hub, progress=progress, timeout=timeout)
        except WeightsError:
            if _length(part) <= before:
                raise
    if _length(part) < weights.size:
        raise _failed(hub, "it broke off too often")


def _length(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _failed(hub: str, reason: str) -> WeightsError:
    return WeightsError(f"{urlsplit(hub).hostname or 'The hub'} did not give the file: {reason}.")


def _stretch(weights: Weights, part: Path, *, hub: str, progress: Progress, timeout: float) -> None:
    start = _length(part)
    with _open(weights, start, hub=hub, timeout=timeout) as response:
        start = start if response.status == 206 else 0
        with part.open("r+b" if start else "wb") as file:
            file.seek(start)
            _copy(response, file, weights=weights, hub=hub, progress=progress, timeout=timeout)


def _open(weights: Weights, start: int, *, hub: str, timeout: float) -> http.client.HTTPResponse:
    url = f"{hub.rstrip('/')}/{weights.repository}/resolve/{weights.revision}/{weights.filename}"
    if urlsplit(url).scheme not in ("http", "https"):
        raise _failed(hub, "its address does not begin with https://")
    headers = {"User-Agent": "mapgen", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    request = urllib.request.Request(url, headers=headers)
    try:
        response: http.client.HTTPResponse = urllib.request.build_opener(_Onward).open(request, timeout=timeout)
    except _FAILURES as error:
        raise _failed(hub, _reason(error)) from error
    if not _expected(response, start=start, size=weights.size):
        response.close()
        raise _failed(hub, "it answered with something else")
    return response


def _expected(response: http.client.HTTPResponse, *, start: int, size: int) -> bool:
    """The whole file, or exactly the rest that was asked for."""
    if response.status == 206:
        return start > 0 and response.headers["Content-Range"] == f"bytes {start}-{size - 1}/{size}"
    return response.status == 200 and response.headers["Content-Length"] == str(size)


def _copy(
    response: http.client.HTTPResponse,
    file: IO[bytes],
    *,
    weights: Weights,
    hub: str,
    progress: Progress,
    timeout: float,
) -> None:
    what = f"fetching {weights.filename} from {urlsplit(hub).hostname}"
    begun, fetched = time.monotonic(), 0
    while file.tell() < weights.size:
        try:
            chunk = response.read1(_CHUNK)
        except _FAILURES as error:
            raise _failed(hub, _reason(error)) from error
        if not chunk:
            raise _failed(hub, "it broke off")
        file.write(chunk)
        file.flush()
        fetched += len(chunk)
        progress(file.tell(), weights.size, what)
        spent = time.monotonic() - begun
        if spent > timeout and fetched < spent * _SLOWEST:
            raise _failed(hub, "it is too slow")


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return f"HTTP {error.code}"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    text = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return text or type(cause).__name__
