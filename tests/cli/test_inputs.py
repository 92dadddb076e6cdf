"""What a user may give, row by row: what is refused asks nothing, what is a text stays one in every format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapgen import generate
from mapgen.errors import ConfigError, InputError, MapgenError
from mapgen.model import KnowledgeMap
from mapgen.render import FORMATS
from mapgen.text import clean
from tests.payloads import OBEYED
from tests.render.readers import READERS
from tests.scripts import good_lines, repair_line, script
from tests.servers.threaded import serving

Run = Any
SCRIPT = "--model", "scripted:script.json", "--no-cache"
EMPTY = (
    "", " ", "\t\r\n", "?", "…!¿?", "---", "\x00", "\x1b[31m\x1b[0m", "\u202e\u202c", "\u200b\u2060\ufeff", "\u00ad",
    "\u3164", "\u2800", "\U000e0041\U000e0042", "\x9b", "\ud800",
)  # fmt: skip
HUGE = ("x" * 4_001, "x" * 1_000_000, "通" * 350_000, "\x1b" * 1_000_000, " " * 5_000 + "x")
LITERAL = (
    "{{ 7*7 }} {% raw %} {# c #}", "%s %(x)s %n {0}", "$(id) `id` ${HOME}", "<script>alert(1)</script> &lt;b&gt;",
    "../../etc/passwd", "C:\\con", "-rf", "--help me", "@file", "=1+1", "why 'a' \"b\"?", "كيف تؤثر الفائدة في التضخم؟",
    "מהי אינפלציה?", "利率如何影响通货膨胀？", "می‌خواهم بدانم",
    "👩‍👩‍👧 family 🏳️‍🌈 👍🏽 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
)  # fmt: skip
UNTOLD = {"csv", "csv-relations"}  # they have no place for the query


@pytest.fixture(autouse=True)
def good_script(tmp_path: Path) -> None:
    script(tmp_path, [*good_lines(), repair_line("It stays as it is.")])


def test_a_query_without_use_is_65_and_asks_nothing(mapgen: Run, tmp_path: Path) -> None:
    with serving() as server:
        endpoint = ("--base-url", server.url, "--model", "fake-model")
        for text in (*EMPTY, *HUGE):
            words = "The query is empty." if text in EMPTY else "at most 4,000"
            piped = mapgen("-", *endpoint, stdin=text.encode("utf-8", "replace") if text != "\ud800" else b"?")
            for done in (mapgen("make", *endpoint, "-o", "map.json", "--", text), piped):
                assert (done.code, done.out) == (65, "")
                assert words in done.err
                assert len(done.err) < 300
                assert OBEYED.findall(done.err) == []
            with pytest.raises(InputError) as caught:
                generate(text, base_url=server.url, model="fake-model")
            assert words in caught.value.message
        assert server.requests == []
    assert {path.name for path in tmp_path.iterdir()} == {"script.json"}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"MAPGEN_MODLE": "x"}, 78),
        ({"MAPGEN_BASE_URL": "nowhere\x1b[31m"}, 78),
        ({"MAPGEN_MAX_CALLS": "-1"}, 78),
        ({"MAPGEN_DEADLINE": "\u202e9"}, 78),
        ({"MAPGEN_CONFIG": "bad\x1b[2J.toml"}, 78),
        ({"MAPGEN_LANGUAGE": "\x9bKlingon"}, 78),
    ],
)
def test_a_wrong_setting_is_78_and_asks_nothing(
    mapgen: Run, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], code: int
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with serving() as server:
        endpoint = () if "MAPGEN_BASE_URL" in given else ("--base-url", server.url)
        done = mapgen("Inflation", *endpoint, "--model", "fake-model")
        assert (done.code, done.out) == (code, "")
        assert OBEYED.findall(done.err) == []
        with pytest.raises(ConfigError) as caught:
            generate("Inflation", model="fake-model", **({} if not endpoint else {"base_url": server.url}))
        assert next(iter(given)).removeprefix("MAPGEN_").casefold()[:5] in caught.value.message.casefold()
        assert server.requests == []


def test_a_wrong_config_file_is_78_and_asks_nothing(
    mapgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "config.toml"
    monkeypatch.setenv("MAPGEN_CONFIG", str(place))
    with serving() as server:
        for text in ('modle = "x"', "max_tokens = -5", 'base_url = "\\u001b[2J"', "[[[", 'language = "\\u202eX"'):
            place.write_text(text, "utf-8")
            done = mapgen("Inflation", "--model", "fake-model")
            assert (done.code, done.out) == (78, "")
            assert "config.toml" in done.err
            assert OBEYED.findall(done.err) == []
        assert server.requests == []


@pytest.mark.parametrize("option", ["--no-such\x1b[31m", "--concepts=\x1b[31m9x", "--format=\x9b1m", "-o=\u202ex"])
def test_a_wrong_option_is_never_said_raw(mapgen: Run, option: str) -> None:
    done = mapgen("make", option, *SCRIPT, "--", "Inflation")
    assert done.code in (2, 65)
    assert done.out == ""
    assert OBEYED.findall(done.err) == []


@pytest.mark.parametrize("query", LITERAL)
def test_a_query_stands_word_for_word_in_every_format(mapgen: Run, tmp_path: Path, query: str) -> None:
    names = {format: f"map{FORMATS[format].suffixes[0]}" for format in READERS}
    outputs = [word for name in names.values() for word in ("-o", name)]
    done = mapgen("make", *SCRIPT, *outputs, "-q", "--", query)
    assert done.code in (0, 3)
    assert {path.name for path in tmp_path.iterdir()} == {"script.json", *names.values()}
    for format, name in names.items():
        data = (tmp_path / name).read_bytes()
        read = READERS[format](data if FORMATS[format].binary else data.decode("utf-8"))
        assert format in UNTOLD or clean(query) in read
    assert KnowledgeMap.load(tmp_path / "map.html").query == clean(query)


@pytest.mark.parametrize("query", [*LITERAL[4:8], "CON", "a" * 300, "\x1b[2Jx/y\x00z"])
def test_a_vault_of_any_query_stays_in_its_folder(mapgen: Run, tmp_path: Path, query: str) -> None:
    done = mapgen("make", *SCRIPT, "-o", "vault", "--format", "obsidian", "--", query)
    assert done.code in (0, 3)
    assert {path.name for path in tmp_path.iterdir()} == {"script.json", "vault"}
    files = [path for path in (tmp_path / "vault").rglob("*") if path.is_file()]
    assert len(files) >= 5
    assert all(len(path.name.encode()) < 140 and OBEYED.findall(path.name) == [] for path in files)


def test_what_looks_like_an_option_or_a_file_is_not_read(mapgen: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a secret")
    assert mapgen("-rf", *SCRIPT).code == 2
    done = mapgen("@file", *SCRIPT, "--format", "json")
    assert KnowledgeMap.parse(done.out).query == "@file"
    assert "secret" not in done.out + done.err
    with pytest.raises(MapgenError, match="is not a format"):
        KnowledgeMap.parse(done.out).save(tmp_path / "x", format="../../etc/passwd")
