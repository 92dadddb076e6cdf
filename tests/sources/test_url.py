"""Fetching over real TCP: what is taken, what is refused, and that only a test's guard leads to this machine."""

from __future__ import annotations

import ast
import gzip
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from mapgen.errors import SourceBusy, SourceError
from mapgen.sources.guard import Guard
from mapgen.sources.url import LIMITS, Limits, Page, fetch
from mapgen.version import __version__
from tests.servers.http import Answer
from tests.servers.site import HOST, Site, moved, page

SMALL = replace(LIMITS, size=10_000)
SOON = replace(LIMITS, seconds=0.3)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site({"/a": page("Hello."), "/b": page("Later.")}) as site:
        yield site


async def got(site: Site, path: str = "/a", *, limits: Limits = LIMITS) -> Page:
    """What is fetched from the site."""
    return await fetch(site.at(path), limits=limits, guard=site.guard())


async def failed(site: Site, path: str = "/a", *, limits: Limits = LIMITS) -> SourceError:
    """The error of what cannot be fetched; it has a hint, and no traceback's words."""
    with pytest.raises(SourceError) as caught:
        await got(site, path, limits=limits)
    assert caught.value.exit_code == 66
    assert caught.value.hint
    return caught.value


async def test_a_page_is_fetched_as_its_bytes_with_where_it_was_found(site: Site) -> None:
    site.pages["/a?b=c"] = page("Grüße".encode("cp1252"), type="text/html; charset=ISO-8859-1")
    found = await got(site, "/a?b=c")
    assert (found.kind, found.raw.charset, found.raw.data) == ("html", "iso-8859-1", b"Gr\xfc\xdfe")
    assert found.url == site.at("/a?b=c")
    assert found.raw.name == f"http://{HOST}:{site.port}/a"


async def test_the_request_names_mapgen_and_carries_nothing_else_of_the_user(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text(f"machine {HOST} login user password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    site.pages["/a"] = Answer("", status=302, headers={"Location": "/b", "Set-Cookie": "id=1; Path=/"})
    assert (await got(site)).raw.data == b"Later."
    for request in site.requests:
        assert set(request.headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert request.headers["host"] == f"{HOST}:{site.port}"
        assert request.headers["user-agent"].startswith(f"mapgen/{__version__} ")


@pytest.mark.parametrize(
    ("type", "path", "kind"),
    [
        ("text/html", "/a", "html"),
        ("TEXT/HTML;charset=utf-8", "/a", "html"),
        ("application/xhtml+xml", "/a", "html"),
        ("text/markdown", "/a", "markdown"),
        ("text/plain", "/read.MD?raw=1", "markdown"),
        ("text/html", "/read.md", "html"),
        ("text/plain", "/a.txt", "text"),
        ("text/csv", "/a", "text"),
        ("application/pdf", "/a", "pdf"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "/a", "docx"),
    ],
)
async def test_each_type_has_its_reader(site: Site, type: str, path: str, kind: str) -> None:
    site.pages[path] = page("x", type=type)
    assert (await got(site, path)).kind == kind


@pytest.mark.parametrize(
    "type",
    ["image/png", "application/octet-stream", "application/zip", "video/mp4", "", "text", "image", "x/\x1b[31m", "*/*"],
)
async def test_other_types_are_refused(site: Site, type: str) -> None:
    site.pages["/a?key=secret"] = page("x", type=type)
    error = await failed(site, "/a?key=secret")
    assert "is no text that is read" in error.message
    assert "secret" not in error.message


@pytest.mark.parametrize("type", ["", "application/octet-stream", "binary/octet-stream; charset=x"])
@pytest.mark.parametrize(("body", "kind"), [(b"%PDF-1.7 x", "pdf"), (b"PK\x03\x04 word/document.xml", "docx")])
async def test_a_document_of_a_type_that_is_not_told_is_known_by_its_beginning(
    site: Site, type: str, body: bytes, kind: str
) -> None:
    site.pages["/a"] = page(body, type=type)
    assert (await got(site)).kind == kind


@pytest.mark.parametrize(
    ("header", "charset"),
    [("text/plain", None), ('text/plain; charset="KOI8-R"', "koi8-r"), ("text/plain; charset", "")],
)
async def test_the_charset_is_what_the_answer_says(site: Site, header: str, charset: str | None) -> None:
    site.pages["/a"] = page("x", type=header)
    assert ((await got(site)).raw.charset or None) == (charset or None)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "log in"), (403, "refuses to show it"), (404, "no such page"), (410, "any more"), (418, "did not send"),
        (451, "may not"), (500, "failed (500)"), (502, "failed (502)"), (304, "did not send"), (204, "did not send"),
    ],
)  # fmt: skip
async def test_a_status_is_told_in_words(site: Site, status: int, said: str) -> None:
    site.pages["/a?key=secret"] = Answer("secret", status=status)
    error = await failed(site, "/a?key=secret")
    assert error.message.startswith(HOST)
    assert said in error.message
    assert "secret" not in error.message + error.hint
    assert not isinstance(error, SourceBusy)


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [(429, "7", 7.0), (503, "120", 120.0), (429, "soon", None), (503, "-1", None), (429, "9" * 40, None)],
)
async def test_a_busy_server_is_told_apart(site: Site, status: int, header: str, seconds: float | None) -> None:
    site.pages["/a"] = Answer("", status=status, headers={"Retry-After": header})
    error = await failed(site)
    assert isinstance(error, SourceBusy)
    assert error.retryable
    assert error.retry_after == seconds


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["/b", "b", "./x/../b", "//{host}/b", "http://{host}/b", "http://{host}/b#part"])
async def test_redirects_are_followed(site: Site, status: int, to: str) -> None:
    site.pages["/a"] = moved(to.format(host=f"other.example:{site.port}"), status=status)
    found = await got(site)
    assert found.raw.data == b"Later."
    assert found.url.endswith("/b")


