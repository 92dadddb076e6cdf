"""Pages of the open web: an http(s) URL in, the bytes of a text out, within a time and a size, from a public address.

Every redirect is followed here, and judged as the URL itself was. It reads no kind of text; readers do.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urljoin

from mapgen.errors import SourceBusy, SourceError
from mapgen.model import Value
from mapgen.sources.base import Raw
from mapgen.sources.guard import Guard, Place, shown
from mapgen.sources.kinds import kind_of
from mapgen.version import __version__

AGENT = f"mapgen/{__version__} (knowledge maps; reads single pages that its user names)"
KINDS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "text/plain": "text",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/*": "text",
}
"""The kind of reader for each type of text that is taken."""

_UNTOLD = {"", "application/octet-stream", "binary/octet-stream"}  # what servers say of files they do not know
_MARKDOWN = (".md", ".markdown")  # what many servers send as text/plain
_AS_FILE = "Save the page as a file, and name that."
_STATUS = {
    401: ("wants its readers to log in", _AS_FILE),
    403: ("refuses to show it", _AS_FILE),
    404: ("has no such page", "Check the address."),
    410: ("has no such page any more", "Check the address."),
    451: ("may not show it", _AS_FILE),
}
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
_REDIRECTS = {301, 302, 303, 307, 308}
_BUSY = {429, 503}
PUBLIC = Guard()


@dataclass(frozen=True)
class Limits:
    """How much is taken: ``seconds`` for all of it, bytes packed and unpacked, and redirects."""

    seconds: float = 20.0
    size: int = 10_000_000
    redirects: int = 5


LIMITS = Limits()


class Page(Value):
    """What was fetched; ``url`` is where it was found in the end, ``kind`` says which reader reads it.

    ``retry_after`` are the seconds after which the server wishes to be asked again, where it said so.
    """

    url: str
    kind: str
    raw: Raw
    retry_after: float | None = None


async def fetch(url: str, *, kinds: Mapping[str, str] = KINDS, limits: Limits = LIMITS, guard: Guard = PUBLIC) -> Page:
    """The page at ``url``, of one of the types in ``kinds``. Raises SourceError, and SourceBusy where it may be later.

    ``guard`` is for tests: no setting, argument of the command line or URL makes an exception from it.
    """
    place = guard.place(url)
    try:
        async with asyncio.timeout(limits.seconds):
            return await _followed(place, kinds=kinds, limits=limits, guard=guard)
    except TimeoutError as error:
        message = f"{place.host} did not send it within {limits.seconds:g} seconds."
        raise SourceError(message, hint=f"Try again later, or: {_AS_FILE}") from error


async def _followed(place: Place, *, kinds: Mapping[str, str], limits: Limits, guard: Guard) -> Page:
    from mapgen.sources.exchange import exchange

    seen = {place}
    headers = {"User-Agent": AGENT, "Accept": ", ".join(kinds)}
    while True:
        answer = await exchange(place, headers=headers, guard=guard, most=limits.size)
        if answer.status not in _REDIRECTS or not (location := answer.headers.get("location", "")):
            break
        after = _next(place, location, guard=guard)
        if after in seen or len(seen) > limits.redirects:
            raise SourceError(f"{place.host} sends its readers in circles, or on and on.", hint=_AS_FILE)
        seen.add(place := after)
    later = _seconds(answer.headers.get("retry-after", ""))
    if answer.status != 200:
        raise _failed(answer.status, place.host, later=later)
    header = answer.headers.get("content-type", "")
    raw = Raw(name=shown(place.url), data=answer.body, charset=_charset(header))
    return Page(url=place.url, kind=_kind(header, place, raw=raw, kinds=kinds), raw=raw, retry_after=later)


def _next(place: Place, location: str, *, guard: Guard) -> Place:
    """Where a redirect leads. Raises SourceError where that is not public, or no longer encrypted."""
    try:
        after = guard.place(urljoin(place.url, location))
    except ValueError as error:
        raise SourceError(f"{place.host} sends its readers to no plain address.", hint=_AS_FILE) from error
    if (place.scheme, after.scheme) == ("https", "http"):
        hint = "Name that address itself, if you trust it."
        raise SourceError(f"{place.host} leads from https to http: {shown(after.url)}", hint=hint)
    return after


def _kind(header: str, place: Place, *, raw: Raw, kinds: Mapping[str, str]) -> str:
    """The kind that a Content-Type says, or that the file itself does where it says nothing.

    Raises SourceError where it is none of ``kinds``.
    """
    given = header.partition(";")[0].strip().lower()
    kind = kinds.get(given) or (kinds.get(f"{given.partition('/')[0]}/*") if _TYPE.fullmatch(given) else None)
    if given in _UNTOLD and (found := kind_of(raw)) is not None and found.name.lower() in kinds.values():
        kind = found.name.lower()
    if kind is None:
        readable = ", ".join(sorted(set(kinds.values())))
        hint = f"Kinds that are read: {readable}."
        raise SourceError(f"{shown(place.url)} is no text that is read: it is {given[:80] or 'of no type'}.", hint=hint)
    path = place.target.partition("?")[0].lower()
    return "markdown" if kind == "text" and path.endswith(_MARKDOWN) else kind


def _charset(header: str) -> str | None:
    message = Message()
    message["Content-Type"] = header.encode("ascii", "replace").decode()
    try:
        return message.get_content_charset()
    except (LookupError, ValueError):
        return None


def _seconds(header: str) -> float | None:
    """What Retry-After says in seconds; dates are not read."""
    return float(header) if header.isascii() and header.isdecimal() and len(header) < 7 else None


def _failed(status: int, host: str, *, later: float | None) -> SourceError:
    if status in _BUSY:
        when = f" in {later:g} seconds" if later else " later"
        return SourceBusy(f"{host} asks to come back{when} ({status}).", retry_after=later, hint=f"Try again{when}.")
    if status >= 500:
        return SourceError(f"{host} failed ({status}).", hint="Try again later.")
    what, hint = _STATUS.get(status, ("did not send it", _AS_FILE))
    return SourceError(f"{host} {what} ({status}).", hint=hint)
