"""The setting of sources: a list in Python and in the config file, parted text in the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapgen.errors import ConfigError
from mapgen.settings import resolve


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("encyclopedia", ("encyclopedia",)),
        (
            "wikipedia:de; notes/a b.md ;https://example.org/a,b",
            ("wikipedia:de", "notes/a b.md", "https://example.org/a,b"),
        ),
        ("one.txt\ntwo.txt\n", ("one.txt", "two.txt")),
        ("none", ()),
        (" ; ", ()),
    ],
)
def test_sources_of_the_environment_are_a_list(given: str, expected: tuple[str, ...]) -> None:
    found = resolve(environ={"MAPGEN_SOURCES": given})
    assert found.settings.sources == expected
    assert found.origins["sources"] == "MAPGEN_SOURCES"


def test_sources_are_given_as_texts_or_paths_one_or_several(tmp_path: Path) -> None:
    for given in (tmp_path, str(tmp_path), [tmp_path], (str(tmp_path),)):
        assert resolve({"sources": given}, environ={}).settings.sources == (str(tmp_path),)
    assert resolve({"sources": ()}, environ={"MAPGEN_SOURCES": "encyclopedia"}).settings.sources == ()
    assert resolve({}, environ={}).settings.sources is None


@pytest.mark.parametrize("given", [[""], 7, [7], {"a": 1}, [["a"]], ["a"] * 101])
def test_what_names_no_source_is_a_config_error_of_the_flag(given: object) -> None:
    with pytest.raises(ConfigError, match=r"^--source: "):
        resolve({"sources": given}, environ={}, flags=True)
