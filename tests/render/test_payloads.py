"""Collected payloads in every text of a map: each format's reader gets them back, and none becomes markup."""

from __future__ import annotations

import re

import pytest

from mapgen.model import KnowledgeMap
from mapgen.render import FORMATS, render
from tests import payloads
from tests.render.readers import READERS
from tests.render.telling import missing, ties

SLOW = {"html", "svg", "canvas", "dot", "obsidian"}
OWN_CONTROLS = {"csv": "\r\ufeff", "csv-relations": "\r\ufeff", "md": "\u2060", "canvas": "\u2060"}


def fit(text: str) -> str:
    """``text`` without what XML cannot hold, and what stands for it."""
    return re.sub("[\ufffd-\uffff]", "", text)


def untold(map: KnowledgeMap, read: str, *, format: str) -> list[str]:
    """The texts of the map that were not read."""
    if format == "csv-relations":
        found = [text for tie in ties(map) for text in (tie.source, tie.label, tie.target, tie.explanation)]
        return [text for text in found if text not in read]
    own = {map.title} if map.title == map.query or format in ("txt", "html") else set()
    return [text for text in missing(map, read) if fit(text) not in fit(read) and text not in own]


@pytest.mark.parametrize("format", list(READERS))
def test_a_reader_gets_every_payload_back(format: str) -> None:
    maps = list(payloads.maps().values())
    for map in maps[::4] if format in SLOW else maps:
        written = render(map, format)
        assert untold(map, READERS[format](written), format=format) == []
        if isinstance(written, str):
            own = OWN_CONTROLS.get(format, "")
            assert [one for one in payloads.OBEYED.findall(written) if one not in own] == []


@pytest.mark.parametrize("format", list(FORMATS))
def test_the_formats_are_all_read(format: str) -> None:
    drawn = {"png", "mermaid"}  # test_png_payloads.py and test_mermaid_payloads.py
    assert format in {*READERS, *drawn}