async def test_five_redirects_are_followed_and_six_are_not(site: Site) -> None:
    site.pages |= {f"/{n}": moved(f"/{n + 1}") for n in range(7)} | {"/7": page("The end.")}
    assert (await got(site, "/2")).raw.data == b"The end."
    assert "on and on" in (await failed(site, "/1")).message
    assert site.paths[-6:] == ["/1", "/2", "/3", "/4", "/5", "/6"]


async def test_a_circle_of_redirects_is_left_at_once(site: Site) -> None:
    site.pages |= {"/a": moved("/c"), "/c": moved("/a#again")}
    assert "in circles" in (await failed(site)).message
    assert site.paths == ["/a", "/c"]


REFUSED = [
    "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1/", "http://127.0.0.1:{port}1/", "http://[::1]/",
    "http://localhost:{port}/", "file:///etc/passwd", "ftp://site.example/", "javascript:alert(1)", "http://0x7f000001/",
    "http://user:secret@site.example:{port}/b", "//10.0.0.1/", "http:\\\\127.0.0.1\\", "http://site.example:22/",
    "http://[broken/", "http://site.example:{port}/\x0b", "https://site.example:0/",
]  # fmt: skip


@pytest.mark.parametrize("to", REFUSED)
async def test_where_a_redirect_leads_is_judged_again(site: Site, to: str) -> None:
    site.pages["/a"] = moved(to.format(port=site.port))
    error = await failed(site)
    assert "secret" not in error.message
    assert site.paths == ["/a"]


async def test_a_redirect_without_a_place_is_an_error(site: Site) -> None:
    site.pages["/a"] = Answer("", status=302)
    assert "did not send it (302)" in (await failed(site)).message


@pytest.mark.parametrize("url", ["http://user:secret@site.example/", "http://secret@site.example/", "ftp://a.example/"])
async def test_urls_with_credentials_or_of_other_kinds_are_refused(url: str) -> None:
    with pytest.raises(SourceError, match="is refused") as caught:
        await fetch(url)
    assert "secret" not in str(caught.value)


async def test_too_much_is_not_taken(site: Site) -> None:
    site.pages |= {"/a": page("x" * 10_000), "/b": page("x" * 10_001)}
    assert len((await got(site, "/a", limits=SMALL)).raw.data) == 10_000
    assert "larger than 10,000 bytes" in (await failed(site, "/b", limits=SMALL)).message
    site.pages["/b"] = replace(page("x"), endless=b"x" * 1000)
    assert "larger than" in (await failed(site, "/b", limits=SMALL)).message
    assert await site.closed()


PACKED = {
    "gzip": gzip.compress(b"Packed."), "x-gzip": gzip.compress(b"Packed."), "GZIP": gzip.compress(b"Packed."),
    "deflate": zlib.compress(b"Packed."), " deflate ": zlib.compress(b"Packed.", wbits=-15), "identity": b"Packed.",
}  # fmt: skip


