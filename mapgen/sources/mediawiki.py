"""What MediaWiki's action API answers: articles out of its JSON, and blocks out of an article's plain text.

It asks nothing, and knows no wiki. Pages that only tell meanings of a word apart are not articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mapgen.errors import SourceBusy, SourceError
from mapgen.sources.base import Block, Outline
from mapgen.text import clean, shorten

_BUSY = {"maxlag", "ratelimited", "readonly"}
_HEADING = re.compile(r"(={2,6}) *(\S|\S[^\n]*\S) *\1 *")
_TEX = re.compile(r"\{\\displaystyle (.*)\}")
_INDENT = "  "  # begins each of the lines over which a formula's symbols are strewn


class _Lenient(BaseModel):
    """A part of an answer, which may have more fields than are read here."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", hide_input_in_errors=True)


class _Redirect(_Lenient):
    to: str
    tofragment: str = ""


class _Page(_Lenient):
    title: str
    ns: int = 0
    pageid: int = 0
    lastrevid: int = 0
    index: int = 0
    missing: bool = False
    invalid: bool = False
    extract: str = ""
    pageprops: dict[str, Any] = {}

    @property
    def is_article(self) -> bool:
        """Whether it exists, among the articles, and is more than a list of a word's meanings."""
        there = self.pageid > 0 and self.lastrevid > 0 and not (self.missing or self.invalid)
        return there and self.ns == 0 and "disambiguation" not in self.pageprops


class _Query(_Lenient):
    redirects: tuple[_Redirect, ...] = ()
    pages: tuple[_Page, ...] = ()


class _Error(_Lenient):
    code: str


class _Answer(_Lenient):
    query: _Query = _Query()
    error: _Error | None = None


class Article(_Lenient):
    """An article at a revision. ``section`` is the one that an alias leads to; it is empty for the whole article."""

    page: Annotated[int, Field(gt=0)]
    revision: Annotated[int, Field(gt=0)]
    title: str
    section: str = ""
    extract: str = ""


def articles(data: bytes, host: str, *, retry_after: float | None = None) -> tuple[Article, ...]:
    """The articles in an answer, best first. Raises SourceError by what the answer says, SourceBusy where it is lag."""
    try:
        answer = _Answer.model_validate_json(data)
    except ValidationError as error:
        raise SourceError(f"What {host} answers is not MediaWiki's.", hint="Try again later.") from error
    if answer.error:
        raise _failed(answer.error.code, host, retry_after=retry_after)
    sections = {redirect.to: redirect.tofragment for redirect in answer.query.redirects}
    found = sorted((page for page in answer.query.pages if page.is_article), key=lambda page: page.index)
    return tuple(
        Article(
            page=page.pageid,
            revision=page.lastrevid,
            title=page.title,
            section=clean(sections.get(page.title, "").replace("_", " ")),
            extract=page.extract,
        )
        for page in found
    )


def _failed(code: str, host: str, *, retry_after: float | None) -> SourceError:
    if code in _BUSY:
        return SourceBusy(f"{host} has more to do than it can.", retry_after=retry_after, hint="Try again later.")
    said = shorten(clean(code), 60)
    return SourceError(f"{host} cannot answer: {said}", hint="Try other words, or again later.")


def blocks(article: Article) -> tuple[Block, ...]:
    """The paragraphs of an article under their headings; those of one section, where an alias leads to that.

    There is none where the article has no such section: what it says elsewhere may be about something else. What looks
    like HTML is text that the article's readers see as such, for example in one about HTML, and stays as it is.
    """
    outline = Outline()
    found = []
    for line in _lines(article.extract):
        if line.startswith("==") and (heading := _HEADING.fullmatch(line)):
            outline.enter(len(heading[1]), heading[2])
        elif text := clean(line):
            found.append(Block(heading=outline.path, text=text))
    wanted = article.section.casefold()
    return tuple(block for block in found if not wanted or wanted in map(str.casefold, block.heading))


def _lines(text: str) -> Iterator[str]:
    """The lines of an extract; a formula is put back, as TeX, into the line in which it stands."""
    line, strewn = list[str](), list[str]()
    for part in (*text.replace("\r\n", "\n").split("\n"), ""):
        if part.startswith(_INDENT):
            strewn.append(part.strip())
            continue
        formulas = [found[1] for piece in strewn if (found := _TEX.fullmatch(piece))]
        if formulas and line[:1] and line[0].startswith("=="):
            yield line.pop()
        line += formulas
        if formulas and part and not part.startswith("=="):
            line.append(part)
        else:
            yield " ".join(line)
            yield from () if formulas else strewn
            line = [part]
        strewn.clear()
    yield " ".join(line)
