"""A shelf: the passages of files, or of a page of the web, kept in an index and found by words and by meaning.

A concept gets passages that have all the words of its name, together. It fetches nothing, and knows no encyclopedia.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from mapgen.errors import SourceError
from mapgen.model import Passage
from mapgen.rules.words import content, runs, within
from mapgen.sources.base import TITLE, Document, Found, Raw, Wanted
from mapgen.sources.database import Warn
from mapgen.sources.folder import HIDDEN, Bounds, Left, survey
from mapgen.sources.index import Index, Update, kept_at
from mapgen.sources.kinds import by_name, packages
from mapgen.sources.reading import Reading
from mapgen.sources.retrieval import relevant
from mapgen.sources.url import Page
from mapgen.text import clean, counted, shorten
from mapgen.version import __version__

_MANY = 40  # passages that have the words of a name, of which those are left out that do not have them together
_PLENTY = 400  # the same of a name such as WHO, whose word many have that do not mean it
_BETWEEN = 3  # words that may stand between those of a name: "the price of a barrel of oil"
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_WORD = re.compile(r"\w+")
_ACRONYM = re.compile(r"[A-Z0-9][A-Za-z0-9]*[A-Z0-9]s?")


class Shelf:
    """An index of documents that is asked for passages; it closes the index."""

    def __init__(self, name: str, index: Index) -> None:
        self.name = name
        self._index = index
        self._print = index.fingerprint()

    async def find(self, wanted: Wanted) -> Found:
        """The passages that are near to the query; for a concept those near to it that name it. Raises SourceError."""
        return await asyncio.to_thread(self._found, wanted)

    def fingerprint(self) -> str:
        """What changes with the documents."""
        return self._print

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def _found(self, wanted: Wanted) -> Found:
        index, language = self._index, wanted.language
        if not wanted.name:
            hits = index.search(wanted.query, language=language)
            return index.cited(relevant(hits, wanted.query, language=language))
        called = _called(wanted.name)
        many = _MANY if all(content(name, language) for name in called) else _PLENTY
        hits = index.search(f"{wanted.name} {wanted.scope}", language=language, limit=many, having=called)
        naming = [hit for hit in hits if self._names(hit.passage, called, language=language)]
        return index.cited(relevant(naming, f"{wanted.name}: {wanted.scope}", language=language))

    def _names(self, passage: Passage, called: Sequence[str], *, language: str) -> bool:
        """Whether a passage has the words of a name together in its text, or in its headings and title."""
        source = self._index.source(passage.source)
        above = f"{source.title if source else ''} {passage.heading}"
        head, text = content(above, language), content(passage.text, language)
        return any(
            _together([word for word in words if not within(word, head)], text)
            if (words := content(name, language))
            else _literally(name, f"{above} {passage.text}")
            for name in called
        )


def _called(name: str) -> tuple[str, ...]:
    """A name without what stands in brackets, and an acronym that stands there."""
    return (_BRACKETS.sub("", name) or name, *filter(_ACRONYM.fullmatch, _BRACKETS.findall(name)))


def _literally(name: str, text: str) -> bool:
    """Whether ``text`` has a name that is all function words: an acronym such as WHO as it is written, not "who"."""
    exactly = _ACRONYM.fullmatch(name.strip()) is not None
    words, among = (_WORD.findall(one) if exactly else runs(one) for one in (name, text))
    return bool(words) and any(tuple(among[at : at + len(words)]) == tuple(words) for at in range(len(among)))


def _together(words: Sequence[str], text: tuple[str, ...]) -> bool:
    """Whether forms of all these stems are in ``text``, with few others between them."""
    span = len(words) + _BETWEEN
    starts = (at for at, stem in enumerate(text) if any(within(word, (stem,)) for word in words))
    return not words or any(all(within(word, text[at : at + span]) for word in words) for at in starts)


def file_shelf(file: Path, *, name: str, kept: Path | None, reading: Reading, warn: Warn) -> Shelf:
    """The shelf of one file, its index kept in the folder ``kept``. Raises SourceError, and Ended."""
    real = Path(os.path.realpath(file))

    def fill(index: Index) -> None:
        for _, error in _update(index, {real: file}, inside=file.parent, reading=reading).failed:
            raise error

    return _shelf(name, fill, path=_place(kept, file, real=real), warn=warn)


def folder_shelf(
    folder: Path, *, name: str, kept: Path | None, reading: Reading, warn: Warn, bounds: Bounds | None = None
) -> Shelf:
    """The shelf of a folder's files; ``warn`` is told what was left out. Raises SourceError, and Ended."""
    real = Path(os.path.realpath(folder))

    def fill(index: Index) -> None:
        found = survey(folder, bounds=bounds)
        files = {real / path: folder / path for path in found.files}
        done = _update(index, files, inside=folder, reading=reading)
        left = (*_failed(done, real), *found.left)
        if not index.size()[0]:
            raise SourceError(f"{name} has no file that can be read.", hint=_hint(left))
        if told := [one for one in left if one.why != HIDDEN]:
            were = "was" if len(told) == 1 else "were"
            warn(f"{counted(len(told), 'file')} of {name} {were} left out: {_sentence(told[0])}")

    return _shelf(name, fill, path=_place(kept, folder, real=real), warn=warn)


def page_shelf(page: Page, *, reading: Reading, warn: Warn) -> Shelf:
    """The shelf of a page that was fetched, in memory. Raises SourceError, and Ended."""

    def fill(index: Index) -> None:
        said = by_name(page.kind)
        index.put([reading.document(page.raw, where=page.url, location=page.url, said=said)])

    return _shelf(page.raw.name, fill, path=None, warn=warn)


def _shelf(name: str, fill: Callable[[Index], None], *, path: Path | None, warn: Warn) -> Shelf:
    index = Index.open(path, warn=warn)
    try:
        fill(index)
        return Shelf(name, index)
    except BaseException:
        index.close()
        raise


def _place(kept: Path | None, given: Path, *, real: Path) -> Path | None:
    """Where the index is kept: places are cited as they were given, so that each way of giving one has its own."""
    return None if kept is None else kept_at(kept, json.dumps([str(given), str(real)]))


def _update(index: Index, files: Mapping[Path, Path], *, inside: Path, reading: Reading) -> Update:
    """Have these files in the index, each by its real path and by that which was given."""

    def read(path: Path, data: bytes) -> Document:
        given = files[path]
        raw = Raw(name=clean(str(given.relative_to(inside))), data=data)
        return reading.document(raw, where=str(path), location=str(given))

    return index.update(files, read, reader=__version__, packages=packages)


def _failed(done: Update, root: Path) -> Iterator[Left]:
    for path, error in done.failed:
        inside = shorten(clean(os.path.relpath(path, root)), TITLE)
        yield Left(path=inside, why=f"was refused: {error.message} {error.hint}")


def _hint(left: Sequence[Left]) -> str:
    if not left:
        return "Put files of text, Markdown, HTML, PDF or DOCX into it."
    more = f" {len(left):,} were left out." if len(left) > 1 else ""
    return f"{_sentence(left[0])}{more}"


def _sentence(left: Left) -> str:
    return f"{left.path} {left.why.rstrip('.')}."