@pytest.mark.parametrize("encoding", PACKED)
async def test_packed_bodies_are_unpacked(site: Site, encoding: str) -> None:
    site.pages["/a"] = page(PACKED[encoding], Content_Encoding=encoding)
    assert (await got(site)).raw.data == b"Packed."


@pytest.mark.parametrize("size", [10_001, 50_000_000])
async def test_what_unpacks_to_too_much_is_not_taken(site: Site, size: int) -> None:
    site.pages["/a"] = page(gzip.compress(bytes(size)), Content_Encoding="gzip")
    assert "larger than 10,000 bytes" in (await failed(site, limits=replace(SMALL, seconds=20))).message


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"no gzip at all", "gzip"), (gzip.compress(b"x" * 100)[:-9], "gzip"), (b"\x1f", "gzip"), (b"x", "br"),
        (gzip.compress(b"x") + gzip.compress(b"y"), "gzip"), (gzip.compress(gzip.compress(b"x")), "gzip, gzip"),
        (b"x", "zstd"), (b"x" * 50, "deflate"),
    ],
    ids=["plain", "cut off", "begun", "br", "two", "twice", "zstd", "deflate"],
)  # fmt: skip
async def test_what_cannot_be_unpacked_is_an_error(site: Site, body: bytes, encoding: str) -> None:
    site.pages["/a"] = page(body, Content_Encoding=encoding)
    assert "cannot be unpacked" in (await failed(site)).message


@pytest.mark.parametrize(
    "answer",
    [
        replace(page("x" * 500), drip=0.01), replace(page("x"), hang=True), replace(page("x"), before=5.0),
        replace(page("x" * 50), stop_after=10, then="stall"), replace(moved("/b"), hang=True),
    ],
)  # fmt: skip
async def test_all_of_it_has_one_deadline(site: Site, answer: Answer) -> None:
    site.pages["/a"] = answer
    assert "within 0.3 seconds" in (await failed(site, limits=SOON)).message
    assert await site.closed()


async def test_redirects_share_the_deadline(site: Site) -> None:
    slow = {f"/{n}": replace(moved(f"/{n + 1}"), before=0.15) for n in range(5)}
    site.pages |= slow
    assert "within 0.3 seconds" in (await failed(site, "/0", limits=SOON)).message
    assert len(site.requests) <= 3


@pytest.mark.parametrize(
    "answer",
    [
        replace(page("x"), drop="reset"), replace(page("x"), drop="close"),
        replace(page("x" * 50), stop_after=10, then="reset"), replace(page("x" * 50), stop_after=10),
    ],
)  # fmt: skip
async def test_what_breaks_off_is_an_error(site: Site, answer: Answer) -> None:
    site.pages["/a"] = answer
    assert "broke off" in (await failed(site)).message


async def test_where_nothing_listens_the_host_cannot_be_reached() -> None:
    async with Site() as site:
        pass
    assert "cannot be reached" in (await failed(site)).message


def calls_of_guard(path: Path) -> list[ast.Call]:
    """Where a file makes a guard, or changes one."""
    found = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    names = {"allowed", "ports", "resolve"} | (set() if path.parent.name == "sources" else {"guard"})
    made = [call for call in found if isinstance(call.func, ast.Name) and call.func.id == "Guard" and call.args]
    return made + [call for call in found if names & {word.arg for word in call.keywords}]


def test_nothing_in_the_product_makes_an_exception_from_the_guard(root: Path) -> None:
    found = {path.name: calls_of_guard(path) for path in (root / "mapgen").rglob("*.py")}
    assert {name: [ast.unparse(call) for call in calls] for name, calls in found.items() if calls} == {}


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:{port}/a", "http://localhost:{port}/a", "http://127.0.0.1:{port}/a?allowed=127.0.0.1&ports="],
)
async def test_neither_a_url_nor_the_environment_makes_an_exception(
    site: Site, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{site.port}")
    for name in ("NO_PROXY", "MAPGEN_ALLOWED", "MAPGEN_SOURCES_ALLOWED", "MAPGEN_GUARD"):
        monkeypatch.setenv(name, f"127.0.0.1,127.0.0.1:{site.port},localhost")
    with pytest.raises(SourceError, match="is refused"):
        await fetch(url.format(port=site.port))
    with pytest.raises(SourceError, match=r"no address|cannot be reached"):
        await fetch("http://nowhere.example/", guard=Guard(resolve=lambda host: ()))
    assert site.requests == []
