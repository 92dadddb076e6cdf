"""A Wikipedia's action API on real TCP, as much of it as is asked, with its own JSON; it knows a handful of articles.

Shapes after the documentation, formatversion=2: mediawiki.org/wiki/API:Query (titles, ``normalized``, ``redirects``
with ``tofragment``, ``missing``, ``invalid``, ``batchcomplete``), API:Search (``generator=search``: ``index``; nothing
found: no ``query``), API:Info (``lastrevid``), API:Pageprops (``disambiguation``), Extension:TextExtracts (``extract``;
a whole article for one page only; ``exsectionformat=wiki``), API:Errors_and_warnings (errors come with status 200) and
Manual:Maxlag_parameter (``maxlag`` with Retry-After). What it is not meant to be asked, it answers with an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from mapgen.sources.guard import Guard
from tests.servers.fake import FakeServer, Request
from tests.servers.http import Answer

KNOWN = {
    "action", "format", "formatversion", "maxlag", "redirects", "prop", "ppprop", "explaintext", "exsectionformat",
    "exlimit", "titles", "pageids", "generator", "gsrsearch", "gsrwhat", "gsrlimit", "gsrnamespace",
}  # fmt: skip
ILLEGAL = set("#<>[]|{}")


@dataclass(frozen=True)
class Entry:
    """A page of the wiki: with ``to`` a redirect, perhaps to a section, ``Title#Section``."""

    title: str
    extract: str = ""
    to: str = ""
    ns: int = 0
    props: dict[str, str] = field(default_factory=dict)


def api(value: Any, *, status: int = 200, **headers: str) -> Answer:
    """An answer of the API; an underscore in the names of ``headers`` stands for a hyphen."""
    said = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(value, status=status, headers={"Content-Type": "application/json; charset=utf-8"} | said)


def failure(code: str, *, retry_after: str = "") -> Answer:
    """What the API answers where it cannot: with status 200."""
    told = {"code": code, "info": f"About {code}.", "docref": "See https://www.mediawiki.org/w/api.php for API usage."}
    body = {"error": told, "servedby": "mw1"}
    return api(body, Retry_After=retry_after) if retry_after else api(body)


class Wiki(FakeServer):
    """The wiki of some pages, numbered from 1; the revision of page n is 1000 + n. ``script`` answers first."""

    def __init__(self, pages: Iterable[Entry], script: Iterable[Answer] = ()) -> None:
        super().__init__(script)
        self.pages = list(pages)

    @property
    def root(self) -> str:
        """The wiki's address, for any language."""
        return f"http://{{language}}.wikipedia.example:{self.port}"

    @property
    def guard(self) -> Guard:
        """A guard that lets this wiki alone through."""
        return Guard(resolve=lambda host: ("127.0.0.1",), allowed=frozenset({("127.0.0.1", self.port)}))

    @property
    def asked_for(self) -> list[dict[str, str]]:
        """The parameters of each request."""
        return [dict(parse_qsl(urlsplit(request.path).query, strict_parsing=True)) for request in self.requests]

    def _next(self, request: Request) -> Answer:
        if self._script:
            return self._script.pop(0)
        given = self.asked_for[-1]
        if not request.path.startswith("/w/api.php?") or set(given) - KNOWN or given["format"] != "json":
            return failure("unknown-parameter")
        if given["action"] != "query" or given["formatversion"] != "2":
            return failure("badvalue")
        if "titles" in given:
            return api({"batchcomplete": True, "query": self._titled(given["titles"], given)})
        if "pageids" in given:
            hits = [self.pages[int(number) - 1] for number in given["pageids"].split("|")]
            return api({"batchcomplete": True, "query": {"pages": [self._page(hit, given) for hit in hits]}})
        return self._searched(given)

    def _titled(self, title: str, given: dict[str, str]) -> dict[str, Any]:
        if "|" in title:
            return {"pages": []}
        if ILLEGAL & set(title):
            return {"pages": [{"title": title, "invalidreason": "bad characters", "invalid": True}]}
        plain = title.replace("_", " ")
        plain = plain[:1].upper() + plain[1:]
        found: dict[str, Any] = {}
        if plain != title:
            found["normalized"] = [{"fromencoded": False, "from": title, "to": plain}]
        hit = next((page for page in self.pages if page.title == plain), None)
        if hit is None:
            return found | {"pages": [{"ns": 0, "title": plain, "missing": True}]}
        return found | self._resolved([hit], given)

    def _resolved(self, hits: list[Entry], given: dict[str, str]) -> dict[str, Any]:
        """The pages, redirects followed."""
        redirects, pages = [], []
        for index, hit in enumerate(hits, start=1):
            if hit.to:
                to, _, fragment = hit.to.partition("#")
                redirects.append({"from": hit.title, "to": to} | ({"tofragment": fragment} if fragment else {}))
                hit = next(page for page in self.pages if page.title == to)
            pages.append(self._page(hit, given) | ({"index": index} if "generator" in given else {}))
        return ({"redirects": redirects} if redirects else {}) | {"pages": pages[::-1]}

    def _searched(self, given: dict[str, str]) -> Answer:
        words = given["gsrsearch"].casefold()
        if given.get("gsrwhat") == "nearmatch":
            hits = [page for page in self.pages if page.title.casefold() == words]
        else:
            hits = [page for page in self.pages if set(words.split()) & set(page.extract.casefold().split())]
            hits = [page for page in hits if page.ns == int(given["gsrnamespace"])]
        hits = hits[: int(given["gsrlimit"])]
        found = {"query": self._resolved(hits, given)} if hits else {}
        return api({"batchcomplete": True, **found})

    def _page(self, entry: Entry, given: dict[str, str]) -> dict[str, Any]:
        number = self.pages.index(entry) + 1
        page: dict[str, Any] = {"pageid": number, "ns": entry.ns, "title": entry.title}
        properties = given["prop"].split("|")
        if "info" in properties:
            page |= {"contentmodel": "wikitext", "pagelanguage": "en", "pagelanguagedir": "ltr"}
            page |= {"touched": "2026-11-01T00:00:00Z", "lastrevid": 1000 + number, "length": len(entry.extract)}
        if "pageprops" in properties and entry.props:
            page["pageprops"] = entry.props
        if "extracts" in properties:
            assert (given["explaintext"], given["exsectionformat"], given["exlimit"]) == ("1", "wiki", "1")
            page["extract"] = entry.extract
        return page
