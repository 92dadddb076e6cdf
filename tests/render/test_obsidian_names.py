"""File names for notes: whatever the names, the files can stand in one folder of any system, and be linked to."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mapgen.render.obsidian.names import LIMIT, file_names
from tests.render.hostile import IDS, NAMES

FORBIDDEN = set('\\/:*?"<>|#^[]`') | {chr(code) for code in (*range(32), 127)}
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
AWKWARD = st.one_of(
    st.text(max_size=80),
    st.text(st.sampled_from("aAäÄßſİıéE\u0301\u200d.  /:#[]|\\\ud800\x00"), max_size=12),
    st.sampled_from([*NAMES, *IDS, *RESERVED, "a.md", "A.CANVAS", "com¹", "con.txt", "..", "ﬁ", "fi", "Σ", "ς", "σ"]),
    st.text(st.characters(min_codepoint=0x1F000, max_codepoint=0x1FFFF), max_size=80),
)


def same_file(name: str) -> str:
    """What a file system that knows neither case nor forms of a letter makes of a name."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold()).casefold()


@given(st.lists(AWKWARD, max_size=12).map(tuple))
@example(("Case", "case", "CASE 2", "case"))
@example(("Caf\u00e9", "Cafe\u0301"))
@example(("x" * 300, "x" * 301, "X" * 300))
@example(("", "", ".", "...", " "))
def test_names_are_safe_short_and_unique(names):
    files = file_names(names)
    assert len(files) == len(names)
    for file in files:
        assert file
        assert not FORBIDDEN & set(file)
        assert file == file.strip(" .")
        assert file == unicodedata.normalize("NFC", file)
        assert len(f"{file}.canvas".encode()) <= 120
        assert file.split(".")[0].rstrip(" ").casefold() not in RESERVED
        assert not file.casefold().endswith((".md", ".canvas"))
        assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in file)
    assert len({same_file(file) for file in files}) == len(files)


@given(st.lists(AWKWARD, max_size=6).map(tuple), AWKWARD)
def test_a_name_does_not_change_those_before_it(names, last):
    assert file_names((*names, last))[:-1] == file_names(names)


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (("Policy Rate", "Inflation"), ("Policy Rate", "Inflation")),
        (("C#", "C"), ("C", "C 2")),
        (("TCP/IP",), ("TCP IP",)),
        (("R&D", "a &amp; b", "Q&A;"), ("R&D", "a amp; b", "Q A;")),
        (("Node.js", "readme.md"), ("Node.js", "readme md")),
        (("CON", "con.txt", "Lpt1", "Console"), ("Note CON", "Note con.txt", "Note Lpt1", "Console")),
        (("../../etc/passwd", ".hidden", "dots..."), ("etc passwd", "hidden", "dots")),
        (("?", "***", ""), ("Note", "Note 2", "Note 3")),
        (("通貨膨脹", "التضخم", "👩‍👩‍👧"), ("通貨膨脹", "التضخم", "👩‍👩‍👧")),
        (("a\nb", "a\tb"), ("a b", "a b 2")),
    ],
)
def test_what_a_name_becomes(names, files):
    assert file_names(names) == files


def test_a_long_name_is_cut_between_letters():
    (wide,) = file_names(("膨" * 100,))
    assert wide == "膨" * (LIMIT // 3)
    (plain,) = file_names(("word " * 40,))
    assert len(plain) <= LIMIT
    assert plain.endswith("word")
